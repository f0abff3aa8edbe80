"""The console of a served board, as CircuitPython's USB serial port: 256 bytes wait to be read, the rest in the cable.

Simulated: a ctrl-C while code runs empties the buffer and drops its packet; `print` that waits until somebody reads
(what the laptop's own buffers hold, some KB, counts as read); nothing waits when nobody has the port open; 64-byte
packets. Faked: a packet is taken whole, never in parts.
"""

from backbeat_host.lab.circuitpython.console import Console
from backbeat_host.lab.circuitpython.hardware import Hardware
from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.endings import ConsoleInterrupt, PowerCut
from backbeat_host.lab.serve.line_faults import LineFaults
from backbeat_host.lab.serve.wire import PACKET, Wire

_ROOM = 256
_LOOK_NS = 5_000_000  # how soon a ctrl-C is seen by code that computes
_HELD_NS = 1_000_000
_NS_PER_S = 10**9
_CTRL_C = 0x03


class Port(Console):
    """Both directions of one serial port."""

    def __init__(self, clock: VirtualClock, wire: Wire, faults: LineFaults) -> None:
        super().__init__(clock, is_open=False)
        self._wire = wire
        self._faults = faults
        self._in = bytearray()
        self._hardware: Hardware | None = None
        self.running = False
        """Whether code runs that a ctrl-C interrupts."""
        self.recorded: bytearray | None = None
        """What boot.py says, while it runs: USB is not there yet."""

    def attach(self, hardware: Hardware) -> None:
        """Be that board's, and look at the cable from now on."""
        self._hardware = hardware
        self._look_again()

    # ---- in ----

    @property
    def available(self) -> int:
        """Bytes that have come in."""
        self.look()
        return len(self._in)

    @property
    def has_room(self) -> bool:
        """Whether one more packet can be taken."""
        return len(self._in) + PACKET <= _ROOM

    def look(self) -> None:
        """Take from the cable what has come."""
        if self._wire.stopping:
            self._clock.halt(PowerCut())
        was_open, self.open = self.open, self._wire.open
        if was_open and not self.open:
            self._wire.drop()
        while self.has_room and (packet := self._faults.came(self._wire.receive())):
            if self.running and _CTRL_C in packet:
                self._in.clear()
                if self._hardware is not None:
                    self._hardware.interrupt_pending = True
            else:
                self._in += packet

    def take(self, size: int, timeout: float | None = 0) -> bytes:
        """Give up to `size` bytes, those that come within `timeout` seconds (None: for ever) with them."""
        clock = self._clock
        limit = None if timeout is None else clock.ns + round(timeout * _NS_PER_S)
        while len(self._in) < size and self.available < size and (limit is None or clock.ns < limit):
            if self.running and self._hardware is not None and self._hardware.interrupt_pending:
                self._hardware.interrupt_pending = False
                raise ConsoleInterrupt
            self.rest(limit)
        taken = bytes(self._in[:size])
        del self._in[:size]
        if self._hardware is not None:
            clock.advance(len(taken) * self._hardware.pace.wire_byte)
        return taken

    def key(self) -> int:
        """Wait for one byte."""
        return self.take(1, None)[0]

    def rest(self, limit: int | None = None) -> None:
        """Wait a while for the outside."""
        clock = self._clock
        instant = max(clock.due, clock.ns + _HELD_NS)
        clock.idle_to(instant if limit is None else min(instant, limit))

    # ---- out ----

    @property
    def waiting(self) -> int:
        """Bytes that were written and are not in the cable: none."""
        return 0

    def write(self, text: str) -> None:
        """`print`: newlines become what terminals want; wait until all of it has gone."""
        self.send(text.replace("\r\n", "\n").replace("\n", "\r\n").encode(), None)

    def note(self, text: str) -> None:
        """What the processor says when the code is gone."""
        self.write(text)

    def send(self, data: bytes, timeout: float | None) -> int:
        """Write `data`, waiting `timeout` seconds at most for somebody to read, None for ever. Say how much went."""
        if self.recorded is not None:
            self.recorded += data
            return len(data)
        clock = self._clock
        limit = None if timeout is None else clock.ns + round(timeout * _NS_PER_S)
        wire_byte = self._hardware.pace.wire_byte if self._hardware is not None else 0
        sent = 0
        self.open = self._wire.open
        while sent < len(data) and self.open:
            packet = self._faults.goes(data[sent : sent + PACKET])
            went = self._wire.send(packet)
            sent += went
            self._faults.went(went)
            clock.advance(went * wire_byte)
            if not went:
                if limit is not None and clock.ns >= limit:
                    return sent
                self.rest(limit)
        return len(data)  # what is said to nobody is gone

    def resume(self) -> None:
        """The processor goes on although its code was told to stop."""
        self._clock.resume()

    def _look_again(self) -> None:
        self.look()
        self._clock.schedule(self._clock.ns + _LOOK_NS, self._look_again)
