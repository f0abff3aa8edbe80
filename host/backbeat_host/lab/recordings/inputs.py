"""Inputs a person names on the command line, as trials: which reader fits, which ids there are, which part is wanted.

The table READERS is the one place to add another kind of file.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from math import ceil, isfinite
from pathlib import Path
from typing import Any

from backbeat_host.complaints import listed, short
from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.csv_file import looks_like_csv, read_csv
from backbeat_host.lab.recordings.log_file import looks_like_log, open_log
from backbeat_host.lab.recordings.sisfall_file import looks_like_sisfall, read_sisfall
from backbeat_host.lab.recordings.table import read_bytes
from backbeat_host.lab.recordings.trial import Rows, Trial, TrialRef

HEAD_BYTES = 256  # enough to recognise any kind of file by
IDS_SHOWN = 5  # in a message about ids that do not exist


@dataclass(frozen=True)
class Reader:
    """One kind of file: told by its path and its first (unpacked) bytes, opened as references."""

    what: str
    recognises: Callable[[Path, bytes], bool]
    open: Callable[[Path], list[TrialRef]]


def _one_trial(read: Callable[[Path], Rows], path: Path) -> list[TrialRef]:
    return [TrialRef(trial_id(path), path, partial(read, path))]


READERS: tuple[Reader, ...] = (
    Reader("a Backbeat log", looks_like_log, open_log),
    Reader("a CSV recording", looks_like_csv, partial(_one_trial, read_csv)),
    Reader("an original SisFall file", looks_like_sisfall, partial(_one_trial, read_sisfall)),
)


def trial_id(path: Path) -> str:
    """Give the id of a file's only trial: its name without the ending (`x.csv.gz` is `x`)."""
    stem = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    return Path(stem).stem


def open_input(path: Path) -> list[TrialRef]:
    """List the trials of a corpus folder or a file, without loading their samples.

    Raises:
        InputError: there is no such input, or it is none that can be read.
    """
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read; give the path of a recording or a corpus folder.") from error
    if is_folder:
        return open_corpus(path)
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: a pipe or a device; give a file or a corpus folder.")
    head = read_bytes(path, HEAD_BYTES)
    if not head:
        raise InputError(f"{path}: empty; expected a recording.")
    for reader in READERS:
        if reader.recognises(path, head):
            return reader.open(path)
    known = ", ".join(reader.what for reader in READERS)
    raise InputError(f"{path}: not a recording that can be read; expected a corpus folder, {known}.")


def all_trials(inputs: Sequence[Path], glob: str | None = None) -> list[TrialRef]:
    """List the trials of all inputs in order, with unique ids, those that match `glob` where one is given.

    An id that occurs twice gets its input's name in front (`name/id`), and as many folders as tell it from the others
    (`folder/name/id`); a glob may still name it without.

    Raises:
        InputError: an input cannot be read or is given twice, or nothing matches.
    """
    plain = [ref for path in inputs for ref in open_input(path)]
    for path, times in Counter(path.resolve() for path in inputs).items():
        if times > 1:
            raise InputError(f"{path}: this input comes twice; give each input once.")
    refs = [replace(ref, id=name) for ref, name in zip(plain, _names(plain), strict=True)]
    if glob is None:
        return refs
    chosen = [
        ref for ref, old in zip(refs, plain, strict=True) if fnmatchcase(ref.id, glob) or fnmatchcase(old.id, glob)
    ]
    if not chosen:
        shown = listed([ref.id for ref in refs], IDS_SHOWN)
        raise InputError(f"no trial matches '{glob}'; there are {shown} ({len(refs)} in all).")
    return chosen


def _names(refs: Sequence[TrialRef]) -> list[str]:
    """Give each trial's id, after as much of the end of its input's path as sets it apart from all others."""
    parts = {source: source.resolve().parts for source in {ref.source for ref in refs}}
    depths = [0] * len(refs)
    while True:
        ends = (parts[ref.source][len(parts[ref.source]) - depth :] for ref, depth in zip(refs, depths, strict=True))
        names = ["/".join([*end, ref.id]) for end, ref in zip(ends, refs, strict=True)]
        times = Counter(names)
        deeper = [
            number
            for number, (ref, name) in enumerate(zip(refs, names, strict=True))
            if times[name] > 1 and depths[number] < len(parts[ref.source])
        ]
        if not deeper:
            return names
        for number in deeper:
            depths[number] += 1


def cut(trial: Trial, from_s: float | None = None, to_s: float | None = None) -> Trial:
    """Keep the rows from `from_s` up to but not including `to_s`; labels that count rows are counted anew.

    Raises:
        InputError: the two are not an interval of the recording.
    """
    name_of = short(trial.id)
    begin = 0.0 if from_s is None else from_s
    end = trial.seconds if to_s is None else to_s
    for name, value in (("from", begin), ("to", end)):
        if not isfinite(value) or value < 0:
            raise InputError(f"{name_of}: --{name} {value:g} is not a time of the recording; expected 0 s or more.")
        if value > trial.seconds + 1e-6:
            raise InputError(
                f"{name_of}: --{name} {value:g} is beyond the end of the recording at {trial.seconds:.2f} s."
            )
    first, last = ceil(begin * trial.rate - 1e-6), ceil(end * trial.rate - 1e-6)
    if first >= last:
        raise InputError(f"{name_of}: nothing lies from {begin:g} s to {end:g} s; --from must come before --to.")
    return replace(trial, rows=trial.rows[first:last], labels=_labels_within(trial.labels, first, last))


def _labels_within(labels: dict[str, Any], first: int, last: int) -> dict[str, Any]:
    """Shift a corpus's row offsets (`steps`, `walking`) to the part's own first row; drop what lies outside."""
    kept = dict(labels)
    if "steps" in kept:
        kept["steps"] = [step - first for step in kept["steps"] if first <= step < last]
    if "walking" in kept:
        spans = [(max(a, first), min(b, last)) for a, b in kept["walking"]]
        kept["walking"] = [[a - first, b - first] for a, b in spans if a < b]
    return kept
