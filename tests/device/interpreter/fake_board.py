"""A Raspberry Pi Pico for the interpreter: CircuitPython's modules, as far as the firmware uses them, in virtual time.

The tests hand this very file to MicroPython, where `install` puts the modules in place. Only what is waited for takes
time: a sleep, a bus transfer, flash, and a little for each look at the clock, or waiting for a tick would never end.
Nothing here allocates while a session runs, but for what the interpreter's floats cost (see `Clock`).
"""

import builtins
import gc
import io
import os
import sys
from array import array

TICKS = 2**29 - 30_000  # the clock wraps 30 s after the start
MASK = 2**29 - 1
LOOK_US = 20  # what a look at the clock takes
WRITE_US = 51_000  # flash: a sector, or a page of nvm
SECTOR = 8  # blocks
SYNC_US = 100_000
BYTE_US = 23  # on the bus, at 400 kHz
FLOAT = 16  # bytes of a float here; on a board it takes none

# The chip, and its registers
ADDRESS = 0x6A
NO_DEVICE = 19
WHO_AM_I = 0x0F
CTRL3 = 0x12
SW_RESET = 1
FIFO_CTRL4 = 0x0A
FIFO_STATUS1 = 0x3A
FIFO_DATA = 0x78
CONTINUOUS = 6
WORD = 7
DEPTH = 256  # samples
SAMPLE_US = 9600
GYRO = 1
ACCELERATION = 2


class Clock:
    """`us` since power-on; at `stop_at` comes ctrl-C. From `from_us` to `to_us` the heap is watched: by `grown` it grew
    but for floats, of which each sleep makes two, one for its seconds and one to turn them into us.
    """

    def __init__(self):
        self.us = 0
        self.stop_at = 1 << 29
        self.from_us = self.to_us = 0
        self.heap = self.floats = self.grown = 0
        self.watching = False

    def ticks_ms(self):
        self.us += LOOK_US
        return (TICKS + self.us // 1000) & MASK

    def sleep(self, seconds):
        if type(seconds) is float:
            self.us += int(seconds * 1_000_000)
            self.floats += 2
        else:
            self.us += seconds * 1_000_000
        if dog.timeout and self.us - dog.fed > dog.timeout * 1_000_000:
            raise RuntimeError("the watchdog bites")
        if self.us >= self.stop_at:
            raise KeyboardInterrupt
        if self.watching != (self.from_us <= self.us < self.to_us):
            self.watching = not self.watching
            if self.watching:
                self.heap = gc.mem_alloc() - self.floats * FLOAT
            else:
                self.grown = gc.mem_alloc() - self.floats * FLOAT - self.heap

    def time(self):
        return 0


class Chip:
    """An LSM6DSOX whose rows come at 104 Hz. `taken` counts the samples that were read, `lost` those that were not."""

    def __init__(self):
        self.rows = array("h")
        self.registers = bytearray(128)
        self.registers[WHO_AM_I] = 0x6C
        self.next = 0  # sample
        self.half = 0  # words of it that were read
        self.taken = self.lost = 0

    def ready(self):
        """Give how many samples wait."""
        if self.registers[FIFO_CTRL4] & 7 != CONTINUOUS:
            return 0
        waiting = clock.us // SAMPLE_US - self.next
        if waiting > DEPTH:
            self.lost += waiting - DEPTH
            self.next += waiting - DEPTH
            waiting = DEPTH
        return waiting

    def write(self, buffer, start, end):
        for at in range(start + 1, end):
            register = buffer[start] + at - start - 1
            self.registers[register] = buffer[at]
            if register == CTRL3:
                self.registers[register] &= ~SW_RESET
            elif register == FIFO_CTRL4:
                self.next = clock.us // SAMPLE_US
                self.half = 0

    def read(self, register, buffer, start, end):
        if register == FIFO_STATUS1:
            level = 2 * self.ready() - self.half
            self.registers[FIFO_STATUS1] = level & 255
            self.registers[FIFO_STATUS1 + 1] = level >> 8
        if register == FIFO_DATA:
            while start < end:
                self.word(buffer, start)
                start += WORD
        else:
            for at in range(start, end):
                buffer[at] = self.registers[register + at - start]

    def word(self, buffer, at):
        if self.ready() == 0:
            for i in range(at, at + WORD):
                buffer[i] = 0
            return
        buffer[at] = (ACCELERATION if self.half else GYRO) << 3 | (self.next & 3) << 1
        row = self.next * 6 % len(self.rows) + (0 if self.half else 3)
        for axis in range(3):
            value = self.rows[row + axis]
            buffer[at + 1 + 2 * axis] = value & 255
            buffer[at + 2 + 2 * axis] = value >> 8 & 255
        self.half = 1 - self.half
        if self.half == 0:
            self.next += 1
            self.taken += 1


class I2C:
    """The bus with the chip on it."""

    def __init__(self, scl, sda, frequency=100_000):
        pass

    def deinit(self):
        pass

    def try_lock(self):
        return True

    def unlock(self):
        pass

    def writeto(self, address, buffer, start=0, end=None):
        end = len(buffer) if end is None else end
        self._pass(address, end - start)
        chip.write(buffer, start, end)

    def writeto_then_readfrom(self, address, out, into, out_start=0, out_end=None, in_start=0, in_end=None):
        in_end = len(into) if in_end is None else in_end
        self._pass(address, in_end - in_start + 2)
        chip.read(out[out_start], into, in_start, in_end)

    def _pass(self, address, count):
        if address != ADDRESS:
            raise OSError(NO_DEVICE)
        clock.us += (count + 1) * BYTE_US


class Digital:
    """A pin: in, nothing pulls it low; out, it counts how often it rose."""

    def __init__(self, pin):
        self.rises = 0
        self._value = True

    def switch_to_input(self, pull=None):
        self._value = True

    def switch_to_output(self, value=False, drive_mode=None):
        self._value = value

    def deinit(self):
        pass

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, on):
        if on and not self._value:
            self.rises += 1
        self._value = on


