"""A trial through the core with probes in it: what the device felt along time, what it weighed, what it told.

For `backbeat inspect`. The events are those of a whole session; the probes sit in a second body that feels the same
samples, so that nothing the session does is disturbed.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from backbeat.sense import blocks
from backbeat.sense.body import Body
from backbeat.settings import FALL_SENSITIVITIES
from backbeat_host.lab.candidates import Watch, bounce
from backbeat_host.lab.recordings.inputs import cut
from backbeat_host.lab.recordings.sensed import Sensed, sensed
from backbeat_host.lab.recordings.travel_file import read_speeds
from backbeat_host.lab.recordings.trial import RATE_HZ, UNITS_PER_COUNT, Rows, Trial, TrialRef
from backbeat_host.lab.scores.labels import check_labels
from backbeat_host.lab.scores.matching import matched, offset, single
from backbeat_host.lab.simulate import Options, simulate
from backbeat_host.runs.drawing.inspection.subject import BLOCK_CHANNELS, Floats, Steps, Subject
from backbeat_host.runs.events import Event

_DECIDED: Final = ("fall", "roll", "stumble")
_ROOM_S: Final = 0.5  # after a decision, to see it
_UPRIGHT: Final = ("roll", "flip")


def inspect(
    ref: TrialRef,
    values: Mapping[str, Any],
    given: frozenset[str] = frozenset(),
    from_s: float | None = None,
    to_s: float | None = None,
) -> Subject:
    """Run a trial with settings in the device's form (`given` are those a person chose) and gather what it shows.

    The whole trial is run whatever is shown: from `from_s` to `to_s`.

    Raises:
        InputError: the recording cannot be read, or has no such part, or its labels make no sense.
    """
    check_labels(ref)
    trial = ref.load()
    part = cut(trial, from_s, to_s)
    outcome = simulate(trial, Options(values, given, core=True, steps=True))
    values = {**values, **{name: value for name, value in trial.settings.items() if name not in given}}
    probes = _probe(sensed(trial), values)
    body = _in_body_axes(trial.rows, values)
    first = from_s or 0.0
    last = first + part.seconds
    if to_s is None:  # what was told of the recording's last seconds only after its end belongs to it
        last = max([last, *(event["t"] + _ROOM_S for event in outcome.events if event["event"] in _DECIDED)])
    verdict, right = _verdict(trial.labels, outcome.events)
    return Subject(
        title=trial.id,
        subtitle=_subtitle(trial),
        time_s=np.arange(len(trial.rows)) / RATE_HZ,
        acc_mg=body[:, :3],
        rate_dps=body[:, 3:],
        events=outcome.events,
        steps=_steps(trial, outcome.events),
        first=first,
        last=last,
        rate=RATE_HZ,
        labels=trial.labels,
        speeds=read_speeds(ref),
        verdict=verdict,
        right=right,
        **probes,
    )


def _probe(given: Sensed, values: Mapping[str, Any]) -> dict[str, Any]:
    """Let a body feel the rows and note its state after each block."""
    body = Body(values["mount.forward"], values["mount.up"], FALL_SENSITIVITIES.index(values["fall.sensitivity"]))
    body.period = given.period
    watch = Watch(body)
    count = len(given.rows) // blocks.SAMPLES
    means = np.empty((count, BLOCK_CHANNELS))
    state = np.empty((count, 5))
    feel, frame, travel, falls = body.feel, body.frame, body.travel, body.falls
    for block, felt in enumerate(given.rows[: count * blocks.SAMPLES].reshape(count, -1, 6).tolist()):
        for sample in felt:
            feel(*sample)
        means[block] = frame.x, frame.y, frame.z, frame.p, frame.q, frame.r
        state[block] = falls.rolling(), body.spm() / 10, travel.heading, travel.confidence, bounce(body)
    return {
        "block_s": (np.arange(count) + 1) * blocks.SAMPLES / given.rate - given.lead_s,
        "blocks": means,
        "rolling": state[:, 0] > 0,
        "spm": state[:, 1],
        "heading": state[:, 2],
        "confidence": state[:, 3],
        "bounce": state[:, 4],
        "candidates": watch.candidates(given),
    }


def _in_body_axes(rows: Rows, values: Mapping[str, Any]) -> Floats:
    """Turn counts in the chip's axes into mg and dps in the body's, as the settings say the chip sits."""
    up = _unit(np.asarray(values["mount.up"], dtype=np.float64))
    forward = np.asarray(values["mount.forward"], dtype=np.float64)
    across = forward - (forward @ up) * up
    if not np.linalg.norm(across) > 1e-6:
        across = np.eye(3)[int(np.argmin(np.abs(up)))]
        across = across - (across @ up) * up
    forward = _unit(across)
    turn = np.stack([forward, np.cross(up, forward), up])
    values_ = rows * UNITS_PER_COUNT
    return np.hstack([1000 * values_[:, :3] @ turn.T, values_[:, 3:] @ turn.T])


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float64)


def _steps(trial: Trial, events: list[Event]) -> Steps:
    """Pair told steps with marked ones, after the offset that suits this trial."""
    marked = single(np.sort(np.asarray(trial.labels.get("steps", ()), dtype=np.float64)) / RATE_HZ)
    steps = [event for event in events if event["event"] == "step"]
    told = np.array([event["t"] for event in steps], dtype=np.float64)
    feet = [[at for at, event in enumerate(steps) if event.get("foot") == foot] for foot in ("left", "right")]
    if not len(marked) or not len(told):
        return Steps(marked, told, 0.0, (), *feet)
    late = offset([(marked, told)])
    return Steps(marked, told, late, matched(marked, told - late), *feet)


def _subtitle(trial: Trial) -> str:
    """Tell what is known of a trial, without what the title, or what stands before, has said."""
    labels = trial.labels
    way = labels.get("fall_direction")
    kind = " ".join(str(word) for word in (labels.get("kind"), way) if word and word != "unknown")
    made = labels.get("made")
    how = "made, not recorded" if made is True else f"made: {made}" if made else ""
    told = [trial.id, how]
    for text in (labels.get("activity"), kind, labels.get("subject"), labels.get("mount")):
        if text and not any(_words(str(text)) in _words(said) for said in told):
            told.append(str(text))
    return " \N{MIDDLE DOT} ".join([*told[2:], f"{trial.seconds:.1f} s", *filter(None, [how])])


def _words(text: str) -> str:
    return " ".join(["", *re.findall(r"[^\W_]+", text.lower()), ""])


def _verdict(labels: Mapping[str, Any], events: list[Event]) -> tuple[str, bool | None]:
    """Say what was decided about falls, and whether that is right."""
    falls = [event for event in events if event["event"] == "fall"]
    rolls = [event for event in events if event["event"] == "roll"]
    kind = labels.get("kind")
    if kind is None:
        return {0: "no fall told", 1: "one fall told"}.get(len(falls), f"{len(falls)} falls told"), None
    if kind == "fall":
        if not falls:
            return "the fall was missed", False
        if len(falls) > 1:
            return f"one fall, told {len(falls)} times", False
        true, told = labels.get("fall_direction"), falls[0]["direction"]
        direction = f"{told}, truly {true}" if true and true != told else told
        return f"fall told {falls[0]['t'] - falls[0]['at']:.1f} s after the impact, {direction}", True
    if falls:
        return (f"a {kind} told as a fall" if kind in _UPRIGHT else "false alarm"), False
    if kind in _UPRIGHT:
        return (f"a {kind}: told as a roll" if rolls else f"a {kind}: no fall told, and no roll"), bool(rolls)
    return ("no alarm, but a roll told" if rolls else "no alarm"), not rolls
