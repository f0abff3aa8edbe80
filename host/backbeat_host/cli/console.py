"""Where output goes: standard output for what was asked for, standard error for everything else."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

_WIDTH_WHEN_PIPED = 100


def output() -> Console:
    """The console on standard output; a fixed width where that is no terminal."""
    return _console(stderr=False)


def messages() -> Console:
    """The console on standard error."""
    return _console(stderr=True)


def _console(stderr: bool) -> Console:
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, width=None if terminal else _WIDTH_WHEN_PIPED, highlight=False, soft_wrap=False)


@contextmanager
def progress(what: str, total: float) -> Iterator["Bar"]:
    """Show a bar on standard error while the work goes on; nothing where that is no terminal."""
    columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()]
    if total > 1:
        columns.insert(2, MofNCompleteColumn())
    with _bar(columns, what, total) as bar:
        yield bar


@contextmanager
def transfer(what: str, total: float) -> Iterator["Bar"]:
    """Show a bar of bytes with their rate on standard error; nothing where that is no terminal."""
    with _bar(
        [TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()], what, total
    ) as bar:
        yield bar


@contextmanager
def _bar(columns: list[ProgressColumn], what: str, total: float) -> Iterator["Bar"]:
    console = messages()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        yield Bar(shown, what, total)


class Bar:
    """One bar; `done` sets how much of the total is done."""

    def __init__(self, shown: Progress, what: str, total: float) -> None:
        self._shown = shown
        self._task = shown.add_task(what, total=total)

    def done(self, amount: float) -> None:
        """Set the amount done."""
        self._shown.update(self._task, completed=amount)
