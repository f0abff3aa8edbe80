"""A log that came home: its header, settings, events, what each 5 s were like, and the raw windows.

Read with the device's own `record_reader`. Damage costs what it hit; everything before and after is here, and what
is missing is said.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from backbeat import events, record, record_reader, settings
from backbeat.sense.clock import NOMINAL
from backbeat_host.errors import InputError
from backbeat_host.runs.events import Event, Teller

_SAMPLE_BYTES = 12
_PERIODS_PER_MS = 256


@dataclass(frozen=True)
class Summary:
    """What 5 s were like, see `record.SUMMARY_FORMAT`: cadences in tenths of spm, heading in degrees, peak in mg."""

    ms: int
    steps: int
    cadence: int
    target: int
    beats: int
    gait: int
    travel: int
    heading: int
    confidence: int
    peak_mg: int
    period: int
    skipped: int


@dataclass(frozen=True)
class Steps:
    """How the steps of 5 s hit, in mg, and how many fell into each eighth of the time from beat to beat."""

    ms: int
    load_mg: int
    top_mg: int
    counts: tuple[int, ...]


@dataclass
class Lost:
    """A part of the file that cannot be read, and the time in the session (ms) around it; None at the file's end."""

    damage: record_reader.Damage
    before_ms: int
    after_ms: int | None = None


@dataclass(frozen=True)
class Window:
    """Raw samples without a gap: rows (n, 6) in counts and the chip's axes, from sample number `first` on."""

    first: int
    rows: npt.NDArray[np.int16]


@dataclass
class Log:
    """One session's log, as much of it as can be read."""

    name: str
    bytes: int
    where: str
    session: int = 0
    """Its low 16 bits where the header is lost."""
    clock: int = 0
    continued: int = 0
    format: int = 0
    """0 where the header is lost."""
    firmware: str = ""
    board: str = ""
    uid: str = ""
    settings_text: str = ""
    """Empty where a part of it is lost."""
    told: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    """Events as the device wrote them: (ms, code, a, b, c)."""
    summaries: list[Summary] = field(default_factory=list)
    steps: list[Steps] = field(default_factory=list)
    """Of the 5 s of the summary with the same ms; none where there were no steps."""
    battery: list[tuple[int, int, int]] = field(default_factory=list)
    """(ms, percent, mV)."""
    windows: list[Window] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    last_ms: int = 0

    def events(self, trial: str | None = None) -> list[Event]:
        """Give the events in order of t, in seconds since the session began."""
        teller = Teller(trial or self.name)
        return [teller.tell(*told) for told in sorted(self.told, key=lambda told: told[0])]

    def settings(self) -> dict[str, Any]:
        """Give the settings of the session in the device's form; the defaults where the log lost them."""
        values, _ = settings.load(self.settings_text) if self.settings_text else (settings.defaults(), [])
        return dict(values)

    @property
    def rate_hz(self) -> float:
        """The chip's true sample rate, as the board measured it last."""
        period = self.summaries[-1].period if self.summaries else NOMINAL
        return 1000 * _PERIODS_PER_MS / (period or NOMINAL)

    def missing(self) -> list[str]:
        """Say what is damaged or lost, one sentence each; empty when nothing is."""
        said: list[str] = []
        if self.format > record.FORMAT:
            said.append(f"written in format {self.format}, newer than this version reads; update backbeat.")
        if not self.format:
            said.append("the header is lost: board and firmware are unknown, and the session's number beyond 16 bits.")
        if not self.settings_text:
            said.append("the settings are lost, and with them how the chip sat (mount): the defaults stand for them.")
        said += [_words(lost) for lost in self.lost]
        if all(code != events.SESSION_END for _, code, *_ in self.told):
            said.append(f"the session's end is missing: the log stops after {self.last_ms / 1000:.1f} s.")
        return [f"{self.where}: {sentence}" for sentence in said]


