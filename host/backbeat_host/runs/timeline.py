"""A run told in the terminal: a line an event, then a few lines of summary, or a table where there are many runs.

From events and summaries to a rich console; reads the same without colour, piped, or in plain ASCII.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from backbeat_host.runs.strides import Loads
from backbeat_host.runs.summary import Fall, Summary, summarise
from backbeat_host.runs.words import clock, style, symbol, words

__all__ = ["Fall", "Summary", "print_summary", "print_timeline", "summarise"]

_COUNTED_ONLY = ("step", "beat")  # a run has thousands
_COLUMNS = ("fall", "roll", "stumble", "alarm")


def print_timeline(console: Console, trial: str, events: Sequence[Mapping[str, Any]]) -> None:
    """Tell the run `trial` event by event, in order; steps and beats are counted at the end."""
    console.print(Text(trial, style="bold"))
    ascii_only = console.options.ascii_only
    lines = Table.grid(padding=(0, 1))
    lines.add_column(justify="right", no_wrap=True, min_width=8)
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    for event in events:
        if event["event"] not in _COUNTED_ONLY:
            look = style(event)
            lines.add_row(
                Text(clock(event["t"]), style="dim"),
                Text(symbol(event, ascii_only), style=look),
                Text(words(event), style="" if look == "dim" else look.replace("reverse ", "")),
            )
    console.print(lines if lines.row_count else Text("  nothing happened", style="dim"))
    counted = [
        _number(count, name) for name in _COUNTED_ONLY if (count := sum(event["event"] == name for event in events))
    ]
    if counted:
        console.print(Text(f"{'':9}{', '.join(counted)}", style="dim"))


def print_summary(console: Console, summaries: Sequence[Summary]) -> None:
    """Sum up one run in a few lines, or several in a table with totals."""
    if len(summaries) == 1:
        _print_one(console, summaries[0])
    elif summaries:
        _print_table(console, summaries)


def _print_one(console: Console, run: Summary) -> None:
    rows = [("length", clock(run.seconds)), ("events", _told(run))]
    rows += [("fall", _fall(fall)) for fall in run.falls]
    rows += [(name, text) for name, shares in (("travel", run.travel), ("gait", run.gait)) if (text := _shares(shares))]
    if run.steps:
        rows.append(("steps", f"{run.steps}" + (f", {run.cadence_spm:.1f} a minute" if run.cadence_spm else "")))
    rows += [("load", _load(travel, loads)) for travel, loads in run.strides.loads.items()]
    if run.strides.timed:
        share = run.strides.in_time / run.strides.timed
        rows.append(("in time", f"{100 * share:.0f} % of {run.strides.timed} steps, within an eighth of a beat"))
    if run.beats:
        worst = f", the worst {run.worst_beat_ms:.1f} ms off" if run.worst_beat_ms is not None else ""
        rows.append(("beats", f"{run.beats}{worst}"))
    lines = Table.grid(padding=(0, 1))
    lines.add_column(justify="right", no_wrap=True, min_width=8)
    lines.add_column(overflow="fold")
    for name, text in rows:
        lines.add_row(Text(name, style="dim"), Text(text, style="bold red" if name == "fall" else ""))
    console.print(lines)


def _print_table(console: Console, summaries: Sequence[Summary]) -> None:
    table = Table(
        box=box.SIMPLE_HEAD,
        show_footer=True,
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
        footer_style="bold",
    )
    hours = sum(run.seconds for run in summaries) / 3600
    table.add_column("trial", _number(len(summaries), "trial"), overflow="fold")
    table.add_column("length", f"{hours:.1f} h" if hours >= 1 else clock(hours * 3600), justify="right", no_wrap=True)
    for name in _COLUMNS:
        total = sum(run.counts[name] for run in summaries)
        table.add_column(f"{name}s", f"{total}", justify="right", no_wrap=True)
    fallen = sum(bool(run.falls) for run in summaries)
    table.add_column("first fall", f"in {_number(fallen, 'trial')}" if fallen else "", no_wrap=True)
    for run in summaries:
        counts = [Text(f"{run.counts[name] or '-'}", style="" if run.counts[name] else "dim") for name in _COLUMNS]
        first = Text(f"{clock(run.falls[0].at)} {run.falls[0].direction}" if run.falls else "-")
        first.style = "bold red" if run.falls else "dim"
        table.add_row(Text(run.trial), Text(clock(run.seconds)), *counts, first)
    console.print(table)


def _told(run: Summary) -> str:
    """List what the device told, and how often; the quiet run is said to be quiet."""
    names = ("fall", "roll", "stumble", "alarm", "siren", "mark", "gap", "sensor_lost", "fault")
    told = [_number(run.counts[name], name) for name in names if run.counts[name]]
    return ", ".join(told) if told else "no fall, no roll, no stumble"


def _fall(fall: Fall) -> str:
    peak = f", peak {fall.peak_mg / 1000:.1f} g" if fall.peak_mg is not None else ""
    direction = "direction unknown" if fall.direction == "unknown" else fall.direction
    return f"{direction}{peak}, at {clock(fall.at)}"


def _load(travel: str, loads: Loads) -> str:
    return f"{travel} {loads.mean_mg / 1000:.1f} g a step, the hardest {loads.top_mg / 1000:.1f} g"


def _shares(shares: Mapping[str, float]) -> str:
    if set(shares) <= {"unknown"}:
        return ""
    return ", ".join(f"{state} {100 * share:.0f}" for state, share in shares.items()) + " %"


def _number(count: int, name: str) -> str:
    if name == "sensor_lost":
        return f"sensor lost {count} times" if count > 1 else "sensor lost once"
    return f"{count} {name}{'' if count == 1 else 's'}"
