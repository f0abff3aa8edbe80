"""`backbeat logs`: what the board kept of a run."""

from pathlib import Path

import click

from backbeat_host.cli.console import messages, output
from backbeat_host.cli.outputs import check_outputs
from backbeat_host.cli.paths import InputPath
from backbeat_host.errors import WorkError
from backbeat_host.runs.decode import Log, decode
from backbeat_host.runs.jsonl import write_events
from backbeat_host.runs.strides import strides_of_log
from backbeat_host.runs.timeline import print_summary, print_timeline, summarise


@click.group()
def logs() -> None:
    """What the board kept of a run."""


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
