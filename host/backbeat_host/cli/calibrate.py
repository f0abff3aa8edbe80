"""`backbeat calibrate`: a person who does not know how the chip sits stands still and walks ten steps."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from backbeat_host.cli.board_option import board_option, choose, open_files, yes_option
from backbeat_host.cli.console import messages, output
from backbeat_host.cli.endings import as_ctrl_c
from backbeat_host.cli.options import FiniteRange
from backbeat_host.errors import WorkError
from backbeat_host.link.backend import failures_told
from backbeat_host.link.calibrate import FOUND, STAND, WALK, Mount, NothingFoundError, begin, finish, followed, mount
from backbeat_host.link.console import Leaving
from backbeat_host.link.found import Found
from backbeat_host.link.line import opened
from backbeat_host.link.monitor import Watch
from backbeat_host.link.mount import described
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.link.service import ask_for_no_session
from backbeat_host.link.settings import BoardSettings

_SAID = {
    STAND: "Stand still, the board worn as you run with it.",
    WALK: "Now walk ten steps straight forward, and stand (waiting for up to {seconds:.0f} s).",
    FOUND: "Found.",
}


@click.command()
@board_option
@click.option("--show", is_flag=True, help="Only show what the board believes.")
@click.option(
    "--seconds",
    type=FiniteRange(10, 600),
    default=120.0,
    show_default=True,
    help="How long to wait for steps.",
)
@yes_option
@click.option("--json", "as_json", is_flag=True, help="Write the mount as JSON.")
def calibrate(board: str | None, show: bool, seconds: float, yes: bool, as_json: bool) -> None:
    """Find how the chip sits: put the board on, stand still, walk ten steps forward.

    A session is begun for it, which beats as ever, and ended when the board knows; its settings keep it. Walk with the
    laptop in your hands; or pull the cable when you are asked to walk, go on until the board sounds its three rising
    tones, end the session by a long press, plug in again and look with --show.
    """
    found = choose(board)
    if show:
        with open_files(found, yes) as files:
            _print(mount(BoardSettings(files, found.where)), as_json)
        return
    with as_ctrl_c():
        sits, why = _calibrated(found, seconds, yes)
    if why:
        raise WorkError(why)
    if not sits.known:
        raise WorkError(f"{found.where}: the steps did not show it; try again, with ten even steps straight forward.")
    _print(sits, as_json)


def _calibrated(found: Found, seconds: float, yes: bool) -> tuple[Mount, str]:
    """How it sits now, and why nothing was found where that can be said; whatever ends it, the mount is put back."""
    before: Mount | None = None
    why = ""
    try:
        with _serial(found, yes) as files:
            before = mount(BoardSettings(files, found.where))
            begin(files, found.where)
        _follow(found, seconds)
    except KeyboardInterrupt:
        if before is None:
            raise
        why = f"{found.where}: broken off; the mount is as it was."
    except NothingFoundError as error:
        if before is None:
            raise
        why = error.message
    with _serial(found, True) as files:
        ask_for_no_session(files.console)  # broken off early, the firmware has not come to the one asked for
        sits = finish(files, found.where, before)
    return sits, "" if sits != before and sits.known else why


@contextmanager
def _serial(found: Found, yes: bool) -> Iterator[SerialFiles]:
    """The files over the console; the board starts its code afterwards."""
    with open_files(found, yes, "serial") as files:
        if not isinstance(files, SerialFiles):
            raise TypeError("a console was asked for")
        yield files
        files.console.leave_by(Leaving.RUN)


def _follow(found: Found, seconds: float) -> None:
    if found.port is None:
        return
    with failures_told(found.port), closing(opened(found.port)) as line:
        for said in followed(Watch(line).frames(), seconds):
            messages().print(_SAID[said].format(seconds=seconds), soft_wrap=True)


def _print(sits: Mount, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"forward": sits.forward, "up": sits.up, "known": sits.known}))
        return
    for line in described(sits.forward, sits.up):
        output().print(line)
