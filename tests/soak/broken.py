"""Broken starts in a row, as the board's memory counts them: so many at least, and so many at most."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world import World

_SURELY = 4  # of them, and a session goes on by itself for sure
_AT_LAST = 6  # after so many perhaps yet, after more not


class BrokenStarts:
    """The two differ from an end that the memory had perhaps no time to note until it surely counts anew."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._least = self._most = 0
        self.ended_ns = -1

    def is_now(self, count: int) -> None:
        """The memory counts so many for sure."""
        self._least = self._most = count

    def begins(self) -> None:
        """A session begins; the code has noted an end before it, in the same start, for sure."""
        if self._ended_here():
            self._most = self._least
        self._least += 1
        self._most += 1

    def ends(self) -> None:
        """A session has ended, and the memory is about to note it."""
        self._least = 0
        self.ended_ns = self._world.ns

    def stops(self) -> None:
        """The processor has stopped."""
        if self._ended_here() and self.noted():
            self._most = self._least

    def noted(self) -> bool:
        """Whether the last end is so long ago that the memory has it for sure."""
        noted_s = 12 if self._world.watch.held_up(12) else 3  # a hang ends with the watchdog's bite, 8 s later
        return self._world.ns - self.ended_ns >= noted_s * 1e9

    def go_on(self) -> bool | None:
        """Whether a session that was broken off goes on by itself; None where that is not sure."""
        if self._most <= _SURELY:
            return True
        return None if self._least <= _AT_LAST else False

    def _ended_here(self) -> bool:
        return self.ended_ns >= self._world.watch.started_ns
