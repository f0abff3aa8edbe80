"""`supervisor`, `storage`, `microcontroller`, `usb_cdc` and `time`: the processor and its relation to the laptop.

Simulated: ticks, sleeping, remounting rules, nvm with its erase time, reset and reload, a serial port that nobody
reads. Faked: nothing ever comes in there, the real-time clock starts in 2020, temperature is constant.
"""

import time as host_time
from collections.abc import Callable
from enum import Enum
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

from backbeat_host.lab.circuitpython.hardware import (
    Hardware,
    Phase,
    ResetReason,
    RunReason,
    SafeModeReason,
    module,
)
from backbeat_host.lab.circuitpython.watch import WatchDogTimer
from backbeat_host.lab.endings import BoardReload, BoardReset, ConsoleInterrupt, Halt

_NS_PER_S = 10**9
_NS_PER_US = 1000
_RTC_AT_POWER_ON = 1_577_836_800  # 2020-01-01, as a Pico without a set clock


class RunMode(Enum):
    """`microcontroller.RunMode`."""

    NORMAL = 0
    SAFE_MODE = 1
    UF2 = 2
    BOOTLOADER = 3


class ByteArray:
    """`microcontroller.nvm`: bytes that outlive power; every write erases a page, which takes its time."""

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware

    def __len__(self) -> int:
        return len(self._hardware.nvm)

    def __getitem__(self, place: Any) -> Any:
        found = self._hardware.nvm[place]
        return found if isinstance(found, int) else bytearray(found)

    def __setitem__(self, place: Any, value: Any) -> None:
        changed = bytearray(self._hardware.nvm)
        changed[place] = value
        if len(changed) != len(self._hardware.nvm):
            raise ValueError("Slice and value different lengths.")
        self._hardware.clock.advance(self._hardware.nvm_cost_ns)
        self._hardware.nvm[:] = changed


class _Runtime:
    """`supervisor.runtime`."""

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware
        self.autoreload = True
        self.serial_bytes_available = 0

    @property
    def usb_connected(self) -> bool:
        """Whether a laptop is there; not known yet in boot.py."""
        return self._hardware.usb_connected and self._hardware.phase is not Phase.BOOT

    @property
    def serial_connected(self) -> bool:
        """Whether somebody has the serial port open."""
        return self._hardware.console.open

    @property
    def run_reason(self) -> RunReason:
        """Why the code runs."""
        return self._hardware.run_reason

    @property
    def safe_mode_reason(self) -> SafeModeReason:
        """Why safemode.py runs, else NONE."""
        return self._hardware.safe_mode_reason


class _SerialConsole:
    """`usb_cdc.console`: nothing ever comes in."""

    in_waiting = 0

    def __init__(self, hardware: Hardware) -> None:
        self._console = hardware.console
        self.timeout: float | None = None
        self.write_timeout: float | None = None

    @property
    def connected(self) -> bool:
        """Whether somebody has it open."""
        return self._console.open

    @property
    def out_waiting(self) -> int:
        """Bytes that nobody has read yet."""
        return self._console.waiting

    def write(self, data: Any) -> int:
        """Say these bytes, or as many as fit in `write_timeout` seconds."""
        return self._console.send(bytes(data), self.write_timeout)

    def read(self, size: int = 1) -> bytes:
        """Nothing ever comes."""
        return b""

    def flush(self) -> None:
        """Nothing waits."""


def system_modules(hardware: Hardware) -> list[ModuleType]:
    """The modules that stand for the processor."""
    return [
        _supervisor(hardware),
        _storage(hardware),
        _microcontroller(hardware),
        module("usb_cdc", console=_SerialConsole(hardware), data=None),
        _time(hardware),
    ]


def _stopper(hardware: Hardware, reason: type[Halt]) -> Callable[[], None]:
    def stop() -> None:
        halt = reason()
        hardware.clock.halt(halt)
        raise halt

    return stop


def _supervisor(hardware: Hardware) -> ModuleType:
    def set_next_code_file(filename: str | None, **_: object) -> None:
        hardware.next_code_file = filename

    return module(
        "supervisor",
        RunReason=RunReason,
        SafeModeReason=SafeModeReason,
        runtime=_Runtime(hardware),
        ticks_ms=partial(hardware.clock.ticks_after, hardware.look_cost_ns),
        reload=_stopper(hardware, BoardReload),
        set_next_code_file=set_next_code_file,
    )


def _storage(hardware: Hardware) -> ModuleType:
    drive = hardware.drive

    def remount(mount_path: str, readonly: bool = False, **_: object) -> None:
        if mount_path != "/":
            raise OSError(22, "Invalid argument")
        laptop_has_it = hardware.usb_connected and hardware.usb_drive_enabled and not drive.code_owns
        if hardware.phase is not Phase.BOOT and laptop_has_it:
            raise RuntimeError("Cannot remount path when visible via USB.")
        drive.code_owns = not readonly

    def set_usb_drive(enabled: bool) -> None:
        if hardware.phase is not Phase.BOOT:
            raise RuntimeError("Cannot change USB devices now")
        hardware.usb_drive_enabled = enabled
        drive.code_owns = drive.code_owns or not enabled

    def getmount(mount_path: str) -> SimpleNamespace:
        if mount_path != "/":
            raise OSError(2, "No such file/directory")
        return SimpleNamespace(readonly=not drive.code_owns, label="CIRCUITPY")

    return module(
        "storage",
        remount=remount,
        getmount=getmount,
        disable_usb_drive=lambda: set_usb_drive(False),
        enable_usb_drive=lambda: set_usb_drive(True),
    )


def _microcontroller(hardware: Hardware) -> ModuleType:
    clock = hardware.clock
    watchdog = WatchDogTimer(hardware)
    hardware.at_end.append(watchdog.stop)
    cpu = SimpleNamespace(
        uid=bytes.fromhex(hardware.kind.uid),
        temperature=25.0,
        frequency=hardware.kind.processor.frequency,
        voltage=None,
        reset_reason=hardware.reset_reason,
    )
    return module(
        "microcontroller",
        ResetReason=ResetReason,
        RunMode=RunMode,
        cpu=cpu,
        cpus=(cpu, cpu),
        nvm=ByteArray(hardware),
        watchdog=watchdog,
        reset=_stopper(hardware, BoardReset),
        on_next_reset=lambda mode: None,
        delay_us=lambda us: clock.advance(us * _NS_PER_US),
        disable_interrupts=lambda: None,
        enable_interrupts=lambda: None,
    )


def _time(hardware: Hardware) -> ModuleType:
    clock = hardware.clock
    advance, pass_cost, look = clock.advance, hardware.pass_cost_ns, hardware.look

    def sleep(seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        # Each pass of a main loop ends in one rest, so a rest is where the computing of its pass is charged.
        advance(pass_cost + round(seconds * _NS_PER_S))
        if hardware.interrupt_pending:
            hardware.interrupt_pending = False
            raise ConsoleInterrupt

    def monotonic_ns() -> int:
        look()
        return clock.monotonic_ns()

    def now() -> int:
        return _RTC_AT_POWER_ON + monotonic_ns() // _NS_PER_S

    def localtime(seconds: int | None = None) -> host_time.struct_time:
        return host_time.gmtime(now() if seconds is None else seconds)

    return module(
        "time",
        sleep=sleep,
        monotonic=lambda: monotonic_ns() / _NS_PER_S,
        monotonic_ns=monotonic_ns,
        time=now,
        localtime=localtime,
        struct_time=host_time.struct_time,
    )
