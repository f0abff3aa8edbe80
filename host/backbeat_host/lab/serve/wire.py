"""The cable: what a port needs of it, and the pseudo-terminal that a served board has for one.

A pseudo-terminal joins what a program writes in two writes, where a USB cable carries two packets; and CircuitPython
drops what comes with a ctrl-C in one packet. So a carriage return right after a ctrl-C is taken for the begin of the
next packet: that is how mpremote writes its two (`\\r` ctrl-C, `\\r` ctrl-A).
"""

import contextlib
import os
import select
import sys
from typing import Protocol

from backbeat_host.errors import WorkError

PACKET = 64  # bytes, USB full speed
_CLOSED_LOOK_S = 0.02  # how often a port that nobody has open is looked at
_NEXT_PACKET = b"\x03\r"


class Wire(Protocol):
    """One end of a cable."""

    @property
    def open(self) -> bool:
        """Whether somebody has the other end open."""
        ...

    @property
    def stopping(self) -> bool:
        """Whether the board is to lose its power."""
        ...

    def receive(self) -> bytes:
        """The next packet, b"" when none is here."""
        ...

    def send(self, data: bytes) -> int:
        """Send what can be sent at once, and say how much that was."""
        ...

    def drop(self) -> None:
        """Forget what was sent and not read: nobody is there."""
        ...

    def close(self) -> None:
        """The cable is pulled."""
        ...


class Terminal:
    """A pseudo-terminal; `name` is the port that others open."""

    def __init__(self) -> None:
        """Make one.

        Raises:
            WorkError: this system has none.
        """
        if sys.platform == "win32":
            raise WorkError("a virtual board needs a pseudo-terminal, and Windows has none; use Linux, macOS or WSL.")
        import tty  # not on Windows

        self._master, other = os.openpty()
        tty.setraw(other)  # nothing is echoed and no newline changed, whoever opens it
        self.name = os.ttyname(other)
        os.close(other)
        os.set_blocking(self._master, False)
        self._bell, self._ring = os.pipe()
        self._ahead = b""
        self._up = True
        self.stopping = False

    @property
    def open(self) -> bool:
        """Whether somebody has the port open."""
        return self._up and not self._events(0, self._master) & (select.POLLHUP | select.POLLERR | select.POLLNVAL)

    def receive(self) -> bytes:
        """The next packet."""
        data, self._ahead = self._ahead, b""
        if not data and self._up:
            with contextlib.suppress(OSError):  # nothing there, or nobody
                data = os.read(self._master, PACKET)
        end = data.find(_NEXT_PACKET) + 1
        if end:
            data, self._ahead = data[:end], data[end:]
        return data

    def send(self, data: bytes) -> int:
        """Send what the operating system takes."""
        if not self._up:
            return len(data)
        try:
            return os.write(self._master, data)
        except BlockingIOError:
            return 0
        except OSError:
            return len(data)

    def drop(self) -> None:
        """Let the next one who opens the port not read what was meant for the last."""
        import termios  # not on Windows

        with contextlib.suppress(OSError, termios.error):  # from this end only a part of it can be dropped
            other = os.open(self.name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                termios.tcflush(self._master, termios.TCOFLUSH)
                termios.tcflush(other, termios.TCIFLUSH)
            finally:
                os.close(other)

    def wait(self, seconds: float, reading: bool) -> None:
        """Wait so long, or until bytes come in (if `reading`) or somebody stops the board."""
        if reading and self.open:
            self._events(seconds, self._master, self._bell)
        else:
            self._events(min(seconds, _CLOSED_LOOK_S), self._bell)

    def stop(self) -> None:
        """Ask the board, from another thread, to end."""
        self.stopping = True
        os.write(self._ring, b"!")

    def close(self) -> None:
        """Hang up."""
        if self._up:
            self._up = False
            os.close(self._master)

    def free(self) -> None:
        """Give everything back; nobody uses it any more."""
        self.close()
        os.close(self._bell)
        os.close(self._ring)

    def _events(self, seconds: float, *handles: int) -> int:
        """What happens at the first handle within so many seconds."""
        poll = select.poll()
        for handle in handles:
            poll.register(handle, select.POLLIN)
        return dict(poll.poll(seconds * 1000)).get(handles[0], 0)
