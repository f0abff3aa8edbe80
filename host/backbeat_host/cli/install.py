"""`backbeat install` and `backbeat uninstall`: the firmware onto a board and off it again."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from backbeat import __version__, settings
from backbeat_host.cli.board_option import (
    board_option,
    boards_drive,
    choose,
    find_boards,
    open_console,
    open_files,
    read_only_here,
    yes_option,
)
from backbeat_host.cli.console import messages, transfer
from backbeat_host.cli.options import settings_option
from backbeat_host.cli.paths import InputPath
from backbeat_host.errors import InputError, WorkError
from backbeat_host.link.backend import Files
from backbeat_host.link.bootloader import awaited, checked, flash
from backbeat_host.link.console import Console, Leaving
from backbeat_host.link.doctor.check import BAD
from backbeat_host.link.doctor.content import circuitpython
from backbeat_host.link.found import Found, choose_bootloader, drive_files
from backbeat_host.link.install import Plan, Removal, install, planned, uninstall
from backbeat_host.link.restart import version_after_restart
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.link.service import laptop_owns_meanwhile
from backbeat_host.link.settings import SETTINGS, BoardSettings
from backbeat_host.profile import Chosen, chosen

_dry_option = click.option("--dry-run", is_flag=True, help="Only say what would be done.")


def _way_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say by which way to write, handed on as `by`: drive, serial, or None."""

    @wraps(command)
    def one_way(drive: bool, serial: bool, **options: Any) -> None:
        if drive and serial:
            raise click.UsageError("--drive and --serial are two ways; give one.")
        command(by="drive" if drive else "serial" if serial else None, **options)

    one_way = click.option("--serial", is_flag=True, help="Write over the serial console.")(one_way)
    return click.option("--drive", is_flag=True, help="Write through the mounted drive.")(one_way)


@click.command("install")
@board_option
@_way_options
@settings_option
@_dry_option
@click.option("--uf2", metavar="FILE", type=InputPath(), help="First CircuitPython, onto a board in its bootloader.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: board, version, written, removed, kept_aside.")
@yes_option
def install_command(
    board: str | None,
    by: str | None,
    sources: tuple[str, ...],
    dry_run: bool,
    uf2: Path | None,
    as_json: bool,
    yes: bool,
) -> None:
    """Put the firmware onto a board, or bring it up to date.

    With it come the libraries it needs and a list of everything with hashes. What else is on the drive stays;
    a file of yours whose place is needed (code.py), or one of Backbeat's that you changed, goes to the folder
    before-backbeat. Settings stay unless new ones are given: these are written whole, but mount.* stays unless it is
    among them. Broken off, the old or the new version runs, or the drive is yours; the same command finishes.

    The files are written by whichever side owns the drive; then the board starts anew, and is asked its version.
    """
    given = chosen(sources) if sources else None
    found = boards_drive(choose(board)) if uf2 is None else _with_circuitpython(board, uf2, dry_run)
    plan = None if found is None else _installed(found, yes, by, given, dry_run)
    if as_json:
        click.echo(json.dumps(_table(found, plan)))


def _installed(found: Found, yes: bool, by: str | None, given: Chosen | None, dry_run: bool) -> Plan:
    """Install, or in a dry run only say what that would be; give what was planned."""
    with open_files(found, yes, by) as files:
        new = None if given is None else BoardSettings(files, found.where).checked(given.values, given.given)
        plan = planned(files, None if new is None else settings.dump(new).encode())
        _say(found, plan, dry_run)
        if dry_run:
            return plan
        _check_owner(found, files, plan)
        if plan.done:
            return plan
        _reset_afterwards(files)
        with _at(found), transfer(f"{found.where}", plan.bytes) as bar:
            install(files, plan, lambda done, total: bar.done(done))
    if not isinstance(files, SerialFiles):
        if found.port is None:
            _tell("the files are there and verified; press the board's reset button to start it")
            return plan
        with open_console(found, yes=True) as console:
            console.reset()
    version = version_after_restart(found)
    if version != __version__:
        raise WorkError(f"{found.where}: it runs Backbeat {version}, not {__version__}; repeat the command.")
    _tell(f"{found.where}: runs Backbeat {version}")
    return plan


@click.command("uninstall")
@board_option
@_way_options
@_dry_option
@click.option("--json", "as_json", is_flag=True, help="A JSON object: board, removed, left, put_back.")
@yes_option
def uninstall_command(board: str | None, by: str | None, dry_run: bool, as_json: bool, yes: bool) -> None:
    """Take the firmware off a board: what `install` brought and nobody has changed since.

    Logs, settings and everything else stay; files that `install` had set aside go back to their places.
    """
    found = choose(board)
    with open_files(found, yes, by) as files:
        if not dry_run:
            _check_owner(found, files, None)
            _reset_afterwards(files)
        with _at(found):
            removal = uninstall(files, dry_run)
    _tell_removal(found, removal, dry_run)
    if as_json:
        told = {"removed": removal.removed, "left": removal.changed, "put_back": removal.back}
        click.echo(json.dumps({"board": found.where, **told}))


