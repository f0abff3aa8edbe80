"""`board`, `busio`, `digitalio`, `pwmio`, `analogio` and `neopixel_write` on the virtual pins.

Simulated: pins in use, directions and pulls, PWM slices, the bus on its two pins, the battery behind its divider.
Faked: no UART, no SPI, no `board.I2C()`, drive strength and duty cycle change nothing but on and off.
"""

from enum import Enum
from functools import partial
from types import ModuleType
from typing import Any

from backbeat_host.lab.chip.i2c import I2C
from backbeat_host.lab.circuitpython.hardware import Hardware, module
from backbeat_host.lab.circuitpython.pins import Pin

_REFERENCE_MV = 3300
_NO_PULL_UP = "No pull up found on SDA or SCL; check your wiring"
_SHORT = 0.13  # of 600 kOhm, 3 us: the first reading's error (RAKWireless/WisBlock#46); each next one's is half of it
_FORGETS_NS = 1_000_000
_PIXEL_BYTE_NS = 10_000  # 800 kHz


class Direction(Enum):
    """`digitalio.Direction`."""

    INPUT = 0
    OUTPUT = 1


class Pull(Enum):
    """`digitalio.Pull`."""

    UP = 0
    DOWN = 1


class DriveMode(Enum):
    """`digitalio.DriveMode`."""

    PUSH_PULL = 0
    OPEN_DRAIN = 1


class _Part:
    """Something that holds one pin until `deinit`."""

    def __init__(self, hardware: Hardware, pin: Pin) -> None:
        pin.claim()
        self._hardware = hardware
        self._held: Pin | None = pin

    def __enter__(self) -> "_Part":
        return self

    def __exit__(self, *exc: object) -> None:
        self.deinit()

    @property
    def _pin(self) -> Pin:
        if self._held is None:
            raise ValueError("Object has been deinitialized and can no longer be used. Create a new object.")
        return self._held

    def deinit(self) -> None:
        """Free the pin."""
        if self._held is not None:
            pin, self._held = self._held, None
            pin.release()


class DigitalInOut(_Part):
    """`digitalio.DigitalInOut`."""

    def __init__(self, hardware: Hardware, pin: Pin) -> None:
        super().__init__(hardware, pin)
        self._direction = Direction.INPUT
        self._pull: Pull | None = None
        self._value = False
        self._drive_mode = DriveMode.PUSH_PULL

    def switch_to_output(self, value: bool = False, drive_mode: DriveMode = DriveMode.PUSH_PULL) -> None:
        """Drive the pin."""
        self._direction = Direction.OUTPUT
        self._drive_mode = drive_mode
        self._value = bool(value)
        self._pin.output(self._value)

    def switch_to_input(self, pull: Pull | None = None) -> None:
        """Listen to the pin."""
        self._pin.let_go()
        self._direction = Direction.INPUT
        self._pull = pull

    @property
    def direction(self) -> Direction:
        """Whether it listens or drives."""
        return self._direction

    @direction.setter
    def direction(self, direction: Direction) -> None:
        if direction is Direction.OUTPUT:
            self.switch_to_output()
        else:
            self.switch_to_input()

    @property
    def value(self) -> bool:
        """The level."""
        if self._direction is Direction.OUTPUT:
            return self._value
        self._hardware.look()
        return self._pin.read(self._pull is Pull.UP)

    @value.setter
    def value(self, value: bool) -> None:
        if self._direction is Direction.INPUT:
            raise AttributeError("Cannot set value when direction is input.")
        self._value = bool(value)
        self._pin.output(self._value)

    def shine(self, on: bool) -> None:
        """Bits for a NeoPixel went out; the line is low again."""
        self._pin.output(on)

    @property
    def pull(self) -> Pull | None:
        """The pull of an input."""
        self._check_input()
        return self._pull

    @pull.setter
    def pull(self, pull: Pull | None) -> None:
        self._check_input()
        self._pull = pull

    @property
    def drive_mode(self) -> DriveMode:
        """How an output drives."""
        if self._direction is Direction.INPUT:
            raise AttributeError("Drive mode not used when direction is input.")
        return self._drive_mode

    @drive_mode.setter
    def drive_mode(self, mode: DriveMode) -> None:
        if self._direction is Direction.INPUT:
            raise AttributeError("Drive mode not used when direction is input.")
        self._drive_mode = mode

    def _check_input(self) -> None:
        if self._direction is Direction.OUTPUT:
            raise AttributeError("Pull not used when direction is output.")


