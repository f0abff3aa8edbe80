"""`backbeat sync`: the board's clock, its settings and its logs, in one go."""

import json
from pathlib import Path

import click

from backbeat_host.cli.board_option import board_option, choose, open_console, yes_option
from backbeat_host.cli.console import messages
from backbeat_host.cli.log_progress import LogsBar
from backbeat_host.cli.logs import fail_if_any, print_pulled, pulled_fields, to_option
from backbeat_host.cli.paths import InputPath
from backbeat_host.complaints import told
from backbeat_host.errors import InputError
from backbeat_host.held import Change
from backbeat_host.link.backend import Files
from backbeat_host.link.found import Found, drive_files
from backbeat_host.link.home import Home
from backbeat_host.link.logs import Outcome, pull, uid_of
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.link.service import set_clock
from backbeat_host.link.settings import BoardSettings
from backbeat_host.profile_kept import Profile, profile


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
    """Set the board's clock, push the profile, pull new logs.

    The order is that of what can be lost: whatever breaks off, what was done before is done, and the same again
    finishes.
    """
    mine = _profile(named)
    found = choose(board)
    home = Home(folder)
    outcomes: list[Outcome] = []
    changes: list[Change] = []
    with open_console(found, yes) as console:
        ahead = set_clock(console)
        if not as_json:
            _tell(found, _clock_words(ahead))
        files = SerialFiles(console)
        if mine is not None:
            held = mine.held()
            changes = BoardSettings(_writable(found, files), found.where).push(held.values, held.given)
            if not as_json:
                _tell(
                    found,
                    f"settings pushed, {len(changes)} changed" if changes else "settings are those of the profile",
                )
        with LogsBar() as bar:
            for outcome in pull(files, home, found.uid or uid_of(files), progress=bar.log):
                outcomes.append(outcome)
                if not as_json:
                    print_pulled(home, outcome)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "clock_ahead_s": ahead,
                    "settings_changed": None if mine is None else [change.name for change in changes],
                    "logs": [pulled_fields(home, outcome) for outcome in outcomes],
                },
                indent=1,
            )
        )
    elif not outcomes:
        _tell(found, "no new logs")
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
