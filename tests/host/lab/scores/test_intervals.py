"""Shares, rates and spreads, against published and hand-worked values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.lab.scores.intervals import Hourly, Share, share, spread


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (Wilson's)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(hits, of, low, high):
    assert Share(hits, of).interval == pytest.approx((low, high), abs=5e-5)


def test_the_interval_of_all_ends_at_one():
    assert Share(900, 900).interval == (pytest.approx(900 / (900 + 1.96**2), abs=1e-6), 1.0)


@given(st.integers(1, 3000), st.data())
def test_the_interval_lies_around_the_share_and_mirrors(of, data):
    hits = data.draw(st.integers(0, of))
    low, high = Share(hits, of).interval
    assert 0 <= low <= hits / of <= high <= 1
    assert Share(of - hits, of).interval == pytest.approx((1 - high, 1 - low))


def test_of_nothing_there_is_no_share():
    assert (Share(0, 0).rate, Share(0, 0).interval, Hourly(0, 0.0).rate, spread([])) == (None, None, None, None)


def test_counting_and_adding():
    assert share([True, False, True]) + Share(1, 4) == Share(3, 7)
    assert Hourly(3, 1.5).rate == 2


def test_the_spread_of_figures():
    found = spread([1.0, 2.0, 3.0, 4.0, 10.0])
    assert (found.count, found.median, found.mean) == (5, 3.0, 4.0)
    assert found.p95 == pytest.approx(8.8)  # at 0.95 * 4 = 3.8 between the fourth and the fifth
