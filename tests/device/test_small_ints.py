"""No number of the core ever needs a heap object on a board, whatever the chip says."""

import sys
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbeat.sense import whole
from backbeat.settings import defaults
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, GetUp, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic

from . import checked_ints
from .parts import Board

LOOK_MS = 19
WRAP = 2**29


@pytest.fixture(scope="module")
def watched():
    """The watched modules, by name."""
    with checked_ints.core() as module:
        return {
            name: module(f"backbeat.{name}")
            for name in ("session", "record", "metronome", "sense.whole", "sense.steps")
        }


def ride(watched, rows, values=(), start=WRAP - 20_000):
    """Run a whole session over rows; any number too big raises."""
    log = watched["record"].Writer(99_999)
    session = watched["session"].Session({**defaults(), **dict(values)}, Board(), log)
    told = []
    session.listener = lambda *event: told.append(event)
    session.start(start)
    for index in range(0, len(rows), 2):
        ticks = (start + (index + 2) * 1000 // 104) % WRAP
        session.seen(ticks, 2)
        for row in rows[index : index + 2].tolist():
            session.sample(ticks, *row)
        session.poll(ticks)
        while log.waiting:
            log.written()
    session.end((ticks + 5) % WRAP, 1)
    return [event[1] for event in told]


def test_a_number_too_big_would_be_seen(watched):
    with pytest.raises(checked_ints.TooBigError, match=r"whole, line \d+"):
        watched["sense.whole"].root(2**62)


def test_the_core_that_other_tests_use_is_left_as_it_was(watched):
    assert whole.root(2**62) > 0
    assert sys.modules["backbeat.sense.whole"] is whole
    assert watched["sense.whole"] is not whole


def test_a_run_with_all_that_can_happen_in_it(watched):
    script = [
        Stand(5),
        Walk("backward", 10, 1.0, 106),
        Run("backward", 15),
        Stumble(),
        Run("forward", 10),
        Stand(4),
        BackwardRoll(),
        Stand(4),
        Fall("backward"),
        Lie(3),
        GetUp(),
        Run("forward", 12),
        Fall("left"),
        Lie(34),
    ]
    told = ride(watched, synthetic(script, 1).rows, {"alarm.countdown": 30})
    assert {4, 5, 6, 7, 8, 10, 11, 12} <= set(told)


MOST = (-32_768, 32_767)
CORNERS = [(*acc, *gyro, MOST[0]) for acc in product(MOST, repeat=3) for gyro in product(MOST, repeat=2)]


@pytest.mark.parametrize("corner", CORNERS[::3])
@pytest.mark.parametrize(
    "mount", [((1000, 0, 0), (0, 0, 1000)), ((577, -577, 578), (-707, 1, 707))], ids=["square", "askew"]
)
def test_a_chip_stuck_at_its_limits(watched, corner, mount):
    values = {"mount.forward": mount[0], "mount.up": mount[1]}
    ride(watched, np.array([corner] * 1500), values)


@pytest.mark.parametrize("period", [1, 2, 3, 7, 13, 26, 52, 104, 300])
def test_a_chip_that_swings_from_limit_to_limit(watched, period):
    rows = np.where(np.arange(2000)[:, None] // period % 2, 32_767, -32_768).repeat(6, axis=1)
    ride(watched, rows)
    rows[:200] = (0, 0, 2049, 0, 0, 0)
    ride(watched, rows, {"mount.up": (577, 577, 578), "mount.forward": (707, -707, 0)})


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_samples_at_all(watched, seed):
    rng = np.random.default_rng(seed)
    rows = rng.choice([-32_768, -2049, 0, 2049, 32_767], (700, 6)).repeat(rng.integers(1, 5), axis=0)
    ride(watched, rows[:1500])


def test_steps_that_are_hours_apart(watched):
    cadence = watched["sense.steps"].Cadence()
    for at in (100, 190, 280, 600_000, 9_000_000, 9_000_060):
        cadence.step(at)
        found = cadence.quick(at + 50, 2712), cadence.tenths(at + 50, 2712)
    assert found == (0, 944)


@pytest.mark.parametrize("cadence", [400, 401, 1680, 2399, 2400])
@pytest.mark.parametrize("other", [400, 1001, 2400])
def test_a_metronome_at_every_pace_through_changes_and_stalls(watched, cadence, other):
    metronome = watched["metronome"].Metronome(cadence, 7)
    now = WRAP - 60_000
    metronome.start(now)
    for number in range(2000):
        now = (now + (number * 37) % 900 + (30_000 if number % 500 == 499 else 0)) % WRAP
        metronome.poll(now)
        if number % 3 == 0:
            metronome.change(other if number % 2 else cadence, now)
    assert metronome.count > 500
