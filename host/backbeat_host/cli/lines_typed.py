"""Lines that a person types while a command goes on with something else."""

import os
import select
import sys


class LinesTyped:
    """Standard input, where it is a terminal; else no line ever comes."""

    def __init__(self) -> None:
        self.wanted = sys.stdin.isatty()
        """Whether a line may still come."""

    def line(self) -> str | None:
        """Give the line that was typed meanwhile, None where there is none; it does not wait."""
        try:
            if not self.wanted or not self._in_front() or not select.select([sys.stdin], [], [], 0)[0]:
                return None
            typed = os.read(sys.stdin.fileno(), 1024)  # a terminal gives one line at a time; `readline` would keep more
        except OSError:
            typed = b""  # the terminal is gone
        self.wanted = bool(typed)
        return typed.decode(errors="replace").strip() if typed else None

    def _in_front(self) -> bool:
        """Whether this terminal is ours now: a job in the background that reads from it is stopped."""
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
