"""The files of a board over its console: base64 in large chunks, read in big pieces, written files checked by hash.

What is sent is read by code on the board: compiling it as text, as mpremote does, costs a board ten times the cable's
time. CircuitPython has no `os.ilistdir`, its `rename` replaces nothing, and not every build has `hashlib`.
"""

import ast
import base64
import binascii
import errno
from collections.abc import Iterator
from typing import Any

from backbeat_host.link.backend import (
    BESIDE,
    BoardError,
    Entry,
    FullError,
    GarbledError,
    LyingError,
    OtherOwnerError,
    Progress,
    parts,
    sha256,
)
from backbeat_host.link.console import Console

_READ = 2048  # bytes the board reads and prints at a time: a few KB of its memory
_SENT = 3072  # bytes of a file in one piece: 4 KB of base64, read by the board's code or compiled as part of it
_LOST_S = 3  # what was sent and does not come for so long is lost
_SPARE = 1_000_000  # bytes of an answer beside the file's own; a listing of 10 000 names

_LISTING = """
import os
_k = 0
for _n in os.listdir({folder!r}):
    _feed()
    _s = os.stat({prefix!r} + _n)
    print(repr((_n, _s[6], _s[0] & 0x4000 != 0)))
    _k += 1
print(_k)
"""
_READING = """
import binascii
with open({path!r}, 'rb') as _f:
    _f.seek({begin})
    _left = {count}
    _crc = 0
    while _left > 0:
        _feed()
        _b = _f.read(min({piece}, _left))
        if not _b:
            break
        _left -= len(_b)
        _crc = binascii.crc32(_b, _crc)
        print(str(binascii.b2a_base64(_b), 'ascii'), end='')
print(_crc)
"""
_RECEIVE = """
def _receive(to, left, size, digest):
    import binascii, usb_cdc
    path = to + {beside!r}
    _folders(path)
    c = usb_cdc.console
    room = memoryview(bytearray({most}))
    before = c.timeout
    c.timeout = {patience}
    try:
        with open(path, 'wb') as file:
            while left > 0:
                _feed()
                want = min(left, {most})
                at = 0
                c.write(b'+')
                while at < want:
                    got = c.readinto(room[at:min(want, at + max(c.in_waiting, 1))])
                    if not got:
                        raise OSError({timeout})
                    at += got
                file.write(binascii.a2b_base64(bytes(room[:want])))
                left -= want
    finally:
        c.timeout = before
    os.sync()
    told = _hash(path)
    if told == (size, digest):
        _put(path, to)
    print(repr(told))
"""
_HASH = """
def _hash(path):
    import binascii
    try:
        import hashlib
        h = hashlib.new('sha256')
    except (ImportError, AttributeError, ValueError, TypeError):
        h = None
    crc = size = 0
    with open(path, 'rb') as file:
        while True:
            _feed()
            b = file.read(2048)
            if not b:
                break
            size += len(b)
            if h is None:
                crc = binascii.crc32(b, crc)
            else:
                h.update(b)
    if h is None:
        return (size, crc)
    return (size, str(binascii.hexlify(h.digest()), 'ascii'))
"""
_TIDY = """
import os
def _put(path, to):
    try:
        os.remove(to)
    except OSError as e:
        if e.errno != 2:
            raise
    os.rename(path, to)
    os.sync()
def _move(path, to):
    os.stat(path)
    _folders(to)
    _put(path, to)
def _folders(path):
    at = path.find('/', 1)
    while at > 0:
        try:
            os.stat(path[:at])
        except OSError:
            os.mkdir(path[:at])
        at = path.find('/', at + 1)
"""


