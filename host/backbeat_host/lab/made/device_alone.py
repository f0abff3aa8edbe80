"""The device without its wearer, or on the way to him: taken off, dropped, tossed, carried, clipped on. Never a fall.

Each family is one function (rng, id) -> trial, of kind `daily` with an activity that begins with "device".
"""

from collections.abc import Callable

import numpy as np

from backbeat_host.lab.made.actor import Actor, drawn_going, worn
from backbeat_host.lab.made.handled import HZ, Handled
from backbeat_host.lab.made.rotations import Floats, noise, orientations, smooth, turn
from backbeat_host.lab.recordings.corpus_writer import NewTrial
from backbeat_host.lab.recordings.trial import RATE_HZ, Rows
from backbeat_host.lab.runner.body_tracks import GRAVITY

WORN_FIRST, RESTS_AFTER = (3.0, 6.0), 12.0  # s
TUG_G = (0.5, 2.5)  # of a clip that comes off or snaps on: assumed
TABLE_TAP_G = (0.3, 2.5)  # of a thing put down on a table, not thrown: assumed


def taken_off(rng: np.random.Generator, ident: str) -> NewTrial:
    """Stand, take it off the belt, look at it, put it on a table."""
    thing = _unclipped(rng)
    thing.hold(float(rng.uniform(1, 4)), _any_turn(rng, 70), rng.normal(0, 0.15, 3), lively=1.5)
    _put_down(thing)
    return _trial(thing, ident, "device taken off and put on a table", rng)


def dropped(rng: np.random.Generator, ident: str) -> NewTrial:
    """Take it off and let it slip: free fall, a hard floor, bounces, stillness."""
    thing = _unclipped(rng) if rng.random() < 0.7 else _in_hand(rng)
    thing.velocity = rng.normal(0, 0.25, 3)
    thing.tumble(float(rng.uniform(0.35, 1.6)), rng.normal(0, 4.0, 3), soft=False)
    if rng.random() < 0.4:  # picked up again
        thing.rest(float(rng.uniform(2, 5)))
        thing.hold(float(rng.uniform(0.8, 1.6)), _any_turn(rng, 120), np.array([0.0, 0.0, rng.uniform(0.6, 1.0)]))
        _put_down(thing)
    return _trial(thing, ident, "device dropped", rng)


def tossed(rng: np.random.Generator, ident: str) -> NewTrial:
    """Toss it on a bed or a sofa."""
    thing = _in_hand(rng)
    spin = rng.normal(0, 6.0, 3)
    speed = np.array([rng.uniform(1.0, 3.5), rng.normal(0, 0.4), rng.uniform(0.3, 2.5)])
    thing.throw(speed, float(rng.uniform(0.2, 0.4)), spin)
    thing.tumble(float(rng.uniform(0.3, 0.9)), spin, soft=True)
    return _trial(thing, ident, "device tossed on a bed", rng)


def bagged(rng: np.random.Generator, ident: str) -> NewTrial:
    """Throw it into a bag, carry the bag, put the bag down."""
    thing = _in_hand(rng)
    spin = rng.normal(0, 5.0, 3)
    thing.throw(np.array([rng.uniform(0, 1.5), 0.0, rng.uniform(-1.0, 0.5)]), 0.25, spin)
    thing.tumble(float(rng.uniform(0.15, 0.5)), spin, soft=True)
    thing.rest(float(rng.uniform(1, 3)))
    thing.hold(0.8, _any_turn(rng, 25), np.array([0.0, 0.0, 0.5]))
    _carried(thing, float(rng.uniform(8, 15)), swing=float(rng.uniform(4, 15)), length=0.5, strike_g=0.3)
    thing.hold(0.9, _any_turn(rng, 15), np.array([0.0, 0.0, -0.5]))
    _tap(thing)
    return _trial(thing, ident, "device thrown into a bag and carried in it", rng)


