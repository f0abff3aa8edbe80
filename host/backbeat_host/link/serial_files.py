"""The files of a board over its console: base64 in large chunks, read in big pieces, written files checked by hash.

What is sent is read by code on the board: compiling it as text, as mpremote does, costs a board ten times the cable's
time. So do many small questions, each of which is compiled: what concerns many files is asked at once.
CircuitPython has no `os.ilistdir`, its `rename` replaces nothing, and not every build has `hashlib`.
"""

import ast
import base64
import binascii
import contextlib
import errno
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from backbeat_host.link import programs
from backbeat_host.link.backend import (
    BESIDE,
    DEEPEST,
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
from backbeat_host.link.service import laptop_owns

_READ = 2048  # bytes the board reads and prints at a time: a few KB of its memory
_TABLE = 8192  # bytes of paths, sizes and hashes that the board holds in memory at a time
_LITERAL = 256  # bytes of them that are compiled sooner than sent
_LITERALS = 16  # of them in one piece of code, where the board cannot read its console
_SPARE = 1_000_000  # bytes of an answer beside the file's own; a listing of 10 000 names
_T = TypeVar("_T")


class SerialFiles:
    """The board's files while its raw REPL is ready."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._writable: bool | None = None
        self._helped: set[str] = set()
        self._reads = True

    @property
    def writable(self) -> bool:
        """Whether the board's code owns the drive."""
        if self._writable is None:
            self._writable = not laptop_owns(self.console)
        return self._writable

    def listing(self, folder: str) -> list[Entry]:
        """List a folder; its names are the board's word, and no more."""
        prefix = folder.rstrip("/") + "/"
        entries = [replace(entry, name=entry.name.removeprefix(prefix)) for entry in self._tree(folder, 0)]
        return sorted(entries, key=lambda entry: entry.name)

    def tree(self, folder: str, deep: int = DEEPEST) -> list[Entry]:
        """List a folder and those in it, by whole paths, a folder before what is in it; nothing where there is none."""
        try:
            return self._tree(folder, deep)
        except FileNotFoundError:
            return []

    def _tree(self, folder: str, deep: int) -> list[Entry]:
        parts(folder)
        self._help(programs.TREE)
        said = self._run(f"_tree({folder.rstrip('/')!r}, {deep})", folder)
        *lines, count = said.decode(errors="replace").split("\n")[:-1] or [""]
        if count != str(len(lines)):
            raise GarbledError(errno.EIO, "a list of files came disturbed", folder)
        return list(map(_entry, lines))

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
        code = programs.READING.format(path=path, begin=begin, count=total, piece=_READ)
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
        self.write_all({path: raw}, progress)

    def write_all(self, files: Mapping[str, bytes], progress: Progress = lambda done, total: None) -> None:
        """Write each file as `write` does, in their order; `progress` counts the bytes of all."""
        for path in files:
            self._may_write(path)
        total = sum(map(len, files.values()))
        done = 0

        def went(count: int) -> None:
            nonlocal done
            done += count
            progress(done, total)

        for group in _groups(files.items(), lambda file: sum(map(len, _entry_of(*file)))):
            begun = done
            finished = self._feed(group, went) if self._reads else 0
            done = begun + sum(len(raw) for _, raw in group[:finished])
            for path, raw in group[finished:]:
                self._send(path, raw, went)

    def _feed(self, group: list[tuple[str, bytes]], went: Callable[[int], object]) -> int:
        """Have code on the board read files and, where its hash is right, put each in its place.

        Gives how many are there for sure: fewer than all where the board cannot read its console.
        """
        code = self._told([text for file in group for text in _entry_of(*file)], group[0][0]) + "_receive()"
        if not self._reads:
            return 0
        at = 0

        def pieces() -> Iterator[bytes]:
            nonlocal at
            for number, (_, raw) in enumerate(group):
                for piece in _pieces(raw):
                    yield binascii.b2a_base64(piece, newline=False)
                    at = number  # only now: what is yielded may be answered by the end of the file before
                    went(len(piece))

        self._help(programs.HEAR)
        try:
            wrong = _value(self.console.feed(code, pieces()))
        except (TimeoutError, BoardError):
            self._reads = False  # no usb_cdc, or its input gets lost: the protocol of the raw REPL checks what it takes
            return at
        except OSError as error:
            _name(error, group[at][0])
            raise
        if wrong is None:
            return len(group)
        if wrong not in [path for path, _ in group]:
            raise GarbledError(errno.EIO, "nobody knows what it wrote", group[0][0])
        raise LyingError(errno.EIO, "written, but not as it was given", wrong)

    def _send(self, path: str, raw: bytes, went: Callable[[int], object]) -> None:
        """Write a file that is part of the code, in pieces."""
        beside = path + BESIDE
        try:
            self._run(f"_folders({path!r})\n_f = open({beside!r}, 'wb')", path)
            for piece in _pieces(raw):
                text = binascii.b2a_base64(piece, newline=False)
                self._run(f"_feed()\n_f.write(binascii.a2b_base64({text!r}))", path)
                went(len(piece))
            told = _value(self._run(f"_f.close()\nos.sync()\nprint(repr(_hash({beside!r})))", path))
            if told not in ((len(raw), sha256(raw)), (len(raw), binascii.crc32(raw))):  # a build without hashlib
                raise LyingError(errno.EIO, "written, but not as it was given", path)
        except (FullError, LyingError, OtherOwnerError):
            with contextlib.suppress(OSError):  # then it stays until the next write to the same place
                self.console.run(f"try:\n _f.close()\nexcept Exception:\n pass\n_drop({beside!r})")
            raise
        self._run(f"_put({beside!r}, {path!r})", path)

    def rename(self, path: str, to: str) -> None:
        """Give a file another place, whose folders are made; what was there goes."""
        self.rename_all([(path, to)])

    def rename_all(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Do as `rename` with each pair, in their order; broken off, the first of them have moved."""
        pairs = list(pairs)
        for path, to in pairs:
            parts(path)
            self._may_write(to)
        self._each(pairs, "_moves()")

    def remove(self, path: str) -> None:
        """Remove a file, or a folder that is empty."""
        self.remove_all([path])

    def remove_all(self, paths: Iterable[str]) -> None:
        """Do as `remove` with each, in their order; broken off, the first of them are gone."""
        paths = list(paths)
        for path in paths:
            self._may_write(path)
        self._each([(path,) for path in paths], "_removes()")

    def _each(self, items: Sequence[tuple[str, ...]], call: str) -> None:
        """Have a function work through the items; it says a dot after each."""
        for group in _groups(items, lambda item: sum(map(len, item))):
            done = 0

            def heard(said: bytes) -> None:
                nonlocal done
                done += said.count(b".")

            code = self._told([path for item in group for path in item], group[0][0]) + call
            try:
                said = self.console.run(code, each=heard)
            except OSError as error:
                _name(error, group[min(done, len(group) - 1)][0])
                raise
            if said.count(b".") != len(group):
                raise GarbledError(errno.EIO, "nobody knows what it changed", group[0][0])

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file in hexadecimal, None where there is no such file.

        Computed on the board; a build without `hashlib` sends the file here for it.
        """
        return self.digests([path])[path]

    def digests(self, paths: Iterable[str]) -> dict[str, str | None]:
        """Give what `digest` does for each of the paths."""
        found: dict[str, str | None] = {}
        paths = list(paths)
        for path in paths:
            parts(path)
        for group in _groups(paths, len):
            self._help(programs.HASH)
            said = self._run(self._told(group, group[0]) + "_digests()", group[0])
            lines = said.split(b"\n")[:-1]
            if len(lines) != len(group):
                raise GarbledError(errno.EIO, "no hash where one was asked for", group[0])
            found |= {path: self._digest(path, line) for path, line in zip(group, lines, strict=True)}
        return found

    def _digest(self, path: str, line: bytes) -> str | None:
        """Understand what the board says of one file."""
        match _value(line):
            case (int(), str() as digest):
                return digest
            case (int() as size, int()):
                return sha256(self.read(path, 0, size))
            case errno.ENOENT | errno.ENOTDIR | errno.EISDIR:
                return None
            case int() as number:
                raise OSError(number, f"error {number} on the board", path)
        raise GarbledError(errno.EIO, "no hash where one was asked for", path)

    def free(self) -> int:
        """Bytes that are free."""
        return self._number("(lambda s: s[0] * s[3])(__import__('os').statvfs('/'))", "/")

    def _may_write(self, path: str) -> None:
        parts(path)
        if not self.writable:
            raise OtherOwnerError(errno.EROFS, "the laptop owns the drive, the board may only read it", path)
        self._help(programs.HASH)
        self._help(programs.CHANGE)

    def _help(self, code: str) -> None:
        """Have the board know some functions, once."""
        if code not in self._helped:
            self.console.run(code.replace("    ", " "))  # each byte is compiled
            self._helped.add(code)

    def _told(self, texts: list[str], path: str) -> str:
        """Have the board know the list `_told`; give the code that is still to be run for it, before what uses it."""
        raw = "\n".join(texts).encode()
        if len(raw) <= _LITERAL:
            return f"_told = {texts!r}\n"
        if self._reads:
            self._help(programs.HEAR)
            try:
                coded = (binascii.b2a_base64(piece, newline=False) for piece in _pieces(raw))
                if _value(self.console.feed(f"_learn({len(raw)})", coded)) != binascii.crc32(raw):
                    raise GarbledError(errno.EIO, "what was sent came disturbed", path)
                return ""
            except (TimeoutError, BoardError):
                self._reads = False
            except OSError as error:
                _name(error, path)
                raise
        self._run("_told = []", path)
        for begin in range(0, len(texts), _LITERALS):
            self._run(f"_told += {texts[begin : begin + _LITERALS]!r}", path)
        return ""

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
            _name(error, path)
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


def _pieces(raw: bytes) -> Iterator[bytes]:
    return (raw[begin : begin + programs.SENT] for begin in range(0, len(raw), programs.SENT))


def _groups(items: Iterable[_T], size: Callable[[_T], int]) -> Iterator[list[_T]]:
    """Split what the board is told into as much as it holds at a time."""
    group: list[_T] = []
    held = 0
    for item in items:
        if group and held + size(item) > _TABLE:
            yield group
            group, held = [], 0
        group.append(item)
        held += size(item)
    if group:
        yield group


def _entry_of(path: str, raw: bytes) -> tuple[str, str, str, str]:
    """What the board is told of a file that comes."""
    return path, str(len(raw)), sha256(raw), str(binascii.crc32(raw))


def _name(error: OSError, path: str) -> None:
    """Have an error name the path."""
    if error.filename is None:
        error.filename = path
