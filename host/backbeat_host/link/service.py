"""Who owns the drive, the board's clock, and starting it anew: what goes over the console and into a few bytes of nvm.

mpremote's own reset does nothing on CircuitPython, so it is `microcontroller.reset()` here.
"""

import errno
import time
from collections.abc import Callable
from datetime import UTC, datetime

from backbeat import nvm
from backbeat_host.errors import WorkError
from backbeat_host.link.backend import GarbledError
from backbeat_host.link.console import Console

_NEAR_S = 2  # a clock counts whole seconds, and setting it takes a moment
_FIRST_YEAR = 2024  # a clock that nobody has set stands before it

_PUT = """
import microcontroller
_m = microcontroller.nvm
if _m is not None and _m[{at}] != {byte}:
    _m[{at}] = {byte}
print(repr(_m is not None and _m[{at}] == {byte}))
"""
_SET = """
import rtc, time
_was = time.time()
rtc.RTC().datetime = time.struct_time({fields!r})
print(repr((_was, time.time())))
"""


def laptop_owns(console: Console) -> bool:
    """Tell whether the laptop may write the drive now."""
    console.run("import storage")
    return bool(console.value("storage.getmount('/').readonly"))


def laptop_owns_meanwhile(console: Console) -> bool:
    """Tell the same of a board that does what it does; a session that runs is not disturbed: then the board owns it."""
    if console.in_session():
        return False
    console.enter()
    try:
        return laptop_owns(console)
    finally:
        console.leave()


def ask_for_service(console: Console) -> None:
    """Have the next start give the drive to the laptop.

    Raises:
        WorkError: the board remembers nothing over a reset.
    """
    _remember(console, nvm.SERVICE, 1)


def ask_for_run(console: Console) -> None:
    """Have the next start give the drive to the board, which it does unless service was asked for."""
    _put(console, nvm.SERVICE, 0)  # without that memory nobody can have asked


def ask_for_session(console: Console) -> None:
    """Have the firmware's next start begin a session without a press.

    Raises:
        WorkError: the board remembers nothing over a start.
    """
    _remember(console, nvm.AT_ONCE, 1)


def ask_for_no_session(console: Console) -> None:
    """Take that wish back, where the firmware has not come to it yet."""
    _put(console, nvm.AT_ONCE, 0)


def set_clock(console: Console, now: Callable[[], float] = time.time) -> float | None:
    """Set the board's clock to unix time; give by how many seconds it was ahead, None where nobody had set it.

    Raises:
        WorkError: the board has no clock that can be set, or it does not keep what it is given.
    """
    set_to = round(now())
    at = datetime.fromtimestamp(set_to, UTC)
    fields = (at.year, at.month, at.day, at.hour, at.minute, at.second, at.weekday(), at.timetuple().tm_yday, -1)
    try:
        said = console.run(_SET.format(fields=fields))
    except GarbledError as error:
        if error.errno != errno.EPROTO:
            raise
        raise WorkError(f"{console.port}: its clock cannot be set ({error.strerror}).") from error
    was, is_now = _two_numbers(said)
    if abs(is_now - now()) > _NEAR_S:
        raise WorkError(f"{console.port}: its clock was set and tells another time; press its reset, then try again.")
    return was - set_to if was >= datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp() else None


def _remember(console: Console, at: int, byte: int) -> None:
    if not _put(console, at, byte):
        raise WorkError(
            f"{console.port}: the board remembers nothing over a reset (nvm); press its button just after a session "
            "has begun: that asks for service, too."
        )


def _put(console: Console, at: int, byte: int) -> bool:
    return console.run(_PUT.format(at=at, byte=byte)).strip() == b"True"


def _two_numbers(said: bytes) -> tuple[int, int]:
    try:
        first, second = said.strip().strip(b"()").split(b",")
        return int(first), int(second)
    except ValueError as error:
        raise GarbledError(errno.EIO, "no time where one was asked for") from error
