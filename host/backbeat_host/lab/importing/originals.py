"""The files of a published data set in a folder: which there are, and each as a trial with what its name says of it.

Everything here can be sent to another process. A file that cannot be read raises, and its reader says why.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from backbeat_host.errors import InputError
from backbeat_host.lab.importing.activities import SISFALL, UMAFALL
from backbeat_host.lab.recordings.corpus_writer import NewTrial
from backbeat_host.lab.recordings.sisfall_file import read_sisfall
from backbeat_host.lab.recordings.umafall_file import POSITIONS, UMAFALL_HZ, read_umafall, umafall_id

_SISFALL_NAME: Final = re.compile(r"([DF]\d\d)_(S[AE]\d\d)_R\d\d\.txt(\.gz)?")
_UMAFALL_NAME: Final = re.compile(r"UMAFall_(Subject_\d+_(ADL|Fall)_.+)\.csv(\.gz)?")
_UMAFALL_ID: Final = re.compile(r"(Subject_\d+)_(?:ADL|Fall)_(.+)_\d+")


@dataclass(frozen=True)
class DataSet:
    """One data set: the form of its files' names, an example, and how one file becomes a trial."""

    name: str
    form: re.Pattern[str]
    example: str
    read: Callable[[Path], NewTrial]


def sisfall() -> DataSet:
    """SisFall: a belt buckle's sensor at 200 Hz, one file a trial."""
    return DataSet("SisFall", _SISFALL_NAME, "F01_SA01_R01.txt", _sisfall_trial)


def umafall(position: str = POSITIONS[0]) -> DataSet:
    """UMAFall: several sensors at 20 Hz in one file a trial, of which the one at `position` is taken."""
    example = "UMAFall_Subject_01_ADL_Walking_1_2016-06-13_20-40-29.csv"
    return DataSet("UMAFall", _UMAFALL_NAME, example, partial(_umafall_trial, position))


def found(data_set: DataSet, source: Path) -> list[Path]:
    """List the data set's files in a folder and all below it, in the order of their names.

    Raises:
        InputError: `source` is no folder that can be read, or has none.
    """
    if not source.is_dir():
        raise InputError(f"{source}: not a folder; give the one that {data_set.name}'s archive unpacks into.")
    files = [path for path in source.rglob("*") if data_set.form.fullmatch(path.name) and path.is_file()]
    if not files:
        raise InputError(f"{source}: no file of {data_set.name} in it; expected names like {data_set.example}.")
    return sorted(files, key=lambda path: (path.name, path))


def _sisfall_trial(path: Path) -> NewTrial:
    name = _SISFALL_NAME.fullmatch(path.name)
    code, subject = (name[1], name[2]) if name else ("", "")
    if code not in SISFALL:
        raise InputError(f"{path}: its name has the activity '{code}'; SisFall has D01 to D19 and F01 to F15.")
    activity = SISFALL[code]
    labels = {"subject": subject, **activity.labels, "code": code, "mount": "belt, front"}
    return NewTrial(_stem(path), read_sisfall(path), labels)


def _umafall_trial(position: str, path: Path) -> NewTrial:
    told = umafall_id(path)
    parts = _UMAFALL_ID.fullmatch(told)
    if parts is None or parts[2] not in UMAFALL:
        raise InputError(f"{path}: its header has the ID '{told[:60]}'; expected one of {', '.join(UMAFALL)} in it.")
    activity = UMAFALL[parts[2]]
    labels = {"subject": parts[1], **activity.labels, "code": parts[2], "mount": position, "rate": UMAFALL_HZ}
    return NewTrial(_stem(path).removeprefix("UMAFall_"), read_umafall(path, position), labels)


def _stem(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).stem
