"""The bar of logs on their way home: bytes, and how fast they come."""

from typing import Self

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from backbeat_host.cli.console import messages
from backbeat_host.link.logs import LogProgress, OnBoard


class LogsBar:
    """Shows one log after the other on standard error; nothing where that is no terminal."""

    def __init__(self) -> None:
        console = messages()
        self._shown = Progress(
            *(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._shown.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._shown.stop()

    def log(self, log: OnBoard) -> LogProgress:
        """Give what hears how many bytes of a log are here."""
        task = self._shown.add_task(log.name, total=log.bytes)

        def heard(done: int, total: int) -> None:
            self._shown.update(task, completed=done, total=total)

        return heard
