"""A synthetic runner: a script of acts becomes rows of a recording, with the truth about them.

A physical model, not noise with labels: the pelvis follows a smooth path, and the chip reads what that path and the
body's turning make of gravity. Same script, same seed: same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backbeat_host.lab.recordings.trial import RATE_HZ, Rows, Trial
from backbeat_host.lab.runner.acts import (
    HEADINGS,
    Act,
    BackwardRoll,
    Fall,
    GetUp,
    Glance,
    Run,
    Stand,
    Stumble,
    Walk,
    checked,
)
from backbeat_host.lab.runner.body_tracks import BodyTracks, Floats
from backbeat_host.lab.runner.events_model import STANDING, backward_roll, fall, get_up, glance, stumble
from backbeat_host.lab.runner.gait_model import WALK_SPEED, gait
from backbeat_host.lab.runner.sensor_model import Sensor, measured

CHANGE = 0.9  # s, at least, for any change of gait or speed
PUSH = 2.0  # m/s2, the most a runner speeds up or slows down by
Truth = list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class SyntheticRun:
    """Rows in body axes at 104 Hz, what is true (dicts with `kind`, in order), and each foot strike in seconds."""

    rows: Rows
    truth: Truth
    steps: Floats

    @property
    def seconds(self) -> float:
        """How long the run lasts."""
        return len(self.rows) / RATE_HZ

    def of(self, kind: str) -> Truth:
        """Give what is true of one kind: gait, travel, step, glance, stumble, roll, fall, lying, get_up."""
        return [fact for fact in self.truth if fact["kind"] == kind]

    def trial(self, ident: str) -> Trial:
        """Give the run as a trial, labelled as in a corpus."""
        steps = [round(moment * RATE_HZ) for moment in self.steps.tolist()]
        kind = "fall" if self.of("fall") else "roll" if self.of("roll") else "gait"
        return Trial(ident, self.rows, RATE_HZ, {"id": ident, "kind": kind, "subject": "synthetic", "steps": steps})


def synthetic(script: Sequence[Act], seed: int, sensor: Sensor | None = None) -> SyntheticRun:
    """Act out a script from standing still; `seed` draws all that differs between two runs of the same script.

    Raises:
        ValueError: the script is nothing a body can do.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    tracks = BodyTracks(sum(act.seconds for act in checked(script)), rng)
    tracks.set("height", STANDING)
    tracks.set("rate", 1.8)
    spans: Truth = []
    begin = 0.0
    for act in script:
        _lay(tracks, act, begin, spans)
        begin += act.seconds
    _never_quite_still(tracks)
    moves = gait(tracks)
    rows = measured(tracks, moves, sensor or Sensor())
    steps = np.array([moment for moment, _ in moves.strikes])
    for moment, foot in moves.strikes:
        tracks.tell("step", at=moment, foot=foot)
    truth = tracks.truth + _joined(spans, steps)
    truth.sort(key=lambda fact: float(fact.get("from", fact.get("at", 0.0))))
    return SyntheticRun(rows, truth, steps)


