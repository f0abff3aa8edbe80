"""A whole board without a board: a Pico with an LSM6DSOX, sounder, motor, light, button, battery and flash drive.

It boots as CircuitPython does (boot.py, then code.py; or safemode.py), runs the device code as it is in virtual time,
and traces every edge of what the wearer would hear, feel, see and press. Faked: booting takes no time.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from backbeat_host.lab.chip.i2c import VirtualBus
from backbeat_host.lab.chip.lsm6dsox import DEFAULT_RATE_ERROR, LSM6DSOX
from backbeat_host.lab.circuitpython.hardware import (
    NVM_SIZE,
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
_OUTPUTS = {14: SOUNDER, 15: HAPTIC, 25: LIGHT}
_BUTTON_PIN = "GP13"
_CODE_FILES = ("code.py", "main.py")
_NS_PER_US = 1000


class VirtualBoard:
    """One board with its world: time, motion, battery, a finger on the button, a hand on the plug."""

    def __init__(
        self,
        drive: Path,
        motion: Motion,
        *,
        firmware: Mapping[str, Path] | None = None,
        sample_cost_us: int = 1000,
        pass_cost_us: int = 300,
        rate_error: float | Fraction = DEFAULT_RATE_ERROR,
        ticks_at_power_on: int = TICKS_AT_POWER_ON,
        battery_mv: int = 3900,
        usb_connected: bool = False,
        nvm: bytes = b"",
        capacity: int = 1 << 20,
    ) -> None:
        """Set a board up, without power yet.

        Args:
            drive: The folder that is its CIRCUITPY.
            motion: What its chip feels.
            firmware: Board path -> host file, read where the drive has no such file.
            sample_cost_us: Computing charged for each complete sample read from the FIFO.
            pass_cost_us: Computing charged at each `time.sleep()`: each pass of a main loop ends in one.
            rate_error: Error of the chip's oscillator; as it stands, 104 Hz is exactly that.
            ticks_at_power_on: Where `supervisor.ticks_ms()` starts.
            battery_mv: What VOLTAGE_MONITOR measures a third of; may be changed while it runs.
            usb_connected: Whether a laptop holds the cable's other end.
            nvm: The first bytes of `microcontroller.nvm`; the rest is erased.
            capacity: Bytes that fit on the drive.
        """
        self.clock = VirtualClock(ticks_at_power_on)
        self.trace: list[tuple[int, str, int]] = []
        """(ns, part, value) of every edge: sounder in Hz (0 off), haptic, light and button 0 or 1."""
        self.motion = motion
        self.bus = VirtualBus(self.clock)
        self.chip = LSM6DSOX(self.clock, motion, rate_error=rate_error)
        self.chip.on_popped = self._charge_samples
        self.drive = Drive(drive, self.clock, firmware=firmware, capacity=capacity)
        self.hardware = Hardware(
            clock=self.clock,
            bus=self.bus,
            drive=self.drive,
            pins=Pins(self._output),
            nvm=bytearray(nvm.ljust(NVM_SIZE, b"\xff")),
            battery_mv=battery_mv,
            usb_connected=usb_connected,
            pass_cost_ns=pass_cost_us * _NS_PER_US,
        )
        self._levels: dict[str, int] = {}
        self._sample_cost_ns = sample_cost_us * _NS_PER_US
        self._next_reset = ResetReason.POWER_ON
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
        self.bus.detach(CHIP_ADDRESS)

    def plug_chip(self) -> None:
        """Plug it in: it starts from its defaults."""
        self.chip.power_on()
        self.bus.attach(CHIP_ADDRESS, self.chip)

    # ---- the processor ----

    def power_on(self, safe_mode: SafeModeReason | None = None) -> Ending:
        """Start the processor and run boot.py and code.py, or safemode.py alone; say how it ended.

        After a reset or a power cut call it again: drive and nvm are as they were left, time has gone on.
        """
        hardware = self.hardware
        hardware.reset()
        self.clock.resume()
        hardware.reset_reason = self._next_reset
        hardware.run_reason = RunReason.STARTUP
        if self._next_reset is ResetReason.POWER_ON:
            self.chip.power_on()
        self._next_reset = ResetReason.POWER_ON
        hardware.safe_mode_reason = safe_mode or SafeModeReason.NONE
        if safe_mode is not None:
            return self._run(Phase.SAFE_MODE, "safemode.py")
        ending = self._run(Phase.BOOT, "boot.py")
        if ending in (Ending.RESET, Ending.POWER_CUT):
            return ending
        return self._run_code()

    def reload(self) -> Ending:
        """Run the code anew without a start of the processor, as after `supervisor.reload()` or ctrl-D."""
        self.clock.resume()
        self.hardware.run_reason = RunReason.SUPERVISOR_RELOAD
        return self._run_code()

    def _run_code(self) -> Ending:
        chosen, self.hardware.next_code_file = self.hardware.next_code_file, None
        names = (chosen, *_CODE_FILES) if chosen else _CODE_FILES
        for name in names:
            if self.drive.find(name) is not None:
                return self._run(Phase.CODE, name)
        return Ending.FINISHED

    def _run(self, phase: Phase, name: str) -> Ending:
        if self.drive.find(name) is None:
            return Ending.FINISHED
        self.hardware.phase = phase
        ending = Ending.FINISHED
        try:
            Machine(self.hardware).run(name)
            self.drive.close_all()
        except Halt as halt:
            ending = self._halted(halt)
        except SystemExit:
            self.drive.close_all()
        except (ConsoleInterrupt, Exception) as error:
            ending = Ending.INTERRUPTED if isinstance(error, ConsoleInterrupt) else Ending.EXCEPTION
            self.hardware.console.write(traceback_text(error))
            self.drive.close_all()
        finally:
            self.hardware.end()
        return ending

    def _halted(self, halt: Halt) -> Ending:
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

    def _button(self, pressed: bool) -> None:
        self._edge(BUTTON, int(pressed))
        self.hardware.pins[_BUTTON_PIN].drive_external(False if pressed else None)

    def _output(self, pin: Pin, frequency: int, on: bool) -> None:
        part = _OUTPUTS.get(pin.number)
        if part is not None and not (on and self.clock.halted):  # a `finally` after the end can switch nothing on
            self._edge(part, (frequency if part == SOUNDER else 1) if on else 0)

    def _edge(self, part: str, value: int) -> None:
        if self._levels.get(part, 0) != value:
            self._levels[part] = value
            self.trace.append((self.clock.ns, part, value))
