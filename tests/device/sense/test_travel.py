import math
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from backbeat.events import BACKWARD, FORWARD, LEFT, NO_TRAVEL, NOWHERE, RIGHT
from backbeat.sense.blocks import KEPT
from backbeat.sense.travel import Travel
from backbeat_host.lab.recordings.corpus import open_corpus

HZ = 52
HEADINGS = {FORWARD: 0, LEFT: 90, BACKWARD: 180, RIGHT: -90}


def moving(heading, spring, seconds, spm=120, sway=150, bounce=300):
    """A body whose speed along `heading` swings with (a spring) or against (a pendulum) its vertical velocity."""
    way = math.radians(heading)
    for n in range(round(seconds * HZ)):
        phase = 2 * math.pi * spm / 60 * n / HZ
        # z accelerates as -sin, so the velocity goes as cos.
        along = sway * math.cos(phase) * (1 if spring else -1)
        yield round(along * math.cos(way)), round(along * math.sin(way)), round(1000 - bounce * math.sin(phase))


def still(seconds):
    return [(0, 0, 1000)] * round(seconds * HZ)


def braking(heading, seconds, spm=100, sway=60, bounce=60):
    """A body that brakes in a fifth of each step and speeds up over the rest; its bounce says nothing of the way."""
    way = math.radians(heading)
    for n in range(round(seconds * HZ)):
        step = spm / 60 * n / HZ % 1
        along = sway * (1 - 10 * step if step < 0.2 else 2.5 * step - 1.5)
        up = 1000 - bounce * math.sin(4 * math.pi * (step - 0.35))
        yield round(along * math.cos(way)), round(along * math.sin(way)), round(up)


class Past:
    """Blocks, as `brake` wants them."""

    def __init__(self):
        self.count = 0
        self.x, self.y = [0] * KEPT, [0] * KEPT

    def close(self, frame):
        at = self.count % KEPT
        self.x[at], self.y[at] = frame.x, frame.y
        self.count += 1


def feed(travel, values):
    """Feed values and their blocks; give the second whenever half of one is full."""
    past = Past()
    block = []
    for n, value in enumerate(values):
        if travel.feel(*value):
            yield n / HZ
        block.append(value)
        if len(block) == 4:
            frame = SimpleNamespace(x=sum(x for x, _, _ in block) >> 2, y=sum(y for _, y, _ in block) >> 2)
            travel.brake(frame, past)
            past.close(frame)
            block = []


def told(travel, values, spring):
    """Give (second, travel) at each change."""
    return [(second, travel.travel) for second in feed(travel, values) if travel.tell(spring)]


def apart(one, other):
    """Give the angle between two headings."""
    return abs((one - other + 180) % 360 - 180)


@pytest.mark.parametrize("spring", [False, True], ids=["walk", "run"])
@pytest.mark.parametrize("way", HEADINGS, ids=["forward", "left", "backward", "right"])
def test_the_sway_against_the_bounce_tells_the_way(way, spring):
    travel = Travel()
    ((second, found),) = told(travel, moving(HEADINGS[way], spring, 15), spring)
    assert found == way
    assert second < 3
    assert apart(travel.heading, HEADINGS[way]) <= 5
    assert travel.confidence > 90


@pytest.mark.parametrize("heading", [30, -30, 120, -120, 150])
@pytest.mark.parametrize("spm", [50, 120, 220])
def test_the_heading_is_finer_than_the_four_ways(heading, spm):
    travel = Travel()
    told(travel, moving(heading, True, 15, spm=spm), True)
    assert apart(travel.heading, heading) <= 5


def test_the_same_sway_is_forward_for_a_walker_and_backward_for_a_runner():
    walker, runner = Travel(), Travel()
    values = list(moving(0, False, 15))
    assert told(walker, values, False)[-1][1] == FORWARD
    assert told(runner, values, True)[-1][1] == BACKWARD


@pytest.mark.parametrize("spring", [False, True], ids=["walk", "run"])
@pytest.mark.parametrize("late", [0, 0.2, 0.4], ids=str)
def test_a_turn_round_is_told_once_within_five_seconds(spring, late):
    travel = Travel()
    changes = told(travel, [*moving(0, spring, 20 + late), *moving(180, spring, 20)], spring)
    assert [found for _, found in changes] == [FORWARD, BACKWARD]
    assert changes[1][0] - 20 - late < 5


