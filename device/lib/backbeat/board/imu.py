"""The motion sensor at +-16 g, 2000 dps and 104 Hz; reading allocates nothing.

At the start the Adafruit driver sets it up, in half a second; in a session we do the same in a few ms.
"""

import sys
import time
from array import array

from digitalio import DigitalInOut, Pull
from micropython import const

from backbeat.board import fifo_plain, fifo_tagged
from backbeat.board.imu_bus import Bus, counts
from backbeat.ticks import add, diff

# WHO_AM_I: driver, FIFO, depth, more to set up, more to sleep. LSM6DSOX: I3C off (the driver sets bit 0 of CTRL9_XL
# instead, which must stay 0); TAP_CFG0 has the latch.
_CHIPS = {
    0x6C: ("LSM6DSOX", fifo_tagged, 512, b"\x18\xe2", b"\x56\x41"),
    0x6A: ("LSM6DS3TRC", fifo_plain, 2048, b"", b""),
    0x69: ("LSM6DS33", fifo_plain, 4096, b"", b""),  # LSM6DS3, too
}
_NO_DEVICE = const(19)  # ENODEV
_IO_ERROR = const(5)  # EIO
_WHO_AM_I = const(0x0F)
_CTRL1_XL = const(0x10)
_CTRL3_C = const(0x12)
_WAKE_UP_SRC = const(0x1B)
_OUT = const(0x22)  # what it measures now, gyro first
_DRIVER = ("adafruit_lsm6", "adafruit_regi")  # first letters of its modules
_BOOT_S = 0.035
_RESET = b"\x12\x01"
_RESET_S = 0.001  # 50 us
_SET_UP = b"\x10\x44\x11\x4c\x12\x44"  # CTRL1_XL, CTRL2_G, CTRL3_C (BDU), as the driver
# No FIFO, no gyro; low power, 26 Hz, 2 g; wake-up at 2 * 2 g / 64 = 62 mg, as in ST's drivers; latched; to INT1.
_SLEEP = b"\x0a\x00\x11\x00\x15\x10\x10\x20\x5b\x02\x58\x81\x5e\x20"
_MEASURES = const(0x44)
_SLEEPS = const(0x20)
_MOVED = const(8)
_DEAF_MS = const(300)  # the first conversions at a new range are no motion
_ASK_MS = const(1000)  # whether it is there
_SILENT_MS = const(350)  # it answers zeros, or lost its settings
_SAME = const(34)  # samples, 0.33 s: real ones never stand so still; what an alarm puts on flash may take twice as long


