"""`backbeat devices`: every board that is here, what it is, and what to do where it needs something."""

import json
from typing import Any

import click

from backbeat_host.cli.board_option import find_boards
from backbeat_host.cli.console import messages, output
from backbeat_host.link.found import READY, Found
from backbeat_host.link.home import Home
from backbeat_host.link.standing import Standing, asked, standing, waiting


@click.command("devices")
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one object a board; unknown is null.")
def devices_command(as_json: bool) -> None:
    """List every board: by drive and by port, served ones too.

    Nothing on a board is disturbed: what is told comes from its drive, or from the console of a board that runs no
    code. Free room, sessions, and battery (as the newest session last measured it) of a drive that the board owns are
    as they were when it was mounted.
    """
    rows = [_row(found) for found in find_boards()]
    home = Home()
    if as_json:
        click.echo(json.dumps([_table(*row, home) for row in rows], indent=2))
        return
    if not rows:
        messages().print("no board is here; plug one in, or try a virtual one with `backbeat lab serve`", markup=False)
        return
    text = output()
    for found, stands, trouble in rows:
        for line in _lines(found, stands, trouble, home):
            text.print(line, markup=False, soft_wrap=True)


def _row(found: Found) -> tuple[Found, Standing, str]:
    if found.drive is None:
        return *asked(found), ""
    try:
        return found, standing(found), ""
    except OSError as error:
        return found, Standing(), f"its drive cannot be read ({error.strerror}); `backbeat doctor` says more"


def _lines(found: Found, stands: Standing, trouble: str, home: Home) -> list[str]:
    what = found.name or found.board_id or "a board"
    lines = [f"{what}  {found.uid}".rstrip()]
    for about, value in (("drive", found.drive), ("port", found.port)):
        if value:
            lines.append(f"  {about}: {value}")
    if found.circuitpython:
        lines.append(f"  CircuitPython {found.circuitpython}, Backbeat {found.backbeat or 'not installed'}")
    told = []
    if stands.free is not None:
        told.append(f"{stands.free // 1000} KB free")
    if stands.sessions is not None:
        count, new = len(stands.sessions), len(waiting(found, stands, home))
        told.append(f"{count} session{'s' * (count != 1)} on it, {new} not pulled yet")
    if stands.battery is not None:
        told.append(f"battery {stands.battery} %")
    if stands.owner:
        told.append(f"the {stands.owner} owns the drive")
    if told:
        lines.append("  " + ", ".join(told))
    if found.state != READY:
        lines.append(f"  {found.state}: {found.remedy}")
    if trouble:
        lines.append(f"  {trouble}")
    return lines


def _table(found: Found, stands: Standing, trouble: str, home: Home) -> dict[str, Any]:
    return {
        "uid": found.uid or None,
        "board_id": found.board_id or None,
        "name": found.name or None,
        "circuitpython": found.circuitpython or None,
        "backbeat": found.backbeat or None,
        "drive": str(found.drive) if found.drive else None,
        "port": found.port,
        "state": found.state,
        "remedy": found.remedy or trouble or None,
        "owner": stands.owner,
        "free": stands.free,
        "sessions": None if stands.sessions is None else [number for number, _ in stands.sessions],
        "waiting": None if stands.sessions is None else waiting(found, stands, home),
        "battery": stands.battery,
    }