class SerialFiles:
    """The board's files while its raw REPL is ready."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._writable: bool | None = None
        self._helped = False
        self._reads = True

    @property
    def writable(self) -> bool:
        """Whether the board's code owns the drive."""
        if self._writable is None:
            self.console.run("import storage")
            self._writable = not self.console.value("storage.getmount('/').readonly")
        return self._writable

    def listing(self, folder: str) -> list[Entry]:
        """List a folder; its names are the board's word, and no more."""
        parts(folder)
        prefix = folder.rstrip("/") + "/"
        said = self._run(_LISTING.format(folder=folder, prefix=prefix), folder)
        *lines, count = said.decode(errors="replace").split("\n")[:-1] or [""]
        if count != str(len(lines)):
            raise GarbledError(errno.EIO, "a list of files came disturbed", folder)
        return sorted(map(_entry, lines), key=lambda entry: entry.name)

    def read(
        self, path: str, begin: int = 0, count: int | None = None, progress: Progress = lambda done, total: None
    ) -> bytes:
        """Read a file from an offset, all of it or at most so many bytes."""
        parts(path)
        left = max(self._number(f"__import__('os').stat({path!r})[6]", path) - begin, 0)
        total = left if count is None else min(count, left)
        coded = 0

        def heard(piece: bytes) -> None:
            nonlocal coded
            coded += len(piece) - piece.count(b"\n") - piece.count(b"\r")
            progress(min(coded * 3 // 4, total), total)

        if total == 0:
            return b""
        code = _READING.format(path=path, begin=begin, count=total, piece=_READ)
        said = self._run(code, path, heard, most=2 * total + _SPARE)
        *lines, check = said.split() or [b""]
        try:
            raw = b"".join(base64.b64decode(line, validate=True) for line in lines)
        except binascii.Error as error:
            raise GarbledError(errno.EIO, "what it sent of a file is no base64", path) from error
        if len(raw) > total or check != str(binascii.crc32(raw)).encode():
            raise GarbledError(errno.EIO, "what it sent of a file came disturbed", path)
        return raw

    def write(self, path: str, raw: bytes, progress: Progress = lambda done, total: None) -> None:
        """Write a file whole: beside its place, its hash computed on the board, renamed. Makes its folders."""
        self._may_write(path)
        beside = path + BESIDE
        try:
            told = self._feed(path, raw, progress) if self._reads else None
            if told is None:
                told = self._send(beside, path, raw, progress)
            match told:
                case (int() as size, str() as digest) if (size, digest) == (len(raw), sha256(raw)):
                    return
                case (int() as size, int() as crc) if (size, crc) == (len(raw), binascii.crc32(raw)):
                    self._run(f"_put({beside!r}, {path!r})", path)  # a build without hashlib
                case _:
                    raise LyingError(errno.EIO, "written, but not as it was given", path)
        except (FullError, LyingError, OtherOwnerError):
            self._drop(beside)
            raise

    def _feed(self, path: str, raw: bytes, progress: Progress) -> Any:
        """Have code on the board read the file and, where its hash is right, put it in its place.

        Gives its size and hash as the board has them; None where the board cannot read its console.
        """

        def pieces() -> Iterator[bytes]:
            for begin in range(0, len(raw), _SENT):
                piece = raw[begin : begin + _SENT]
                yield binascii.b2a_base64(piece, newline=False)
                progress(begin + len(piece), len(raw))

        coded = -(-len(raw) // 3) * 4
        code = f"_receive({path!r},{coded},{len(raw)},{sha256(raw)!r})"
        try:
            return _value(self.console.feed(code, pieces()))
        except (TimeoutError, BoardError):
            self._reads = False  # no usb_cdc, or its input gets lost: the protocol of the raw REPL checks what it takes
            return None
        except OSError as error:
            if error.filename is None:
                error.filename = path
            raise

    def _send(self, beside: str, path: str, raw: bytes, progress: Progress) -> Any:
        """Do as `_feed`, the file being part of the code; its place is left to `write`."""
        self._run(f"import binascii\n_folders({path!r})\n_f = open({beside!r}, 'wb')", path)
        for begin in range(0, len(raw), _SENT):
            piece = raw[begin : begin + _SENT]
            text = binascii.b2a_base64(piece, newline=False)
            self._run(f"_feed()\n_f.write(binascii.a2b_base64({text!r}))", path)
            progress(begin + len(piece), len(raw))
        told = _value(self._run(f"_f.close()\nos.sync()\nprint(repr(_hash({beside!r})))", path))
        if told == (len(raw), sha256(raw)):
            self._run(f"_put({beside!r}, {path!r})", path)
        return told

    def rename(self, path: str, to: str) -> None:
        """Give a file another place, whose folders are made; what was there goes."""
        parts(path)
        self._may_write(to)
        self._run(f"_move({path!r}, {to!r})", path)

    def remove(self, path: str) -> None:
        """Remove a file, or a folder that is empty."""
        self._may_write(path)
        self._run(f"(os.rmdir if os.stat({path!r})[0] & 0x4000 else os.remove)({path!r})\nos.sync()", path)

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file in hexadecimal, None where there is no such file.

        Computed on the board; a build without `hashlib` sends the file here for it.
        """
        parts(path)
        self._help()
        try:
            told = _value(self._run(f"print(repr(_hash({path!r})))", path))
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        match told:
            case (int(), str() as digest):
                return digest
            case (int() as size, int()):
                return sha256(self.read(path, 0, size))
        raise GarbledError(errno.EIO, "no hash where one was asked for", path)

    def free(self) -> int:
        """Bytes that are free."""
        return self._number("(lambda s: s[0] * s[3])(__import__('os').statvfs('/'))", "/")

    def _may_write(self, path: str) -> None:
        parts(path)
        if not self.writable:
            raise OtherOwnerError(errno.EROFS, "the laptop owns the drive, the board may only read it", path)
        self._help()

    def _help(self) -> None:
        if not self._helped:
            self.console.run(_HASH)
            self.console.run(_TIDY)
            self.console.run(
                _RECEIVE.format(beside=BESIDE, most=_SENT * 4 // 3, patience=_LOST_S, timeout=errno.ETIMEDOUT)
            )
            self._helped = True

    def _drop(self, beside: str) -> None:
        try:
            self.console.run(f"try:\n _f.close()\nexcept Exception:\n pass\nos.remove({beside!r})")
        except OSError:
            return  # it stays until the next write to the same place

    def _number(self, expression: str, path: str) -> int:
        value = _value(self._run(f"print(repr({expression}))", path))
        if not isinstance(value, int):
            raise GarbledError(errno.EIO, "no number where one was asked for", path)
        return value

    def _run(self, code: str, path: str, each: Any = None, most: int = _SPARE) -> bytes:
        """Run code; an error of the board names the path."""
        try:
            return self.console.run(code, each=each, most=most)
        except OSError as error:
            if error.filename is None:
                error.filename = path
            raise


def _value(said: bytes) -> Any:
    try:
        return ast.literal_eval(said.strip().decode())
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise GarbledError(errno.EIO, "no value, but " + repr(said[-40:])) from error


def _entry(line: str) -> Entry:
    match _value(line.encode()):
        case (str() as name, int() as size, bool() as is_folder):
            return Entry(name, 0 if is_folder else size, is_folder)
    raise GarbledError(errno.EIO, "no name of a file, but " + repr(line[:40]))
