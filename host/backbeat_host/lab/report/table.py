"""The form of a table that the terminal and the page share: columns, rows of cells, a note; and figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from backbeat_host.lab.scores.intervals import Hourly, Share, Spread

NONE = "-"  # nothing to count


@dataclass(frozen=True)
class Cell:
    """A figure or a word; `quiet` stands beside it, small; `bar` may be drawn of a share; `strong` is a total."""

    text: str
    quiet: str = ""
    bar: Share | None = None
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A titled table; the first `words` columns are words, the others figures; `note` explains below."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    words: int = 1


def word(text: str, quiet: str = "", strong: bool = False) -> Cell:
    """Give a cell of words."""
    return Cell(text, quiet, strong=strong)


def percent(value: Share | None, strong: bool = False) -> Cell:
    """Give a share as per cent, with its interval and its counts."""
    if value is None or value.rate is None or value.interval is None:
        return Cell(NONE)
    low, high = value.interval
    return Cell(
        f"{_percent(value.rate)} %",
        f"{_percent(low)}-{_percent(high)}  {value.hits}/{value.of}",
        value,
        strong,
    )


def close(value: Share | None) -> Cell:
    """Give a share as per cent and nothing else."""
    return Cell(NONE) if value is None or value.rate is None else Cell(f"{_percent(value.rate)} %")


def hourly(value: Hourly | None) -> Cell:
    """Give a rate by the hour with its count and hours."""
    if value is None or value.rate is None:
        return Cell(NONE)
    rate = f"{value.rate:.2f}" if 0 < value.rate < 10 else f"{value.rate:.0f}"
    return Cell(f"{rate} /h", f"{value.count} in {long(value.hours)}")


def times(value: Spread | None) -> Cell:
    """Give seconds: half of the cases take no longer, and 95 % no longer than the quiet figure."""
    return Cell(NONE) if value is None else Cell(f"{value.median:.2f} s", f"95 %: {value.p95:.2f} s")


def long(hours: float) -> str:
    """Say how long: hours, or minutes where these are few, or seconds."""
    seconds = round(hours * 3600)
    return f"{hours:.1f} h" if hours >= 1 else f"{hours * 60:.0f} min" if seconds >= 60 else f"{seconds} s"


def _percent(rate: float) -> str:
    """One decimal; only what is all or nothing is said to be 100 or 0."""
    if rate in (0.0, 1.0):
        return f"{100 * rate:.0f}"
    return f"{min(max(100 * rate, 0.1), 99.9):.1f}"


def shown(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Freeze rows."""
    return tuple(tuple(row) for row in rows)