class Fifo:
    """`works`: the chip answers; `who`: its WHO_AM_I; `sample`: ax ay az gx gy gz.

    Faults raise OSError: EIO where the next read may succeed, ENODEV where only `restart` helps.
    """

    def __init__(self, table, ticks=None):
        if ticks is None:
            from supervisor import ticks_ms as ticks
        self.works = self.overrun = self._asleep = self._deaf = False
        self.who = self._ask_at = self._fed_at = self._waiting = self._same = 0
        self.sample = array("h", [0] * 6)
        self._spare = array("h", self.sample)
        self._now = bytearray(12)
        self._ticks = ticks
        self._bus = Bus(table.SCL, table.SDA, self._lose)
        self._reader = self._power = self._int1 = None
        try:
            if table.POWER:
                self._power = DigitalInOut(table.POWER)
                self._power.switch_to_output(True)
            if table.INT1:
                self._int1 = DigitalInOut(table.INT1)
                self._int1.pull = Pull.DOWN
            time.sleep(_BOOT_S)
            self.restart()
            self._introduce()
            self.restart()
        except Exception:  # the driver may be damaged, too: a session does without it
            self.works = False  # the session tells the wearer

    def restart(self):
        """Set up a chip that is new, was away or slept; empty the FIFO."""
        power = self._power
        if power and not power.value:
            power.value = True  # it starts until the next try
            self._lose()
        if self._same > _SAME and self._stuck():
            self._set_up()  # a reset may cure it: the next try tells
            self._lose()
        if self._asleep or not self.works or self._forgot():
            try:
                self._set_up()
            except OSError:
                if power:
                    power.value = False  # a chip that hangs, or holds the bus, lets go
                raise
        chip = _CHIPS[self.who]
        self._reader = chip[1].Reader(self._bus, chip[2], self._ticks)
        self._bus.put(chip[1].START)
        self.works = True
        self._asleep = False
        self._waiting = self._same = 0
        self._fed_at = self._ticks()

    def _forgot(self):
        """Whether a chip that nobody has read lately lost its settings."""
        return diff(self._ticks(), self._fed_at) > _ASK_MS and self._bus.ask(_CTRL1_XL) != _MEASURES

    def level(self):
        """Count the samples that wait; `overrun`: older ones were lost."""
        if not self._reader:
            self._lose()
        self._waiting = waiting = self._reader.level()
        self.works = True
        self.overrun = self._reader.overrun
        now = self._ticks()
        if waiting:
            self._fed_at = now
        elif diff(now, self._fed_at) > _SILENT_MS:
            self._lose(_NO_DEVICE)
        return waiting

    def read(self):
        """Take the next of those; `sample` is another array then. False when there is none."""
        if not self._waiting:
            return False
        self._waiting -= 1
        last = self.sample
        self.sample = self._spare
        self._spare = last
        if not self._reader.read(self.sample):
            return False
        self._same = self._same + 1 if self.sample == last else 0
        if self._same > _SAME:
            self._lose(_NO_DEVICE)
        return True

    def _stuck(self):
        """Whether a chip that stood still still does."""
        try:
            self._bus.get(_OUT, self._now)
        except OSError:
            return False  # it was pulled off: a new one, perhaps
        counts(self._now, 6, self._spare, 0)
        counts(self._now, 0, self._spare, 3)
        for axis in range(6):
            now = self._spare[axis]
            if now and now != self.sample[axis]:  # zero until the first conversion after a reset
                return False
        return True

    def sleep(self):
        """Watch for motion only, until `restart`."""
        if not self.works:
            self._same = 0  # the next session believes it, until it stands still there, too
            if self._power:
                self._power.value = True  # likewise
            self._lose()
        self._bus.put(_SLEEP)
        self._bus.put(_CHIPS[self.who][4])
        self._asleep = self._deaf = True
        self._waiting = 0
        self._ask_at = add(self._ticks(), _DEAF_MS)

    def moved(self):
        """Tell of motion since `sleep`."""
        now = self._ticks()
        if diff(now, self._ask_at) < 0 and (self._deaf or (self._int1 and not self._int1.value)):
            return False
        self._ask_at = add(now, _ASK_MS)
        if self._bus.ask(_CTRL1_XL) != _SLEEPS:
            self._lose()
        moved = self._bus.ask(_WAKE_UP_SRC) & _MOVED != 0 and not self._deaf
        self._deaf = False
        return moved

    def _lose(self, number=_IO_ERROR):
        self.works = False
        self._waiting = 0
        raise OSError(number)

    def _set_up(self):
        bus = self._bus
        bus.open()
        for bus.address in (0x6A, 0x6B):
            try:
                bus.who = bus.ask(_WHO_AM_I)
            except OSError:
                continue
            if bus.who in _CHIPS:
                break
        else:
            self._lose()
        self.who = bus.who
        bus.put(_RESET)
        time.sleep(_RESET_S)
        if bus.ask(_CTRL3_C) & 1:
            self._lose()
        bus.put(_SET_UP)
        bus.put(_CHIPS[self.who][3])

    def _introduce(self):
        """Have the driver set it up; only this chip's class is loaded, and nothing of it stays in memory."""
        import adafruit_lsm6ds as family

        chip = _CHIPS[self.who]
        module = __import__("adafruit_lsm6ds." + chip[0].lower(), None, None, (chip[0],))
        family.LSM6DS.reset = lambda _: None  # done; the driver's own may wait for ever
        bus = self._bus
        bus.i2c.unlock()
        driver = getattr(module, chip[0])(bus.i2c, bus.address)
        driver.accelerometer_range = family.AccelRange.RANGE_16G
        driver.gyro_range = family.GyroRange.RANGE_2000_DPS
        bus.i2c.try_lock()
        bus.put(chip[3])
        for name in list(sys.modules):
            if name[:13] in _DRIVER:
                del sys.modules[name]  # 18 KB
