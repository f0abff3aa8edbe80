"""What every executed line of the board's own code brings with it: its cost, and a chance for ctrl-C or the end.

It goes by Python's trace hook, in the board's thread and only while code runs there; the laptop's own code, and the
core that the laptop lends, are left alone. Python switches a trace hook that raises off: 5 ms later it is on again.
"""

import dis
import sys
from functools import lru_cache
from types import CodeType, FrameType, TracebackType
from typing import Any, Self

from backbeat_host.lab.circuitpython.hardware import Hardware
from backbeat_host.lab.circuitpython.language import DEVICE_MARK
from backbeat_host.lab.endings import ConsoleInterrupt
from backbeat_host.lab.serve.clock import RealClock
from backbeat_host.lab.serve.port import Port

_CATCH_UP = 64  # lines between two looks at the wall's clock
_AGAIN_NS = 5_000_000


class Pulse:
    """`with pulse:` code runs."""

    def __init__(self, hardware: Hardware, port: Port) -> None:
        self._hardware = hardware
        self._clock = hardware.clock
        self._port = port
        self._lines = 0
        self._before: Any = None
        self._on = False
        self._looks = False

    def __enter__(self) -> Self:
        self._hardware.interrupt_pending = False
        self._port.running = self._port.recorded is None
        self._on = True
        self._before = sys.gettrace()
        sys.settrace(self._call)
        if not self._looks:
            self._look_later()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        sys.settrace(self._before)
        self._on = False
        self._port.running = False
        self._hardware.interrupt_pending = False

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._follow(frame) if DEVICE_MARK in frame.f_builtins else None

    def _follow(self, frame: FrameType) -> Any:
        frame.f_trace_opcodes = _stands_still(frame.f_code)
        return self._line

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event in ("line", "opcode"):
            self._lines += 1
            self._clock.advance(self._hardware.pace.line)
            if self._lines % _CATCH_UP == 0 and isinstance(self._clock, RealClock):
                self._clock.catch_up()
            if self._hardware.interrupt_pending:
                self._hardware.interrupt_pending = False
                raise ConsoleInterrupt
        return self._line

    def _look_later(self) -> None:
        self._looks = True
        self._clock.schedule(self._clock.ns + _AGAIN_NS, self._again)

    def _again(self) -> None:
        self._looks = False
        if not self._on:
            return
        if sys.gettrace() is None:
            sys.settrace(self._call)
            frame: FrameType | None = sys._getframe()
            while frame is not None:
                if DEVICE_MARK in frame.f_builtins:
                    frame.f_trace = self._follow(frame)
                frame = frame.f_back
        self._look_later()


@lru_cache(maxsize=4096)
def _stands_still(code: CodeType) -> bool:
    """Whether there is a `while True: pass` in it, one instruction that jumps to itself: no line ever begins there."""
    return any("JUMP" in at.opname and at.argval == at.offset for at in dis.get_instructions(code))