def _with_circuitpython(board: str | None, uf2: Path, dry_run: bool) -> Found | None:
    """Bring CircuitPython onto the board in its bootloader, and give the board that comes up; None in a dry run."""
    before = find_boards()
    waiting = choose_bootloader(board, before)
    raw = checked(uf2, waiting)
    if dry_run:
        _tell(
            f"{waiting.where}: {uf2.name} ({len(raw) / 1000:.0f} KB) would be copied to {waiting.name or 'the board'}"
        )
        return None
    with transfer(uf2.name, len(raw)) as bar:
        flash(raw, waiting, lambda done, total: bar.done(done))
    _tell("waiting for the board to start CircuitPython")
    return awaited(before, find_boards)


@contextmanager
def _at(found: Found) -> Iterator[None]:
    """Say of which board it is what failed."""
    try:
        yield
    except WorkError as error:
        raise WorkError(f"{found.where}: {error.message}") from error


def _reset_afterwards(files: Files) -> None:
    """Have the board start from boot.py on, also where the work breaks off: that keeps half a firmware from running."""
    if isinstance(files, SerialFiles):
        files.console.leave_by(Leaving.RESET)


def _check_owner(found: Found, files: Files, plan: Plan | None) -> None:
    """Raise InputError with the remedy where this side may not write: the other one owns the drive, or nobody may."""
    if files.writable or (plan is not None and plan.done):
        return
    serial = isinstance(files, SerialFiles)
    if found.drive and not drive_files(found.drive).writable and (serial or _laptop_owns(found)):
        raise InputError(read_only_here(found))
    if serial:
        way = "use --drive" if found.drive else "mount its drive (CIRCUITPY) and use that"
        raise InputError(f"{found.where}: the laptop owns the drive now; {way}, or `backbeat service off` first.")
    way = "use --serial" if found.port else "connect its serial port"
    raise InputError(f"{found.where}: the board owns its drive now; {way}, or `backbeat service on` first.")


def _laptop_owns(found: Found) -> bool:
    """Whether the board says that its drive is the laptop's; one that cannot be asked says nothing."""
    if found.port is None:
        return False
    try:
        with Console(found.port) as console:
            return laptop_owns_meanwhile(console)
    except OSError:
        return False


def _say(found: Found, plan: Plan, dry_run: bool) -> None:
    now = plan.now.version if plan.now.finished else f"{plan.now.version} (unfinished)"
    if plan.now.damaged:
        _tell("/manifest.json makes no sense; a new one takes its place")
    if plan.done:
        _tell(f"{found.where}: Backbeat {__version__} is there, every file as it should be; nothing to do")
        return
    word = "would be " if dry_run else "to be "
    sent = len(plan.write)
    _tell(f"{found.where}: Backbeat {now or 'none'} now; {sent} files ({plan.bytes / 1000:.0f} KB) {word}written")
    _warn(found, plan)
    for path in plan.own:
        _tell(f"  {path} is not Backbeat's: {word}kept in /before-backbeat")
    for path in plan.changed:
        _tell(f"  {path} was changed since it was installed: {word}kept in /before-backbeat")
    for path in plan.stale:
        _tell(f"  {path} is of the version before: {word}removed")
    if plan.settings is not None:
        _tell(f"  {SETTINGS} {word}written")


def _table(found: Found | None, plan: Plan | None) -> dict[str, Any]:
    """What changed, or would; null is unknown, of a board that has no CircuitPython yet."""
    if found is None or plan is None:
        return dict.fromkeys(("board", "version", "written", "removed", "kept_aside"))
    return {
        "board": found.where,
        "version": __version__,
        "written": [*plan.switch, *([SETTINGS] if plan.settings is not None else [])],
        "removed": plan.stale,
        "kept_aside": [*plan.own, *plan.changed],
    }


def _warn(found: Found, plan: Plan) -> None:
    """Say what would keep the firmware from running, and is no reason not to install it."""
    version = circuitpython(found.circuitpython)
    if version.verdict == BAD:
        _tell(f"  CircuitPython {version.found}: {version.remedy}")
    table = f"/lib/backbeat/board/{found.board_id}.py"
    if found.board_id and table not in plan.wanted and table not in plan.present:
        _tell(f"  Backbeat does not know the board {found.board_id}: write its pins into {table}")


def _tell_removal(found: Found, removal: Removal, dry_run: bool) -> None:
    word = "would be " if dry_run else ""
    _tell(f"{found.where}: {len(removal.removed)} files {word}removed")
    for path in removal.changed:
        _tell(f"  {path} was changed since: {word}left")
    for path in removal.back:
        _tell(f"  {path} {word}put back as it was before")
    if not dry_run:
        _tell("logs and settings are left; the laptop owns the drive from the next start on")


def _tell(text: str) -> None:
    messages().print(text, markup=False, highlight=False, soft_wrap=True)
