from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.lab.chip.lsm6dsox import LSM6DSOX
from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.motion import Recorded


def numbered(count: int) -> np.ndarray:
    """Rows that say their own number, in two columns (int16 cannot count an hour)."""
    rows = np.zeros((count, 6), dtype=np.int16)
    rows[:, 0] = np.arange(count) % 30_000
    rows[:, 1] = np.arange(count) // 30_000
    return rows


def number(row) -> int:
    return row[0] + 30_000 * row[1]


def test_the_first_row_is_held_before_the_beginning_and_the_last_after_the_end():
    motion = Recorded(numbered(5), 100)
    assert motion.begun is None and motion.end_ns is None
    assert number(motion.at(10**12)) == 0
    motion.begin(1_000_000_000)
    assert motion.begun == 1_000_000_000
    assert motion.end_ns == 1_050_000_000
    assert number(motion.at(0)) == 0
    assert number(motion.at(1_010_000_000)) == 1
    assert number(motion.at(9_000_000_000)) == 4


def test_between_rows_the_nearest_one_is_felt():
    motion = Recorded(numbered(5), 100)
    motion.begin(0)
    assert [number(motion.at(ns)) for ns in (4_999_999, 5_000_001, 14_999_999, 15_000_001)] == [0, 1, 1, 2]


@given(st.integers(0, 20_000_000_000))
def test_a_chip_at_104_hz_meets_every_row_once_for_an_hour_whenever_it_begins(start):
    chip = LSM6DSOX(VirtualClock(), Recorded(numbered(1), 104))
    motion = Recorded(numbered(374_400), 104)
    begin = chip.conversion_after(start)
    assert start < begin <= start + 9_615_385
    motion.begin(begin)
    instant = begin
    for row in range(100):
        assert number(motion.at(instant)) == row
        instant = chip.conversion_after(instant)
    for row in (1_000, 50_001, 374_399):
        assert number(motion.at(chip.conversion_after(begin + row * 10**9 // 104 - 10))) == row


def test_rows_are_reached_in_any_order():
    motion = Recorded(numbered(10_000), Fraction(104))
    motion.begin(0)
    for row in (9_999, 0, 5_000, 2_047, 2_048, 4):
        assert number(motion.at(row * 10**9 // 104)) == row


def test_a_recording_needs_six_columns():
    with pytest.raises(ValueError, match=r"\(n, 6\)"):
        Recorded(np.zeros((4, 3), dtype=np.int16), 104)
