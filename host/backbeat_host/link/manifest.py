"""`/manifest.json`: what `install` brought onto a board, by size and hash, so that `boot.py` knows whether it is whole.

An unfinished one names a file that never is: `boot.py` then leaves the drive to the laptop.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from backbeat_host.link.backend import BESIDE, Files, HostileNameError, parts, sha256
from backbeat_host.link.firmware import LIBRARIES, ROOT_FILES

PATH = "/manifest.json"
STAGE = "/.backbeat-new"  # where files wait, verified, until all are there
ASIDE = "/before-backbeat"  # where a person's own files go whose places are needed
NEVER = STAGE + "/unfinished"

MOST = 65_536  # bytes; ours is 6 KB
_HASH = 64  # hexadecimal digits
_FOLDERS = tuple(f"/lib/{package}/" for package in ("backbeat", *LIBRARIES))


@dataclass
class Manifest:
    """`files`: path to (size, hash). `before`: hashes that a path had in versions that may still be there, in part.
    `aside`: a person's own files, from where to where.
    """

    version: str = ""
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    finished: bool = True
    damaged: bool = False  # there is one, but it makes no sense

    def brought(self, path: str, digest: str | None) -> bool:
        """Tell whether the file that has this hash there is one that `install` brought."""
        known = {self.files[path][1]} if path in self.files else set()
        return digest in known | self.before.get(path, set())

    def hashes(self) -> dict[str, set[str]]:
        """Every hash that a path may have without being a person's own."""
        told = {path: set(hashes) for path, hashes in self.before.items()}
        for path, (_, digest) in self.files.items():
            told.setdefault(path, set()).add(digest)
        return told

    def raw(self) -> bytes:
        """The file's bytes."""
        files: dict[str, list[Any]] = {path: [size, digest] for path, (size, digest) in self.files.items()}
        table: dict[str, Any] = {"version": self.version, "files": files}
        if not self.finished:
            files[NEVER] = [1, ""]
            table["before"] = {path: sorted(hashes) for path, hashes in self.before.items()}
        if self.aside:
            table["aside"] = self.aside
        return json.dumps(table, separators=(",", ":")).encode()


def of_files(version: str, wanted: dict[str, bytes]) -> Manifest:
    """Give the manifest of an installation."""
    return Manifest(version, {path: (len(raw), sha256(raw)) for path, raw in wanted.items()})


def load(files: Files) -> Manifest:
    """Read a board's manifest; an empty one where there is none, a damaged one where it makes no sense.

    It may say anything: only what `install` could have brought is taken from it.
    """
    sizes = {entry.name: entry.size for entry in files.listing("/") if not entry.is_folder}
    if PATH[1:] in sizes:
        return understood(files.read(PATH) if sizes[PATH[1:]] <= MOST else b"")
    beside = PATH + BESIDE
    if sizes.get(beside[1:], MOST) < MOST:  # over the console a file is away for a moment while it is replaced
        manifest = understood(files.read(beside))
        manifest.finished = False
        if not manifest.damaged:
            return manifest
    return Manifest()


def understood(raw: bytes) -> Manifest:
    """Read a manifest's bytes."""
    try:
        table = json.loads(raw.decode())
        version, files = table["version"], dict(table["files"])
        unfinished = files.pop(NEVER, None) is not None
        manifest = Manifest(
            version if isinstance(version, str) and version.isprintable() and len(version) < 40 else "",
            {path: (int(entry[0]), _hash(entry[1])) for path, entry in files.items() if ours(path)},
            {path: set(map(_hash, hashes)) for path, hashes in table.get("before", {}).items() if ours(path)},
            {path: to for path, to in table.get("aside", {}).items() if ours(path) and _set_aside(to)},
            not unfinished,
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError):
        return Manifest(damaged=True)
    return manifest


def ours(path: str) -> bool:
    """Tell whether `install` may bring, and `uninstall` remove, what has this path."""
    try:
        parts(path)
    except (HostileNameError, AttributeError):
        return False
    return path[1:] in ROOT_FILES or path.startswith(_FOLDERS)


def _set_aside(path: str) -> bool:
    try:
        return parts(path)[0] == ASIDE[1:]
    except (HostileNameError, AttributeError, IndexError):
        return False


def _hash(text: str) -> str:
    if len(text) != _HASH or set(text) - set("0123456789abcdef"):
        raise ValueError("no hash")
    return text
