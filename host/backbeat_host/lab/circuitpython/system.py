"""`supervisor`, `storage`, `microcontroller`, `usb_cdc`, `rtc` and `time`: the processor, its relation to the laptop.

Simulated: ticks, sleeping, remounting rules, nvm with its erase time, reset and reload, the serial port as its console
has it, a real-time clock that starts in 2020. Faked: temperature is constant.
"""

import time as host_time
from calendar import timegm
from collections.abc import Callable
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

from backbeat_host.lab.circuitpython.hardware import (
    Hardware,
    Phase,
    ResetReason,
    RunMode,
    RunReason,
    SafeModeReason,
    module,
)
from backbeat_host.lab.circuitpython.watch import WatchDogTimer
from backbeat_host.lab.endings import BoardReload, BoardReset, ConsoleInterrupt, Halt

_NS_PER_S = 10**9
_NS_PER_US = 1000


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

    @property
    def autoreload(self) -> bool:
        """Whether a write of the laptop's starts the code anew."""
        return self._hardware.autoreload

    @autoreload.setter
    def autoreload(self, on: bool) -> None:
        self._hardware.autoreload = bool(on)

    @property
    def serial_bytes_available(self) -> int:
        """Bytes that came in on the console."""
        return self._hardware.console.available

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
    """`usb_cdc.console`."""

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

    @property
    def in_waiting(self) -> int:
        """Bytes that came in."""
        return self._console.available

    def read(self, size: int = 1) -> bytes:
        """Up to `size` bytes, those that come within `timeout` seconds with them."""
        return self._console.take(size, self.timeout)

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as `read` would."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readline(self, size: int = -1) -> bytes:
        """Read up to and with the next newline."""
        line = b""
        while not line.endswith(b"\n") and len(line) != size and (byte := self.read(1)):
            line += byte
        return line

    def reset_input_buffer(self) -> None:
        """Forget what came in."""
        self._console.take(self._console.available)

    def flush(self) -> None:
        """Nothing waits."""


def system_modules(hardware: Hardware) -> list[ModuleType]:
    """The modules that stand for the processor."""
    return [
        _supervisor(hardware),
        _storage(hardware),
        _microcontroller(hardware),
        module("usb_cdc", console=_SerialConsole(hardware), data=None),
        *_times(hardware),
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

    def on_next_reset(run_mode: RunMode) -> None:
        hardware.next_run_mode = run_mode

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
        on_next_reset=on_next_reset,
        delay_us=lambda us: clock.advance(us * _NS_PER_US),
        disable_interrupts=lambda: None,
        enable_interrupts=lambda: None,
    )


def _times(hardware: Hardware) -> list[ModuleType]:
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
        look()
        seconds, since = hardware.rtc_set
        return seconds + (clock.ns - since) // _NS_PER_S

    def localtime(seconds: int | None = None) -> host_time.struct_time:
        return host_time.gmtime(now() if seconds is None else seconds)

    class RTC:
        """`rtc.RTC`."""

        calibration = 0

        @property
        def datetime(self) -> host_time.struct_time:
            """The time of day."""
            return localtime()

        @datetime.setter
        def datetime(self, value: host_time.struct_time) -> None:
            hardware.rtc_set = (timegm(value), clock.ns)

    return [
        module(
            "time",
            sleep=sleep,
            monotonic=lambda: monotonic_ns() / _NS_PER_S,
            monotonic_ns=monotonic_ns,
            time=now,
            localtime=localtime,
            mktime=timegm,
            struct_time=host_time.struct_time,
        ),
        module("rtc", RTC=RTC),
    ]
