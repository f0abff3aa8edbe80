"""The board object on a laptop or a Raspberry Pi, through Adafruit Blinka: for `backbeat desk`.

No CircuitPython board loads it, so it is not on the drive.
"""

import gc
import time

from backbeat.board import imu, imu_bus
from backbeat.ticks import diff

_TICKS = 2**29  # where a board's ticks wrap
_NS_PER_MS = 1_000_000

if not hasattr(gc, "mem_alloc"):  # a board's counts its heap, this machine's does not
    gc.mem_alloc = gc.mem_free = lambda: 0


class Board:
    """Parts that are not given are silent. `at_rest(ms)` is called before each rest of so many ms."""

    id = "blinka"
    uid = "none"
    faults = 0
    battery = console = None

    def __init__(self, fifo, store, sounder=None, haptic=None, light=None, button=None):
        self.fifo = fifo
        self.store = store
        self.sounder = sounder or Silent()
        self.haptic = haptic or Silent()
        self.light = light or Silent()
        self.button = button or Silent()
        self.at_rest = None
        self.ticks = ticks

    def rest(self, until):
        """Sleep up to the tick before `until`; the loop spins through the last one to meet its very beginning."""
        ms = diff(until, self.ticks()) - 1
        if self.at_rest is not None:
            self.at_rest(ms)
            ms = diff(until, self.ticks()) - 1
        time.sleep(ms / 1000 if ms > 0 else 0)

    def clock(self):
        """Give unix time in s."""
        return int(time.time())

    def begin(self):
        """Nothing has to be begun here."""

    def watch(self):
        """No watchdog."""

    def feed(self):
        """No watchdog."""

    def plugged(self):
        """A desk has power."""
        return True

    def service(self):
        """Nothing to serve: the laptop owns its files as it is."""


class Silent:
    """Stands for a part that is not there."""

    def on(self, hz=0, volume=0):
        """Do nothing."""

    def off(self):
        """Do nothing."""

    def pressed(self):
        """Never."""
        return False


class _Busio:
    """Stands for `busio`. In the place of SCL is the bus itself: no pin, so nobody looks at its line, which belongs to
    the adapter or to the system."""

    I2C = staticmethod(lambda scl, sda, frequency: scl.open())


class _Table:
    POWER = INT1 = SDA = None

    def __init__(self, bus):
        self.SCL = bus


def fifo(bus):
    """Give the chip's FIFO on a bus whose `open` gives what `busio.I2C` gives elsewhere."""
    imu_bus.busio = _Busio
    return imu.Fifo(_Table(bus), ticks)


def ticks():
    """Give ms that wrap as a board's do."""
    return time.monotonic_ns() // _NS_PER_MS % _TICKS
