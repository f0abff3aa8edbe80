"""A board's settings: what it holds, and new ones pushed whole, read back and compared.

`/settings.json` stays a plain file that anyone may edit on the drive, so its version and checksum lie beside it.
"""

import errno
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import backbeat
from backbeat import settings
from backbeat_host.complaints import Complaint, told
from backbeat_host.errors import WorkError
from backbeat_host.held import Change, Held, changes
from backbeat_host.link import firmware, manifest
from backbeat_host.link.backend import Files, LyingError, sha256
from backbeat_host.link.lean import lean
from backbeat_host.profile_text import look_at_json

SETTINGS = "/settings.json"
LAST = "/settings.last.json"
NEW = "/settings.new"  # what the board calls it while it writes
PUSHED = "/settings.pushed.json"  # version of the table and SHA-256 of what was pushed last
TEXT_MOST = 4000  # bytes that a board reads of its settings

FOUND_BY_THE_BOARD = ("mount.forward", "mount.up")

_NOTE_MOST = 400
_TABLE = "lib/backbeat/settings.py"
_TABLE_MOST = 65_536
_VERSION = re.compile(r"__version__ = \"([\w.+-]{1,40})\"")
_SHOWN_VERSION = re.compile(r"[\w.+-]{1,40}")


@dataclass(frozen=True)
class Pushed:
    """What the last push noted: the version whose table checked the settings, and their SHA-256."""

    version: str
    digest: str


def note(raw: bytes) -> bytes:
    """Give what is put beside a settings file that was pushed."""
    return json.dumps({"version": backbeat.__version__, "sha256": sha256(raw)}).encode() + b"\n"