def test_one_who_sets_off_the_other_way_is_believed_as_soon_as_at_first():
    travel = Travel()
    told(travel, moving(0, True, 10), True)
    travel.stop()
    ((second, found),) = told(travel, moving(180, True, 10), True)
    assert found == BACKWARD
    assert second < 3


def test_a_recording_that_begins_after_stillness_is_told_as_early():
    travel = Travel()
    ((second, found),) = told(travel, [*still(30), *moving(180, True, 5, spm=168, sway=300, bounce=1200)], True)
    assert found == BACKWARD
    assert second - 30 < 3


@pytest.mark.parametrize("way", HEADINGS, ids=["forward", "left", "backward", "right"])
def test_sharp_braking_tells_where_a_soft_walk_goes(way):
    travel = Travel()
    values = list(braking(HEADINGS[way], 15))
    ((second, found),) = told(travel, values, False)
    assert found == way
    assert second < 3
    assert apart(travel.heading, HEADINGS[way]) <= 10
    other = Travel()
    assert told(other, values[::-1], False)[-1][1] == {0: 1, 1: 0, 2: 3, 3: 2}[way]
    assert apart(travel.heading, other.heading) >= 170


def test_a_blow_does_not_outweigh_seconds_of_braking():
    travel = Travel()
    values = list(braking(180, 20))
    values[10 * HZ : 10 * HZ + 4] = [(-6000, 500, 3000)] * 4
    values[10 * HZ + 4 : 10 * HZ + 8] = [(6000, -500, 3000)] * 4
    assert told(travel, values, False)[-1][1] == BACKWARD


def test_braking_says_nothing_of_a_run():
    travel, alike = Travel(), Travel()
    values = list(braking(0, 15, spm=160))
    told(travel, values, True)
    for value in values:  # no block is ever told
        if alike.feel(*value):
            alike.tell(True)
    assert (travel.heading, travel.confidence) == (alike.heading, alike.confidence)


@settings(max_examples=50)
@given(
    st.floats(60, 220),
    st.lists(st.tuples(st.floats(30, 400), st.floats(0, 6.28), st.floats(30, 600), st.floats(0, 6.28)), min_size=3),
)
@example(110, [(150, 1.2, 300, 0.0), (150, 0.3, 250, 2.0), (40, 4.0, 120, 1.0)])
def test_what_is_played_backward_in_time_goes_the_other_way(spm, parts):
    """A step may have any shape: here two and three times its rate are in it, in any phase."""
    values = []
    for n in range(15 * HZ):
        phase = 2 * math.pi * spm / 60 * n / HZ
        x = sum(sway * math.cos((k + 1) * phase + at) for k, (sway, at, _, _) in enumerate(parts[:3]))
        z = sum(bounce * math.sin((k + 1) * phase + at) for k, (_, _, bounce, at) in enumerate(parts[:3]))
        values.append((round(x), 0, round(1000 + z)))
    first, second = Travel(), Travel()
    told(first, values, True)
    told(second, reversed(values), True)
    assume(first.accord >= 15)  # else neither way is meant
    assert apart(first.heading, second.heading) >= 170


@given(st.integers(0, 2**32), st.sampled_from(list(HEADINGS)))
@settings(max_examples=20)
def test_it_does_not_flicker_in_noise(seed, way):
    travel = Travel()
    noise = random.Random(seed)
    values = [
        tuple(round(value + noise.gauss(0, 100)) for value in each)
        for each in moving(HEADINGS[way] + noise.uniform(-20, 20), False, 60)
    ]
    assert [found for _, found in told(travel, values, False)] == [way]


def test_a_part_sideways_is_still_forward():
    travel = Travel()
    assert [found for _, found in told(travel, moving(50, False, 20), False)] == [FORWARD]
    assert apart(travel.heading, 50) <= 5


def test_on_the_border_between_two_ways_the_first_stands():
    travel = Travel()
    border = [value for n in range(20) for value in moving(57 if n % 2 else 63, False, 5)]
    assert len(told(travel, border, False)) == 1


def test_bouncing_on_the_spot_says_nothing():
    travel = Travel()
    assert told(travel, moving(0, True, 30, sway=0), True) == []
    assert travel.travel == NO_TRAVEL


def test_standing_says_nothing_and_is_not_felt():
    travel = Travel()
    assert told(travel, still(20), False) == []
    assert (travel.travel, travel.felt, travel.swing) == (NO_TRAVEL, 0, 0)


