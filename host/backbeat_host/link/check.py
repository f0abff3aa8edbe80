"""Whether a log is good in every record: read from its file piece by piece, however large it is.

`runs.decode` tells what is in it; this one only what is wrong with it, for who pulls it.
"""

import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path

from backbeat import events, record, record_reader

_SIZES = {
    record.HEADER: struct.calcsize(record.HEADER_FORMAT),
    record.SETTINGS: 2,
    record.EVENT: struct.calcsize(record.EVENT_FORMAT),
    record.SUMMARY: struct.calcsize(record.SUMMARY_FORMAT),
    record.METRONOME: struct.calcsize(record.METRONOME_FORMAT),
    record.BATTERY: struct.calcsize(record.BATTERY_FORMAT),
    record.RAW: struct.calcsize(record.RAW_FORMAT),
    record.STEPS: struct.calcsize(record.STEPS_FORMAT),
}


@dataclass
class Checked:
    """What a log's file says of itself, and `wrong`: what is wrong with it, in a few words each."""

    records: int = 0
    session: int = 0
    clock: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def check(path: Path) -> Checked:
    """Check every record of a log.

    Raises:
        OSError: it cannot be read.
    """
    found = Checked()
    if path.stat().st_size == 0:
        found.wrong.append("it is empty")
        return found
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        _look(data, found)
    return found


def header(block: bytes) -> Checked:
    """What a log's first block tells: session and clock, 0 where it does not."""
    found = Checked()
    for record_ in record_reader.read(block):
        if not isinstance(record_, record_reader.Damage):
            _count(found, *record_)
    return found


def _look(data: mmap.mmap, found: Checked) -> None:
    damages = missing = 0
    ended = False
    for told in record_reader.read(data):
        if isinstance(told, record_reader.Damage):
            damages += 1
            missing += told.blocks
            continue
        kind, _, payload = told
        ended |= kind == record.EVENT and payload[:1] == bytes([events.SESSION_END])
        _count(found, *told)
    if not found.records:
        found.wrong.append("not one of its blocks is good")
        return
    if damages:
        found.wrong.append(f"{damages} damaged place{'s' * (damages > 1)}, {missing} blocks lost")
    if not found.session:
        found.wrong.append("its header is lost")
    if not ended:
        found.wrong.append(f"the session's end is missing, it stops after {found.seconds:.1f} s")


def _count(found: Checked, kind: int, ms: int, payload: bytes) -> None:
    found.records += 1
    found.seconds = max(found.seconds, ms / 1000)
    if len(payload) < _SIZES.get(kind, 0):
        if not any("too short" in wrong for wrong in found.wrong):
            found.wrong.append("a record is too short")
    elif kind == record.HEADER:
        _, found.session, found.clock, _ = struct.unpack_from(record.HEADER_FORMAT, payload)
