from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import events, names
from backbeat.sense.body import VERDICT, Body
from backbeat.sense.falls import FELL, RECOVERED, ROLLED, SUSPECTED
from backbeat.sense.weights import THRESHOLDS
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.resample import padded
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, GetUp, Glance, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic

HZ = 104
NORMAL = 1
DIRECTIONS = {
    "forward": events.FALL_FORWARD,
    "backward": events.FALL_BACKWARD,
    "left": events.FALL_SIDEWAYS,
    "right": events.FALL_SIDEWAYS,
}


@cache
def acted(*script, seed=1):
    return synthetic(list(script), seed)


def verdicts(rows, sensitivity=NORMAL):
    """Feed counts in body axes; give (second, verdict, the detector's impact in s, peak, direction) at each."""
    body = Body((1000, 0, 0), (0, 0, 1000), sensitivity)
    falls, told = body.falls, []
    for number, row in enumerate(rows.tolist()):
        verdict = body.feel(*row) & VERDICT
        if verdict:
            told.append((number / HZ, verdict, falls.impact / HZ, falls.peak, falls.direction))
    return told


def of(told, verdict):
    return [one for one in told if one[1] == verdict]


BEFORE = {
    "standing": (Stand(4),),
    "walking": (Stand(3), Walk("backward", 8, 1.0, 106)),
    "running": (Stand(3), Run("backward", 8)),
}


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_fall_is_called_once_with_its_impact_and_direction(before, direction, seed):
    run = acted(*BEFORE[before], Fall(direction), Lie(10), seed=seed)
    told = verdicts(run.rows)
    (fall,) = of(told, FELL)
    second, _, at, peak, found = fall
    (truth,) = run.of("fall")
    assert truth["from"] <= at <= truth["to"] + 0.5
    assert 1 < second - at < 4
    assert peak > 1600
    assert found == DIRECTIONS[direction]
    assert of(told, ROLLED) == of(told, RECOVERED) == []


@pytest.mark.parametrize("before", BEFORE)
def test_a_fall_is_suspected_within_a_quarter_second_of_its_impact(before):
    told = verdicts(acted(*BEFORE[before], Fall("backward"), Lie(10)).rows)
    (fall,) = of(told, FELL)
    assert any(second - at < 0.25 and abs(at - fall[2]) < 0.6 for second, _, at, *_ in of(told, SUSPECTED))


@pytest.mark.parametrize("sensitivity", range(len(THRESHOLDS)))
def test_every_sensitivity_finds_a_plain_fall_and_leaves_a_runner_alone(sensitivity):
    fall = acted(*BEFORE["running"], Fall("forward"), Lie(10))
    assert len(of(verdicts(fall.rows, sensitivity), FELL)) == 1
    runner = acted(Stand(3), Run("backward", 60), Run("forward", 30), Stand(4))
    assert of(verdicts(runner.rows, sensitivity), FELL) == []


def test_a_more_sensitive_detector_calls_at_less():
    assert list(THRESHOLDS) == sorted(THRESHOLDS, reverse=True)


