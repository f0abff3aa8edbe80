"""`backbeat logs`: what the board kept of a run."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
from rich import box
from rich.table import Table

from backbeat_host.cli.board_option import board_option, choose, open_files, yes_option
from backbeat_host.cli.console import messages, output
from backbeat_host.cli.log_progress import LogsBar
from backbeat_host.cli.outputs import check_outputs
from backbeat_host.cli.paths import InputPath, OutputPath
from backbeat_host.errors import WorkError
from backbeat_host.link.home import Home
from backbeat_host.link.logs import OnBoard, Outcome, listed, pull, remove, uid_of
from backbeat_host.runs.decode import Log, decode
from backbeat_host.runs.jsonl import write_events
from backbeat_host.runs.strides import strides_of_log
from backbeat_host.runs.timeline import print_summary, print_timeline, summarise

numbers_argument = click.argument("sessions", metavar="[SESSION]...", nargs=-1, type=click.IntRange(1))
to_option = click.option(
    "--to",
    "folder",
    metavar="FOLDER",
    type=OutputPath(file_okay=False),
    help="The folder of all pulled logs, by date. [default: logs in Backbeat's folder for data]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write it as JSON, one object a log, in a list.")


@click.group()
def logs() -> None:
    """What the board kept of a run."""


@logs.command("list")
@board_option
@to_option
@yes_option
@json_option
def list_command(board: str | None, folder: Path | None, yes: bool, as_json: bool) -> None:
    """Show the logs on the board, and which of them are at home."""
    found = choose(board)
    with open_files(found, yes) as files:
        there, others = listed(files, Home(folder), found.uid or uid_of(files))
    if as_json:
        click.echo(json.dumps([_fields(log) for log in there], indent=1))
    elif there:
        output().print(_table(there))
    else:
        output().print("no logs are on the board")
    for name in others:
        messages().print(f"/logs: {name!r} is no log of Backbeat's; it stays as it is.", markup=False)


@logs.command("pull")
@numbers_argument
@board_option
@to_option
@click.option("--again", is_flag=True, help="Bring also what was pulled once and is not here any more.")
@yes_option
@json_option
def pull_command(
    sessions: tuple[int, ...], board: str | None, folder: Path | None, again: bool, yes: bool, as_json: bool
) -> None:
    """Bring new logs home, all or those of the given sessions; one that broke off goes on where it was.

    Every record is checked; what is damaged comes as well, and is said. The originals stay as they were on the board,
    in one folder by date, each named by its board and session.
    """
    found = choose(board)
    home = Home(folder)
    outcomes: list[Outcome] = []
    try:
        with open_files(found, yes) as files, LogsBar() as bar:
            for outcome in pull(files, home, found.uid or uid_of(files), sessions, again, bar.log):
                outcomes.append(outcome)
                if not as_json:
                    print_pulled(home, outcome)
    finally:
        if as_json:
            click.echo(json.dumps([pulled_fields(home, outcome) for outcome in outcomes], indent=1))
    if not outcomes and not as_json:
        output().print("nothing new is on the board")
    fail_if_any(outcomes)


@logs.command("rm")
@numbers_argument
@board_option
@to_option
@click.option("--all", "every", is_flag=True, help="All that are safe at home; the others stay.")
@click.option("--force", is_flag=True, help="Also what was never pulled: it is lost.")
@yes_option
@json_option
def rm_command(
    sessions: tuple[int, ...],
    board: str | None,
    folder: Path | None,
    every: bool,
    force: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Remove logs from the board: only those that are here byte for byte, compared now."""
    if bool(sessions) == every:
        raise click.UsageError("say which sessions' logs, or --all.")
    found = choose(board)
    outcomes: list[Outcome] = []
    try:
        with open_files(found, yes) as files:
            for outcome in remove(files, Home(folder), found.uid or uid_of(files), sessions, force):
                outcomes.append(outcome)
                if not outcome.trouble and not as_json:
                    output().print(f"{outcome.log.name} is off the board", markup=False)
    finally:
        if as_json:
            click.echo(json.dumps([_removed_fields(outcome) for outcome in outcomes], indent=1))
    if not outcomes and not as_json:
        output().print("no logs are on the board")
    if not every:
        fail_if_any(outcomes)
    elif staying := sum(bool(outcome.trouble) for outcome in outcomes):
        what = "log is not safe at home and stays" if staying == 1 else "logs are not safe at home and stay"
        messages().print(f"{staying} {what}; pull first, or say --force", markup=False)


