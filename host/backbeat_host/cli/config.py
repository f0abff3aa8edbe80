"""`backbeat config`: settings, in a profile on the laptop or on the board itself."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from backbeat import settings
from backbeat_host.cli.board_option import board_option, boards_drive, choose, open_files, yes_option
from backbeat_host.cli.config_told import (
    RUNS_WITH_THEM,
    changes_json,
    docs_json,
    print_changes,
    print_docs,
    print_kept,
    print_settings,
)
from backbeat_host.cli.console import messages, output
from backbeat_host.cli.paths import InputPath
from backbeat_host.complaints import Complaint, shown, told
from backbeat_host.errors import InputError
from backbeat_host.held import Change, Place, changes
from backbeat_host.link.backend import Files
from backbeat_host.link.found import Found
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.link.settings import BoardSettings
from backbeat_host.profile import paired, typed
from backbeat_host.profile_edit import offered, written
from backbeat_host.profile_kept import Profile, own_folder, profile
from backbeat_host.profile_session import edited
from backbeat_host.profile_text import look

_profile_option = click.option(
    "--profile",
    "named",
    metavar="FILE",
    type=InputPath(),
    help="The profile [default: profile.toml here, else the one in your own configuration folder].",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output.")


def _of_either(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that works on a profile or, with --board, on a board."""
    return board_option(_profile_option(yes_option(command)))


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a setting."""
    given = {word.partition("=")[0] for word in ctx.params.get(param.name or "") or ()}
    rows = [row for row in settings.TABLE if row.name.startswith(incomplete) and row.name not in given]
    return [CompletionItem(row.name, help=row.help) for row in rows]


def _pairs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete NAME=VALUE: the name, and after `=` the words that may follow.

    Bash takes the `=` for a word of its own, which click leaves out when it comes last.
    """
    before = [word for word in ctx.params.get(param.name or "") or () if word != "="]
    name, equals, begun = incomplete.partition("=")
    apart = not equals and bool(before) and settings.find(before[-1]) is not None
    row = settings.find(before[-1] if apart else name)
    if not equals and not apart:
        return [CompletionItem(f"{item.value}=", help=item.help) for item in _names(ctx, param, incomplete)]
    words = [typed(row, choice) for choice in row.among] if row else []
    if apart:
        return [CompletionItem(word) for word in words if word.startswith(incomplete)]
    return [CompletionItem(f"{name}={word}") for word in words if word.startswith(begun)]


def _joined(words: Sequence[str]) -> list[str]:
    """Put `cadence=` and `168` together, between which a shell's completion leaves a space."""
    pairs: list[str] = []
    for word in words:
        if pairs and pairs[-1].endswith("=") and "=" not in word:
            pairs[-1] += word
        else:
            pairs.append(word)
    return pairs


@click.group()
def config() -> None:
    """Settings: in a profile that you write once and push, or on the board itself.

    With --board a command works on that board; else on the profile given by --profile, else on profile.toml here, else
    on the one in your own configuration folder. Nothing is changed unless all of it is valid.
    """


@config.command()
@_of_either
@_json_option
def show(board: str | None, named: Path | None, yes: bool, as_json: bool) -> None:
    """Every setting with its value."""
    with _place(board, named, yes) as place:
        held = place.held()
        heading = place.where
        if isinstance(place, Profile):
            if not place.parses:
                told(held.complaints)
            heading += "" if place.there else " (not there yet: all defaults)"
        if as_json:
            values = {row.name: row.plain(held.values[row.name]) for row in settings.TABLE}
            given = [row.name for row in settings.TABLE if row.name in held.given]
            click.echo(json.dumps({"where": place.where, "settings": values, "given": given}))
        else:
            print_settings(output(), heading, held)
        if isinstance(place, BoardSettings) and place.as_pushed() is False:
            messages().print("these are not the ones pushed last: the board found its mount, or someone edited them")
    told(held.complaints)