@pytest.mark.parametrize("turning", [1.4, 1.7, 2.2])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_roll_that_ends_upright_is_a_roll_and_no_fall(turning, seed):
    run = acted(Stand(4), BackwardRoll(turning=turning), Stand(5), seed=seed)
    told = verdicts(run.rows)
    assert [one[1] for one in told if one[1] != SUSPECTED] == [ROLLED]
    (roll,) = of(told, ROLLED)
    (truth,) = run.of("roll")
    assert truth["from"] - 0.5 <= roll[2] <= truth["to"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_stumble_caught_is_no_fall(seed):
    told = verdicts(acted(Stand(4), Run("backward", 10), Stumble(), Run("backward", 8), seed=seed).rows)
    assert of(told, FELL) == of(told, ROLLED) == []
    assert len(of(told, RECOVERED)) <= 1


def test_walking_running_and_glancing_are_nothing_at_all():
    script = (
        Stand(4),
        Walk("forward", 20),
        Run("backward", 30),
        Glance("left"),
        Run("backward", 10),
        Run("forward", 20),
        Walk("left", 10, 1.0, 106),
        Stand(4),
    )
    assert of(verdicts(acted(*script).rows), FELL) == []
    assert of(verdicts(acted(*script).rows), ROLLED) == []


def test_who_stays_down_is_called_once_and_after_getting_up_again_anew():
    one = (Fall("backward"), Lie(8), GetUp(), Stand(5))
    told = verdicts(acted(Stand(4), *one, *one).rows)
    assert len(of(told, FELL)) == 2
    down = verdicts(acted(Stand(4), Fall("backward"), Lie(50)).rows)
    assert len(of(down, FELL)) == 1


def bumped(first, second, seconds):
    """Standing upright, a harmless jolt, and later a hard fall on the back (counts, body axes)."""
    rows = np.zeros((seconds * HZ, 6), dtype=np.int16)
    rows[:, 2] = 2049
    rows[first, 2] = 3900
    turn = slice(second - 50, second)
    rows[turn, 4] = -round(95 / 0.48 / 0.07)  # 95 degrees within 50 samples
    rows[second - 25 :, 2] = 0
    rows[second - 25 :, 0] = 2049
    rows[second - 8 : second + 16, 0] = 7000  # the ground takes 0.2 s to stop the body
    rows[second, 0] = 12_000
    return rows


def test_who_turns_aside_and_lies_on_the_back_fell_backward():
    rows = bumped(4 * HZ, 7 * HZ, 12)
    turn = slice(7 * HZ - 50, 7 * HZ)
    rows[turn, 4] = -round(50 / 0.48 / 0.07)
    rows[turn, 3] = round(65 / 0.48 / 0.07)  # degrees to the right, more than backward
    (fall,) = of(verdicts(rows), FELL)
    assert fall[4] == events.FALL_BACKWARD


@pytest.mark.parametrize("blocks", range(27, 36))
def test_a_jolt_before_does_not_keep_a_fall_from_being_suspected_at_once(blocks):
    fall = 12 * HZ // 8 * 8 + 3
    told = verdicts(bumped(fall - blocks * 8, fall, 20))
    assert fall / HZ in [at for _, _, at, *_ in of(told, SUSPECTED)]
    assert len(of(told, FELL)) == 1


@given(st.integers(0, 2**32 - 1))
def test_any_samples_at_all_are_judged_without_a_fault(seed):
    rng = np.random.default_rng(seed)
    rows = rng.choice([-32_768, -2049, 0, 2049, 32_767], (1200, 6)).repeat(rng.integers(1, 4), axis=0)
    for _, _, at, peak, direction in verdicts(rows.astype(np.int16)):
        assert 0 <= at <= len(rows) / HZ
        assert 0 <= peak <= 27_800
        assert 0 <= direction < len(names.DIRECTIONS)


def stretch(*parts):
    """Counts in body axes from (blocks, acceleration in mg, rotation in dps) one after the other."""
    rows = [np.tile([*np.divide(acc, 0.488), *np.divide(rate, 0.07)], (8 * blocks, 1)) for blocks, acc, rate in parts]
    return np.rint(np.concatenate(rows)).astype(np.int16)


UP, STILL = (0, 0, 1000), (0, 0, 0)
SUPINE = (1000, 0, 0)


def dropping(falling, ground, after=SUPINE, blocks=4):
    """Stand, turn onto the back within 0.6 s while `falling` is felt, meet the ground, lie."""
    return stretch((65, UP, STILL), (8, falling, (0, -150, 0)), (blocks, ground, STILL), (80, after, STILL))


def test_a_fall_is_a_drop_a_push_and_another_posture():
    assert len(of(verdicts(dropping((150, 0, 350), (2600, 0, 700))), FELL)) == 1


def test_who_gets_up_and_runs_on_at_once_is_watched_again():
    swing = (2, (1100, 0, 900), STILL), (2, (-1100, 0, 900), STILL)  # no two blocks are upright, a second of them is
    fall = dropping((150, 0, 350), (2600, 0, 700))[60 * 8 :]
    rows = np.concatenate([stretch((60, UP, STILL)), fall, stretch((8, UP, (0, 150, 0)), *swing * 30), fall[5 * 8 :]])
    assert len(of(verdicts(rows), FELL)) == 2
    short = np.concatenate([stretch((60, UP, STILL)), fall, stretch((5, UP, STILL)), fall[5 * 8 :]])
    assert len(of(verdicts(short), FELL)) == 1, "half a second up is not up again"


def test_lying_down_at_leisure_is_none():
    assert of(verdicts(dropping((700, 0, 700), (1650, 0, 0), blocks=1)), FELL) == []


def test_who_gets_up_has_not_fallen():
    rows = stretch((65, SUPINE, STILL), (8, (350, 0, 150), (0, 150, 0)), (4, (700, 0, 2600), STILL), (80, UP, STILL))
    assert of(verdicts(rows), FELL) == []


def test_gravity_that_moves_without_a_turn_is_no_fall():
    rows = dropping((150, 0, 350), (2600, 0, 700))
    rows[:, 3:] = 0
    assert of(verdicts(rows), FELL) == []


def test_a_device_in_free_fall_has_no_wearer():
    assert of(verdicts(dropping((30, 0, 30), (2600, 0, 700))), FELL) == []


def test_who_is_on_foot_again_has_not_fallen():
    rows = dropping((150, 0, 350), (2600, 0, 700), UP)
    rows[80 * 8 :: 4, 2] += 400  # and walks
    assert of(verdicts(rows), FELL) == []


@pytest.mark.corpus
def test_a_hard_landing_on_the_seat_is_a_fall(shared_corpora):
    """SisFall's F02_SA01_R05 slips and stays sitting upright: only the push and the turn tell."""
    trial = next(ref for ref in open_corpus(shared_corpora / "sisfall-a") if ref.id == "F02_SA01_R05").load()
    assert len(of(verdicts(padded(trial.rows)[0]), FELL)) == 1


@pytest.mark.corpus
@pytest.mark.parametrize("code", ["D03", "D04", "D06", "D13", "D14", "D19"])
def test_what_is_like_a_fall_is_none(shared_corpora, code):
    for ref in [ref for ref in open_corpus(shared_corpora / "sisfall-a") if ref.id.startswith(f"{code}_SA")][:4]:
        assert of(verdicts(padded(ref.load().rows)[0]), FELL) == []
