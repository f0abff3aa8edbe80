"""A CircuitPython console as a serial port without a machine below it, in virtual time, with faults on purpose.

Simulated: the prompts, the raw REPL with raw paste, what a ctrl-C does to the rest of its packet, errno texts, the
drive's owner. Faked: Python is this machine's, with `os` and `open` on a folder.
"""

import binascii
import builtins
import hashlib
import io
import struct
import types
from collections.abc import Callable
from pathlib import Path

import serial

from backbeat.monitor import MAGIC

LOOK_S = 0.02
WINDOW = 128
BANNER = b"\r\nAdafruit CircuitPython 10.2.1 on 2026-05-01; Raspberry Pi Pico with rp2040\r\n"
TITLE = b"\x1b]0;\xf0\x9f\x90\x8dREPL | 10.2.1\x1b\\"
RAW = b"raw REPL; CTRL-B to exit\r\n>"
TEXTS = {2: "No such file/directory", 30: "Read-only filesystem", 28: "No space left on device", 17: "File exists"}


class BoardError(OSError):
    """What the board's os raises: told with CircuitPython's words."""


class FakePort:
    """`mode`: running, friendly, any key, raw. `owner`: board or laptop."""

    def __init__(self, folder: Path, mode: str = "running", owner: str = "board", capacity: int = 1_000_000) -> None:
        self.folder = folder
        self.mode = mode
        self.owner = owner
        self.capacity = capacity
        self.now = 0.0
        self.out = bytearray()
        self.code = bytearray()
        self.interrupts = 0
        self.starts = 0
        self.resets = 0
        self.moved = 0  # bytes, both ways
        self.cut_at: int | None = None
        self.left: int | None = None  # changes of the drive until the cable is pulled, while code runs
        self.closing_s = 0.3  # how long a session takes to end
        self.ends_at = 0.0
        self.session = False  # whether a session runs, which answers each byte
        self.has_hashlib = True
        self.dog: types.SimpleNamespace | None = None
        self.fed = 0
        self.closed = False
        self.answer: Callable[[bytes], bytes] = lambda raw: raw  # what the line makes of it
        self.writes_lie = False
        self.globals: dict[str, object] = {}
        self._said = io.StringIO()  # what the code that runs has printed

    # --- the port, as pyserial offers it

    @property
    def in_waiting(self) -> int:
        self._check()
        self._tick(0.0)
        return len(self.out)

    def read(self, count: int = 1) -> bytes:
        self._check()
        if not self.out:
            self._tick(LOOK_S)
        given = bytes(self.out[:count])
        if self.cut_at is not None:
            given = given[: max(self.cut_at - self.moved, 0)]
        self.moved += len(given)
        del self.out[: len(given)]
        return given

    def write(self, raw: bytes) -> int:
        self._check()
        if self.cut_at is not None:
            raw = raw[: max(self.cut_at - self.moved, 0)]
        self.moved += len(raw)
        for byte in raw:
            if self.mode in ("running", "ending") and byte == 3:
                self._take(3)
                break  # the rest of the packet is dropped
            self._take(byte)
        self._check()
        return len(raw)

    def close(self) -> None:
        self.closed = True

    def _check(self) -> None:
        if self.cut_at is not None and self.moved >= self.cut_at:
            raise serial.SerialException("device reports readiness to read but returned no data")

    def _tick(self, seconds: float) -> None:
        self.now += seconds
        if self.mode == "ending" and self.now >= self.ends_at:
            self.mode = "any key"
            self._say(b"Traceback (most recent call last):\r\nKeyboardInterrupt:\r\n")
            self._say(b"\r\nCode done running.\r\n\r\nPress any key to enter the REPL. Use CTRL-D to reload.\r\n")

    def _say(self, raw: bytes) -> None:
        self.out += self.answer(raw)

    # --- the board

    def _take(self, byte: int) -> None:
        match self.mode, byte:
            case "running", 3:
                self.interrupts += 1
                self.mode, self.ends_at = "ending", self.now + self.closing_s
            case "ending", 3:
                self.interrupts += 1  # it hits the code that closes the log
            case (("running" | "ending"), _):
                if self.session:
                    self._say(MAGIC + bytes(10))
            case "any key", 4:
                self._restart()
            case "any key", _:
                self.mode = "friendly"
                self._say(TITLE + BANNER + b">>> ")
            case "friendly", 1:
                self.mode = "raw"
                self.code.clear()
                self._say(b"\r\n" + RAW)
            case "friendly", 2:
                self._say(BANNER + b">>> ")
            case "friendly", 3:
                self._say(b"\r\nKeyboardInterrupt: \r\n>>> ")
            case "friendly", 4:
                self._restart()
            case "friendly", 13:
                self._say(b"\r\n>>> ")
            case "friendly", _:
                self._say(bytes([byte]))
            case "raw", 1 if bytes(self.code) == b"\x05A":
                self.mode = "paste"
                self.code.clear()
                self._say(b"R\x01" + struct.pack("<H", WINDOW) + b"\x01")
            case "raw", 1:
                self.code.clear()
                self._say(RAW)
            case "raw", 2:
                self.mode = "friendly"
                self._say(b"\r\n" + BANNER + b">>> ")
            case "raw", 3:
                self.code.clear()
            case "raw", 4:
                self._say(b"OK")
                self._run()
            case "paste", 3:
                self.mode = "raw"
            case "paste", 4:
                self._say(b"\x04")
                self._run()
            case _:
                self.code.append(byte)
                if self.mode == "paste" and len(self.code) % WINDOW == 0:
                    self._say(b"\x01")

    def _restart(self) -> None:
        self.starts += 1
        self.globals.clear()
        self.mode = "running"
        self._say(b"\r\n" + TITLE + b"soft reboot\r\n\r\ncode.py output:\r\n")

    def _run(self) -> None:
        code = bytes(self.code)
        self.code.clear()
        self.mode = "raw"
        said = self._said = io.StringIO()
        wrong = ""
        self.globals["__builtins__"] = self._builtins()
        try:
            exec(compile(code, "<stdin>", "exec"), self.globals)
        except OSError as error:
            text = TEXTS.get(error.errno or 0, "")
            wrong = f"OSError: [Errno {error.errno}] {text}" if text else f"OSError: {error.errno}"
        except PulledError:
            self.cut_at = self.moved
            return
        except ResetError:
            self.resets += 1
            self.mode = "running"
            self.globals.clear()
            return
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            wrong = f'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\n{wrong}\n'
        for text in (said.getvalue(), wrong):
            self._say(text.replace("\n", "\r\n").encode())
            self._say(b"\x04")
        self._say(b">")

    # --- what its Python may use

    def _builtins(self) -> dict[str, object]:
        def put(*values: object, sep: str = " ", end: str = "\n") -> None:
            self._said.write(sep.join(map(str, values)) + end)

        return vars(builtins) | {"__import__": self._import, "open": self._open, "print": put}

    def _import(self, name: str, *_: object) -> object:
        if name == "hashlib" and not self.has_hashlib:
            raise ImportError("no module named 'hashlib'")
        modules = {
            "os": self._os(),
            "binascii": binascii,
            "hashlib": hashlib,
            "storage": types.SimpleNamespace(
                getmount=lambda at: types.SimpleNamespace(readonly=self.owner == "laptop")
            ),
            "microcontroller": types.SimpleNamespace(watchdog=self.dog, reset=self._reset),
        }
        if name not in modules:
            raise ImportError(f"no module named '{name}'")
        return modules[name]

    def _reset(self) -> None:
        raise ResetError

    def _place(self, path: str) -> Path:
        return self.folder / path.strip("/")

    def _writing(self) -> None:
        if self.owner == "laptop":
            raise OSError(30, "")
        if self.left is not None:
            if self.left == 0:
                raise PulledError
            self.left -= 1

    def _used(self) -> int:
        return sum(at.stat().st_size for at in self.folder.rglob("*") if at.is_file())

    def _open(self, path: str, mode: str = "r") -> object:
        if "r" not in mode:
            self._writing()
            return _Written(self, self._place(path))
        return self._place(path).open(mode)

    def _os(self) -> object:
        def mkdir(path: str) -> None:
            self._writing()
            self._place(path).mkdir()

        def remove(path: str) -> None:
            self._writing()
            self._place(path).unlink()

        def rmdir(path: str) -> None:
            self._writing()
            self._place(path).rmdir()

        def rename(path: str, to: str) -> None:
            self._writing()
            if not self._place(path).exists():
                raise OSError(2, "")
            if self._place(to).exists():
                raise OSError(17, "")
            self._place(path).rename(self._place(to))

        return types.SimpleNamespace(
            listdir=lambda path="/": sorted(at.name for at in self._place(path).iterdir()),
            stat=lambda path: tuple(self._place(path).stat()),
            statvfs=lambda path: (512, 512, self.capacity // 512, (self.capacity - self._used()) // 512),
            mkdir=mkdir,
            remove=remove,
            rmdir=rmdir,
            rename=rename,
            sync=lambda: None,
        )


class ResetError(BaseException):
    """The board starts anew."""


class PulledError(BaseException):
    """The board has no power any more."""


class _Written:
    def __init__(self, port: FakePort, place: Path) -> None:
        self._port = port
        self._file = place.open("wb")

    def write(self, raw: bytes) -> int:
        self._port._writing()
        if self._port._used() + len(raw) > self._port.capacity:
            raise OSError(28, "")
        if self._port.writes_lie and raw:
            raw = bytes([raw[0] ^ 1]) + raw[1:]
        self._file.write(raw)
        self._file.flush()
        return len(raw)

    def close(self) -> None:
        self._file.close()