def swung(rng: np.random.Generator, ident: str) -> NewTrial:
    """Swing it in a hand or by its cord: to and fro, or round and round."""
    thing = _in_hand(rng)
    length, round_and_round = float(rng.uniform(0.25, 0.75)), rng.random() < 0.5
    times = thing.steps(float(rng.uniform(4, 10)))
    inside = smooth(times / 1.0) * smooth((times[-1] - times) / 1.0)
    hz = float(rng.uniform(0.8, 1.7))
    if round_and_round:
        angle = 2 * np.pi * hz * np.cumsum(inside) / HZ
        angle = angle + (2 * np.pi * np.ceil(angle[-1] / 2 / np.pi) - angle[-1]) * smooth(times / times[-1])
    else:
        angle = np.radians(rng.uniform(25, 80)) * np.sin(2 * np.pi * 0.8 * hz * times) * inside
    axis = turn([0, 0, rng.uniform(0, 2 * np.pi)]) @ np.array([0.0, 1.0, 0.0])
    _about(thing, angle, axis, length)
    thing.hold(1.0, _any_turn(rng, 40))
    _put_down(thing)
    return _trial(thing, ident, "device swung in a hand", rng)


def in_hand(rng: np.random.Generator, ident: str) -> NewTrial:
    """Carry it in a swinging hand while walking, put it down."""
    thing = _in_hand(rng)
    _carried(thing, float(rng.uniform(8, 20)), swing=float(rng.uniform(8, 30)), length=0.6, strike_g=0.25)
    _put_down(thing)
    return _trial(thing, ident, "device carried in a hand", rng)


def in_pocket(rng: np.random.Generator, ident: str) -> NewTrial:
    """Put it into a trouser pocket, walk, stop."""
    thing = _in_hand(rng)
    thing.hold(0.9, _any_turn(rng, 80), np.array([0.1, 0.0, -0.4]), lively=2.0)
    _tap(thing)
    _carried(thing, float(rng.uniform(8, 20)), swing=float(rng.uniform(15, 28)), length=0.3, strike_g=0.7)
    return _trial(thing, ident, "device carried in a pocket", rng)


def clipped_on(rng: np.random.Generator, ident: str) -> NewTrial:
    """Take it from a table, turn it about, clip it on, stand, walk off."""
    thing = Handled(rng, turn([0, 0, rng.uniform(-np.pi, np.pi)]) @ _any_orientation(rng))
    thing.rest(3.0)
    thing.hold(0.9, _any_turn(rng, 60), np.array([0.0, 0.0, 0.3]), lively=1.5)
    thing.hold(float(rng.uniform(0.8, 2.0)), _any_turn(rng, 100), rng.normal(0, 0.1, 3), lively=2.0)
    thing.hold(float(rng.uniform(0.7, 1.2)), thing.now.T, rng.normal(0, 0.06, 3), lively=2.0)  # now it is upright
    _tap(thing, TUG_G)
    thing.hold(1.0, lively=0.8)
    seconds = round(float(rng.uniform(8, 14)) * RATE_HZ) / RATE_HZ
    body = Actor(seconds + 3, rng, drawn_going(rng, "standing", False))
    body.go(drawn_going(rng, "walking", bool(rng.random() < 0.5)), 3.0, 1.0)
    rows = np.concatenate([thing.rows(), body.felt()[0]])
    return _labelled(rows, ident, "device clipped on, then worn", rng)


DEVICE: dict[str, tuple[str, Callable[[np.random.Generator, str], NewTrial]]] = {
    "device-off": ("the device taken off and put on a table", taken_off),
    "device-drop": ("the device dropped on a hard floor", dropped),
    "device-toss": ("the device tossed on a bed", tossed),
    "device-bag": ("the device thrown into a bag and carried", bagged),
    "device-swing": ("the device swung in a hand", swung),
    "device-hand": ("the device carried in a hand", in_hand),
    "device-pocket": ("the device carried in a pocket", in_pocket),
    "device-on": ("the device handled, clipped on and worn", clipped_on),
}
"""Families by name: what they are, and what makes a trial of them."""


def _unclipped(rng: np.random.Generator) -> Handled:
    """Be worn by someone who stands, then come off with a tug and be held at the belly."""
    thing = Handled(rng, turn(np.radians(rng.normal(0, [3, 6, 0]))))
    thing.hold(float(rng.uniform(*WORN_FIRST)), lively=0.15)
    _tap(thing, TUG_G)
    thing.hold(float(rng.uniform(0.5, 1.2)), _any_turn(rng, 80), rng.normal(0, 0.12, 3), lively=2.5)
    return thing


