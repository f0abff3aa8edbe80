"""`backbeat monitor`: a run, live, as the board tells it; the board does not notice."""

import json
import sys
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import closing
from time import monotonic

import click
from rich.console import Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from backbeat_host.cli.board_option import board_option, choose
from backbeat_host.cli.console import messages, output
from backbeat_host.cli.options import FiniteRange
from backbeat_host.errors import InputError, WorkError
from backbeat_host.link.backend import failures_told
from backbeat_host.link.found import Found
from backbeat_host.link.line import opened
from backbeat_host.link.monitor import Frame, Silence, Watch
from backbeat_host.runs.events import Event
from backbeat_host.runs.words import clock, style, symbol, words

_SHOWN = 8  # events
_LINE_EVERY_S = 5.0  # where there is no terminal
_SCALE = 21  # characters from half a beat early to half a beat late
_MINUTE_MS = 60_000
_NO_SESSION = "no session runs; press the board's button to begin one"
_AT_PROMPT = "the board stands at its prompt, no code runs"
_RESET = "start it by `backbeat reset`"
_INSTALL = "Backbeat is not on it, `backbeat install` puts it there"
_EITHER = "`backbeat reset` starts it, `backbeat install` puts Backbeat there if it is not"


@click.command("monitor")
@board_option
@click.option("--seconds", type=FiniteRange(0.0), help="End after so long. [default: with ctrl-C]")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line, about two a second.")
def monitor_command(board: str | None, seconds: float | None, as_json: bool) -> None:
    """Watch a run: cadence against target, steps against beats, travel, battery, events.

    The board runs on as it was, now and after ctrl-C: it is only asked, and never waits for this side. Exit status 1
    when there was nothing to watch.
    """
    found = choose(board)
    if found.port is None:
        raise InputError(f"{found.where}: this needs its serial port, and it has none here; connect it by USB.")
    with closing(_frames(found, found.port, seconds)) as frames:
        try:
            if as_json:
                watched = _as_json(frames)
            elif output().is_terminal:
                watched = _live(frames)
            else:
                watched = _plain(frames)
        except KeyboardInterrupt:
            return
    if not watched:
        sys.exit(WorkError.exit_code)  # why has been said


def _frames(found: Found, port: str, seconds: float | None) -> Generator[Frame | None]:
    """What the board tells, None each time that its silence begins.

    Raises:
        WorkError: no code runs on it, so nothing will come.
    """
    with failures_told(port), closing(opened(port)) as line:
        end = None if seconds is None else monotonic() + seconds
        silent = False
        for told in Watch(line).frames():
            if isinstance(told, Silence):
                if told.prompt:
                    raise WorkError(f"{port}: {_AT_PROMPT}; {_remedy(found)}.")
                if not silent:
                    yield None
                silent = True
            else:
                silent = False
                yield told
            if end is not None and monotonic() >= end:
                return


def _remedy(found: Found) -> str:
    if found.backbeat:
        return _RESET
    return _INSTALL if found.drive is not None else _EITHER


def _as_json(frames: Iterable[Frame | None]) -> bool:
    watched = False
    for frame in frames:
        if frame is None:
            messages().print(_NO_SESSION)
        else:
            watched = True
            click.echo(json.dumps(frame.as_json()))
    return watched


def _plain(frames: Iterable[Frame | None]) -> bool:
    told = -_LINE_EVERY_S
    watched = False
    for frame in frames:
        if frame is None:
            messages().print(_NO_SESSION)
            continue
        watched = True
        for event in frame.events:
            click.echo(f"{clock(event['t']):>8} {words(event)}")
        if frame.missed:
            click.echo(f"{'':8} {frame.missed} more, see the log")
        if not 0 <= frame.t - told < _LINE_EVERY_S:
            told = frame.t
            click.echo(f"{clock(frame.t):>8} {line_of(frame)}")
    return watched


def _live(frames: Iterable[Frame | None]) -> bool:
    past: deque[Event] = deque(maxlen=_SHOWN)
    watched = False
    with Live(Text("asking ..."), console=output(), auto_refresh=False) as live:
        for frame in frames:
            if frame is None:
                live.update(Panel(Text(_NO_SESSION, style="yellow")), refresh=True)
                continue
            watched = True
            past.extend(frame.events)
            live.update(panel(frame, past, output().options.ascii_only), refresh=True)
    return watched


def line_of(frame: Frame) -> str:
    """A frame in one line."""
    parts = [frame.state, cadence(frame), *filter(None, (frame.gait, travel(frame), lag(frame)))]
    if charge := battery(frame):
        parts.append(f"battery {charge}")
    if frame.alarm:
        parts.append(frame.alarm.upper())
    if not frame.sensing:
        parts.append("SENSOR LOST")
    return ", ".join(parts)


def panel(frame: Frame, past: Iterable[Event], ascii_only: bool = False) -> Panel:
    """A frame and the last events as a picture of the terminal's."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim")
    rows.add_column()
    rows.add_row("cadence", Text(cadence(frame), style="bold"))
    rows.add_row("phase", Text(f"{_scale(frame, ascii_only)}  {lag(frame)}"))
    rows.add_row("travel", ", ".join(filter(None, (frame.gait, travel(frame)))) or "-")
    rows.add_row("battery", battery(frame) or "-")
    if frame.alarm or not frame.sensing:
        rows.add_row("", Text(frame.alarm.upper() or "SENSOR LOST", style="bold red"))
    told = Table.grid(padding=(0, 1))
    for event in past:
        told.add_row(
            Text(clock(event["t"]), style="dim"), Text(symbol(event, ascii_only), style=style(event)), words(event)
        )
    title = f"session {frame.session}  {clock(frame.t, 0)}  {frame.state}"
    return Panel(Group(rows, Text(), told), title=title, title_align="left")


def cadence(frame: Frame) -> str:
    """The cadence against its target."""
    if not frame.cadence:
        return f"- of {frame.target:.1f} spm"
    return f"{frame.cadence:.1f} of {frame.target:.1f} spm ({(frame.cadence / frame.target - 1) * 100:+.1f} %)"


def travel(frame: Frame) -> str:
    """The way the wearer goes, with how sure that is; nothing where there is none."""
    if frame.travel in ("", "still"):
        return ""
    return f"{frame.travel} ({frame.confidence} %, heading {frame.heading:+d})"


def lag(frame: Frame) -> str:
    """How the last step fell on its beat; nothing where none did."""
    if not frame.cadence or frame.state != "running":
        return ""
    return f"step {abs(frame.lag_ms)} ms {'after' if frame.lag_ms >= 0 else 'before'} the beat"


def battery(frame: Frame) -> str:
    """The battery; nothing where the board cannot measure it."""
    return "" if frame.percent is None else f"{frame.percent} % ({(frame.millivolts or 0) / 1000:.2f} V)"


def _scale(frame: Frame, ascii_only: bool) -> str:
    line = ["-" if ascii_only else "─"] * _SCALE
    middle = _SCALE // 2
    line[middle] = "|" if ascii_only else "┼"
    if lag(frame):
        period = _MINUTE_MS / frame.target
        at = middle + round(frame.lag_ms / period * 2 * middle)
        line[min(max(at, 0), _SCALE - 1)] = "o" if ascii_only else "●"
    return "".join(line)
