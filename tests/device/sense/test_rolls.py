"""A roll, whichever way, from whatever, told with its score; and what turns far and is none."""

import numpy as np
import pytest

from backbeat.sense.body import VERDICT, Body
from backbeat.sense.falls import FELL, ROLLED
from backbeat_host.lab.made.library import families, made
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.resample import padded

HZ = 104


def told(rows):
    """Give (verdict, the detector's fields) of all but suspicions."""
    body = Body((1000, 0, 0), (0, 0, 1000), 1)
    found = []
    for row in rows.tolist():
        verdict = body.feel(*row) & VERDICT
        if verdict in (FELL, ROLLED):
            falls = body.falls
            fields = (falls.impact, falls.rotation, falls.duration, falls.upright_in, falls.straightness, falls.peak)
            found.append((verdict, *fields))
    return found


def turning(axis, degrees, seconds, hold=3.0, load=2.0):
    """Stand, turn about `axis` (body) with `load` g in the middle, hold what posture it ends in (counts)."""
    n = round(seconds * HZ)
    axis = np.divide(axis, np.linalg.norm(axis))
    angle = np.radians(degrees) * np.concatenate([np.zeros(4 * HZ), np.linspace(0, 1, n), np.ones(round(hold * HZ))])
    up = np.array([0.0, 0.0, 1.0])
    across, along = np.cross(axis, up), axis * (axis @ up)
    gravity = along + np.outer(np.cos(angle), up - along) - np.outer(np.sin(angle), across)
    felt = np.ones(len(angle))
    felt[4 * HZ + n // 4 : 4 * HZ + 3 * n // 4] = load
    rate = np.gradient(np.degrees(angle)) * HZ
    return np.rint(np.hstack([gravity * felt[:, None] / 0.488e-3, np.outer(rate, axis) / 0.07])).astype(np.int16)


WAYS = {"backward": (0, -1, 0), "forward": (0, 1, 0), "shoulder": (0.35, -1, 0.2), "other shoulder": (-0.5, 1, 0.3)}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seconds", [0.9, 1.5, 2.4])
def test_a_whole_turn_that_ends_upright_is_a_roll_with_a_score(way, seconds):
    ((verdict, start, rotation, duration, upright_in, straightness, peak),) = told(turning(WAYS[way], 360, seconds))
    assert verdict == ROLLED
    assert start == pytest.approx(4 * HZ, abs=16)
    assert rotation == pytest.approx(360, abs=40)  # the part about the upright axis is not counted
    assert duration == pytest.approx(seconds * HZ, abs=24)
    assert duration - 24 <= upright_in <= duration + 3 * HZ
    assert straightness >= 95
    assert peak == pytest.approx(2000, rel=0.05)


@pytest.mark.parametrize("number", [25, 30, 41, 50])
def test_who_came_up_from_a_roll_and_topples_at_once_falls(number):
    (family,) = families(["failed-rolls"])
    trial = made(family, number)
    assert "topples" in trial.labels["activity"]
    assert [one[0] for one in told(padded(trial.rows)[0])] == [FELL]


def test_who_topples_after_a_roll_was_told_falls_all_the_same():
    (family,) = families(["failed-rolls"])
    assert [one[0] for one in told(padded(made(family, 21).rows)[0])] == [ROLLED, FELL]


@pytest.mark.parametrize(("turns", "verdicts"), [(1.25, [FELL]), (1.75, []), (4.25, [])])
def test_what_turns_about_again_and_again_is_no_body(turns, verdicts):
    """As a device that is swung by its strap and then lies there."""
    swung = turning(WAYS["backward"], 360 * turns, 0.9 * turns, hold=8, load=3.0)
    assert [one[0] for one in told(swung)] == verdicts


def test_a_roll_that_stays_down_is_a_fall():
    verdicts = [one[0] for one in told(turning(WAYS["backward"], 270, 1.2, hold=8, load=3.0))]
    assert verdicts == [FELL]


def test_half_a_turn_and_back_is_nothing():
    there = turning(WAYS["forward"], 175, 1.0, hold=0, load=1.2)
    assert told(np.concatenate([there, there[4 * HZ :][::-1] * [1, 1, 1, -1, -1, -1], there[: 4 * HZ]])) == []


def test_turning_round_on_the_spot_is_nothing():
    assert told(turning((0, 0, 1), 720, 2.0)) == []


def test_a_gyro_that_turns_while_gravity_stays_is_not_believed():
    rows = turning(WAYS["backward"], 360, 1.5)
    rows[:, :3] = (0, 0, 2049)
    assert told(rows) == []


def test_two_rolls_are_two():
    one = turning(WAYS["backward"], 360, 1.5)
    assert [roll[0] for roll in told(np.concatenate([one, one]))] == [ROLLED, ROLLED]


@pytest.mark.corpus
def test_the_recorded_roll_is_a_roll_and_flips_are_no_falls(shared_corpora):
    refs = [ref for ref in open_corpus(shared_corpora / "mocap-a") if ref.labels["kind"] in ("roll", "flip")]
    assert len(refs) == 2
    for ref in refs:
        verdicts = [one[0] for one in told(padded(ref.load().rows)[0])]
        assert FELL not in verdicts
        if ref.labels["kind"] == "roll":
            assert verdicts == [ROLLED]


@pytest.mark.corpus
def test_the_farthest_turning_falls_are_no_rolls(shared_corpora):
    """F03, F09, F15: sideways falls turn farthest, up to the limit of a roll."""
    for ref in [ref for ref in open_corpus(shared_corpora / "sisfall-a") if ref.id[:3] in ("F03", "F09", "F15")][::6]:
        assert ROLLED not in [one[0] for one in told(padded(ref.load().rows)[0])]
