"""Rolls on the ground, by physics: a whole turn of the trunk, the belt on the back's arc, pushes of the ground.

The pelvis follows smooth tracks (crouch, hips over head, rising); the turn and the arc are added as one more motion.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from backbeat_host.lab.made.actor import Actor, Going, drawn_going, worn
from backbeat_host.lab.made.ground import blow
from backbeat_host.lab.made.moved import counts, moved
from backbeat_host.lab.made.roll_plan import CLIP_AT, CLIP_BLOW_WIDTH, CONTACT_WIDTH, CONTACTS, RollPlan, drawn_plan
from backbeat_host.lab.made.rotations import Floats, noise, smooth, turn, vector
from backbeat_host.lab.recordings.corpus_writer import NewTrial
from backbeat_host.lab.recordings.trial import G_PER_COUNT, RATE_HZ
from backbeat_host.lab.runner.body_tracks import GRAVITY
from backbeat_host.lab.runner.events_model import CROUCHING, LYING, OVERHEAD, STANDING

BEFORE, AFTER = (4.0, 7.0), 8.0  # s of going on before and after
LYING_AFTER = 12.0  # s, where it ends on the ground
WOBBLE, WOBBLE_HZ = 5.0, (0.8, 3.0)  # degrees rms about the main axis: nobody rolls like a wheel
YAW_AFTER = 25.0  # degrees, standard deviation: how far off the old line one comes up
ARC_PUSH = 2.0  # g at most toward the turning point: assumed; the ground has to give it
SINKING = 0.8  # g: hips that nothing holds fall with 1 g; nobody lets them go altogether
LEAST_JERK_PEAK = 5.77  # the greatest acceleration of a move with least jerk, over its length by its time squared
TOPPLE, TOPPLE_STOP = 0.55, 0.09  # s from the crouch to the ground, and to stop there


@dataclass(frozen=True)
class Turn:
    """The turn along time: `angle` (n, radians) about `axis` (n, 3) with `wobble`, as matrices `turned` (n, 3, 3)."""

    angle: Floats
    turned: Floats


def roll(rng: np.random.Generator, ident: str, plan: RollPlan | None = None) -> NewTrial:
    """Make one roll that ends upright (kind `roll`)."""
    return _made(plan or drawn_plan(rng), rng, ident)


def failed_roll(rng: np.random.Generator, ident: str) -> NewTrial:
    """Make one roll that ends on the ground (kind `fall`)."""
    return _made(drawn_plan(rng, upright=False), rng, ident)


def _made(plan: RollPlan, rng: np.random.Generator, ident: str) -> NewTrial:
    sign = -1.0 if plan.way == "backward" else 1.0
    entry = drawn_going(rng, plan.entry, backward=plan.way == "backward")
    leaving = drawn_going(rng, plan.leaving, plan.leaves_backward)
    before = float(rng.uniform(*BEFORE))
    slowing = {"standing": 0.0, "walking": 0.7, "running": 0.6}[plan.entry]
    crouch = float(rng.uniform(0.65, 1.0))  # faster than 0.6 s nobody can: one would have to be pulled down
    begin = before + slowing + 0.7 * crouch  # of the turn: one goes over while still going down
    end = begin + plan.turning
    rising = float(rng.uniform(0.7, 1.3))
    seconds = end + (rising + AFTER if plan.end == "upright" else LYING_AFTER)
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    actor = Actor(len(times) / RATE_HZ, rng, entry)
    tracks = actor.tracks
    shape = _turn(plan, sign, times, begin, rng)
    place = _arc(plan, shape)

    carried = 0.4 * entry.ahead + 0.6 * sign * 1.15 / plan.turning  # about 1.15 m from feet to feet
    actor.go(Going("standing", carried, entry.cadence), before, max(slowing + 0.5 * crouch, 0.4))
    tracks.ease("height", CROUCHING, before + slowing, crouch)
    tracks.ease("pitch", np.radians(plan.lean_in), before + slowing, 0.8 * crouch)
    tracks.ease("pitch", np.radians(plan.lean_out), begin, plan.turning)
    tracks.ease("yaw", float(np.radians(rng.normal(0, YAW_AFTER))), begin + 0.3 * plan.turning, 0.7 * plan.turning)
    _heights(plan, actor, begin)
    if plan.end == "upright":
        rise = end - 0.08 * plan.turning
        tracks.ease("height", STANDING, rise, rising)
        tracks.ease("pitch", 0.0, rise + 0.1, rising)
        actor.go(leaving, rise + 0.3 * rising, max(0.9, abs(leaving.ahead - carried) / 2.5))
        done = rise + 0.1 + rising
    else:
        tracks.ease("ahead", 0.0, end - 0.3 * plan.turning, 0.3 * plan.turning + 0.3)
        done = end + (_toppled(actor, end, sign, rng) if plan.end == "topples" else 0.3)
    rows, steps = actor.felt()
    pitch = np.interp(times, tracks.times, tracks.channel["pitch"])
    up = np.stack([-np.sin(pitch), np.zeros_like(pitch), np.cos(pitch)], axis=1)
    place -= (place * up).sum(axis=1)[:, None] * up  # how high the belt is, the tracks say already
    pushed = rows[:, :3] + _pushes(plan, shape, times, pitch, rng) / G_PER_COUNT
    rows = worn(moved(counts(np.hstack([pushed, rows[:, 3:]])), shape.turned, place), rng)
    whole = rows[round(before * RATE_HZ) : round((done + 0.5) * RATE_HZ), :3]
    peak = float(np.linalg.norm(whole * G_PER_COUNT, axis=1).max())
    labels: dict[str, Any] = {
        "subject": "made", "activity": plan.words(), "kind": "roll" if plan.end == "upright" else "fall",
        "mount": plan.worn, "made": "by physics: lab/made/rolls.py",
        "entry": plan.entry,
        "leaving": plan.leaving if plan.end == "upright" else "lying",
        "roll": {"from": round(begin * RATE_HZ), "to": round(end * RATE_HZ), "upright": round(done * RATE_HZ),
                 "rotation": round(_rotation(shape.turned, plan)), "peak_g": round(peak, 2)},
    }  # fmt: skip
    if plan.end == "upright":
        labels["steps"] = steps
    else:
        labels["fall_direction"] = plan.way
    return NewTrial(ident, rows, labels)


def _turn(plan: RollPlan, sign: float, times: Floats, begin: float, rng: np.random.Generator) -> Turn:
    """Turn about an axis that wanders a little, at a rate that rises, waves and falls; plus a wobble."""
    u = np.clip((times - begin) / plan.turning, 0, 1)
    rise, fall = rng.uniform(0.18, 0.38, 2)
    waves = 1 + 0.2 * np.sin(2 * np.pi * (rng.uniform(0.8, 2) * u + rng.random()))
    rate = smooth(u / rise) * smooth((1 - u) / fall) * waves
    passed = np.cumsum(rate)
    angle = np.radians(plan.over) * passed / passed[-1]
    axis = np.array([np.sin(np.radians(plan.side)), 1.0, np.tan(np.radians(plan.slant))])
    wander = 0.06 * noise(rng, times, 0.1, 0.5)
    axes = axis / np.linalg.norm(axis) + wander
    axes /= np.linalg.norm(axes, axis=1)[:, None]
    inside = smooth(u / 0.2) * smooth((1 - u) / 0.2)
    wobble = np.radians(WOBBLE) * noise(rng, times, *WOBBLE_HZ) * np.array([1.0, 0.3, 1.0]) * inside[:, None]
    return Turn(angle, turn(sign * angle[:, None] * axes) @ turn(wobble))


def _arc(plan: RollPlan, shape: Turn) -> Floats:
    """Give where the belt is because the back is round, behind the turning point while the back is down.

    Backward the back goes down first, forward last; with the hips in the air the turning point is in the hips. Who
    turns fast is curled up small, or the ground would have to push harder than it does.
    """
    radians = shape.angle
    fastest = float(np.gradient(radians, 1 / RATE_HZ).max())
    radius = min(plan.radius, ARC_PUSH * GRAVITY / fastest**2)
    if plan.way == "backward":
        reach = radius * (1 - 0.85 * smooth((radians - np.radians(110)) / np.radians(220)))
    else:
        reach = radius * (0.15 + 0.85 * smooth((radians - np.radians(10)) / np.radians(200)))
    lever = np.stack([-reach, np.zeros_like(reach), np.zeros_like(reach)], axis=1)
    return np.asarray(np.einsum("nij,nj->ni", shape.turned, lever) - lever, dtype=np.float64)


def _heights(plan: RollPlan, actor: Actor, begin: float) -> None:
    """Take the belt from the crouch down to the back and over (backward), or over the hands and down (forward).

    Between two heights nobody falls faster than freely: in a quick turn the hips rise less.
    """
    tracks, whole = actor.tracks, plan.turning
    swing = min(OVERHEAD - LYING, SINKING * GRAVITY * (0.36 * whole) ** 2 / LEAST_JERK_PEAK)
    if plan.way == "backward":
        tracks.ease("height", LYING, begin, 0.36 * whole)
        tracks.ease("height", LYING + swing, begin + 0.3 * whole, 0.36 * whole)
        last = LYING + 0.08 if plan.end == "over" else min(CROUCHING, LYING + swing + 0.1)
        tracks.ease("height", last, begin + 0.6 * whole, 0.4 * whole)
    else:
        tracks.ease("height", LYING + max(swing, 0.2), begin, 0.4 * whole)
        tracks.ease("height", LYING, begin + 0.38 * whole, 0.36 * whole)
        if plan.end != "over":
            tracks.ease("height", CROUCHING - 0.1, begin + 0.72 * whole, 0.28 * whole)


def _pushes(plan: RollPlan, shape: Turn, times: Floats, pitch: Floats, rng: np.random.Generator) -> Floats:
    """Give the pushes of the ground (n, 3; g) one after the other, a quarter of each against the way, some aside.

    In the axes of the body that has not turned: that one bends by `pitch` only.
    """
    parts = CONTACTS[plan.way]
    shares = np.array([share for _, share in parts]) * np.exp(rng.normal(0, 0.25, len(parts)))
    sizes = (plan.load - 1) * shares / shares.max()
    pushes = [(part, size, rng.uniform(*CONTACT_WIDTH)) for (part, _), size in zip(parts, sizes, strict=True)]
    pushes.append((CLIP_AT[plan.way], plan.blow, rng.uniform(*CLIP_BLOW_WIDTH)))
    against = 0.25 if plan.way == "backward" else -0.25
    made = np.zeros((len(times), 3))
    for part, size, width in pushes:
        passed = shape.angle >= np.radians(360 * part)
        if passed.any():
            load = size * blow(times, float(times[int(np.argmax(passed))]), float(width))
            made[:, 0] += load * (against * np.cos(pitch) - np.sin(pitch))
            made[:, 1] += load * 0.25 * rng.normal()
            made[:, 2] += load * (against * np.sin(pitch) + np.cos(pitch))
    return made


def _toppled(actor: Actor, end: float, sign: float, rng: np.random.Generator) -> float:
    """Let the crouch fail: on over, or back where it came from, to the ground; gives how long that takes."""
    tracks = actor.tracks
    onset = end + 0.15
    way = sign * rng.choice([-1.0, 1.0])
    tracks.drop(LYING, onset, TOPPLE, TOPPLE_STOP)
    tracks.ease("pitch", way * np.radians(rng.uniform(75, 95)), onset - 0.1, TOPPLE + 0.25, warp=1.5)
    tracks.ease("roll", float(rng.normal(0, 0.3)), onset, TOPPLE + 0.2)
    for late, load in ((0.06, 0.8), (0.2, 0.7), (0.4, 0.4)):
        tracks.contact(onset + TOPPLE + late * tracks.vary(0.2), load * tracks.vary(0.4), 0.02)
    return 0.15 + TOPPLE + TOPPLE_STOP + 0.5


def _rotation(turned: Floats, plan: RollPlan) -> float:
    """Give by how many degrees the trunk turned in all, the lean into and out of the turn counted."""
    between = vector(np.swapaxes(turned[:-1], -1, -2) @ turned[1:])
    lean = (plan.lean_out - plan.lean_in) * (-1 if plan.way == "backward" else 1)
    return float(np.degrees(np.linalg.norm(between.sum(axis=0)))) + lean
