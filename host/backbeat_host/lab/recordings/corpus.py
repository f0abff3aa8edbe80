"""A corpus folder: samples.npy (int16 counts at 104 Hz, mapped, never read whole) and trials.jsonl (one line a trial).

Opening checks every line against the samples; the rows of a trial are copied out only when it is loaded.
"""

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from backbeat import settings
from backbeat_host.complaints import quoted, short
from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.trial import FASTEST_HZ, RATE_HZ, SLOWEST_HZ, UNBIASED, Rows, TrialRef

SAMPLES, TRIALS = "samples.npy", "trials.jsonl"
_ID = "a text that can be printed"
_MOST = 1 << 48  # rows: more than any disk holds


def open_corpus(folder: Path) -> list[TrialRef]:
    """List the trials of a corpus, checked, without reading samples.

    Raises:
        InputError: the folder is no corpus or is damaged; the message names file and line.
    """
    path = folder / TRIALS
    if not path.is_file():
        raise InputError(f"{folder}: not a corpus; expected {SAMPLES} and {TRIALS} in the folder.")
    available = len(_samples(folder))
    refs: list[TrialRef] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        labels = _object(place, line)
        ident = _field(place, labels, "id", lambda v: isinstance(v, str) and v.isprintable() and v != "", _ID)
        where = f"{place}, trial {short(ident)}"
        start = _field(where, labels, "start", _is_offset, "a whole number, 0 or more")
        length = _field(where, labels, "length", lambda v: _is_offset(v) and v >= 2, "a whole number, 2 or more")
        labels = {name: value for name, value in labels.items() if value is not None}  # null: nobody knows
        _field(where, {"steps": [], **labels}, "steps", _are_offsets, "a list of row offsets")
        _field(where, {"walking": [], **labels}, "walking", _are_spans, "a list of pairs of row offsets")
        _field(where, {"chip_rate": RATE_HZ, **labels}, "chip_rate", _is_rate, f"Hz, {SLOWEST_HZ:g} to {FASTEST_HZ:g}")
        _field(where, {"rate": RATE_HZ, **labels}, "rate", lambda v: _is_number(v) and 0 < v < inf, "Hz, above 0")
        _field(where, {"bias": list(UNBIASED), **labels}, "bias", _is_row, "six counts, -32768 to 32767")
        if start + length > available:
            raise InputError(f"{where}: rows {start} to {start + length} lie outside {SAMPLES}, which has {available}.")
        if ident in seen:
            raise InputError(f"{where}: this id is already that of line {seen[ident]}; ids must be unique.")
        seen[ident] = number
        held = _settings(where, labels.pop("settings", {}))
        del labels["start"], labels["length"]
        read = partial(_rows, folder, start, length)
        refs.append(TrialRef(ident, folder, read, labels, held, start, start + length, place))
    if not refs:
        raise InputError(f"{path}: no trials in it; expected one JSON object a line.")
    return refs


def _settings(where: str, given: Any) -> dict[str, Any]:
    """Give the settings that hold for a trial alone, such as how the chip sat, in the device's form."""
    if not isinstance(given, dict):
        raise InputError(f"{where}: 'settings' is {quoted(given)}; expected an object of settings.")
    values = settings.defaults()
    complaints = settings.apply(values, given)
    if complaints:
        raise InputError(f"{where}: settings: {complaints[0]}")
    return {name: values[name] for name in given}


def _rows(folder: Path, start: int, length: int) -> Rows:
    return np.array(_samples(folder)[start : start + length])


def _samples(folder: Path) -> Rows:
    path = folder / SAMPLES
    try:
        samples = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError as error:
        raise InputError(f"{path}: missing; a corpus needs it beside {TRIALS}.") from error
    except Exception as error:  # numpy reads the header with a parser of its own that can raise almost anything
        raise InputError(f"{path}: not a readable NumPy array; expected int16 of shape (rows, 6).") from error
    if not isinstance(samples, np.ndarray) or samples.dtype != np.int16 or samples.ndim != 2 or samples.shape[1] != 6:
        form = f"{samples.dtype} of shape {samples.shape}" if isinstance(samples, np.ndarray) else "an archive"
        raise InputError(f"{path}: {form}; expected int16 of shape (rows, 6).")
    return samples


def _lines(path: Path) -> list[str]:
    try:
        whole = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a readable corpus.") from error
    try:
        return whole.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        line = whole.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: not UTF-8 text; expected one JSON object a line.") from error


def _object(where: str, line: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for name, times in Counter(name for name, _ in pairs).items():
            if times > 1:
                raise InputError(f"{where}: '{short(name)}' comes twice in one object; leave one.")
        return dict(pairs)

    try:
        labels = json.loads(line, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: not JSON ({getattr(error, 'msg', 'malformed')}); expected one object.") from error
    if not isinstance(labels, dict):
        raise InputError(f"{where}: not a JSON object; expected id, start, length and labels.")
    return labels


def _field(where: str, labels: dict[str, Any], name: str, right: Callable[[Any], bool], form: str) -> Any:
    if name not in labels:
        raise InputError(f"{where}: no '{name}'; a trial needs id, start and length.")
    if not right(labels[name]):
        raise InputError(f"{where}: '{name}' is {quoted(labels[name])}; expected {form}.")
    return labels[name]


def _is_offset(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_rate(value: Any) -> bool:
    return _is_number(value) and SLOWEST_HZ <= value <= FASTEST_HZ


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 6 and all(type(v) is int and -32768 <= v < 32768 for v in value)


def _are_offsets(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_offset, value))


def _are_spans(value: Any) -> bool:
    return isinstance(value, list) and all(_are_offsets(pair) and len(pair) == 2 for pair in value)