class Pwm:
    """The sounder's pin: when each tone began, in ms since power-on."""

    def __init__(self, pin, duty_cycle=0, frequency=500, variable_frequency=False):
        self.frequency = frequency
        self._duty = duty_cycle

    @property
    def duty_cycle(self):
        return self._duty

    @duty_cycle.setter
    def duty_cycle(self, duty):
        if duty and not self._duty and self.count < len(self.began):
            self.began[self.count] = clock.us // 1000
            Pwm.count += 1
        self._duty = duty

    began = array("i", [0] * 1000)
    count = 0


class Keys:
    """A button that nobody presses."""

    def __init__(self, pins, value_when_pressed, pull):
        self.events = self

    def get_into(self, event):
        return False


class Analog:
    """A cell at 3.9 V behind the Pico's divider."""

    def __init__(self, pin):
        self.value = 25_817


class Dog:
    """The watchdog."""

    timeout = 0
    mode = None
    fed = 0

    def feed(self):
        self.fed = clock.us


class File:
    """A file whose blocks take flash's time."""

    def __init__(self, file):
        self._file = file
        self._blocks = 0
        self.read = file.read
        self.seek = file.seek
        self.close = file.close

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def write(self, block):
        self._blocks += 1
        if self._blocks % SECTOR == 0:
            clock.us += WRITE_US
        return self._file.write(block)

    def flush(self):
        self._file.flush()


class Names:
    """A module, or another holder of names."""

    def __init__(self, **names):
        for name, what in names.items():
            setattr(self, name, what)


def remount(path, readonly):
    """boot.py lets the code have the drive."""
    mount.readonly = readonly


def sync():
    """Let what was written reach flash."""
    clock.us += SYNC_US


def statvfs(path):
    """A Pico's drive: 1 MB, a quarter of it taken."""
    return 512, 512, 2048, 1536, 1536, 0, 0, 0, 0, 255


def format_exception(error):
    """Give the traceback's text."""
    text = io.StringIO()
    sys.print_exception(error, text)
    return [text.getvalue()]


clock = Clock()
chip = Chip()
dog = Dog()
mount = Names(readonly=True)
open_file = builtins.open


def install():
    """Put CircuitPython's modules in the place of the interpreter's own, or where it has none."""
    pins = Names(board_id="raspberry_pi_pico", VOLTAGE_MONITOR=31)
    for number in range(30):
        setattr(pins, f"GP{number}", number)
    modules = {
        "analogio": Names(AnalogIn=Analog),
        "board": pins,
        "busio": Names(I2C=I2C),
        "digitalio": Names(
            DigitalInOut=Digital,
            Pull=Names(UP=1, DOWN=2),
            DriveMode=Names(PUSH_PULL=0, OPEN_DRAIN=1),
            Direction=Names(INPUT=0, OUTPUT=1),
        ),
        "keypad": Names(Keys=Keys, Event=Names),
        "microcontroller": Names(
            cpu=Names(uid=b"\x01\x02\x03\x04", reset_reason="POWER_ON"),
            nvm=bytearray(b"\xff" * 4096),
            watchdog=dog,
            ResetReason=Names(POWER_ON="POWER_ON", WATCHDOG="WATCHDOG"),
        ),
        "pwmio": Names(PWMOut=Pwm),
        "storage": Names(remount=remount, getmount=lambda path: mount),
        "supervisor": Names(ticks_ms=clock.ticks_ms, runtime=Names(usb_connected=False, serial_connected=False)),
        "time": Names(sleep=clock.sleep, time=clock.time),
        "traceback": Names(format_exception=format_exception),
        "usb_cdc": Names(console=Names(write_timeout=None, in_waiting=0)),
        "watchdog": Names(WatchDogMode=Names(RESET="RESET")),
    }
    for name, module in modules.items():
        sys.modules[name] = module
    os.sync = sync
    os.statvfs = statvfs
    builtins.open = lambda *how: File(open_file(*how))
