"""The serial port's outgoing side: a buffer of 256 bytes that the laptop empties, as long as somebody reads there.

Nothing ever comes in here; a board that is served (`lab/serve/port.py`) has a console with both sides.

Simulated: with the port closed nothing waits; open and not read, a full buffer holds up whoever writes. `print` knows
no timeout (CircuitPython's serial_write_substring has none), `usb_cdc.console.write` has its own. Faked: reading takes
no time.
"""

from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.endings import PowerCut

BUFFER = 256
_NS_PER_S = 10**9
_LOOK_NS = 1_000_000  # how often a writer that is held up looks for room
_PATIENCE_NS = 1000 * 3600 * _NS_PER_S  # no battery lasts so long


class Console:
    """What the board has said, and to whom."""

    def __init__(self, clock: VirtualClock, is_open: bool) -> None:
        self._clock = clock
        self._said = bytearray()
        self._unread = 0
        self.open = is_open

    @property
    def text(self) -> str:
        """All that left the code; what still waits to be read counts."""
        return self._said.decode(errors="replace")

    @property
    def waiting(self) -> int:
        """Bytes in the buffer."""
        return self._unread

    @property
    def available(self) -> int:
        """Bytes that have come in."""
        return 0

    def take(self, size: int, timeout: float | None = 0) -> bytes:
        """Give up to `size` bytes that came in, those that come within `timeout` seconds (None: for ever) with them."""
        return b""

    def read(self) -> None:
        """Somebody reads all that waits."""
        self._unread = 0

    def write(self, text: str) -> None:
        """`print`: wait until all of it has gone."""
        self.send(text.encode(), None)

    def note(self, text: str) -> None:
        """What the processor says when the code is gone: kept, and nobody waits."""
        self._said += text.encode()

    def send(self, data: bytes, timeout: float | None) -> int:
        """Write `data`; with the buffer full, wait `timeout` seconds at most, None for ever. Say how many bytes went.

        A board that would wait for longer than any battery lasts ends with `PowerCut`.
        """
        if not self.open:
            self._said += data
            return len(data)
        clock = self._clock
        limit = clock.ns + (_PATIENCE_NS if timeout is None else round(timeout * _NS_PER_S))
        sent = self._put(data)
        while sent < len(data) and clock.ns < limit:
            # Only what is scheduled can make room: go from one instant to the next.
            clock.advance_to(min(limit, max(clock.due, clock.ns + _LOOK_NS)))
            sent += self._put(data[sent:])
        if sent < len(data) and timeout is None:
            clock.halt(PowerCut())
            clock.advance(0)
        return sent

    def _put(self, data: bytes) -> int:
        fits = data[: BUFFER - self._unread] if self.open else data
        self._said += fits
        self._unread += len(fits) if self.open else 0
        return len(fits)
