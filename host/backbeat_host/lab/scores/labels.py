"""What is known about a trial, typed and checked: from a line of a corpus to what every score is held against."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from backbeat_host.complaints import quoted, short
from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.trial import RATE_HZ, TrialRef

Floats = npt.NDArray[np.float64]
Gait = Literal["walking", "running", "other"]

FALL: Final = "fall"
TURNS: Final = ("roll", "flip")
KINDS: Final = (FALL, "daily", "gait", *TURNS, "movement")
DIRECTIONS: Final = ("forward", "backward", "sideways", "left", "right", "down")
FORWARD_ACTIVITIES: Final = ("walking", "jogging")  # SisFall's that begin so go forward throughout
TRAVELS: Final = ("forward", "backward", "left", "right", "still")

_FASTEST_FPS: Final = 1e6  # no camera takes as many

_RUNS = re.compile(r"(?<![a-z])(run(s|ning)?|jog(s|ging)?|sprint(s|ing)?|dash(es|ing)?)(?![a-z])")
_WALKS = re.compile(r"(?<![a-z])walk(s|ing)?(?![a-z])")
_STUMBLES = re.compile(r"(?<![a-z])(stumbl(e|es|ing)|near.falls?)(?![a-z])")


@dataclass(frozen=True, eq=False)
class Labels:
    """One trial's truth; all times are seconds since the recording began. None is what nobody knows."""

    trial: str
    seconds: float
    kind: str
    activity: str = ""
    subject: str = ""
    made: bool = False
    fall_direction: str | None = None
    steps: Floats | None = None
    walking: tuple[tuple[float, float], ...] | None = None
    fps: float | None = None
    """Pictures a second that the steps were read from."""
    travel: str | None = None

    @property
    def fell(self) -> bool:
        """Whether the trial holds a fall."""
        return self.kind == FALL

    @property
    def turned(self) -> bool:
        """Whether it holds a roll or a flip."""
        return self.kind in TURNS

    @property
    def gait(self) -> Gait:
        """How one moves in this activity, as far as its name says."""
        name = self.activity.lower()
        return "running" if _RUNS.search(name) else "walking" if _WALKS.search(name) else "other"

    @property
    def stumbled(self) -> bool:
        """Whether the trial holds a near-fall."""
        return not self.fell and _STUMBLES.search(self.activity.lower()) is not None


def labels_of(trial: str, line: Mapping[str, Any], length: int, where: str) -> Labels:
    """Take the labels of a trial of `length` rows; what is null or absent is not known.

    Raises:
        InputError: a label makes no sense; `where` and the trial are named.
    """
    known = {name: value for name, value in line.items() if value is not None}
    check = _Check(known, f"{where}, trial {short(trial)}")
    kind = check.word("kind", KINDS, needed=True)
    direction = check.word("fall_direction", (*DIRECTIONS, "unknown"))
    if direction is not None and kind != FALL and kind not in TURNS:
        check.fail("fall_direction", f"no fall_direction, for the trial is '{kind}'")
    made = check.of("made", (bool, str), "true, false or a text")
    check.roll(length)
    return Labels(
        trial,
        length / RATE_HZ,
        str(kind),
        check.of("activity", str, "a text") or "",
        check.of("subject", str, "a text") or "",
        bool(made),
        None if direction == "unknown" else direction,
        check.steps(length),
        check.walking(length),
        check.fps(),
        check.word("travel", TRAVELS),
    )


def check_labels(ref: TrialRef) -> None:
    """See that what a corpus says of a trial makes sense, before it is drawn or changed; it may lack a kind.

    Raises:
        InputError: a label makes no sense.
    """
    if ref.begin is not None and ref.end is not None:
        known = {"kind": FALL, **ref.labels}  # only a score needs a kind; a fall may have every other label
        labels_of(ref.id, known, ref.end - ref.begin, ref.where)


class _Check:
    def __init__(self, known: Mapping[str, Any], where: str) -> None:
        self._known = known
        self._where = where

    def fail(self, name: str, expected: str) -> None:
        raise InputError(f"{self._where}: '{name}' is {quoted(self._known.get(name))}; expected {expected}.")

    def of(self, name: str, form: type | tuple[type, ...], expected: str) -> Any:
        value = self._known.get(name)
        if value is not None and not isinstance(value, form):
            self.fail(name, expected)
        return value

    def word(self, name: str, words: tuple[str, ...], needed: bool = False) -> str | None:
        value = self._known.get(name)
        if value is None and needed:
            raise InputError(f"{self._where}: no '{name}'; without it nothing can be scored: {', '.join(words)}.")
        if value is not None and value not in words:
            self.fail(name, f"one of {', '.join(words)}")
        return value

    def steps(self, length: int) -> Floats | None:
        rows = self._known.get("steps")
        if rows is None:
            return None
        expected = f"row offsets that never fall, each below the trial's length of {length}"
        if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
            self.fail("steps", expected)
        for before, row in zip([0, *rows], rows, strict=False):
            if row < before or row >= length:
                raise InputError(f"{self._where}: 'steps' has {row} after {before}; expected {expected}.")
        return np.asarray(rows, dtype=np.float64) / RATE_HZ

    def walking(self, length: int) -> tuple[tuple[float, float], ...] | None:
        spans = self._known.get("walking")
        if spans is None:
            return None
        expected = f"pairs of row offsets, each rising, one after the other, up to the trial's length of {length}"
        if not isinstance(spans, list):
            self.fail("walking", expected)
        end = 0
        for span in spans:
            if not isinstance(span, list) or len(span) != 2 or not all(_is_row(row) for row in span):
                self.fail("walking", expected)
            if not end <= span[0] < span[1] <= length:
                raise InputError(f"{self._where}: 'walking' has {span} after {end}; expected {expected}.")
            end = span[1]
        return tuple((first / RATE_HZ, last / RATE_HZ) for first, last in spans)

    def roll(self, length: int) -> None:
        """Where a made roll lies: changes move it along."""
        roll = self._known.get("roll")
        if roll is None:
            return
        expected = f"an object with the rows 'from' and 'to' (and 'upright'), up to the trial's length of {length}"
        if not isinstance(roll, dict) or not all(_is_row(roll.get(name)) for name in ("from", "to")):
            self.fail("roll", expected)
        if not _is_row(roll.get("upright", 0)) or not roll["from"] <= roll["to"] <= length:
            self.fail("roll", expected)

    def fps(self) -> float | None:
        value = self._known.get("fps")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _FASTEST_FPS:
            self.fail("fps", "pictures a second, above 0")
        return float(value)


def _is_row(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