@config.command()
@click.argument("names", nargs=-1, required=True, shell_complete=_names, metavar="NAME...")
@_of_either
@_json_option
def get(names: tuple[str, ...], board: str | None, named: Path | None, yes: bool, as_json: bool) -> None:
    """The value of a setting, or name=value of several."""
    rows = [settings.find(name) for name in names]
    _known(names)
    with _place(board, named, yes) as place:
        held = place.held()
    told([complaint for complaint in held.complaints if complaint.name in ("", *names)])
    if as_json:
        click.echo(json.dumps({row.name: row.plain(held.values[row.name]) for row in rows}))
        return
    for row in rows:
        value = typed(row, held.values[row.name])
        click.echo(value if len(rows) == 1 else f"{row.name}={value}")


@config.command("set")
@click.argument("pairs", nargs=-1, required=True, shell_complete=_pairs, metavar="NAME=VALUE...")
@_of_either
@_json_option
def set_command(pairs: tuple[str, ...], board: str | None, named: Path | None, yes: bool, as_json: bool) -> None:
    """Give settings new values: cadence=168 glance.every=30s volume=80%."""
    wanted, wrong = paired(_joined(pairs))
    if board is not None:
        told(wrong)  # before a session would be ended for it
    with _place(board, named, yes, changing=True) as place:
        _tell(place, place.put(wanted, wrong), as_json)


@config.command()
@_of_either
@_json_option
def check(board: str | None, named: Path | None, yes: bool, as_json: bool) -> None:
    """Say all that is wrong with the settings; exit status 2 when anything is."""
    with _place(board, named, yes) as place:
        if isinstance(place, Profile):
            place.required()
        held = place.held()
    if as_json:
        rows = [{"where": c.where, "line": c.line or None, "setting": c.name or None, "told": shown(c.sentence)}
                for c in held.complaints]  # fmt: skip
        click.echo(json.dumps(rows))
        sys.exit(InputError.exit_code if rows else 0)
    told(held.complaints)
    given = len(held.given)
    messages().print(f"{place.where}: {given} setting{'s' * (given != 1)}, all valid", markup=False, soft_wrap=True)


@config.command()
@_of_either
def edit(board: str | None, named: Path | None, yes: bool) -> None:
    """Open the settings in your editor ($VISUAL, $EDITOR); what you leave there is used once all of it is valid."""
    if board is None:
        _edit_profile(profile(named).changeable())
    else:
        _no_profile(named)
        _edit_board(boards_drive(choose(board)), yes)


@config.command()
@_of_either
@_json_option
def push(board: str | None, named: Path | None, yes: bool, as_json: bool) -> None:
    """Send the profile to the board, whole: what it does not give has its default there.

    Except how the chip sits (mount.forward, mount.up): what the board has found stays, unless the profile gives it.
    """
    mine = profile(named).required()
    held = mine.held()
    told(held.complaints)
    with _board(board, yes, changing=True) as theirs:
        _tell(theirs, theirs.push(held.values, held.given), as_json)


@config.command()
@_of_either
@_json_option
def pull(board: str | None, named: Path | None, yes: bool, as_json: bool) -> None:
    """Bring the board's settings into the profile, in their lines: all that `diff` shows. Its comments stay."""
    mine = profile(named).changeable()
    before = mine.held() if mine.there else Profile(mine.path, named=False).held()
    told(before.complaints)
    with _board(board, yes) as theirs:
        held = theirs.held()
    told(held.complaints)
    wanted = {change.name: change.after for change in changes(before.values, held.values)}
    _tell(mine, mine.put(wanted), as_json)


@config.command()
@_of_either
@_json_option
def diff(board: str | None, named: Path | None, yes: bool, as_json: bool) -> None:
    """What a push would change on the board: its values, then the profile's; and what it would keep there."""
    mine = profile(named).required()
    held = mine.held()
    told(held.complaints)
    with _board(board, yes) as theirs:
        there = theirs.held()
        merged = theirs.merged(held.values, held.given, there)
    made = changes(there.values, merged)
    if as_json:
        click.echo(json.dumps(changes_json(made, "board", "profile")))
    else:
        kept = changes(merged, held.values)
        where = f"{theirs.where} -> {mine.where}"
        if made or not kept:
            print_changes(output(), where, made)
        print_kept(output(), where, kept)
    told(there.complaints)


