"""A board's console: the raw REPL entered from any state, Python run there, and the board left running its code.

mpremote's transport speaks the protocol; here it gets bounded waits, big reads, and what CircuitPython does otherwise.
"""

import ast
import errno
import re
import struct
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from enum import Enum
from io import StringIO
from types import TracebackType
from typing import Any, Self

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from backbeat.monitor import MAGIC
from backbeat_host.link.backend import BoardError, FullError, GarbledError, GoneError, OtherOwnerError
from backbeat_host.link.line import Line, opened

READY = b"+"  # what code writes that wants the next piece of what it reads

_RAW = b"raw REPL; CTRL-B to exit\r\n"
_FRIENDLY = b">>> "
_ANY_KEY = b"Press any key"
_REBOOT = b"soft reboot"
_INTERRUPT, _ENTER, _LEAVE, _RESTART = b"\x03", b"\x01", b"\x02", b"\x04"
_ENDED = b"\x04>"  # code's answer, and the raw REPL's prompt

_ANSWER_S = 0.3  # a board at a prompt answers a key within a few ms
_CLOSING_S = 3.0  # for an interrupted session to put its log down: 0.2 s each for block and flush, and to spare
_TRIES = 6
_EXEC_S = 15.0  # between two words of an answer; the longest silence is a hash of a large file
_PROTOCOL_S = 5.0  # for a prompt or an acknowledgement, of a board that collects garbage meanwhile
_START_S = 5.0
_LONGEST_LINE = 300
_LONGEST_ANSWER = 1_000_000  # bytes, unless more are expected

