"""The serial line below the console: bytes in big pieces, every wait bounded, failures in the words of `backend`."""

import errno
import time
from collections.abc import Callable
from typing import Any

import serial

from backbeat_host.errors import InputError
from backbeat_host.link.backend import GarbledError, GoneError

_BAUD = 115_200  # CircuitPython's port is USB: the number means nothing, but one must be given
_LOOK_S = 0.02  # a read waits so long for the first byte
_WRITE_S = 10.0  # a board that takes nothing for so long is gone, or hangs
_ANSWER_S = 5.0
_TALK_S = 3.0  # a board that talks for so long without a pause will not pause
_PIECE = 65_536
_MOST = 1_000_000  # bytes of an answer, unless more were asked for


class Line:
    """An open port as `mpremote` and the console read it; `now` is a clock in seconds."""

    def __init__(self, port: Any, now: Callable[[], float] = time.monotonic) -> None:
        self._port = port
        self._now = now
        self._ahead = bytearray()

    def inWaiting(self) -> int:  # noqa: N802 (the name that mpremote calls)
        """Bytes that can be read at once."""
        if not self._ahead:
            self._take(wait=False)
        return len(self._ahead)

    def read(self, count: int = 1, patience: float | None = None) -> bytes:
        """Give exactly so many bytes.

        Raises:
            GarbledError: they did not come within `patience` seconds (5).
        """
        limit = self._now() + (_ANSWER_S if patience is None else patience)
        while len(self._ahead) < count:
            self._take()
            if len(self._ahead) < count and self._now() >= limit:
                raise GarbledError(errno.EIO, "no answer")
        return self._give(count)

    def until(
        self,
        ending: bytes,
        patience: float,
        each: Callable[[bytes], object] | None = None,
        whole: float | None = None,
        most: int = _MOST,
    ) -> bytes:
        """Give all up to and with `ending`; `each` hears it at once.

        Less, when nothing came for `patience` seconds, it takes more than `whole`, or is longer than `most` bytes.
        """
        got = bytearray()
        began = self._now()
        limit = began + patience
        while len(got) <= most and (whole is None or self._now() < began + whole):
            if self._ahead:
                seen = max(len(got) - len(ending) + 1, 0)
                begin = len(got)
                got += self._ahead
                at = got.find(ending, seen)
                end = len(got) if at < 0 else at + len(ending)
                self._ahead[: end - begin] = b""
                del got[end:]
                if each is not None:
                    each(bytes(got[begin:]))
                if at >= 0:
                    return bytes(got)
                limit = self._now() + patience
            elif self._now() >= limit:
                break
            self._take()
        return bytes(got)

    def quiet(self, seconds: float) -> bytes:
        """Give what comes until nothing came for so long, or it came for far too long."""
        got = bytearray()
        limit = self._now() + seconds
        enough = self._now() + _TALK_S
        while self._now() < min(limit, enough):
            self._take()
            if self._ahead:
                got += self._give(len(self._ahead))
                limit = self._now() + seconds
        return bytes(got)

    def write(self, raw: bytes) -> int:
        """Send all of it."""
        try:
            self._port.write(raw)
        except (OSError, ValueError) as error:
            raise GoneError(errno.ENODEV, "its port takes nothing any more") from error
        return len(raw)

    def close(self) -> None:
        """Let the port go; one that is gone already is let go as well."""
        try:
            self._port.close()
        except (OSError, ValueError):
            return

    def _take(self, wait: bool = True) -> None:
        try:
            waiting = self._port.in_waiting
            if waiting or wait:
                self._ahead += self._port.read(min(max(waiting, 1), _PIECE))
        except (OSError, ValueError, TypeError) as error:  # pyserial's own, closed, and a handle that is None by now
            raise GoneError(errno.ENODEV, "its port is not there any more") from error

    def _give(self, count: int) -> bytes:
        given = bytes(self._ahead[:count])
        del self._ahead[:count]
        return given


def opened(port: str) -> Line:
    """Open a port for this program alone.

    Raises:
        InputError: it is no serial port.
        OSError: it is not there, not permitted, or another program has it.
    """
    try:
        return Line(serial.serial_for_url(port, _BAUD, timeout=_LOOK_S, write_timeout=_WRITE_S, exclusive=True))
    except (OSError, ValueError) as error:
        raise _refusal(port, error) from error


def _refusal(port: str, error: OSError | ValueError) -> OSError | InputError:
    """Say why a port did not open, in an errno: pyserial has several ways of saying it, Windows only words."""
    number = getattr(error, "errno", None)
    text = str(error)
    if number in (errno.EAGAIN, errno.EBUSY, errno.EWOULDBLOCK) or "Access is denied" in text:
        return OSError(errno.EBUSY, "another program has the port open", port)
    if number in (errno.EACCES, errno.EPERM):
        return PermissionError(errno.EACCES, "permission denied", port)
    if number == errno.ENOENT or "FileNotFoundError" in text:
        return GoneError(errno.ENODEV, "there is no such port", port)
    if "://" in port or any(f"({no_terminal}, " in text for no_terminal in (errno.ENOTTY, errno.EINVAL)):
        return InputError(f"{port}: no serial port; `backbeat devices` shows them.")
    return GarbledError(number or errno.EIO, "it cannot be used as a serial port", port)