class PWMOut(_Part):
    """`pwmio.PWMOut`."""

    def __init__(
        self,
        hardware: Hardware,
        pin: Pin,
        *,
        duty_cycle: int = 0,
        frequency: int = 500,
        variable_frequency: bool = False,
    ) -> None:
        _check_range("duty_cycle", duty_cycle, 0, 0xFFFF)
        _check_frequency(frequency)
        # Two neighbours (GP14 and GP15) are the channels of one slice: one frequency, and a variable one stands alone.
        self._slice = hardware.pins.slice_of(pin)
        for other_frequency, other_variable in self._slice:
            if variable_frequency or other_variable or other_frequency != frequency:
                raise RuntimeError("All timers for this pin are in use")
        super().__init__(hardware, pin)
        self._claimed = (frequency, variable_frequency)
        self._slice.append(self._claimed)
        self._variable = variable_frequency
        self._frequency = frequency
        self._duty_cycle = duty_cycle
        self._apply()

    def deinit(self) -> None:
        """Free the pin and its slice."""
        if self._held is not None and self._claimed in self._slice:
            self._slice.remove(self._claimed)
        super().deinit()

    @property
    def duty_cycle(self) -> int:
        """How much of the period it is on, 0 to 65535."""
        return self._duty_cycle

    @duty_cycle.setter
    def duty_cycle(self, duty_cycle: int) -> None:
        _check_range("duty_cycle", duty_cycle, 0, 0xFFFF)
        self._duty_cycle = duty_cycle
        self._apply()

    @property
    def frequency(self) -> int:
        """Periods a second."""
        return self._frequency

    @frequency.setter
    def frequency(self, frequency: int) -> None:
        if not self._variable:
            raise AttributeError("PWM frequency not writable when variable_frequency is False on construction.")
        _check_frequency(frequency)
        self._frequency = frequency
        self._apply()

    def _apply(self) -> None:
        self._pin.output(self._duty_cycle > 0, self._frequency)


class AnalogIn(_Part):
    """`analogio.AnalogIn`; only the battery's pin has a voltage on it, the others read 0."""

    reference_voltage = _REFERENCE_MV / 1000

    def __init__(self, hardware: Hardware, pin: Pin) -> None:
        if pin.number not in hardware.kind.processor.analog:
            raise ValueError("Invalid pin")
        super().__init__(hardware, pin)
        self._read_ns = -_FORGETS_NS
        self._in_a_row = 0

    @property
    def value(self) -> int:
        """The reading, 0 to 65535."""
        self._hardware.look()
        clock = self._hardware.clock
        self._in_a_row = self._in_a_row + 1 if clock.ns - self._read_ns < _FORGETS_NS else 0
        self._read_ns = clock.ns
        kind, pins = self._hardware.kind, self._hardware.pins
        if not kind.battery or self._pin is not pins[kind.battery]:
            return 0
        times, over = kind.divider
        if kind.battery_enable and pins[kind.battery_enable].driven is not False:
            times = over = 1  # nothing pulls the divider's foot down
        level = min(0xFFFF, self._hardware.battery_mv * over * 0xFFFF // (times * _REFERENCE_MV))
        return level - (round(level * _SHORT) >> self._in_a_row) if kind.slow_divider else level


def part_modules(hardware: Hardware) -> list[ModuleType]:
    """The modules that stand for pins and what is soldered to them."""

    def i2c(scl: Pin, sda: Pin, *, frequency: int = 100_000, timeout: int = 255) -> I2C:
        if scl is not hardware.pins[hardware.kind.scl] or sda is not hardware.pins[hardware.kind.sda]:
            raise RuntimeError(_NO_PULL_UP)
        if not (scl.read(False) and sda.read(False)):
            raise RuntimeError(_NO_PULL_UP)  # or a chip holds a line low
        scl.claim()
        try:
            sda.claim()
        except ValueError:
            scl.release()
            raise

        def free() -> None:
            scl.release()
            sda.release()

        return I2C(hardware.bus, frequency, free)

    enums: dict[str, Any] = {"Direction": Direction, "Pull": Pull, "DriveMode": DriveMode}
    return [
        module("board", board_id=hardware.board_id, **hardware.pins.by_name),
        module("busio", I2C=i2c),
        module("digitalio", DigitalInOut=partial(DigitalInOut, hardware), **enums),
        module("pwmio", PWMOut=partial(PWMOut, hardware)),
        module("analogio", AnalogIn=partial(AnalogIn, hardware)),
        module("neopixel_write", neopixel_write=partial(_write_pixels, hardware)),
    ]


def _write_pixels(hardware: Hardware, pin: DigitalInOut, colours: Any) -> None:
    """Thirty microseconds for each pixel; the pin hears whether any shines."""
    if pin.direction is not Direction.OUTPUT:
        raise ValueError("digitalinout must be an output")
    hardware.clock.advance(len(colours) * _PIXEL_BYTE_NS)
    pin.shine(any(colours))


def _check_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be {low}-{high}")


def _check_frequency(frequency: int) -> None:
    if not 1 <= frequency <= 62_500_000:
        raise ValueError("Invalid PWM frequency")
