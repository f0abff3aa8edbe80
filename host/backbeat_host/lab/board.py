"""A whole board without a board: one of `boards.BOARDS` with its chip, sounder, motor, light, button and flash drive.

It boots as CircuitPython does (boot.py, then code.py; or safemode.py), runs the device code as it is in virtual time,
and traces every edge of what the wearer would hear, feel, see and press. Faked: booting takes no time.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from backbeat_host.lab.boards import BOARDS, Chip
from backbeat_host.lab.chip.i2c import VirtualBus
from backbeat_host.lab.chip.lsm6ds import LSM6DS
from backbeat_host.lab.chip.lsm6ds3trc import LSM6DS3TRC
from backbeat_host.lab.chip.lsm6ds33 import LSM6DS33
from backbeat_host.lab.chip.lsm6dsox import DEFAULT_RATE_ERROR, LSM6DSOX
from backbeat_host.lab.circuitpython.console import Console
from backbeat_host.lab.circuitpython.hardware import (
    Hardware,
    Phase,
    ResetReason,
    RunReason,
    SafeModeReason,
)
from backbeat_host.lab.circuitpython.language import traceback_text
from backbeat_host.lab.circuitpython.pins import Pin, Pins
from backbeat_host.lab.clock import TICKS_AT_POWER_ON, VirtualClock
from backbeat_host.lab.endings import BoardReset, ConsoleInterrupt, Ending, Halt, PowerCut
from backbeat_host.lab.flash.drive import Drive
from backbeat_host.lab.machine import Machine
from backbeat_host.lab.motion import Motion

CHIP_ADDRESS = 0x6A
SOUNDER, HAPTIC, LIGHT, BUTTON = "sounder", "haptic", "light", "button"
_CHIPS: dict[Chip, Callable[..., LSM6DS]] = {
    Chip.LSM6DSOX: LSM6DSOX,
    Chip.LSM6DS3TRC: LSM6DS3TRC,
    Chip.LSM6DS33: LSM6DS33,
}
_CHIP_BOOT_NS = 15_000_000  # from its supply to its first answer
_CODE_FILES = ("code.py", "main.py")
_NS_PER_US = 1000


class VirtualBoard:
    """One board with its world: time, motion, battery, a finger on the button, a hand on the plug."""

    def __init__(
        self,
        drive: Path,
        motion: Motion,
        *,
        board: str = "raspberry_pi_pico",
        chip: Chip | None = None,
        firmware: Mapping[str, Path] | None = None,
        sample_cost_us: int = 1000,
        pass_cost_us: int = 300,
        rate_error: float | Fraction = DEFAULT_RATE_ERROR,
        ticks_at_power_on: int = TICKS_AT_POWER_ON,
        battery_mv: int = 3900,
        charging: bool = False,
        usb_connected: bool = False,
        console_open: bool = False,
        nvm: bytes = b"",
        capacity: int | None = None,
        uid: str | None = None,
        clock: VirtualClock | None = None,
        console: Callable[[VirtualClock], Console] | None = None,
    ) -> None:
        """Set a board up, without power yet.

        Args:
            drive: The folder that is its CIRCUITPY.
            motion: What its chip feels.
            board: Which of `BOARDS` it is.
            chip: Another chip than that board's.
            firmware: Board path -> host file, read where the drive has no such file.
            sample_cost_us: Computing charged for each complete sample read from the FIFO.
            pass_cost_us: Computing charged at each `time.sleep()`: each pass of a main loop ends in one.
            rate_error: Error of the chip's oscillator; as it stands, 104 Hz is exactly that.
            ticks_at_power_on: Where `supervisor.ticks_ms()` starts.
            battery_mv: The battery's voltage, where the board measures it; may be changed while it runs.
            charging: Whether the charger works on it; may be changed, too.
            usb_connected: Whether a laptop holds the cable's other end.
            console_open: Whether it has the serial port open, too; nobody reads there but `hardware.console.read()`.
            nvm: The first bytes of `microcontroller.nvm`; the rest is erased.
            capacity: Bytes that fit on the drive, if not that board's.
            uid: Its number, if not that of the one in `BOARDS`.
            clock: Another clock than one of virtual time alone.
            console: Makes another console than one that nobody reads.
        """
        self.kind = kind = replace(BOARDS[board], uid=uid) if uid else BOARDS[board]
        self.clock = clock or VirtualClock(ticks_at_power_on)
        self.trace: list[tuple[int, str, int]] = []
        """(ns, part, value) of every edge: sounder in Hz (0 off), haptic, light and button 0 or 1."""
        self.motion = motion
        self.bus = VirtualBus(self.clock)
        self.chip = _CHIPS[chip or kind.chip](self.clock, motion, rate_error=rate_error)
        self.chip.on_popped = self._charge_samples
        self.drive = Drive(drive, self.clock, firmware=firmware, capacity=capacity or kind.capacity)
        pins = Pins(kind, self._output)
        self.hardware = Hardware(
            clock=self.clock,
            bus=self.bus,
            drive=self.drive,
            pins=pins,
            board_id=board,
            kind=kind,
            console=console(self.clock) if console else Console(self.clock, console_open),
            nvm=bytearray(nvm.ljust(kind.processor.nvm_size, b"\xff")),
            battery_mv=battery_mv,
            charging=charging,
            usb_connected=usb_connected or console_open,
            pass_cost_ns=pass_cost_us * _NS_PER_US,
        )
        self.error: BaseException | None = None
        """What the code ended with that nobody caught, the last time one did."""
        self.bitten = False
        """Whether it was the watchdog that ended it."""
        self._levels: dict[str, int] = {}
        self._sample_cost_ns = sample_cost_us * _NS_PER_US
        self._next_reset = ResetReason.POWER_ON
        self._plugged = True
        self._powered = not kind.chip_power
        self._clock_low = False
        light = kind.neopixel or kind.light
        self._outputs = {pins[kind.sounder]: SOUNDER, pins[kind.haptic]: HAPTIC, pins[light]: LIGHT}
        self._wire()
        self.plug_chip()

    # ---- what the code leaves ----

    @property
    def console(self) -> str:
        """All the board has printed."""
        return self.hardware.console.text

    @property
    def nvm(self) -> bytes:
        """`microcontroller.nvm`."""
        return bytes(self.hardware.nvm)

    # ---- the world ----

    def press(self, at_ns: int, for_ns: int) -> None:
        """Press the button at an instant, for a while."""
        self.clock.schedule(at_ns, lambda: self._button(True))
        self.clock.schedule(at_ns + for_ns, lambda: self._button(False))

    def interrupt_at(self, ns: int) -> None:
        """Ctrl-C at the console: KeyboardInterrupt in the code's first rest that ends after this instant."""

        def interrupt() -> None:
            self.hardware.interrupt_pending = True

        self.clock.schedule(ns, interrupt)

    def power_cut_at(self, ns: int) -> None:
        """The supply fails at an instant: what is not flushed is lost, `power_on` returns `power_cut`."""
        self.clock.schedule(ns, lambda: self.clock.halt(PowerCut()))

    def unplug_chip(self) -> None:
        """Pull the chip off the bus (schedule this on the clock, to have it in mid-run)."""
        self._plugged = False
        self.bus.detach(CHIP_ADDRESS)

    def plug_chip(self) -> None:
        """Plug it in: it starts from its defaults."""
        self._plugged = True
        self.chip.power_on()
        self._attach_chip()

    # ---- the processor ----

    def power_on(self, safe_mode: SafeModeReason | None = None) -> Ending:
        """Start the processor and run boot.py and code.py, or safemode.py alone; say how it ended.

        After a reset or a power cut call it again: drive and nvm are as they were left, time has gone on.
        """
        ending = self.start(safe_mode)
        if safe_mode is not None or ending in (Ending.RESET, Ending.POWER_CUT):
            return ending
        return self._run_code()

    def start(self, safe_mode: SafeModeReason | None = None) -> Ending:
        """Start the processor and run boot.py alone, or safemode.py; say how that ended."""
        hardware = self.hardware
        hardware.reset_reason = self._next_reset
        hardware.reset()
        self.clock.resume()
        hardware.run_reason = RunReason.STARTUP
        if self._next_reset is ResetReason.POWER_ON:
            self.chip.power_on()
        self._next_reset = ResetReason.POWER_ON
        hardware.safe_mode_reason = safe_mode or SafeModeReason.NONE
        if safe_mode is not None:
            return self.run(Phase.SAFE_MODE, "safemode.py")
        return self.run(Phase.BOOT, "boot.py")

    def reload(self) -> Ending:
        """Run the code anew without a start of the processor, as after `supervisor.reload()` or ctrl-D."""
        self.clock.resume()
        self.hardware.run_reason = RunReason.SUPERVISOR_RELOAD
        return self._run_code()

    def code_file(self) -> str | None:
        """The file that is to run after boot.py, if there is one."""
        chosen, self.hardware.next_code_file = self.hardware.next_code_file, None
        names = (chosen, *_CODE_FILES) if chosen else _CODE_FILES
        return next((name for name in names if self.drive.find(name) is not None), None)

    def _run_code(self) -> Ending:
        name = self.code_file()
        return self.run(Phase.CODE, name) if name else Ending.FINISHED

    def run(self, phase: Phase, name: str) -> Ending:
        """Run a file of the drive, if it is there, and say how it ended."""
        if self.drive.find(name) is None:
            return Ending.FINISHED
        return self.carry_out(phase, lambda: Machine(self.hardware).run(name))

    def carry_out(self, phase: Phase, work: Callable[[], object]) -> Ending:
        """Let something happen on the processor, whatever comes of it, and say how it ended."""
        self.hardware.phase = phase
        ending = Ending.FINISHED
        try:
            work()
            self.drive.close_all()
        except Halt as halt:
            ending = self._halted(halt)
        except SystemExit:
            self.drive.close_all()
        except (ConsoleInterrupt, Exception) as error:
            ending = Ending.INTERRUPTED if isinstance(error, ConsoleInterrupt) else Ending.EXCEPTION
            self.error = error
            self.hardware.console.note(traceback_text(error))
            self.drive.close_all()
        finally:
            self.hardware.end()
        return ending

    def _halted(self, halt: Halt) -> Ending:
        self.bitten = isinstance(halt, BoardReset) and halt.by_watchdog
        if isinstance(halt, BoardReset):
            self._next_reset = ResetReason.WATCHDOG if halt.by_watchdog else ResetReason.SOFTWARE
        if halt.ending is Ending.RELOAD:
            self.clock.resume()
            self.drive.close_all()
        else:
            self.drive.forget()
        return halt.ending

    # ---- parts ----

    def _charge_samples(self, samples: int) -> None:
        self.clock.advance(samples * self._sample_cost_ns)

    def _wire(self) -> None:
        """Solder what drives pins from outside."""
        kind, pins = self.kind, self.hardware.pins
        if kind.interrupt:
            pins[kind.interrupt].source = lambda: CHIP_ADDRESS in self.bus.targets and self.chip.int1()
        if kind.charge_status:
            pins[kind.charge_status].source = lambda: not self.hardware.charging
        for number, line in enumerate((kind.scl, kind.sda)):
            pins[line].source = lambda number=number: self._powered and not self.bus.lines_low()[number]

    def _attach_chip(self) -> None:
        if self._plugged and self._powered:
            self.bus.attach(CHIP_ADDRESS, self.chip)

    def _feed_chip(self, on: bool) -> None:
        """Its supply is a pin of the board's: it starts anew each time, and takes a moment for it."""
        if on and not self._powered:
            self.chip.power_on()
            self.clock.schedule(self.clock.ns + _CHIP_BOOT_NS, self._attach_chip)
        elif not on and CHIP_ADDRESS in self.bus.targets:
            self.bus.detach(CHIP_ADDRESS)
        self._powered = on

    def _button(self, pressed: bool) -> None:
        self._edge(BUTTON, int(pressed))
        self.hardware.pins[self.kind.button].drive_external(False if pressed else None)

    def _output(self, pin: Pin, frequency: int, on: bool) -> None:
        kind = self.kind
        if kind.chip_power and pin is self.hardware.pins[kind.chip_power]:
            self._feed_chip(on)
        if pin is self.hardware.pins[kind.scl]:
            if on and self._clock_low:
                self.bus.clock_pulse()
            self._clock_low = pin.driven is False
        part = self._outputs.get(pin)
        if part is None:
            return
        if part == LIGHT:
            on = self._shines(pin)
        if not (on and self.clock.halted):  # a `finally` after the end can switch nothing on
            self._edge(part, (frequency if part == SOUNDER else 1) if on else 0)

    def _shines(self, light: Pin) -> bool:
        kind = self.kind
        if kind.neopixel_power and not self.hardware.pins[kind.neopixel_power].driven:
            return False
        return light.driven is kind.lit

    def _edge(self, part: str, value: int) -> None:
        if self._levels.get(part, 0) != value:
            self._levels[part] = value
            self.trace.append((self.clock.ns, part, value))
