"""Events as JSON lines, one event a line in order of time: what `--events` promises to other programs.

Written from the events of one run or of many, read back for scoring and drawing; `-` is standard output.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from backbeat import names
from backbeat_host.errors import InputError
from backbeat_host.files import written_whole
from backbeat_host.runs.events import Event

DECIMALS: Final = 3  # seconds, to the millisecond: the device's clock tells no finer
_FIRST: Final = ("trial", "t", "event")
_TEXTS: Final = frozenset({"direction", "travel", "gait", "cue", "by", "fault", "reason", "without"})
_NUMBERS: Final = frozenset(
    {"at", "peak_mg", "rotation", "duration", "heading", "confidence", "countdown", "ms", "percent", "due", "n"}
)


def write_events(events: Iterable[Mapping[str, Any]], target: Path | Literal["-"]) -> None:
    """Write the events in order of `t`, those of one instant in the order given; a file whole or not at all.

    Each line begins with trial, t and event; numbers are rounded to thousandths. "-" is standard output.

    Raises:
        WorkError: the file cannot be written.
    """
    lines = _lines(events)
    if target == "-":
        sys.stdout.writelines(lines)
        sys.stdout.flush()
        return
    with written_whole(Path(target)) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


def read_events(path: Path) -> list[Event]:
    """Read the events of a file; names not known here are left out, fields not known here are left alone.

    Raises:
        InputError: the file cannot be read, or a line (named) is not an event.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file of events.") from error
    events = (_event(line, f"{path}, line {number}") for number, line in enumerate(raw.split(b"\n"), 1) if line.strip())
    return [event for event in events if event["event"] in names.EVENTS]


def _lines(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Put the events in order, each as one line."""
    for event in sorted(events, key=lambda event: float(event["t"])):
        fields = {name: event[name] for name in _FIRST} | dict(event)
        plain = {name: _plain(value) for name, value in fields.items()}
        yield json.dumps(plain, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """Give a value as JSON has it: numpy's numbers as Python's, rounded, and no minus before a zero."""
    value = value.item() if hasattr(value, "item") else value
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else value


def _event(line: bytes, where: str) -> Event:
    """Read one line, or say what is wrong with it and where."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: this is not JSON; expected one event a line, as --events writes them.") from error
    if not isinstance(event, dict):
        raise InputError(f"{where}: expected an object with trial, t and event; write the file again with --events.")
    for name, value in event.items():
        if (name in ("trial", "event") or name in _TEXTS) and not isinstance(value, str):
            raise InputError(f'{where}: "{name}" must be a text; correct it or leave the line out.')
        if (name == "t" or name in _NUMBERS) and not _is_number(value):
            raise InputError(f'{where}: "{name}" must be a number; correct it or leave the line out.')
    for name in _FIRST:
        if name not in event:
            raise InputError(f'{where}: "{name}" is missing; every event has trial, t and event.')
    return event


def _is_number(value: object) -> bool:
    """Tell a number that time, angle or force could have from anything else JSON or its reader lets through."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e15 < value < 1e15
