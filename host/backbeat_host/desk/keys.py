"""The keyboard as the device's one button: a key stands for a press of its kind."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MS = 1_000_000  # ns
_SHORT, _HOLD, _LONG = 100, 900, 1700  # ms, see gesture.py and alarm.py
KEYS = {
    " ": (_SHORT,),
    "m": (_SHORT, _SHORT, _SHORT),
    "h": (_HOLD,),
    "q": (_LONG,),
}
"""What is down, up and down again for how many ms."""
HELP = "space: pause, resume   h: hold (ends an alarm)   m: mark   q: end"


class Keys:
    """A board's button. `read` gives the keys typed since the last call."""

    def __init__(self, read: Callable[[], str], clock: Callable[[], int] | None = None) -> None:
        self._read = read
        self._clock = clock or time.monotonic_ns
        self._plan: deque[tuple[int, bool]] = deque()  # until (ns), pressed

    def pressed(self) -> bool:
        """Tell whether the button is down."""
        now = self._clock()
        for key in self._read():
            at = self._plan[-1][0] if self._plan else now
            for turn, ms in enumerate(KEYS.get(key.lower(), ())):
                at += ms * _MS
                self._plan.append((at, turn % 2 == 0))
            if self._plan:
                self._plan.append((at + _SHORT * _MS, False))
        while self._plan and self._plan[0][0] <= now:
            self._plan.popleft()
        return bool(self._plan) and self._plan[0][1]


@contextmanager
def keyboard() -> Iterator[Callable[[], str] | None]:
    """Give what reads the keys of this terminal without waiting; None where there is no terminal."""
    if sys.stdin is None or not sys.stdin.isatty():
        yield None
    elif sys.platform == "win32":
        import msvcrt

        yield lambda: msvcrt.getwch() if msvcrt.kbhit() else ""
    else:
        import os
        import select
        import termios
        import tty

        handle = sys.stdin.fileno()
        before = termios.tcgetattr(handle)

        def read() -> str:
            ready, _, _ = select.select([handle], [], [], 0)
            return os.read(handle, 16).decode(errors="ignore") if ready else ""

        try:
            tty.setcbreak(handle)
            yield read
        finally:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)