def test_the_confidence_falls_with_the_accord():
    clear, vague = Travel(), Travel()
    noise = random.Random(5)
    told(clear, moving(0, False, 20), False)
    told(vague, ((x + round(noise.gauss(0, 500)), y, z) for x, y, z in moving(0, False, 20)), False)
    assert 50 < vague.confidence < 90 < clear.confidence < 100


def test_stopping_is_told_once_and_forgets_the_way():
    travel = Travel()
    told(travel, moving(180, True, 15), True)
    assert travel.stop()
    assert not travel.stop()
    assert (travel.travel, travel.heading, travel.confidence, travel.felt) == (NOWHERE, 0, 0, 0)


def test_after_forgetting_the_way_stands_until_another_is_known():
    travel = Travel()
    told(travel, moving(180, True, 15), True)
    travel.forget(5)
    assert travel.travel == BACKWARD
    assert [found for _, found in told(travel, moving(0, False, 10), False)] == [FORWARD]


def test_another_movement_is_not_weighed_against_the_one_before():
    """A run is so much louder than a walk that it would be heard for as long as it is remembered."""
    travel = Travel()
    told(travel, moving(0, True, 20, spm=168, sway=300, bounce=1200), True)
    told(travel, moving(0, False, 3, spm=100, sway=80, bounce=150), True)
    assert travel.felt < 4 * HZ // 2
    told(travel, moving(0, False, 1, spm=100, sway=80, bounce=150), True)
    assert travel.swing < 2 * travel.felt * 75 * 75  # of the walk alone: a mean square of 75 * 75 / 2, in 2 mg


def test_an_impact_does_not_outweigh_seconds_of_sway():
    travel = Travel()
    values = list(moving(180, True, 20, spm=168, sway=300, bounce=1200))
    values[10 * HZ] = (8000, 6000, 12_000)
    assert [found for _, found in told(travel, values, True)] == [BACKWARD]


def test_a_leaning_trunk_does_not_look_like_travel():
    travel = Travel()
    values = [(x + 250, y - 120, z - 40) for x, y, z in moving(0, True, 20)]
    assert [found for _, found in told(travel, values, True)] == [FORWARD]


@pytest.mark.parametrize("period", [1, 2, 5, 13, 26, 52, 400])
def test_sums_stay_small_whatever_comes(period):
    travel, past = Travel(), Past()
    for n in range(20 * HZ):
        most = 28_000 if n // period % 2 else -28_000  # 16 g on all three axes
        travel.feel(most, -most, most)
        if n % 4 == 3:
            travel.brake(SimpleNamespace(x=most, y=-most), past)
            past.close(SimpleNamespace(x=most, y=-most))
        assert max(map(abs, [*travel._totals, *travel._open])) < 2**30
    travel.tell(False)
    assert 0 <= travel.accord <= 100


@pytest.mark.parametrize("sway", [2, 3, 4, 6, 10])
def test_a_hard_bounce_with_hardly_any_sway_gives_no_huge_figure(sway):
    travel = Travel()
    for value in moving(0, True, 8, sway=sway, bounce=1500):
        travel.feel(*value)
        assert abs(travel.along) + abs(travel.aside) <= 4 * 1024


@pytest.mark.corpus
@pytest.mark.parametrize("code, spring", [("D01", False), ("D02", False), ("D03", True), ("D04", True)])
def test_recorded_walks_and_runs_go_forward_and_played_backward_go_backward(shared_corpora: Path, code, spring):
    right = windows = 0
    for trial in open_corpus(shared_corpora / "sisfall-a"):
        if trial.labels.get("code") != code or trial.labels["subject"] not in ("SA02", "SA05", "SA08", "SE04", "SE05"):
            continue
        rows = trial.load().rows[:, :3].astype(np.int64) * 488 // 1000
        pairs = (rows[: len(rows) // 2 * 2 : 2] + rows[1::2]) >> 1
        for values, way in ((pairs, FORWARD), (pairs[::-1], BACKWARD), (pairs[:, [1, 0, 2]] * [-1, 1, 1], LEFT)):
            travel = Travel()
            due = 5
            for second in feed(travel, values.tolist()):
                travel.tell(spring)
                if second + 0.1 > due:
                    due += 5
                    windows += 1
                    right += travel.travel == way
    assert windows > 100
    assert right >= 0.97 * windows
