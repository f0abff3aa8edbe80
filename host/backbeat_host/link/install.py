"""The firmware onto a board and off it again, so that at any interruption the old or the new version runs, or the
drive is the laptop's and `install` again finishes.

All files are written beside first and verified there (the old version is whole); then the manifest is made to say
"unfinished", by which `boot.py` leaves the drive to the laptop; files are moved to their places, those that start
the firmware last; and the new manifest ends it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from backbeat import __version__
from backbeat_host.errors import WorkError
from backbeat_host.link import manifest as manifests
from backbeat_host.link.backend import BESIDE, Files, FullError, Progress, sha256
from backbeat_host.link.layout import contents
from backbeat_host.link.manifest import ASIDE, PATH, STAGE, Manifest
from backbeat_host.link.settings import PUSHED, SETTINGS, note

_PACKAGE = "/lib/backbeat/"  # what no manifest lists there is an older version's

_CLUSTER = 1024  # bytes a file takes a multiple of; a drive of 1 MB has 512, one of 16 MB 2048
_SPARE = 8192  # bytes for folders and for what a system writes by itself
_FOLDER = 1024


@dataclass
class Plan:
    """What an installation would do, found out by looking only."""

    wanted: dict[str, bytes]
    now: Manifest
    write: list[str] = field(default_factory=list)  # to be sent
    switch: list[str] = field(default_factory=list)  # to be moved to their places
    own: list[str] = field(default_factory=list)  # a person's own files at these places
    changed: list[str] = field(default_factory=list)  # of the version before, but edited since
    stale: list[str] = field(default_factory=list)  # of another version
    present: set[str] = field(default_factory=set)  # what is on the drive now, at its root and below /lib
    settings: bytes | None = None
    free: int = 0

    @property
    def bytes(self) -> int:
        """To be sent."""
        return sum(len(self.wanted[path]) for path in self.write) + len(self.settings or b"")

    @property
    def needs(self) -> int:
        """Bytes of the drive, at the worst moment."""
        files = [len(self.wanted[path]) for path in self.write]
        others = [len(self.settings or b""), 2 * len(self.goal.raw())]
        folders = {path.rpartition("/")[0] for path in self.write}
        clusters = sum(-(-size // _CLUSTER) * _CLUSTER for size in files + others)
        return clusters + 2 * _FOLDER * len(folders) + _SPARE if files or self.settings else 0

    @property
    def goal(self) -> Manifest:
        """The manifest that ends it."""
        return manifests.of_files(__version__, self.wanted)

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        same = self.now.files == self.goal.files and self.now.version == __version__ and self.now.finished
        return same and not (self.switch or self.stale or self.settings)


def planned(files: Files, settings: bytes | None = None, wanted: dict[str, bytes] | None = None) -> Plan:
    """Find out what an installation would do to a board. Only reads.

    Raises:
        OSError: the board cannot be read.
        WorkError: a file of the firmware is missing on this machine.
    """
    if wanted is None:
        wanted = {"/" + path: raw for path, raw in contents().items()}
    plan = Plan(wanted, manifests.load(files), free=files.free())
    there = [*files.tree("/", 0), *files.tree("/lib"), *files.tree(STAGE)]
    present = plan.present = {entry.name for entry in there if not entry.is_folder}
    others = [path for path in plan.now.hashes() if path not in wanted]
    mine = [place for path in wanted for place in (path, STAGE + path) if place in present]
    now = files.digests([SETTINGS, *mine, *others])
    if settings is not None and now[SETTINGS] != sha256(settings):
        plan.settings = settings
    for path, raw in wanted.items():
        if now.get(path) == sha256(raw):
            continue
        plan.switch.append(path)
        if now.get(STAGE + path) != sha256(raw):
            plan.write.append(path)
        own = now.get(path) is not None and not plan.now.brought(path, now[path])
        if own and not path.startswith(_PACKAGE):
            plan.own.append(path)
        elif own and path in (plan.now.files if plan.now.finished else plan.now.before):
            plan.changed.append(path)
    plan.stale = [path for path in others if now[path] and plan.now.brought(path, now[path])]
    return plan


def install(files: Files, plan: Plan, progress: Progress = lambda done, total: None) -> None:
    """Carry a plan out.

    Raises:
        WorkError: the drive has too little room; nothing was changed.
        OSError: the board went away, is full, or lies; the same again finishes.
    """
    if plan.done:
        return
    if plan.free < plan.needs:
        raise WorkError(
            f"the drive has {plan.free // 1000} KB free, and {plan.needs // 1000} are needed; pull the logs and "
            "remove them (`backbeat logs pull`, `backbeat logs rm`), or other files, then repeat the command."
        )
    _stage(files, plan, progress)
    aside = dict(plan.now.aside)
    for path in plan.own:
        aside[path] = _free_name(files, ASIDE + path)
    # An edit of ours is kept, but not put back by `uninstall`: it is nothing without the rest.
    edits = [(path, _free_name(files, ASIDE + path)) for path in plan.changed]
    before = plan.now.hashes()
    unfinished = Manifest(__version__, plan.goal.files, before, aside, finished=False)
    if plan.switch or plan.stale:
        files.write(PATH, unfinished.raw())
        moved = [(path, aside[path]) for path in plan.own]
        files.rename_all(moved + edits + [(STAGE + path, path) for path in plan.switch])
        files.remove_all(plan.stale)
    if plan.settings is not None:
        files.write(SETTINGS, plan.settings)
        files.write(PUSHED, note(plan.settings))
    files.write(PATH, Manifest(__version__, plan.goal.files, aside=aside).raw())
    _clear(files)
    _drop_empty(files, {path.rpartition("/")[0] for path in plan.stale})


def _stage(files: Files, plan: Plan, progress: Progress) -> None:
    """Write what is new beside everything; the old version is not touched."""
    wanted = {STAGE + path for path in plan.switch if path not in plan.write}
    # Of an installation of another version, broken off:
    files.remove_all(at.name for at in files.tree(STAGE) if not at.is_folder and at.name not in wanted)
    try:
        files.write_all({STAGE + path: plan.wanted[path] for path in plan.write}, progress)
    except FullError:
        _clear(files)
        raise


@dataclass
class Removal:
    """What `uninstall` removed, left because somebody changed it, and put back."""

    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)


def uninstall(files: Files, dry: bool = False) -> Removal:
    """Remove what the manifest names and still has that hash, and put back what `install` had set aside.

    Settings and logs stay. Broken off, the drive is the laptop's, and the same again finishes.

    Raises:
        WorkError: nothing is installed, or nothing tells what.
        OSError: the board cannot be read or written.
    """
    now = manifests.load(files)
    if now.damaged:
        raise WorkError(f"{PATH}: it makes no sense, so nobody knows what was installed; `backbeat install` mends it.")
    if not now.hashes():
        raise WorkError("Backbeat is not installed there (no manifest); there is nothing to remove.")
    done = Removal()
    hashes = files.digests(now.hashes())
    for path in sorted(hashes, key=lambda path: (path.count("/") > 1, path)):  # what starts the firmware goes first
        if hashes[path] is not None:
            (done.removed if now.brought(path, hashes[path]) else done.changed).append(path)
    aside = files.digests(now.aside.values())
    done.back = [path for path, place in now.aside.items() if path not in done.changed and aside[place]]
    if dry:
        return done
    if now.finished:
        files.write(PATH, Manifest(now.version, now.files, now.hashes(), now.aside, finished=False).raw())
    files.remove_all(done.removed)
    files.rename_all((now.aside[path], path) for path in done.back)
    _clear(files)
    _drop_empty(files, {path.rpartition("/")[0] for path in (*hashes, *now.aside.values())})
    for path in (PATH + BESIDE, PATH):
        if files.digest(path) is not None:
            files.remove(path)
    return done


def _clear(files: Files) -> None:
    """Remove the staging folder with all that is in it."""
    inside = [entry.name for entry in reversed(files.tree(STAGE))]
    if inside or any(entry.name == STAGE for entry in files.tree("/", 0)):
        files.remove_all([*inside, STAGE])


def _drop_empty(files: Files, folders: Iterable[str]) -> None:
    """Remove those of the folders, and of those above them, in which nothing is left."""
    above = {folder[:at] for folder in folders for at in range(len(folder) + 1) if folder[at : at + 1] in ("/", "")}
    for folder in sorted(filter(None, above), key=len, reverse=True):
        try:
            if not files.listing(folder):
                files.remove(folder)
        except FileNotFoundError:
            continue


def _free_name(files: Files, path: str) -> str:
    """A path that no file has yet: the same or, where it is taken, one beside it."""
    name, dot, ending = path.rpartition(".")
    number = 1
    free = path
    while files.digest(free) is not None:
        number += 1
        free = f"{name}-{number}{dot}{ending}"
    return free
