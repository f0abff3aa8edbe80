"""What the chip felt, as CSV recordings that `backbeat simulate` reads: written as it comes, whole at any moment.

Row k is stamped k / 104 s, the chip's nominal rate: read again, the rows are the very ones the chip gave. A gap ends
a file and begins the next (desk.csv, desk-2.csv), for nobody may bridge what might have been the fall.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from backbeat_host.errors import WorkError
from backbeat_host.lab.recordings.csv_file import HEADER
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT, RATE_HZ

_FEWEST = 2  # rows: fewer are no recording
_AT_ONCE = 52  # rows that go out together: half a second is what a power cut may cost


class Recording:
    """Rows for the files. `written` lists the files that are whole."""

    def __init__(self, path: Path, open_part: Callable[[Path], BinaryIO] | None = None) -> None:
        self._path = path
        self._open_part = open_part or (lambda part: part.open("wb"))
        self._number = 0
        self._file: BinaryIO | None = None
        self._rows = 0  # of this file; of these so many,
        self._kept = 0  # and so many bytes, are safe in it
        self._bytes = 0
        self._lines: list[str] = []
        self.written: list[Path] = []
        self.error: WorkError | None = None
        """Why nothing is written any more: a full disk does not end the run, and is told at its end."""

    def row(self, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> None:
        """Take one sample in the chip's counts and axes."""
        if self.error is not None:
            return
        acceleration = ",".join(f"{value * G_PER_COUNT:.6f}" for value in (ax, ay, az))
        rotation = ",".join(f"{value * DPS_PER_COUNT:.3f}" for value in (gx, gy, gz))
        self._lines.append(f"{self._rows / RATE_HZ:.6f},{acceleration},{rotation}\n")
        self._rows += 1
        if len(self._lines) >= _AT_ONCE:
            self._write()

    def split(self) -> None:
        """End this file: samples are missing before the next row."""
        self._write()
        if self._file is not None:
            with suppress(OSError):  # of a full disk, again
                self._file.close()
            try:
                if self._kept >= _FEWEST:
                    os.truncate(self._part(), self._bytes)  # a row that went half in is none
                    self._part().replace(self._place())
                    self.written.append(self._place())
                else:
                    self._part().unlink()
                    self._number -= 1
            except OSError as error:
                self._fail(error)
        self._file = None
        self._rows = self._kept = self._bytes = 0

    def _write(self) -> None:
        if not self._lines or self.error is not None:
            return
        text, self._lines = "".join(self._lines), []
        try:
            if self._file is None:
                self._number += 1
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._open_part(self._part())
                text = f"{HEADER}\n{text}"
            self._file.write(text.encode())
            self._file.flush()
            self._kept = self._rows
            self._bytes += len(text)
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        if self.error is None:
            self.error = WorkError(f"{self._place()}: cannot be written ({error.strerror}); choose another place.")

    def _place(self) -> Path:
        return self._path if self._number < 2 else self._path.with_stem(f"{self._path.stem}-{self._number}")

    def _part(self) -> Path:
        """Where a file grows; who finds it after a power cut can read it as it is."""
        place = self._place()
        return place.with_stem(f"{place.stem}.part")


@contextmanager
def recording(path: Path | None) -> Iterator[Recording | None]:
    """Give a recording that is whole however the run ends; None where no file is wanted."""
    if path is None:
        yield None
        return
    made = Recording(path)
    try:
        yield made
    finally:
        made.split()
