"""What the virtual modules act on: the one place where pins, bus, drive, clock and console of a board meet.

It outlives the code that runs on it; `reset()` puts back what a processor's start puts back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from types import ModuleType
from typing import Any

from backbeat_host.lab.boards import BoardKind
from backbeat_host.lab.chip.i2c import VirtualBus
from backbeat_host.lab.circuitpython.console import Console
from backbeat_host.lab.circuitpython.pins import Pins
from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.flash.drive import Drive

VERSION = (10, 2, 1)
RTC_AT_POWER_ON = 1_577_836_800  # 2020-01-01, as a Pico without a set clock


class ResetReason(Enum):
    """Why the processor started, `microcontroller.ResetReason`."""

    POWER_ON = 0
    BROWNOUT = 1
    SOFTWARE = 2
    DEEP_SLEEP_ALARM = 3
    RESET_PIN = 4
    WATCHDOG = 5
    UNKNOWN = 6
    RESCUE_DEBUG = 7


class SafeModeReason(Enum):
    """Why the board is in safe mode, `supervisor.SafeModeReason`."""

    NONE = 0
    BROWNOUT = 1
    FLASH_WRITE_FAIL = 2
    GC_ALLOC_OUTSIDE_VM = 3
    HARD_FAULT = 4
    INTERRUPT_ERROR = 5
    NLR_JUMP_FAIL = 6
    NO_CIRCUITPY = 7
    NO_HEAP = 8
    PROGRAMMATIC = 9
    SAFE_MODE_PY_ERROR = 10
    SDK_FATAL_ERROR = 11
    STACK_OVERFLOW = 12
    USB_BOOT_DEVICE_NOT_INTERFACE_ZERO = 13
    USB_TOO_MANY_ENDPOINTS = 14
    USB_TOO_MANY_INTERFACE_NAMES = 15
    USER = 16
    WATCHDOG = 17


class RunReason(Enum):
    """Why the code runs, `supervisor.RunReason`."""

    STARTUP = 0
    AUTO_RELOAD = 1
    SUPERVISOR_RELOAD = 2
    REPL_RELOAD = 3


class Phase(Enum):
    """Which of the drive's three files runs."""

    BOOT = "boot.py"
    CODE = "code.py"
    SAFE_MODE = "safemode.py"


class RunMode(Enum):
    """`microcontroller.RunMode`."""

    NORMAL = 0
    SAFE_MODE = 1
    UF2 = 2
    BOOTLOADER = 3


@dataclass(frozen=True)
class Pace:
    """What Python itself takes on a board, in ns; nothing of it, unless a board is served at a board's pace."""

    line: int = 0
    """A line executed."""
    source_byte: int = 0
    """A byte of source read and compiled."""
    shown_byte: int = 0
    """A character that `repr` makes."""
    wire_byte: int = 0
    """A byte on the USB cable."""


@dataclass
class Hardware:
    """One board, below its software."""

    clock: VirtualClock
    bus: VirtualBus
    drive: Drive
    pins: Pins
    board_id: str
    kind: BoardKind
    console: Console
    nvm: bytearray
    battery_mv: int = 3900
    charging: bool = False
    usb_connected: bool = False
    pass_cost_ns: int = 0
    look_cost_ns: int = 1000  # reading a clock or a pin; without it a loop that only polls would never end
    collect_cost_ns: int = 12_000_000  # gc.collect with 90 KB in 900 objects on an RP2040
    nvm_cost_ns: int = field(init=False)
    """A write to the board's memory; the processor's, unless somebody changes it."""
    phase: Phase = Phase.CODE
    reset_reason: ResetReason = ResetReason.POWER_ON
    safe_mode_reason: SafeModeReason = SafeModeReason.NONE
    run_reason: RunReason = RunReason.STARTUP
    usb_drive_enabled: bool = True
    interrupt_pending: bool = False
    next_code_file: str | None = None
    watchdog_ns: int | None = None
    """When a watchdog in RESET mode bites."""
    pace: Pace = field(default_factory=Pace)
    lends: bool = True
    """Whether the laptop lends the board its core and libraries, where the drive has none."""
    autoreload: bool = True
    """`supervisor.runtime.autoreload`."""
    next_run_mode: RunMode = RunMode.NORMAL
    rtc_set: tuple[int, int] = (RTC_AT_POWER_ON, 0)
    """What the real-time clock was set to, unix s, and when that was, clock ns."""
    at_end: list[Callable[[], object]] = field(default_factory=list)
    """What to stop when the running code is gone."""

    def __post_init__(self) -> None:
        """Take the processor's costs."""
        self.nvm_cost_ns = self.kind.processor.nvm_cost_ns

    def end(self) -> None:
        """The running code is gone: its pins drive nothing, a watchdog that can be stopped sleeps."""
        if not self.kind.processor.stubborn_watchdog:
            self.watchdog_ns = None
        for stop in self.at_end:
            stop()
        self.at_end.clear()
        self.pins.release_all()

    def reset(self) -> None:
        """The processor starts: ticks, USB and pending wishes as after power-on; drive and nvm keep their bytes."""
        self.clock.restart_ticks()
        self.usb_drive_enabled = True
        self.interrupt_pending = False
        self.next_code_file = None
        self.autoreload = True
        self.drive.code_owns = False
        self.drive.forget()
        if self.reset_reason is ResetReason.POWER_ON:
            self.watchdog_ns = None
            self.rtc_set = (RTC_AT_POWER_ON, self.clock.ns)

    def look(self) -> None:
        """The code looks at a clock or a pin, which takes a moment."""
        self.clock.advance(self.look_cost_ns)


def module(name: str, **names: Any) -> ModuleType:
    """A module of these names."""
    made = ModuleType(name)
    vars(made).update(names)
    return made