def _lay(tracks: BodyTracks, act: Act, begin: float, spans: Truth) -> None:
    end = begin + act.seconds
    going = dict(spans[-1]) if spans else {"gait": "still", "travel": "still", "heading": None}
    if isinstance(act, Stand):
        middle = _change(tracks, begin, 0.0, 0.0)
        going = {"gait": "still", "travel": "still", "heading": None}
    elif isinstance(act, (Walk, Run)):
        way = np.radians(HEADINGS[act.direction])
        walks = isinstance(act, Walk)
        _easy_rate(tracks, act.cadence / 60, begin)
        amount = float(np.clip(act.speed / WALK_SPEED, 0.5, 1.4)) if walks else 1.0
        middle = _change(
            tracks, begin, amount * walks, amount * (not walks), act.speed * np.cos(way), act.speed * np.sin(way)
        )
        going = {"gait": "walk" if walks else "run", "travel": act.direction, "heading": HEADINGS[act.direction]}
        going |= {"speed": float(act.speed), "target": float(act.cadence)}
    elif isinstance(act, Glance):
        middle = begin
        glance(tracks, act, begin)
    elif isinstance(act, Stumble):
        middle = begin
        stumble(tracks, act, begin)
    elif isinstance(act, BackwardRoll):
        middle = _change(tracks, begin, 0.0, 0.0)
        backward_roll(tracks, act, begin)
        going = {"gait": None, "travel": None, "heading": None}
    elif isinstance(act, Fall):
        middle = begin + 0.2
        fall(tracks, act, begin)
        tracks.tell("lying", **{"from": tracks.truth[-1]["to"], "to": end})
        going = {"gait": None, "travel": None, "heading": None}
    else:
        middle = begin
        if isinstance(act, GetUp):
            get_up(tracks, act, begin)
        elif tracks.truth and tracks.truth[-1]["kind"] == "lying":
            tracks.truth[-1]["to"] = round(end, 3)
        else:
            tracks.tell("lying", **{"from": begin, "to": end})
        going = {"gait": None, "travel": None, "heading": None}
    if spans:
        spans[-1]["to"] = middle
    spans.append({**going, "from": middle if spans else begin, "to": end})


def _change(tracks: BodyTracks, begin: float, walk: float, run: float, ahead: float = 0.0, left: float = 0.0) -> float:
    """Change gait and velocity as fast as a runner does; returns the middle of the change."""
    goal = tracks.goal
    seconds = max(CHANGE, float(np.hypot(ahead - goal["ahead"], left - goal["left"])) / PUSH)
    if (goal["ahead"], goal["left"], goal["walk"], goal["run"]) == (ahead, left, walk, run):
        return begin
    for name, value in (("ahead", ahead), ("left", left), ("walk", walk), ("run", run)):
        tracks.ease(name, value, begin, seconds)
    return begin + seconds / 2


def _easy_rate(tracks: BodyTracks, rate: float, begin: float) -> None:
    """Find the new cadence within a second; from standing at once, as the first step sets it."""
    standing = tracks.goal["walk"] == 0 and tracks.goal["run"] == 0
    tracks.ease("rate", rate, max(0.0, begin - 0.5) if standing else begin, 0.5 if standing else CHANGE)


def _never_quite_still(tracks: BodyTracks) -> None:
    """Sway of standing, breath, and a path that is not quite straight."""
    for name in ("pitch", "roll"):
        tracks.wander(name, 0.003, 0.1, 0.6)
    tracks.channel["pitch"] += 0.004 * np.sin(2 * np.pi * 0.27 * tracks.times)  # breath
    moving = tracks.channel["walk"] + tracks.channel["run"]
    tracks.channel["pitch"] += np.clip(moving, 0, 1) * (0.05 + 0.015 * tracks.noise(0.05, 0.4))
    tracks.channel["roll"] += np.clip(moving, 0, 1) * 0.012 * tracks.noise(0.05, 0.4)
    tracks.wander("path", 0.12, 0.01, 0.06)


def _joined(spans: Truth, steps: Floats) -> Truth:
    """Turn spans into gait and travel, equal neighbours as one, each gait with the cadence it really had."""
    truth: Truth = []
    for kind, keys in (("gait", ("gait", "target")), ("travel", ("travel", "heading", "speed"))):
        last: dict[str, Any] = {}
        for span in spans:
            facts = {key: span[key] for key in keys if span.get(key) is not None}
            if not facts:
                last = {}
            elif last and {key: last[key] for key in keys if key in last} == facts:
                last["to"] = round(span["to"], 3)
            else:
                last = {"kind": kind, **facts, "from": round(span["from"], 3), "to": round(span["to"], 3)}
                truth.append(last)
    for span in truth:
        within = steps[(steps >= span["from"] + CHANGE) & (steps <= span["to"] - CHANGE)]
        if span["kind"] == "gait" and span["gait"] != "still" and len(within) > 2:
            span["cadence"] = round(60 * (len(within) - 1) / float(within[-1] - within[0]), 2)
    return truth
