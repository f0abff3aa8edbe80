"""What the chips' FIFOs have in common: words in a row, a depth, a watermark, three modes.

Simulated: watermark, stopping at it, bypass, FIFO and continuous modes. Faked: the modes that wait for an event behave
as continuous.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

_BYPASS, _FIFO = 0, 1


class Fifo(ABC):
    """Words waiting to be read, oldest first."""

    WORD: int
    """Bytes of a word."""

    def __init__(self, depth: int) -> None:
        self._data = bytearray()
        self._depth = self._limit = depth
        self._mode = _BYPASS
        self._watermark = 0
        self._slot_words = 0

    def configure(self, mode: int, watermark: int, stop_there: bool) -> None:
        """Take over what the control registers say; bypass empties it."""
        self._mode = mode
        self._watermark = watermark
        self._limit = watermark if stop_there and watermark else self._depth
        if mode == _BYPASS:
            self._data.clear()
            self._emptied()

    @property
    def active(self) -> bool:
        """Whether anything is stored at all."""
        return self._mode != _BYPASS

    @property
    def level(self) -> int:
        """Words waiting."""
        return len(self._data) // self.WORD

    @property
    def over_watermark(self) -> bool:
        """Whether at least as many words wait as the watermark says."""
        return 0 < self._watermark <= self.level

    @property
    def full_next(self) -> bool:
        """Whether the next time slot fills it."""
        return self.level + self._slot_words >= self._limit

    @property
    def filled(self) -> bool:
        """Whether no word more fits."""
        return self.level >= self._limit

    def _store(self, words: bytes, count: int) -> None:
        data = self._data
        self._slot_words = count
        data += words
        excess = len(data) - self._limit * self.WORD
        if excess > 0:
            if self._mode == _FIFO:
                del data[-excess:]
            else:
                del data[:excess]
                self._lost(excess // self.WORD)

    def peek(self, place: int) -> int:
        """Byte `place` of the oldest word; zero when empty."""
        return self._data[place] if self._data else 0

    def take(self, words: int) -> bytes:
        """Pop words; zeros once it is empty."""
        size = words * self.WORD
        data = self._data
        taken = bytes(data[:size])
        del data[:size]
        return taken if len(taken) == size else taken.ljust(size, b"\0")

    def acknowledge(self) -> None:  # noqa: B027  # for a FIFO that latches nothing there is nothing to do
        """FIFO_STATUS2 was read."""

    @abstractmethod
    def put_both(self, counts: Sequence[int]) -> None:
        """Store a slot of both sensors, the usual one: acceleration x y z, angular rate x y z."""

    @abstractmethod
    def status(self) -> Sequence[int]:
        """FIFO_STATUS1 and those after it."""

    @abstractmethod
    def samples(self, taken: bytes) -> int:
        """How many samples were completed by the words just taken."""

    @abstractmethod
    def _emptied(self) -> None:
        """Bypass has emptied it."""

    @abstractmethod
    def _lost(self, words: int) -> None:
        """The oldest words were overwritten."""
