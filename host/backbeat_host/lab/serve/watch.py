"""Whether the laptop has written the drive's folder: looked at five times a second, as long as the laptop owns it."""

import os
from collections.abc import Callable
from pathlib import Path

from backbeat_host.lab.flash.drive import Drive

_EVERY_NS = 200_000_000

_Picture = dict[str, tuple[int, int]]


class Watch:
    """Looks at one drive's folder; `changed` hears of each look that found another picture than the last."""

    def __init__(self, drive: Drive, changed: Callable[[], object]) -> None:
        self._drive = drive
        self._changed = changed
        self._picture: _Picture = {}

    def begin(self) -> None:
        """Look from now on."""
        self.take_as_seen()
        self._later()

    def take_as_seen(self) -> None:
        """What is there now is no news: the board wrote it itself."""
        self._picture = _picture(self._drive.folder)

    def _look(self) -> None:
        picture = _picture(self._drive.folder)
        if picture != self._picture:
            self._picture = picture
            if not self._drive.code_owns:
                self._drive.seen_anew()
                self._changed()
        self._later()

    def _later(self) -> None:
        self._drive.clock.schedule(self._drive.clock.ns + _EVERY_NS, self._look)


def _picture(folder: str | Path) -> _Picture:
    picture: _Picture = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    picture[entry.path] = (0, 0)
                    picture |= _picture(entry.path)
                else:
                    facts = entry.stat(follow_symlinks=False)
                    picture[entry.path] = (facts.st_mtime_ns, facts.st_size)
    except OSError:
        picture[f"{folder}?"] = (len(picture), 0)  # it changes while we look: another picture than any whole one
    return picture
