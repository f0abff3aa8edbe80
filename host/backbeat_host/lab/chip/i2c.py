"""The virtual I2C bus: chips by address, and `busio.I2C` in front of them, charging every bit to the clock.

Simulated: 9 bits a byte (address bytes too), one bit for each start, restart and stop, no answer, a chip unplugged in
mid-read (pull-ups leave 0xFF), the lock. Faked: no arbitration, no clock stretching, no stuck lines.
"""

from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from backbeat_host.lab.clock import VirtualClock

_ENODEV = 19
_NS_PER_S = 10**9


class Target(Protocol):
    """A chip on the bus, addressed already."""

    def write(self, data: bytes) -> None:
        """Take the bytes of one write."""

    def read(self, length: int) -> bytes:
        """Give the bytes of one read."""
        ...


class VirtualBus:
    """Two wires and what hangs on them."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.targets: dict[int, Target] = {}
        self.unplugged_ns = 0

    def attach(self, address: int, target: Target) -> None:
        """Plug a chip in."""
        self.targets[address] = target

    def detach(self, address: int) -> None:
        """Unplug the chip at `address`."""
        self.targets.pop(address, None)
        self.unplugged_ns = self.clock.ns


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
        self._advance((0x78 - 0x08) * (2 * self._bit + self._byte))
        return sorted(address for address in self._bus.targets if 0x08 <= address < 0x78)

    def writeto(self, address: int, buffer: Any, *, start: int = 0, end: int | None = None) -> None:
        """Write `buffer[start:end]` to a chip."""
        self._check_ready()
        data = bytes(memoryview(buffer)[start:end])
        target = self._address(address)
        self._advance(len(data) * self._byte + self._bit)
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
        target = self._bus.targets.get(address)
        if target is not None and quiet_until < clock.due:
            clock.ns = quiet_until
        else:
            target = self._address(address)
            self._advance(restarted)
        target.write(data)
        self._read(address, target, memoryview(in_buffer)[in_start:in_end])

    def _read(self, address: int, target: Target, room: memoryview) -> None:
        length = len(room)
        began = self._bus.clock.ns
        room[:] = target.read(length)
        self._advance(length * self._byte + self._bit)
        if self._bus.targets.get(address) is not target:
            whole = max(0, (self._bus.unplugged_ns - began) // self._byte)
            if whole < length:
                room[whole:] = b"\xff" * (length - whole)

    def _address(self, address: int) -> Target:
        self._advance(self._bit + self._byte)
        target = self._bus.targets.get(address)
        if target is None:
            self._advance(self._bit)
            raise OSError(_ENODEV, "No such device")
        return target

    def _check_ready(self) -> None:
        if not self._locked or self._closed:
            self._refuse()

    def _refuse(self) -> NoReturn:
        if self._closed:
            raise ValueError("Object has been deinitialized and can no longer be used. Create a new object.")
        raise RuntimeError("Function requires lock")