def _in_hand(rng: np.random.Generator) -> Handled:
    thing = Handled(rng, turn([0, 0, rng.uniform(-np.pi, np.pi)]) @ _any_orientation(rng))
    thing.hold(float(rng.uniform(2, 4)), _any_turn(rng, 40), lively=1.0)
    return thing


def _put_down(thing: Handled) -> None:
    """Lay it on a table: down, flat, a tap."""
    thing.hold(float(thing.rng.uniform(0.6, 1.2)), None, np.array([0.2, 0.0, -0.3]))
    thing.settle(soft=False)
    _tap(thing)


def _tap(thing: Handled, size_g: tuple[float, float] = TABLE_TAP_G) -> None:
    """Feel a short blow and its rebound: no net change of speed."""
    rng = thing.rng
    times = thing.steps(0.06)
    width = float(rng.uniform(0.003, 0.008))
    s = (times - 0.03) / width
    way = rng.normal(0, 1, 3)
    dent = (1 - s**2) * np.exp(-0.5 * s**2)
    pushed = GRAVITY * rng.uniform(*size_g) * dent[:, None] * way / np.linalg.norm(way)
    thing.follow(np.broadcast_to(thing.now, (len(times), 3, 3)), pushed)


def _carried(thing: Handled, seconds: float, swing: float, length: float, strike_g: float) -> None:
    """Hang from a walker: swing (degrees) with the stride, rise and fall with the step, feel each heel."""
    rng = thing.rng
    times = thing.steps(seconds)
    inside = smooth(times / 1.5) * smooth((times[-1] - times) / 1.5)
    steps_hz = float(rng.uniform(1.6, 2.1))
    phase = 2 * np.pi * np.cumsum(steps_hz * (1 + 0.02 * noise(rng, times, 0.2, 1.0, 1)[:, 0])) / HZ
    angle = np.radians(swing) * np.sin(phase / 2) * inside
    pushed = np.zeros((len(times), 3))
    pushed[:, 2] += 0.2 * GRAVITY * np.sin(phase + 1.0) * inside
    for turns in range(1, int(phase[-1] / (2 * np.pi)) + 1):
        since = np.maximum(times - np.interp(2 * np.pi * turns, phase, times), 0)
        size = strike_g * GRAVITY * rng.uniform(0.6, 1.4) * inside
        pushed[:, 2] += size * np.exp(-since / 0.02) * np.sin(2 * np.pi * 14 * since)
    axis = turn([0, 0, rng.uniform(0, 2 * np.pi)]) @ np.array([0.0, 1.0, 0.0])
    _about(thing, angle, axis, length, pushed)


def _about(thing: Handled, angle: Floats, axis: Floats, length: float, pushed: Floats | float = 0.0) -> None:
    """Swing by an angle (n, radians) about an axis of the world, hanging `length` (m) below it."""
    turned = turn(angle[:, None] * axis)
    place = turned @ np.array([0.0, 0.0, -length])
    hanging = np.zeros_like(place)
    hanging[1:-1] = (place[2:] - 2 * place[1:-1] + place[:-2]) * HZ**2
    thing.follow(turned @ thing.now, hanging + pushed)
    thing.velocity = np.zeros(3)


def _any_turn(rng: np.random.Generator, degrees: float) -> Floats:
    """Draw a rotation by up to about so many degrees, about any axis."""
    axis = rng.normal(0, 1, 3)
    return turn(axis / np.linalg.norm(axis) * np.radians(min(abs(rng.normal(0, degrees)), 170)))


def _any_orientation(rng: np.random.Generator) -> Floats:
    return np.asarray(orientations()[rng.integers(24)], dtype=np.float64)


def _trial(thing: Handled, ident: str, activity: str, rng: np.random.Generator) -> NewTrial:
    thing.rest(RESTS_AFTER)
    return _labelled(thing.rows(), ident, activity, rng)


def _labelled(rows: Rows, ident: str, activity: str, rng: np.random.Generator) -> NewTrial:
    labels = {
        "subject": "made", "activity": activity, "kind": "daily", "mount": "none",
        "made": "by physics: lab/made/device_alone.py",
    }  # fmt: skip
    return NewTrial(ident, worn(rows, rng), labels)
