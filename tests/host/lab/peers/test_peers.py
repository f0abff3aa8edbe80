"""The peers, on recordings made by hand."""

import sys

import numpy as np
import pytest

from backbeat_host.errors import MissingExtraError
from backbeat_host.lab.peers import PEERS, dip_impact_lying, dip_peak, low_pass_steps, peak
from backbeat_host.lab.peers.peer import rows

UP = np.array([0.0, 0.0, 1.0])


def standing(seconds: float) -> np.ndarray:
    return np.tile(UP, (rows(seconds), 1))


def falling(dip: float, impact: float, gap_s: float, after: np.ndarray) -> np.ndarray:
    """Stand 5 s, a tenth of a second at `dip` g, `gap_s` of 1 g, one row of `impact` g, then 5 s along `after`."""
    parts = [standing(5), dip * standing(0.1), standing(gap_s), impact * UP[None], np.tile(after, (rows(5), 1))]
    return np.concatenate(parts)


LYING, LEANING = np.array([1.0, 0.0, 0.0]), np.array([0.6, 0.0, 0.8])
HIT = rows(5) + rows(0.1) + rows(0.5)


def test_each_has_a_name_a_rule_and_a_source_of_its_own():
    assert len({(peer.name, peer.rule, peer.source) for peer in PEERS}) == len(PEERS) == 4
    assert all((peer.falls is None) != (peer.steps is None) for peer in PEERS)


def test_a_peak_is_told_at_once_and_once():
    acc = falling(1.0, 3.1, 0.5, UP)
    acc[HIT + 5] *= 4
    assert peak.falls(acc) == [(HIT, HIT)]
    assert peak.falls(falling(0.0, 2.9, 0.5, LYING)) == []


def test_ten_seconds_later_the_next_peak_counts():
    acc = standing(30)
    acc[[rows(1), rows(5), rows(12)]] *= 4
    assert peak.falls(acc) == [(rows(1), rows(1)), (rows(12), rows(12))]


def test_a_dip_must_come_before_the_peak_and_soon():
    assert dip_peak.falls(falling(0.4, 3.5, 0.5, UP)) == [(HIT, HIT)]
    assert dip_peak.falls(falling(0.6, 3.5, 0.5, UP)) == []
    assert dip_peak.falls(falling(0.4, 3.5, 1.6, UP)) == []
    assert dip_peak.falls(falling(0.4, 3.5, 0.5, UP)[::-1]) == []


def test_lying_is_asked_for_two_seconds_later():
    decided = HIT + rows(2.5)
    assert dip_impact_lying.falls(falling(0.5, 2.5, 0.5, LYING)) == [(decided, HIT)]
    assert dip_impact_lying.falls(falling(0.5, 2.5, 0.5, -UP)) == [(decided, HIT)]
    assert dip_impact_lying.falls(falling(0.5, 2.5, 0.5, LEANING)) == []  # 37 degrees
    assert dip_impact_lying.falls(falling(0.7, 2.5, 0.5, LYING)) == []
    assert dip_impact_lying.falls(falling(0.5, 1.9, 0.5, LYING)) == []
    assert dip_impact_lying.falls(falling(0.5, 2.5, 1.1, LYING)) == []


def test_a_recording_that_ends_early_is_judged_by_what_there_is():
    acc = falling(0.5, 2.5, 0.5, LYING)[: HIT + rows(2.2)]
    assert dip_impact_lying.falls(acc) == [(len(acc) - 1, HIT)]
    assert dip_impact_lying.falls(acc[: HIT + 1]) == []


@pytest.mark.parametrize("falls", [peer.falls for peer in PEERS if peer.falls])
def test_in_stillness_nothing_is_told(falls):
    assert falls(standing(3)) == falls(standing(0.02)) == []


@pytest.mark.parametrize("up", [UP, np.array([2000.0, 0.0, 0.0])])
def test_steps_are_the_peaks_of_the_vertical(up):
    t = np.arange(rows(20)) / 104
    along = up / np.linalg.norm(up)
    acc = np.outer(1 + 0.3 * np.sin(2 * np.pi * 1.8 * t) + 0.2 * np.sin(2 * np.pi * 14 * t), along)
    found = low_pass_steps.steps(acc, up) / 104
    wanted = (np.arange(36) + 0.25) / 1.8
    assert len(found) == pytest.approx(36, abs=1)
    assert np.abs(found[:, None] - wanted).min(axis=1).max() < 0.03


def test_standing_is_no_step():
    assert low_pass_steps.steps(standing(5), UP).size == 0
    assert low_pass_steps.steps(standing(0.02), UP).size == 0


def test_without_scipy_one_sentence_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.signal", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'backbeat\[analysis\]'"):
        low_pass_steps.signal()
