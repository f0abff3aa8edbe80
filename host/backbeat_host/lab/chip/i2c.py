"""The virtual I2C bus: chips by address, and `busio.I2C` in front of them, charging every bit to the clock.

Simulated: 9 bits a byte (address bytes too), one bit for each start, restart and stop, no answer, a chip unplugged in
mid-read (pull-ups leave 0xFF), the lock, a line held low, addresses not acknowledged. Faked: no arbitration, no clock
stretching, no acknowledge missing within a transfer.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any, Literal, NoReturn, Protocol

from backbeat_host.lab.clock import VirtualClock

_ENODEV, _ETIMEDOUT = 19, 116
_NS_PER_S = 10**9
_TIMEOUT_NS = _NS_PER_S
"""How long a transaction waits for a line that is held low before it gives up."""

Line = Literal["scl", "sda"]
_NOBODY: Mapping[int, "Target"] = {}


class Target(Protocol):
    """A chip on the bus, addressed already."""

    def write(self, data: bytes) -> None:
        """Take the bytes of one write."""

    def read(self, length: int) -> bytes:
        """Give the bytes of one read."""
        ...


class VirtualBus:
    """Two wires, what hangs on them, and their faults."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.targets: dict[int, Target] = {}
        self.unplugged_ns = 0
        self.answering: Mapping[int, Target] = self.targets
        """Who answers at once. Nobody under a fault: then every transaction goes the long way, through `addressed`."""
        self.stuck_for_pulses: int | None = None
        """Clock pulses after which a chip lets go of SDA; None: no number of pulses helps."""
        self._stuck_low: Line | None = None
        self._nacks = 0
        self._nack_odds = 0.0
        self._random = random.Random(0)
        self._detach_in_read: tuple[int, int] | None = None

    def attach(self, address: int, target: Target) -> None:
        """Plug a chip in."""
        self.targets[address] = target

    def detach(self, address: int) -> None:
        """Unplug the chip at `address`; the last one takes its grip on a line with it."""
        self.targets.pop(address, None)
        self.unplugged_ns = self.clock.ns
        if not self.targets:
            self.stuck_low = None

    # ---- faults ----

    @property
    def stuck_low(self) -> Line | None:
        """The line that a chip holds low, None for none: while it does, every transaction takes 1 s and fails."""
        return self._stuck_low

    @stuck_low.setter
    def stuck_low(self, line: Line | None) -> None:
        self._stuck_low = line
        self._choose_way()

    def lines_low(self) -> tuple[bool, bool]:
        """Whether (SCL, SDA) are held low by a chip: what the two pins read as digital inputs with a pull-up."""
        return self._stuck_low == "scl", self._stuck_low == "sda"

    def clock_pulse(self) -> None:
        """SCL was pulled low and let go, by a pin and not by a transaction: a chip in mid-byte shifts one bit on."""
        if self._stuck_low != "sda" or self.stuck_for_pulses is None:
            return
        self.stuck_for_pulses -= 1
        if self.stuck_for_pulses <= 0:
            self.stuck_for_pulses = None
            self.stuck_low = None

    def nack(self, count: int) -> None:
        """Leave the next `count` transactions without an answer."""
        self._nacks = count
        self._choose_way()

    def nack_at_random(self, probability: float, seed: int) -> None:
        """Leave each transaction from now on without an answer with this probability; 0 ends it."""
        self._nack_odds = probability
        self._random = random.Random(seed)
        self._choose_way()

    def detach_in_read(self, address: int, after: int) -> None:
        """Unplug the chip in its next read of more than `after` bytes, when those have come."""
        self._detach_in_read = address, after
        self._choose_way()

    def addressed(self, address: int) -> "Target | None":
        """Who acknowledges an address, faults included."""
        if self._nacks:
            self._nacks -= 1
            self._choose_way()
            return None
        if self._nack_odds and self._random.random() < self._nack_odds:
            return None
        return self.targets.get(address)

    def was_read(self, address: int, length: int, began: int, byte_ns: int) -> None:
        """A read has gone through the bus: see whether the chip was to be unplugged in it."""
        if self._detach_in_read is None:
            return
        planned, after = self._detach_in_read
        if address == planned and length > after:
            self._detach_in_read = None
            self._choose_way()
            self.detach(address)
            self.unplugged_ns = began + after * byte_ns

    def _choose_way(self) -> None:
        faulty = self._stuck_low is not None or self._nacks or self._nack_odds or self._detach_in_read is not None
        self.answering = _NOBODY if faulty else self.targets