_ESCAPES = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x1b\\|\x07)|\x1b\[[0-9;?]*[ -/]*[@-~]")
_ERRNO = re.compile(r"OSError: (?:\[Errno (\d+)\]|(\d+)\b)(.*)")

# A watchdog that runs from a session would bite: stopped where the chip allows it, else fed by whatever takes long.
_PREPARE = """
import microcontroller
_dog = getattr(microcontroller, 'watchdog', None)
try:
    if _dog is not None and _dog.mode is not None:
        _dog.mode = None
except Exception:
    pass
def _feed():
    if _dog is not None and _dog.mode is not None:
        _dog.feed()
"""


class _Transport(SerialTransport):  # type: ignore[misc]
    """mpremote's, on a line of ours."""

    def __init__(self, line: Line) -> None:
        self.serial = line
        self.in_raw_repl = False
        self.use_raw_paste = True
        self.is_pty = True  # "do not ask how many bytes wait": our line answers at once

    def exec_raw_no_follow(self, command: str | bytes) -> None:
        """Send Python; mpremote prints what it does not understand, which nobody asked for."""
        with redirect_stdout(StringIO()):
            super().exec_raw_no_follow(command)

    def read_until(
        self,
        min_num_bytes: int,
        ending: bytes,
        timeout: float | None = None,
        data_consumer: Callable[[bytes], object] | None = None,
        timeout_overall: float | None = None,
    ) -> bytes:
        """Read up to `ending` in big pieces and never for ever."""
        return self.serial.until(ending, timeout or timeout_overall or _PROTOCOL_S, data_consumer)


class Leaving(Enum):
    """What becomes of a board whose console is left."""

    STAY = "it stays at its prompt"
    RUN = "its code runs again"  # a soft reboot: boot.py does not run, the drive's owner stays
    RESET = "it starts anew, from boot.py on"


class Console:
    """The console on a port; `with` closes the port. Between `enter` and `leave` the board runs what it is given."""

    def __init__(self, port: str, line: Line | None = None) -> None:
        self.port = port
        self._line = line or opened(port)
        self._transport = _Transport(self._line)
        self._ran: bool | None = None
        self._in_session = False
        self._leaving = Leaving.RUN
        self._busy = False  # whether code runs whose answer was not heard to its end

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()

    def running(self) -> bool:
        """Tell whether the board runs its code, which `enter` would interrupt. Disturbs nothing."""
        if self._ran is None:
            self._line.quiet(_ANSWER_S / 4)
            self._line.write(b"\r")
            heard = self._prompt(_FRIENDLY)
            friendly = _FRIENDLY in heard
            raw = False
            if not friendly:
                self._line.write(_ENTER)
                heard += self._prompt(_RAW)
                raw = _RAW in heard
            self._ran = not friendly and not raw
            self._in_session = self._ran and MAGIC in heard
            if friendly:  # not so in a raw REPL, which a program that broke off left behind: its code is to run
                self._leaving = Leaving.STAY
        return self._ran

    def in_session(self) -> bool:
        """Tell whether a session runs, which `enter` would end: it answers any byte. Disturbs nothing."""
        if self.running() and not self._in_session:
            self._line.write(b"\r")  # it looks five times a second, when no beat is near
            self._in_session = MAGIC in self._prompt(MAGIC)
        return self._in_session

    def enter(self, runs: bool | None = None) -> None:
        """Have the raw REPL, from any state; running code is interrupted, and given the time to end well.

        `runs` spares asking whether the board runs code, where that is known.

        Raises:
            GarbledError: the board gives no prompt.
            GoneError: the port is not there any more.
        """
        if runs is not None:
            self._ran = runs
        self.running()
        heard = b""
        for _ in range(_TRIES):
            # Not in one packet: what follows a ctrl-C there is dropped. And no second ctrl-C while code still ends.
            self._line.write(_INTERRUPT)
            heard = self._settled()
            if _ANY_KEY in heard:
                self._line.write(b"\r")
                heard += self._prompt(_FRIENDLY, _CLOSING_S)
            self._line.write(_LEAVE)
            self._prompt(_FRIENDLY)
            self._line.write(_ENTER)
            heard = self._prompt(_RAW)
            if heard.endswith(_RAW) and self._answers():
                self._transport.in_raw_repl = True
                self.run(_PREPARE)
                return
        raise GarbledError(errno.EIO, "no prompt, but " + _shown(heard) if heard else "no prompt, not a byte")

    def _prompt(self, words: bytes, patience: float = _ANSWER_S) -> bytes:
        return self._line.until(words, patience, whole=patience * 2)

    def _settled(self) -> bytes:
        """What the board says to a ctrl-C; nothing, soon, where it sat in the raw REPL."""
        if self._ran:
            return self._line.until(_ANY_KEY, _CLOSING_S, whole=_CLOSING_S)
        return self._prompt(_FRIENDLY)

    def _answers(self) -> bool:
        """Whether what looks like the raw REPL is one: it computes."""
        try:
            return self._exec("print(6*7)", _ANSWER_S * 5).strip() == b"42"
        except (GarbledError, OSError) as error:
            if isinstance(error, GoneError):
                raise
            return False

    def leave_by(self, way: Leaving) -> None:
        """Have `leave` do that, instead of what the board did before."""
        self._leaving = way

    @property
    def starts_again(self) -> bool:
        """Whether `leave` will have the board run its code from its beginning."""
        return self._leaving is Leaving.RUN

    def leave(self) -> None:
        """Have the board run its code again; one that stood at its prompt is left there. What fails is left alone."""
        if self._leaving is Leaving.RESET:
            self.reset()
        try:
            self._stop()
            self._line.write(b"\r" + _LEAVE)
            self._prompt(_FRIENDLY)
            if self._leaving is Leaving.RUN:
                self.restart()
        except OSError:
            return  # the board is gone or makes no sense: whoever plugs it in again starts it
        finally:
            self._transport.in_raw_repl = False

    def _stop(self) -> None:
        """Have the raw REPL ready where code runs still, because an exception broke its caller off."""
        if not self._busy:
            return
        self._busy = False
        self._line.write(_INTERRUPT)
        self._line.until(_ENDED, _CLOSING_S, whole=_CLOSING_S * 2)
        self._line.write(_ENTER)  # it may have ended by itself, and its prompt been read
        self._prompt(_RAW)

    def restart(self) -> None:
        """From the prompt: run `code.py` from its beginning."""
        self._line.write(_RESTART)
        self._prompt(_REBOOT, _START_S)
        self._line.quiet(_ANSWER_S / 4)

    def reset(self) -> None:
        """Start the board anew as by its reset button; the port goes away for a while."""
        self._leaving = Leaving.STAY
        try:
            self._stop()
            self._transport.exec_raw_no_follow("import microcontroller\nmicrocontroller.reset()")
            self._line.quiet(_ANSWER_S)
        except (OSError, TransportError, struct.error):
            return

    def run(
        self,
        code: str,
        patience: float | None = None,
        each: Callable[[bytes], object] | None = None,
        most: int = _LONGEST_ANSWER,
    ) -> bytes:
        """Run Python in the raw REPL and give what it printed, with plain line ends and without escapes.

        `each` hears the bytes as they come, unfiltered.

        Raises:
            FileNotFoundError: of a file on the board; likewise OtherOwnerError, FullError and other OSErrors.
            GarbledError: the answer makes no sense, is longer than `most` bytes, or paused for `patience` seconds (15).
            GoneError: the port is not there any more.
        """
        return plain(self._exec(code, patience, each, most))

    def feed(self, code: str, pieces: Iterable[bytes], patience: float | None = None) -> bytes:
        """Run Python that reads the console, sending it a piece at each `READY` that it writes; give the rest it says.

        No piece may hold a byte below 32: a ctrl-C would end the code.

        Raises:
            OSError: as `run`.
        """
        self._begin(code)
        for piece in pieces:
            said = self._line.read(1, _EXEC_S if patience is None else patience)
            if said != READY:  # it failed: what follows is its answer
                return plain(self._answer(patience, begun=said))
            self._line.write(piece)
        return plain(self._answer(patience))

    def value(self, expression: str, patience: float | None = None) -> Any:
        """Give the value of an expression, of Python's plain types."""
        text = self.run(f"print(repr({expression}))", patience).strip().decode(errors="replace")
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise GarbledError(errno.EIO, "no value, but " + _shown(text.encode())) from error

    def _exec(
        self,
        code: str,
        patience: float | None,
        each: Callable[[bytes], object] | None = None,
        most: int = _LONGEST_ANSWER,
    ) -> bytes:
        self._begin(code)
        return self._answer(patience, each, most)

    def _begin(self, code: str) -> None:
        self._busy = True
        try:
            self._transport.exec_raw_no_follow(code)
        except (TransportError, struct.error, IndexError) as error:
            raise GarbledError(errno.EIO, "it did not take what was sent") from error

    def _answer(
        self,
        patience: float | None,
        each: Callable[[bytes], object] | None = None,
        most: int = _LONGEST_ANSWER,
        begun: bytes = b"",
    ) -> bytes:
        patience = _EXEC_S if patience is None else patience
        said = begun
        if begun != _RESTART:
            said += self._line.until(_RESTART, patience, each, most=most)
        if not said.endswith(_RESTART):
            raise GarbledError(errno.EIO, "an answer broke off after " + _shown(said))
        wrong = self._line.until(_RESTART, patience)
        if not wrong.endswith(_RESTART):
            raise GarbledError(errno.EIO, "an answer broke off")
        self._busy = False
        if wrong[:-1]:
            raise told_error(plain(wrong[:-1]).decode(errors="replace"))
        return said[:-1]


def plain(raw: bytes) -> bytes:
    """Give what a board printed without escapes, with plain line ends."""
    return _ESCAPES.sub(b"", raw).replace(b"\r\n", b"\n")


def told_error(traceback: str) -> OSError:
    """Give the error that a board's traceback tells: by its number where it has one."""
    last = traceback.strip().rpartition("\n")[2][:_LONGEST_LINE]
    told = _ERRNO.search(last)
    if told is None:
        return BoardError(errno.EPROTO, "the board says " + repr(last))
    number = int(told[1] or told[2])
    text = told[3].strip() or f"error {number} on the board"
    if number == errno.EROFS:
        return OtherOwnerError(number, "the laptop owns the drive, the board may only read it")
    if number == errno.ENOSPC:
        return FullError(number, text)
    return OSError(number, text)  # which becomes FileNotFoundError and the like by itself


def _shown(raw: bytes) -> str:
    return repr(plain(raw)[-40:].decode(errors="replace"))
