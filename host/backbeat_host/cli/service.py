"""`backbeat service` and `backbeat reset`: who owns the drive, and starting the board anew."""

import json

import click

from backbeat_host.cli.board_option import board_option, choose, open_console, read_only_here, yes_option
from backbeat_host.cli.console import messages
from backbeat_host.errors import WorkError
from backbeat_host.link.backend import failures_told
from backbeat_host.link.found import Found, drive_files
from backbeat_host.link.restart import answer, wait_for, wait_until_back
from backbeat_host.link.service import ask_for_run, ask_for_service, laptop_owns, laptop_owns_meanwhile

_BOOT_S = 8.0  # until boot.py has run, and this system has noticed

_json_option = click.option("--json", "as_json", is_flag=True, help="A JSON object: board, owner (laptop or board).")


@click.group()
def service() -> None:
    """Who owns the board's drive: the laptop, in service mode, or the board, for its logs."""


@service.command("on")
@board_option
@yes_option
@_json_option
def on_command(board: str | None, yes: bool, as_json: bool) -> None:
    """Give the drive to the laptop: the board starts anew, and waits. A press begins a session again."""
    found = choose(board)
    if found.drive is not None and drive_files(found.drive).writable:
        _tell_owner(found, "laptop", "the laptop owns the drive already", as_json)
        return
    with open_console(found, yes) as console:
        if laptop_owns(console):
            if found.drive is not None:
                raise WorkError(read_only_here(found))
            _tell_owner(found, "laptop", "the laptop owns the drive already", as_json)
            return
        ask_for_service(console)
        console.reset()
    back = wait_until_back(found)
    if not _owned_by_laptop(back):
        raise WorkError(f"{back.where}: the board owns its drive still; press its button just after a session's start.")
    mounted = "the laptop owns the drive; mount it, if your system does not do so by itself"
    _tell_owner(back, "laptop", mounted, as_json)


@service.command("off")
@board_option
@yes_option
@_json_option
def off_command(board: str | None, yes: bool, as_json: bool) -> None:
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
    _tell_owner(back, "board", "the board owns its drive, and writes logs", as_json)


@click.command()
@board_option
@yes_option
@click.option("--json", "as_json", is_flag=True, help="A JSON object: board.")
def reset(board: str | None, yes: bool, as_json: bool) -> None:
    """Start the board anew, as by its reset button."""
    found = choose(board)
    with open_console(found, yes) as console:
        console.reset()
    back = wait_until_back(found)
    _tell(back, "started anew")
    if as_json:
        click.echo(json.dumps({"board": back.where}))


def _owned_by_laptop(found: Found) -> bool:
    """Ask a board that has just started who owns its drive.

    Raises:
        WorkError: it does not answer.
    """
    with failures_told(found.where):
        owned = wait_for(lambda: answer(found, laptop_owns_meanwhile), _BOOT_S)
    if owned is None:
        raise WorkError(f"{found.where}: it is away again; press its reset button, then see `backbeat devices`.")
    return owned


def _tell_owner(found: Found, owner: str, what: str, as_json: bool) -> None:
    _tell(found, what)
    if as_json:
        click.echo(json.dumps({"board": found.where, "owner": owner}))


def _tell(found: Found, what: str) -> None:
    messages().print(f"{found.where}: {what}.", markup=False, soft_wrap=True)
