"""Ended from outside (`kill`, a closed terminal) as by ctrl-C, for commands that have something to put back."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_OTHERS = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP


@contextmanager
def as_ctrl_c() -> Iterator[None]:
    """Within this SIGTERM and SIGHUP raise KeyboardInterrupt, the first of them once: what is put back then is done.

    What is ignored (`nohup`) stays so.
    """
    came = False

    def end(*_: object) -> None:
        nonlocal came
        if not came:  # a terminal that closes sends its SIGHUP more than once
            came = True
            raise KeyboardInterrupt

    before = {}
    for name in _OTHERS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
