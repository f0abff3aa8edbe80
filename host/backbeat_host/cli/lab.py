"""`backbeat lab`: what stands in for a board."""

import signal
from pathlib import Path

import click

from backbeat_host.cli.console import messages
from backbeat_host.cli.paths import OutputPath
from backbeat_host.lab.boards import BOARDS
from backbeat_host.lab.serve.faults import table
from backbeat_host.lab.serve.server import Server


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
    and so can any tool that is given the port.
    """
    server = Server(folder, board=board, faults=faults, paced=pace)

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        with server:
            click.echo(server.port)
            click.echo(server.drive)
            while not server.wait(0.2):
                pass
            messages().print("the board has no power any more", markup=False)
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