def print_pulled(home: Home, outcome: Outcome) -> None:
    """Say where a log is now, and what is wrong with it."""
    if outcome.kept is not None:
        output().print(f"{outcome.log.name} -> {home.path(outcome.kept)}", markup=False, soft_wrap=True)
    for wrong in outcome.wrong:
        messages().print(f"{outcome.log.name}: {wrong}", markup=False, soft_wrap=True)


def fail_if_any(outcomes: list[Outcome]) -> None:
    """End with what did not come or go.

    Raises:
        WorkError: something did not.
    """
    troubles = [f"{outcome.log.name}: {outcome.trouble.removesuffix('.')}." for outcome in outcomes if outcome.trouble]
    if troubles:
        raise WorkError("\n".join(troubles))


def _table(there: list[OnBoard]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for name, justify in (("session", "right"), ("began", "left"), ("KB", "right"), ("", "left")):
        table.add_column(name, justify="right" if justify == "right" else "left")
    for log in there:
        began = _began(log)
        table.add_row(str(log.number), began.strftime("%Y-%m-%d %H:%M") if began else "-", _kb(log.bytes), log.state)
    return table


def _kb(size: int) -> str:
    return f"{size / 1024:.1f}"


def _began(log: OnBoard) -> datetime | None:
    return datetime.fromtimestamp(log.clock, UTC).astimezone() if log.clock else None


def _fields(log: OnBoard) -> dict[str, object]:
    began = _began(log)
    return {
        "session": log.number,
        "name": log.name,
        "bytes": log.bytes,
        "began": began.isoformat() if began else None,
        "state": log.state,
    }


def _removed_fields(outcome: Outcome) -> dict[str, object]:
    return {
        "session": outcome.log.number,
        "name": outcome.log.name,
        "bytes": outcome.log.bytes,
        "removed": not outcome.trouble,
        "trouble": outcome.trouble or None,
    }


def pulled_fields(home: Home, outcome: Outcome) -> dict[str, object]:
    """What became of a log, for a program."""
    kept = outcome.kept
    return {
        "session": outcome.log.number,
        "file": str(home.path(kept)) if kept else None,
        "bytes": outcome.log.bytes,
        "sha256": kept.sha256 if kept else None,
        "wrong": outcome.wrong,
        "trouble": outcome.trouble or None,
    }


@logs.command("decode")
@click.argument("file", type=InputPath())
@click.option("--events", metavar="FILE", help="Write the events as JSON lines; - is standard output.")
def decode_command(file: Path, events: str | None) -> None:
    """Read one log: who wrote it, and the events of its session.

    Times are seconds since the session began. A damaged log gives everything before and after the damage; what is
    missing is said on standard error, and the exit status is 1.
    """
    if events not in (None, "-"):
        check_outputs([Path(events)], [file])
    log = decode(file)
    told = log.events()
    if events is not None:
        write_events(told, "-" if events == "-" else Path(events))
    console = messages() if events == "-" else output()
    console.print(_head(log), markup=False)
    print_timeline(console, log.name, told)
    print_summary(console, [summarise(log.name, told, log.last_ms / 1000, strides=strides_of_log(log))])
    missing = log.missing()
    if missing:
        raise WorkError("\n".join(missing))


def _head(log: Log) -> str:
    raw = sum(len(window.rows) for window in log.windows) / log.rate_hz
    return (
        f"session {log.session}, board {log.board or 'unknown'} {log.uid}, firmware {log.firmware or 'unknown'}, "
        f"chip at {log.rate_hz:.2f} Hz; {len(log.summaries)} records of 5 s, {raw:.0f} s of raw samples in "
        f"{len(log.windows)} windows"
    )
