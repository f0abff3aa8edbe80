"""`backbeat firmware`: what goes onto a board's drive, laid out in a folder."""

from pathlib import Path

import click

from backbeat_host.cli.console import messages
from backbeat_host.cli.paths import OutputPath
from backbeat_host.link.layout import lay_out


@click.command("firmware")
@click.argument("folder", type=OutputPath(file_okay=False))
def firmware_command(folder: Path) -> None:
    """Lay the firmware out in FOLDER: a board's drive (CIRCUITPY), or a place to copy it from.

    It comes without comments and docstrings, with the Adafruit libraries it needs. Other files in FOLDER stay as they
    are. Broken off, the same command finishes.
    """
    count = 0

    def counted(place: str, size: int) -> None:
        nonlocal count
        count += 1

    size = lay_out(folder, counted)
    messages().print(f"{count} files, {size / 1000:.0f} KB, in {folder}", markup=False, highlight=False)
