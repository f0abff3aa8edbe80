"""`backbeat doctor`: what may be wrong with a board, check by check."""

import json
import sys

import click

from backbeat_host.cli.board_option import board_option, choose, open_console, yes_option
from backbeat_host.cli.console import messages, output
from backbeat_host.errors import WorkError
from backbeat_host.link.backend import failures_told
from backbeat_host.link.doctor.all import on_the_board, reachable
from backbeat_host.link.doctor.check import BAD, GOOD, ODD, SKIPPED, Check

_MARKS = {GOOD: "[green]good[/]", ODD: "[yellow]odd [/]", BAD: "[red]bad [/]", SKIPPED: "[dim]-   [/]"}


@click.command("doctor")
@board_option
@yes_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: about, verdict, found, remedy.")
def doctor_command(board: str | None, yes: bool, as_json: bool) -> None:
    """Check a board: port, drive, CircuitPython, firmware, settings, clock, sensor, sound. It takes 15 s.

    Lay the board down and leave it still. The console interrupts what runs on the board; it runs again afterwards.
    Each finding comes with its remedy. Exit status 1 when something is bad.
    """
    found = choose(board)
    bad = 0

    def tell(check: Check) -> None:
        nonlocal bad
        bad += check.verdict == BAD
        if as_json:
            told = {"about": check.about, "verdict": check.verdict, "found": check.found, "remedy": check.remedy}
            click.echo(json.dumps(told))
            return
        text = output()
        text.print(_MARKS[check.verdict], end="  ")
        text.print(f"{check.about}: {check.found}", markup=False, soft_wrap=True)
        if check.remedy:
            text.print(f"        {check.remedy}", markup=False, soft_wrap=True)

    def listens(seconds: float) -> None:
        if not as_json:
            messages().print(f"listening to the clock for {seconds:.0f} s ...", markup=False)

    if not as_json:
        messages().print(f"{found.where} {found.name} {found.uid}".rstrip(), markup=False, soft_wrap=True)
    within_reach = found.port is not None
    for check in reachable(found):
        tell(check)
        within_reach = within_reach and not check.bars
    if not within_reach:
        with failures_told(found.where):
            for check in on_the_board(found, None, _heard, listens):
                tell(check)
    else:
        with open_console(found, yes) as console:
            for check in on_the_board(found, console, _heard, listens):
                tell(check)
    if bad:
        raise WorkError(f"{found.where}: {bad} finding{'s' * (bad > 1)}; the remedies are above.")


def _heard(part: str) -> bool | None:
    """Ask whether a part was noticed; None where nobody can answer."""
    if not sys.stdin.isatty():
        return None
    return click.confirm(f"Did you notice the {part}?", default=True, err=True)