def decode(path: Path) -> Log:
    """Read a log file.

    Raises:
        InputError: the file cannot be read, or holds not one good block of a log.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise InputError(f"{path}: a pipe or a device; give a log file (.bbl).")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a log file (.bbl).") from error
    return decode_bytes(data, path.stem, str(path))


def decode_bytes(data: bytes, name: str, where: str = "") -> Log:
    """Read a log's bytes; `name` is what its events call it, `where` (`name`) what messages do.

    Raises:
        InputError: there is not one good block of a log.
    """
    log = Log(name, len(data), where or name)
    pieces: dict[tuple[int, int], bytes] = {}
    chunks: list[tuple[int, bytes]] = []
    good = False
    for found in record_reader.read(data):
        if isinstance(found, record_reader.Damage):
            log.lost.append(Lost(found, log.last_ms))
            continue
        good = True
        kind, ms, payload = found
        if log.lost and log.lost[-1].after_ms is None:
            log.lost[-1].after_ms = ms
        log.last_ms = max(log.last_ms, ms)
        try:
            _take(log, kind, ms, payload, pieces, chunks)
        except (struct.error, IndexError, UnicodeDecodeError):
            continue  # a record of a format this version does not know: skip it, as readers promise to
    if not good:
        raise InputError(
            f"{log.where}: this is no Backbeat log: there is no good block in its {len(data)} bytes; give a .bbl file."
        )
    if not log.format:
        log.session = _session(data)
    log.settings_text = _joined(pieces)
    log.windows = _windows(chunks)
    return log


def _take(
    log: Log, kind: int, ms: int, payload: bytes, pieces: dict[tuple[int, int], bytes], chunks: list[tuple[int, bytes]]
) -> None:
    if kind == record.HEADER:
        log.format, log.session, log.clock, log.continued = struct.unpack_from(record.HEADER_FORMAT, payload)
        names = payload[struct.calcsize(record.HEADER_FORMAT) :].decode().split(",")
        log.firmware, log.board, log.uid = (*names, "", "", "")[:3]
    elif kind == record.SETTINGS:
        pieces[payload[0], payload[1]] = payload[2:]
    elif kind == record.EVENT:
        code, a, b, c = struct.unpack_from(record.EVENT_FORMAT, payload)
        log.told.append((ms, code, a, b, c))
    elif kind == record.SUMMARY:
        log.summaries.append(Summary(ms, *struct.unpack_from(record.SUMMARY_FORMAT, payload)))
    elif kind == record.STEPS:
        load, top, counts = struct.unpack_from(record.STEPS_FORMAT, payload)
        log.steps.append(Steps(ms, load, top, tuple(counts)))
    elif kind == record.BATTERY:
        percent, millivolts = struct.unpack_from(record.BATTERY_FORMAT, payload)
        log.battery.append((ms, percent, millivolts))
    elif kind == record.RAW:
        (first,) = struct.unpack_from(record.RAW_FORMAT, payload)
        samples = payload[struct.calcsize(record.RAW_FORMAT) :]
        chunks.append((first, samples[: len(samples) // _SAMPLE_BYTES * _SAMPLE_BYTES]))


def _session(data: bytes) -> int:
    """Give the session, its low 16 bits, as the head of the first block that `record_reader.read` reads has it."""
    offset, _ = record_reader.good_blocks(data)[0]
    return int.from_bytes(data[offset + 2 : offset + 4], "little")


def _joined(pieces: Mapping[tuple[int, int], bytes]) -> str:
    """Join the settings' pieces, each under (number, how many there are); nothing unless all are there."""
    if pieces.keys() != {(number, len(pieces)) for number in range(len(pieces))}:
        return ""
    try:
        return b"".join(pieces[place] for place in sorted(pieces)).decode()
    except UnicodeDecodeError:
        return ""


def _windows(chunks: Iterable[tuple[int, bytes]]) -> list[Window]:
    """Join chunks that follow each other; a missing one begins a new window, an empty one counts for nothing."""
    windows: list[tuple[int, list[bytes], int]] = []
    for first, samples in chunks:
        if not samples:
            continue
        if not windows or windows[-1][2] != first:
            windows.append((first, [], first))
        begin, parts, end = windows[-1]
        parts.append(samples)
        windows[-1] = (begin, parts, end + len(samples) // _SAMPLE_BYTES)
    return [
        Window(first, np.frombuffer(b"".join(parts), dtype="<i2").astype(np.int16).reshape(-1, 6))
        for first, parts, _ in windows
    ]


def _words(lost: Lost) -> str:
    damage = lost.damage
    when = f"after {lost.before_ms / 1000:.1f} s"
    if lost.after_ms is not None:
        when = f"between {lost.before_ms / 1000:.1f} s and {lost.after_ms / 1000:.1f} s"
    missing = f"{damage.blocks} block{'s are' if damage.blocks > 1 else ' is'} missing ({record.BLOCK} bytes each)"
    if damage.length == 0:
        return f"{missing} at byte {damage.offset}, {when}."
    place = f"bytes {damage.offset} to {damage.offset + damage.length - 1}"
    if damage.blocks == 0:
        return f"{place} hold no block of this log, {when}: the power was cut there, or the file was damaged."
    return f"{place} are damaged: {missing}, {when}."
