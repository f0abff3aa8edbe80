"""Text tables of numbers, plain or gzipped: read fast when all is well, word by word to say what is not.

For the recordings that come as text (CSV, SisFall); every fault is one sentence with file, line and column.
"""

import gzip
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backbeat_host.errors import InputError

_NUMBER = re.compile(r"[ \t]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t]*")
_ENDLESS = re.compile(r"[ \t]*[+-]?(nan|inf|infinity)[ \t]*", re.IGNORECASE)


def read_bytes(path: Path, limit: int = -1) -> bytes:
    """Give the file's (first `limit`) bytes, unpacked where its name ends in .gz.

    Raises:
        InputError: it is missing, unreadable or no sound gzip file.
    """
    try:
        if path.name.lower().endswith(".gz"):
            with gzip.open(path) as packed:
                return packed.read(limit)
        with path.open("rb") as plain:
            return plain.read(limit)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; give the path of a recording or a corpus folder.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: the gzip file is damaged or cut short; copy or pack it again.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason}); give a readable file.") from error


def read_lines(path: Path) -> list[str]:
    """Give the lines of a UTF-8 text file, without the blank ones at its end.

    Raises:
        InputError: as read_bytes, or the text is not UTF-8.
    """
    whole = read_bytes(path)
    try:
        text = whole.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = whole.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: not UTF-8 text; a recording is plain text with numbers.") from error
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def numbers(path: Path, lines: Sequence[str], first_line: int, names: Sequence[str]) -> npt.NDArray[np.float64]:
    """Turn comma-separated `lines` into an array with one column a name; `first_line` numbers the first of them.

    Raises:
        InputError: a line has another number of columns, or one of them is no finite number.
    """
    try:
        table = np.loadtxt(lines, delimiter=",", comments=None, ndmin=2, dtype=np.float64)
    except ValueError:
        table = np.empty((0, 0))
    if table.shape != (len(lines), len(names)) or not np.isfinite(table).all():
        _explain(path, lines, first_line, names)
    return table


def _explain(path: Path, lines: Sequence[str], first_line: int, names: Sequence[str]) -> None:
    for number, line in enumerate(lines, first_line):
        words = line.split(",")
        if not line.strip():
            raise InputError(f"{path}, line {number}: empty; expected {len(names)} numbers.")
        if len(words) != len(names):
            raise InputError(
                f"{path}, line {number}: {len(words)} columns; expected {len(names)} ({', '.join(names)})."
            )
        for name, word in zip(names, words, strict=True):
            where = f"{path}, line {number}, column {name}"
            shown = word.strip()[:40]
            if _ENDLESS.fullmatch(word) or (_NUMBER.fullmatch(word) and not np.isfinite(float(word))):
                raise InputError(f"{where}: '{shown}' is not a finite number; leave such samples out.")
            if not _NUMBER.fullmatch(word):
                raise InputError(f"{where}: '{shown}' is not a number.")
    raise InputError(f"{path}: not a table of {len(names)} columns of numbers.")
