"""What a run on the desk shows while it goes on: a picture in a terminal, a line an event anywhere else.

From the session's events as they come; steps and beats are counted.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from backbeat_host.runs.words import clock, style, symbol, words

_COUNTED_ONLY = ("step", "beat")
_LINES = 10  # of events that the picture holds


class View(Protocol):
    """Shows a run."""

    def event(self, event: Mapping[str, Any]) -> None:
        """Something happened."""

    def refresh(self, seconds: float, spm: float) -> None:
        """Time has passed; `spm` is the cadence felt."""


class Lines:
    """A line an event."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def event(self, event: Mapping[str, Any]) -> None:
        """Tell it, at once: somebody may be reading along."""
        if event["event"] not in _COUNTED_ONLY:
            self._console.print(line(event, self._console.options.ascii_only))
            self._console.file.flush()

    def refresh(self, seconds: float, spm: float) -> None:
        """Nothing: lines stay."""


class Picture:
    """The state of things, and the last events."""

    def __init__(self, console: Console, title: str, beat: str, footer: str) -> None:
        self._ascii = console.options.ascii_only
        self._title, self._beat, self._footer = title, beat, footer
        self._counts: Counter[str] = Counter()
        self._last: dict[str, Mapping[str, Any]] = {}
        self._events: deque[Text] = deque(maxlen=_LINES)
        self._seconds, self._spm = 0.0, 0.0
        self.live = Live(self.draw(), console=console, auto_refresh=False, transient=True)

    def event(self, event: Mapping[str, Any]) -> None:
        """Count it, remember it."""
        name = event["event"]
        self._counts[name] += 1
        self._last[name] = event
        if name not in _COUNTED_ONLY:
            self._events.append(line(event, self._ascii))

    def refresh(self, seconds: float, spm: float) -> None:
        """Draw anew."""
        self._seconds, self._spm = seconds, spm
        self.live.update(self.draw(), refresh=True)

    def draw(self) -> RenderableType:
        """Give the picture."""
        figures = Table.grid(padding=(0, 3))
        figures.add_row(_pair("steps", f"{self._counts['step']}"), _pair("cadence", self._cadence()), self._hit())
        figures.add_row(_pair("gait", self._state("gait")), self._travel(), self._sensor())
        counted = [
            _pair(f"{name}s", f"{self._counts[name]}", style({"event": name}) if self._counts[name] else "")
            for name in ("fall", "roll", "stumble")
        ]
        figures.add_row(*counted)
        lines = [*self._events, *[Text("")] * (_LINES - len(self._events))]
        picture = Group(figures, Text(""), *lines)
        return Panel(picture, title=f"{self._title}  {clock(self._seconds)}", title_align="left", subtitle=self._footer)

    def _cadence(self) -> str:
        felt = f"{self._spm:.0f}" if self._spm else "-"
        return f"{felt} (beat {self._beat})"

    def _hit(self) -> Text:
        step = self._last.get("step", {})
        return _pair("load", f"{step['load_mg'] / 1000:.1f} g" if "load_mg" in step else "-")

    def _travel(self) -> Text:
        travel = self._last.get("travel")
        if travel is None:
            return _pair("travel", "-")
        return _pair("travel", f"{symbol(travel, self._ascii)} {words(travel).removeprefix('travel ')}")

    def _state(self, name: str) -> str:
        return str(self._last[name][name]) if name in self._last else "-"

    def _sensor(self) -> Text:
        lost = self._counts["sensor_lost"] > self._counts["sensor_back"]
        return Text("sensor lost", style="bold red") if lost else Text("sensor works", style="dim")


@contextmanager
def view(console: Console, title: str, beat: str, footer: str) -> Iterator[View]:
    """Give the view that fits the console."""
    if not console.is_terminal:
        yield Lines(console)
        return
    picture = Picture(console, title, beat, footer)
    with picture.live:
        yield picture


def line(event: Mapping[str, Any], ascii_only: bool = False) -> Text:
    """Say one event in a line."""
    look = style(event)
    return Text.assemble(
        (f"{clock(event['t']):>8} ", "dim"),
        (f"{symbol(event, ascii_only)} ", look),
        (words(event), "" if look == "dim" else look.replace("reverse ", "")),
    )


def _pair(name: str, value: str, look: str = "") -> Text:
    return Text.assemble((f"{name} ", "dim"), (value, look or "bold"))
