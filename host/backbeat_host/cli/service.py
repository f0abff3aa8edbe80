"""`backbeat service` and `backbeat reset`: who owns the drive, and starting the board anew."""

import click

from backbeat_host.cli.board_option import board_option, choose, find_boards, open_console, yes_option
from backbeat_host.cli.console import messages
from backbeat_host.errors import WorkError
from backbeat_host.link.backend import failures_told
from backbeat_host.link.console import Console
from backbeat_host.link.found import Found, drive_files
from backbeat_host.link.service import ask_for_run, ask_for_service, laptop_owns, wait_for

_BOOT_S = 8.0  # until boot.py has run, and this system has noticed


@click.group()
def service() -> None:
    """Who owns the board's drive: the laptop, in service mode, or the board, for its logs."""


@service.command("on")
@board_option
@yes_option
def on_command(board: str | None, yes: bool) -> None:
    """Give the drive to the laptop: the board starts anew, and waits. A press begins a session again."""
    found = choose(board)
    if found.drive is not None and drive_files(found.drive).writable:
        _tell(found, "the laptop owns the drive already")
        return
    with open_console(found, yes) as console:
        if laptop_owns(console):
            _tell(found, "the laptop owns the drive already")
            return
        ask_for_service(console)
        console.reset()
    back = wait_until_back(found)
    if _owned_by_laptop(back):
        _tell(back, "the laptop owns the drive; mount it, if your system does not do so by itself")
        return
    raise WorkError(f"{back.where}: the board owns its drive still; press its button just after a session's start.")


@service.command("off")
@board_option
@yes_option
def off_command(board: str | None, yes: bool) -> None:
    """Give the drive back to the board, by starting it anew."""
    found = choose(board)
    with open_console(found, yes) as console:
        ask_for_run(console)
        console.reset()
    back = wait_until_back(found)
    if _owned_by_laptop(back):
        raise WorkError(
            f"{back.where}: the laptop owns the drive still: Backbeat is not whole there; run `backbeat install`."
        )
    _tell(back, "the board owns its drive, and writes logs")


@click.command()
@board_option
@yes_option
def reset(board: str | None, yes: bool) -> None:
    """Start the board anew, as by its reset button."""
    found = choose(board)
    with open_console(found, yes) as console:
        console.reset()
    _tell(wait_until_back(found), "started anew")


def wait_until_back(found: Found) -> Found:
    """Wait for a board that starts anew.

    Raises:
        WorkError: it does not come back.
    """
    if not wait_for(lambda: _again(found) is not None):
        raise WorkError(f"{found.where}: it did not come back; press its reset button, then see `backbeat devices`.")
    return _again(found) or found


def _again(found: Found) -> Found | None:
    for board in find_boards():
        same = board.uid == found.uid if found.uid else board.port == found.port
        if same and board.port is not None:
            return board
    return None


def _owned_by_laptop(found: Found) -> bool:
    """Ask a board that has just started who owns its drive; a session that runs is not disturbed: the board does.

    Raises:
        WorkError: it does not answer.
    """
    answers: list[bool] = []
    last: list[OSError] = []

    def ask() -> bool:
        now = _again(found)
        try:
            if now is not None and now.port is not None:
                with Console(now.port) as console:
                    answers.append(not console.in_session() and _owned(console))
        except OSError as error:  # it is starting still, or the system gives the permission a little later
            last[:] = [error]
        return bool(answers)

    with failures_told(found.where):
        if not wait_for(ask, _BOOT_S) and last:
            raise last[0]
    if not answers:
        raise WorkError(f"{found.where}: it is away again; press its reset button, then see `backbeat devices`.")
    return answers[0]


def _owned(console: Console) -> bool:
    console.enter()
    try:
        return laptop_owns(console)
    finally:
        console.leave()


def _tell(found: Found, what: str) -> None:
    messages().print(f"{found.where}: {what}.", markup=False, soft_wrap=True)
