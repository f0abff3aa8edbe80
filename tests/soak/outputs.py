"""Sounder, motor and light: none stays on for longer than a cue's longest piece, none when the code is gone."""

from typing import TYPE_CHECKING

from backbeat import cues
from backbeat_host.lab.board import BUTTON, SOUNDER

if TYPE_CHECKING:
    from .world import World

_MS = 1_000_000
_LATE_MS = 60  # a slice of work, a write before a session
_LONGEST_MS = max(max(pattern[::3]) for pattern in cues._PATTERNS) + _LATE_MS


class Outputs:
    """Reads the board's trace, and throws it away."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._since: dict[str, tuple[int, int]] = {}

    def sounds(self) -> bool:
        """Whether a tone is on."""
        self.look()
        return SOUNDER in self._since

    def look(self) -> None:
        """Take in what has happened since the last look."""
        trace = self._world.board.trace
        for ns, part, value in trace:
            self._ended(part, ns)
            if value:
                self._since[part] = (ns, value)
            else:
                self._since.pop(part, None)
        trace.clear()
        for part in self._since:
            self._ended(part, self._world.ns)

    def stops(self) -> None:
        """The code is gone."""
        self.look()
        for part in self._since:
            if part != BUTTON:
                self._world.fail(f"{part} is on, and no code runs")

    def _ended(self, part: str, ns: int) -> None:
        begun, _ = self._since.get(part, (ns, 0))
        if part == BUTTON or ns - begun <= _LONGEST_MS * _MS:
            return
        stall = max((fault.stall_ms for fault in self._world.covering(begun, ns)), default=0)
        if ns - begun > (_LONGEST_MS + stall) * _MS:
            self._world.fail(f"{part} was on for {(ns - begun) / _MS:.0f} ms")