class BoardSettings:
    """The settings of a board, reached through its files."""

    def __init__(self, files: Files, where: str) -> None:
        self._files = files
        self._where = where

    @property
    def where(self) -> str:
        """The board."""
        return self._where

    def held(self) -> Held:
        """What the board uses: what is not good has its last good value, what is not there its default."""
        last = self._read(LAST, None) or Held()
        good = last.values if not last.complaints else None
        held = self._read(SETTINGS, good)
        if held is None:
            held = self._read(NEW, None)
            if held is None or held.complaints:
                return Held(dict(good or settings.defaults()), set(good or ()))
        return held

    def put(self, wanted: Mapping[str, Any], wrong: Sequence[Complaint] = ()) -> list[Change]:
        """Change these; nothing is written unless the whole is then valid.

        Raises:
            InputError: it is not, or something is `wrong`; every complaint is told.
            WorkError: the board's firmware has another table of settings.
        """
        held = self.held()
        values = {**held.values, **wanted}
        direction = set(wanted) & set(FOUND_BY_THE_BOARD)
        left = [
            complaint
            for complaint in held.complaints
            if complaint.name not in wanted and not (direction and complaint.name in FOUND_BY_THE_BOARD)
        ]
        told([*wrong, *left, *self._together(values)])
        return self._written(held, values)

    def reset(self) -> list[Change]:
        """Write every setting's default."""
        return self.push(settings.defaults(), {row.name for row in settings.TABLE})

    def push(self, values: Mapping[str, Any], given: set[str]) -> list[Change]:
        """Write settings whole; what the board finds by itself stays as it is unless it is `given`.

        Raises:
            InputError: what stays does not go with what is given.
            WorkError: the board's firmware has another table of settings.
        """
        held = self.held()
        return self._written(held, self.checked(values, given, held))

    def checked(self, values: Mapping[str, Any], given: set[str], held: Held | None = None) -> dict[str, Any]:
        """What the board would hold after a push, as `merged`.

        Raises:
            InputError: what stays does not go with what is given.
        """
        new = self.merged(values, given, held or self.held())
        told(self._together(new))
        return new

    def merged(self, values: Mapping[str, Any], given: set[str], held: Held) -> dict[str, Any]:
        """What the board would hold after a push."""
        stays = {name: held.values[name] for name in FOUND_BY_THE_BOARD if name not in given}
        return {**values, **stays}

    def pushed(self) -> Pushed | None:
        """Give what the last push noted, None where there was none or its note makes no sense."""
        try:
            there = json.loads(self._files.read(PUSHED, 0, _NOTE_MOST))
            version, digest = there["version"], there["sha256"]
        except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
            return None
        good = isinstance(version, str) and _SHOWN_VERSION.fullmatch(version) and isinstance(digest, str)
        return Pushed(version, digest) if good else None

    def as_pushed(self) -> bool | None:
        """Tell whether the settings are those that were pushed last, None where nobody can know.

        They are not after a push that broke off, an edit on the drive, or a session that has found the mount.
        """
        pushed = self.pushed()
        return None if pushed is None else self._files.digest(SETTINGS) == pushed.digest

    def _written(self, held: Held, values: dict[str, Any]) -> list[Change]:
        self._same_table()
        raw = settings.dump(values).encode()
        digest = sha256(raw)
        pushed = note(raw)
        if self._files.digest(SETTINGS) != digest:
            self._files.write(SETTINGS, raw)
            back = self._files.read(SETTINGS, 0, TEXT_MOST)
            if back != raw or settings.load(back.decode()) != (values, []) or self._files.digest(SETTINGS) != digest:
                raise LyingError(errno.EIO, "written, but not as it was given", SETTINGS)
        if self._files.digest(PUSHED) != sha256(pushed):
            self._files.write(PUSHED, pushed)
        return changes(held.values, values)

    def _same_table(self) -> None:
        """See that the board's table of settings is the one that has checked them.

        Raises:
            WorkError: it is another version's, and another.
        """
        version = self._version()
        if version in (None, backbeat.__version__):  # None: nothing is installed yet
            return
        try:
            theirs = self._files.read(f"/{_TABLE}", 0, _TABLE_MOST)
        except FileNotFoundError:
            theirs = b""
        source = firmware.tree()[_TABLE].read_text(encoding="utf-8")
        if theirs not in (source.encode(), lean(source).encode()):
            raise WorkError(
                f"{self._where}: it runs Backbeat {version}, whose settings are others than those of "
                f"{backbeat.__version__} here; bring both to one version (`backbeat install`) and repeat the command."
            )

    def _version(self) -> str | None:
        try:
            version = json.loads(self._files.read(manifest.PATH, 0, manifest.MOST))["version"]
            if isinstance(version, str) and _SHOWN_VERSION.fullmatch(version):
                return version
        except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
            pass  # laid out by hand, or damaged
        try:
            found = _VERSION.search(self._files.read("/lib/backbeat/__init__.py", 0, _TABLE_MOST).decode())
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return found[1] if found else None

    def _together(self, values: dict[str, Any]) -> list[Complaint]:
        return [Complaint(sentence, where=self._where) for sentence in settings.together(dict(values))]

    def _read(self, path: str, last: dict[str, Any] | None) -> Held | None:
        """Read one file as the board does; None where it is not."""
        try:
            raw = self._files.read(path, 0, TEXT_MOST + 1)
        except FileNotFoundError:
            return None
        where = f"{self._where}, {path}"
        try:
            text = raw.decode() if len(raw) <= TEXT_MOST else ""
        except UnicodeDecodeError as error:
            text, sentence = "", f"not UTF-8 text at byte {error.start}; write it anew (`backbeat config push`)."
        else:
            sentence = f"larger than the {TEXT_MOST} bytes that a board reads; write it anew (`backbeat config push`)."
        if raw and not text:
            return Held(dict(last or settings.defaults()), set(), [Complaint(sentence, where=where)])
        looked = look_at_json(text, last)
        values, _ = settings.load(text, last)
        return Held(values, set(looked.values), [complaint.at(where) for complaint in looked.complaints])