class I2C:
    """`busio.I2C` on the virtual bus."""

    def __init__(self, bus: VirtualBus, frequency: int, on_deinit: Callable[[], None]) -> None:
        if frequency <= 0:
            raise ValueError("frequency must be >= 1")
        self._bus = bus
        self._clock = bus.clock
        self._advance = bus.clock.advance
        self._bit = _NS_PER_S // frequency
        self._byte = 9 * self._bit
        self._on_deinit = on_deinit
        self._locked = False
        self._closed = False

    def deinit(self) -> None:
        """Give the pins back."""
        if not self._closed:
            self._closed = True
            self._on_deinit()

    def __enter__(self) -> "I2C":
        return self

    def __exit__(self, *exc: object) -> None:
        self.deinit()

    def try_lock(self) -> bool:
        """Take the lock; False if it is taken."""
        if self._closed:
            self._refuse()
        if self._locked:
            return False
        self._locked = True
        return True

    def unlock(self) -> None:
        """Give the lock back."""
        if self._closed:
            self._refuse()
        self._locked = False

    def scan(self) -> list[int]:
        """Every address that answers, 0x08 to 0x77."""
        self._check_ready()
        self._check_lines()
        self._advance((0x78 - 0x08) * (2 * self._bit + self._byte))
        return sorted(address for address in self._bus.targets if 0x08 <= address < 0x78)

    def writeto(self, address: int, buffer: Any, *, start: int = 0, end: int | None = None) -> None:
        """Write `buffer[start:end]` to a chip."""
        self._check_ready()
        data = bytes(memoryview(buffer)[start:end])
        target = self._address(address)
        self._advance(len(data) * self._byte + self._bit)
        self._check_lines()
        target.write(data)

    def readfrom_into(self, address: int, buffer: Any, *, start: int = 0, end: int | None = None) -> None:
        """Read from a chip until `buffer[start:end]` is full."""
        self._check_ready()
        target = self._address(address)
        self._read(address, target, memoryview(buffer)[start:end])

    def writeto_then_readfrom(
        self,
        address: int,
        out_buffer: Any,
        in_buffer: Any,
        *,
        out_start: int = 0,
        out_end: int | None = None,
        in_start: int = 0,
        in_end: int | None = None,
    ) -> None:
        """Write, then read after a repeated start."""
        if not self._locked or self._closed:
            self._refuse()
        data = bytes(memoryview(out_buffer)[out_start:out_end])
        restarted = (len(data) + 1) * self._byte + self._bit  # the data, a restart and the address again
        clock = self._clock
        quiet_until = clock.ns + self._bit + self._byte + restarted
        target = self._bus.answering.get(address)
        if target is not None and quiet_until < clock.due:
            clock.ns = quiet_until
        else:
            target = self._address(address)
            self._advance(restarted)
            self._check_lines()
        target.write(data)
        self._read(address, target, memoryview(in_buffer)[in_start:in_end])

    def _read(self, address: int, target: Target, room: memoryview) -> None:
        length = len(room)
        began = self._bus.clock.ns
        room[:] = target.read(length)
        self._advance(length * self._byte + self._bit)
        if self._bus.answering.get(address) is target:
            return
        self._check_lines()
        self._bus.was_read(address, length, began, self._byte)
        if self._bus.targets.get(address) is not target:
            whole = max(0, (self._bus.unplugged_ns - began) // self._byte)
            if whole < length:
                room[whole:] = b"\xff" * (length - whole)

    def _address(self, address: int) -> Target:
        self._check_lines()
        self._advance(self._bit + self._byte)
        target = self._bus.addressed(address)
        if target is None:
            self._advance(self._bit)
            raise OSError(_ENODEV, "No such device")
        return target

    def _check_lines(self) -> None:
        if self._bus.stuck_low is not None:
            self._advance(_TIMEOUT_NS)
            raise OSError(_ETIMEDOUT, "ETIMEDOUT")

    def _check_ready(self) -> None:
        if not self._locked or self._closed:
            self._refuse()

    def _refuse(self) -> NoReturn:
        if self._closed:
            raise ValueError("Object has been deinitialized and can no longer be used. Create a new object.")
        raise RuntimeError("Function requires lock")
