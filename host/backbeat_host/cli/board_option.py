"""The option `--board` and what follows from it: which board is meant, and its files or console opened.

A command takes `@board_option` and `@yes_option`, then works within `open_files(choose(board), yes)` or `open_console`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from click.shell_completion import CompletionItem

from backbeat_host.errors import InputError, WorkError
from backbeat_host.link.backend import Files, failures_told
from backbeat_host.link.console import Console
from backbeat_host.link.found import BOOT_OUT, Found, choose, drive_files, find_boards
from backbeat_host.link.serial_files import SerialFiles

__all__ = [
    "board_option",
    "boards_drive",
    "choose",
    "find_boards",
    "open_console",
    "open_files",
    "read_only_here",
    "yes_option",
]


def _completed(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """What a shell may complete `--board` with: ports, drives and UIDs of the boards that are here."""
    return [
        CompletionItem(word, help=found.name)
        for found in find_boards()
        for word in (found.port, str(found.drive or ""), found.uid)
        if word and word.startswith(begun)
    ]


board_option = click.option(
    "--board",
    shell_complete=_completed,
    metavar="SERIAL|PATH|PORT",
    help="The board: its UID (or how it begins), its drive, or its port [default: the only one there is].",
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask before a running session is ended.")


def boards_drive(found: Found) -> Found:
    """Give a board back, unless it is a folder that no board has ever started from.

    Raises:
        InputError: it is; nothing is to be written there.
    """
    if found.port is None and found.drive is not None and not (found.drive / BOOT_OUT).is_file():
        raise InputError(
            f"{found.drive}: no board's drive, for {BOOT_OUT} is not there; give the one that CircuitPython shows "
            "(CIRCUITPY), and if it is that, press the board's reset button first."
        )
    return found


@contextmanager
def open_files(found: Found, yes: bool = False, by: str | None = None) -> Iterator[Files]:
    """Give the files of a board: by its drive where that serves, else over its console; `by` is drive or serial.

    A drive that the board owns is stale here, so it is read over the console where there is one. The laptop's own
    interrupts nothing; the console interrupts the board's code, which runs again afterwards.

    Raises:
        InputError: a session would be ended and nobody agreed; there is no such way to this board.
        WorkError: the board cannot be reached, or fails on the way.
    """
    drive = drive_files(found.drive) if found.drive else None
    if by == "drive" and drive is None:
        raise InputError(f"{found.where}: its drive is not mounted here; mount it, or use --serial.")
    if by == "serial" and found.port is None:
        raise InputError(f"{found.where}: it has no serial port here; use --drive.")
    if drive is not None and (by == "drive" or found.port is None or (by is None and drive.writable)):
        with failures_told(str(drive.folder)):
            yield drive
        return
    with open_console(found, yes) as console:
        yield SerialFiles(console)


@contextmanager
def open_console(found: Found, yes: bool = False) -> Iterator[Console]:
    """Give a board's console with the raw REPL ready; afterwards the board runs its code again.

    Raises:
        InputError: a session would be ended and nobody agreed; the board has no port.
        WorkError: the board cannot be reached, or fails on the way.
    """
    if found.port is None:
        raise InputError(f"{found.where}: this needs its serial port, and it has none here; connect it by USB.")
    with failures_told(found.port), Console(found.port) as console:
        if not yes and console.in_session():
            _ask(found)
        console.enter()
        try:
            yield console
        finally:
            console.leave()


def read_only_here(found: Found) -> str:
    """What to say where the laptop owns a board's drive and may not write it all the same."""
    return (
        f"{found.where}: the laptop owns the drive, but {found.drive} is mounted read-only here; eject it and plug "
        "the board in again; if it stays so, repair it: see `backbeat doctor`."
    )


def _ask(found: Found) -> None:
    """Ask whether the running session may be ended.

    Raises:
        InputError: nobody can be asked.
        WorkError: the answer is no.
    """
    if not sys.stdin.isatty():
        raise InputError(f"{found.where}: a session runs on the board, and would end; say --yes to go on.")
    if not click.confirm(f"{found.where}: a session runs on the board and would end. Go on?", err=True):
        raise WorkError(f"{found.where}: nothing was done; end the session by its button and repeat the command.")
