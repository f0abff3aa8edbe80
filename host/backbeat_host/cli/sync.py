"""`backbeat sync`: the board's logs, its clock and its settings, in one go."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from backbeat_host.cli.board_option import board_option, choose, open_console, yes_option
from backbeat_host.cli.config_told import RUNS_WITH_THEM
from backbeat_host.cli.console import messages
from backbeat_host.cli.log_progress import LogsBar
from backbeat_host.cli.logs import fail_if_any, print_pulled, pulled_fields, to_option
from backbeat_host.cli.paths import InputPath
from backbeat_host.complaints import told
from backbeat_host.errors import InputError
from backbeat_host.link.backend import Files
from backbeat_host.link.found import Found, drive_files
from backbeat_host.link.home import Home
from backbeat_host.link.logs import Outcome, pull, uid_of
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.link.service import set_clock
from backbeat_host.link.settings import BoardSettings
from backbeat_host.profile_kept import Profile, profile

_SETTINGS_SAME = "settings are those of the profile"


@dataclass
class _Did:
    """What came to be done besides logs, as it is told a program."""

    clock_set: bool = False
    clock_ahead_s: float | None = None
    """None where nobody had set it, too."""
    settings_changed: list[str] | None = None
    """None where there is no profile, or it did not come to that."""


@click.command()
@board_option
@click.option(
    "--profile",
    "named",
    metavar="FILE",
    type=InputPath(),
    help="The settings to push. [default: profile.toml here, else your own; without one settings stay as they are]",
)
@to_option
@yes_option
@click.option("--json", "as_json", is_flag=True, help="Write what was done as JSON.")
def sync(board: str | None, named: Path | None, folder: Path | None, yes: bool, as_json: bool) -> None:
    """Pull new logs, set the board's clock, push the profile.

    In this order, for only logs can be lost: when something breaks off, what came before it is done, and the same
    command again does the rest.
    """
    mine = _profile(named)
    found = choose(board)
    home = Home(folder)
    outcomes: list[Outcome] = []
    did = _Did()
    try:
        with open_console(found, yes) as console:
            files = SerialFiles(console)
            with LogsBar() as bar:
                for outcome in pull(files, home, found.uid or uid_of(files), progress=bar.log):
                    outcomes.append(outcome)
                    if not as_json:
                        print_pulled(home, outcome)
            if not outcomes and not as_json:
                _tell(found, "no new logs")
            did.clock_ahead_s, did.clock_set = set_clock(console), True
            if not as_json:
                _tell(found, _clock_words(did.clock_ahead_s))
            if mine is not None:
                held = mine.held()
                changes = BoardSettings(_writable(found, files), found.where).push(held.values, held.given)
                did.settings_changed = [change.name for change in changes]
                if not as_json:
                    _tell(found, f"settings pushed, {len(changes)} changed" if changes else _SETTINGS_SAME)
    finally:
        if as_json:
            pulled = [pulled_fields(home, outcome) for outcome in outcomes]
            click.echo(json.dumps({**asdict(did), "logs": pulled}, indent=1))
    if mine is not None and console.starts_again and not as_json:
        _tell(found, RUNS_WITH_THEM)
    fail_if_any(outcomes)


def _profile(named: Path | None) -> Profile | None:
    """The profile, all valid, or None where there is none and none was named."""
    mine = profile(named)
    if named is None and not mine.there:
        return None
    told(mine.required().held().complaints)
    return mine


def _writable(found: Found, files: SerialFiles) -> Files:
    """The side that may write.

    Raises:
        InputError: the laptop owns a drive that is not mounted here.
    """
    if files.writable:
        return files
    if found.drive is None:
        raise InputError(
            f"{found.where}: the laptop owns the drive, and it is not mounted here; mount it, or give it back "
            "(`backbeat service off`)."
        )
    return drive_files(found.drive)


def _clock_words(ahead: float | None) -> str:
    if ahead is None:
        return "clock set; nobody had set it"
    if abs(ahead) < 1:
        return "clock set; it was right"
    return f"clock set; it was {abs(ahead):.0f} s {'ahead' if ahead > 0 else 'behind'}"


def _tell(found: Found, what: str) -> None:
    messages().print(f"{found.where}: {what}.", markup=False, soft_wrap=True)
