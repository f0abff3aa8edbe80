"""`backbeat lab`: what stands in for a board."""

from pathlib import Path

import click

from backbeat_host.cli.console import messages
from backbeat_host.cli.endings import as_ctrl_c
from backbeat_host.cli.lines_typed import LinesTyped
from backbeat_host.cli.paths import OutputPath
from backbeat_host.lab.boards import BOARDS
from backbeat_host.lab.serve.faults import table
from backbeat_host.lab.serve.server import Server

_HOLD_S = 2.0  # a long press is one of 1.5 s (gesture.py)


@click.group()
def lab() -> None:
    """What stands in for a board."""


@lab.command(epilog=f"\b\nFaults, each NAME or NAME=N:\n{table()}")
@click.option(
    "--board",
    metavar="NAME",
    type=click.Choice(list(BOARDS)),
    default="raspberry_pi_pico",
    help="Which board it is: " + ", ".join(BOARDS) + ".  [default: raspberry_pi_pico]",
)
@click.option(
    "--dir",
    "folder",
    type=OutputPath(file_okay=False),
    help="The folder that is its drive; a board served from the same one has the same UID. [default: one for once]",
)
@click.option("--fault", "faults", metavar="NAME[=N]", multiple=True, help="Something goes wrong; see below.")
@click.option(
    "--pace",
    is_flag=True,
    help="At a board's pace: 1 MB/s on the cable (USB full speed), Python 100 times slower than on a PC (5 us a line, "
    "10 us a byte of source, 5 us a byte of repr). Without it only sleeping takes time.",
)
def serve(board: str, folder: Path | None, faults: tuple[str, ...], pace: bool) -> None:
    """Serve a virtual board: a serial port with CircuitPython's console, and a folder that is its drive.

    The first line of output is the port, the second the folder; then it runs until ctrl-C. A fresh board has nothing
    on its drive, and the laptop owns it. Whatever talks to CircuitPython can talk to this: `backbeat devices` finds it,
    and so can any tool that is given the port. In a terminal Enter presses its button, h and Enter hold it for 2 s.
    """
    server = Server(folder, board=board, faults=faults, paced=pace)
    typed = LinesTyped()
    try:
        with as_ctrl_c(), server:
            click.echo(server.port)
            click.echo(server.drive)
            if messages().is_terminal:
                button = "; Enter presses its button, h and Enter holds it for 2 s" if typed.wanted else ""
                messages().print(f"port, then drive; ctrl-C ends it{button}", markup=False, soft_wrap=True)
            while not server.wait(0.2):
                _press(server, typed.line())
            messages().print("the board has no power any more", markup=False)
    except KeyboardInterrupt:
        return


def _press(server: Server, line: str | None) -> None:
    if line == "":
        server.press()
    elif line is not None and line.lower() == "h":
        server.press(_HOLD_S)