@config.command()
@click.argument("names", nargs=-1, shell_complete=_names, metavar="[NAME...]")
@_of_either
@_json_option
def reset(names: tuple[str, ...], board: str | None, named: Path | None, yes: bool, as_json: bool) -> None:
    """Give settings their defaults again: those named, or all. Lines and comments of a profile stay."""
    _known(names)
    with _place(board, named, yes, changing=True) as place:
        wanted = {name: settings.find(name).default for name in names}
        _tell(place, place.put(wanted) if wanted else place.reset(), as_json)


@config.command()
@_json_option
def docs(as_json: bool) -> None:
    """Every setting there is, with unit, range, default and help."""
    if as_json:
        click.echo(json.dumps(docs_json(), indent=2))
    else:
        print_docs(output())


@contextmanager
def _place(board: str | None, named: Path | None, yes: bool, changing: bool = False) -> Iterator[Place]:
    """The board that was asked for, else the profile."""
    if board is None:
        yield profile(named)
        return
    _no_profile(named)
    with _board(board, yes, changing) as place:
        yield place


@contextmanager
def _board(board: str | None, yes: bool, changing: bool = False) -> Iterator[BoardSettings]:
    found = boards_drive(choose(board)) if changing else choose(board)
    with open_files(found, yes) as files:
        yield BoardSettings(files, found.where)
    if changing:
        _tell_restart(found, files)


def _tell_restart(found: Found, files: Files) -> None:
    """Say that the board's code, which the console has interrupted, runs again."""
    if isinstance(files, SerialFiles) and files.console.starts_again:
        messages().print(f"{found.where}: {RUNS_WITH_THEM}", markup=False, soft_wrap=True)


def _tell(place: Place, made: Sequence[Change], as_json: bool = False) -> None:
    """Say what changed, to a program as well if it asks, and on a board that it was read back."""
    if as_json:
        click.echo(json.dumps(changes_json(made)))
    print_changes(messages(), place.where, made)
    pushed = place.pushed() if isinstance(place, BoardSettings) else None
    if pushed is not None:
        text = f"settings of Backbeat {pushed.version}, SHA-256 {pushed.digest[:12]}: read back, the same"
        messages().print(f"{place.where}: {text}", markup=False, soft_wrap=True)


def _no_profile(named: Path | None) -> None:
    if named is not None:
        raise InputError("--board and --profile are two places; give one (`push` and `pull` go from one to the other).")


def _known(names: Sequence[str]) -> None:
    """See that there are such settings.

    Raises:
        InputError: a name is none.
    """
    rest = "there is no such setting; `backbeat config docs` tells them all."
    told([Complaint(f"{name or 'an empty word'}: {rest}") for name in names if settings.find(name) is None])


def _edit_profile(mine: Profile) -> None:
    text = mine.text()
    before = look(text)
    since = mine.path.stat().st_mtime if mine.there else 0.0
    copy = mine.path.with_name(f"{mine.path.stem}.edited.toml")
    with edited(copy, text or offered(), _again, since) as typed_text:
        if typed_text is not None:
            mine.write(typed_text, text)
        _tell(mine, changes(before.whole(), look(text if typed_text is None else typed_text).whole()))


def _edit_board(found: Found, yes: bool) -> None:
    with open_files(found, yes) as files:
        before = BoardSettings(files, found.where).held()
    for complaint in before.complaints:
        messages().print(str(complaint), markup=False, soft_wrap=True)
    copy = own_folder() / f"board-{found.uid or 'unknown'}.edited.toml"
    with edited(copy, written(before.values), _again) as typed_text:
        if typed_text is None:
            print_changes(messages(), found.where, ())
            return
        values = look(typed_text).whole()
        with open_files(found, yes) as files:
            board = BoardSettings(files, found.where)
            if board.held().values != before.values:
                raise InputError(
                    f"{found.where}: its settings have changed meanwhile; nothing was written, and {copy} is kept."
                )
            _tell(board, board.push(values, set(values)))
        _tell_restart(found, files)


def _again(wrong: str) -> bool:
    if not sys.stdin.isatty():
        return False
    messages().print(wrong, markup=False, soft_wrap=True)
    return click.confirm("Go back to the editor?", default=True, err=True)
