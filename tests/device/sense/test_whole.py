import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.whole import angle, root

PARTS = st.integers(-(2**17) + 1, 2**17 - 1)


@given(st.integers(0, 2**30 - 1))
def test_root_is_the_whole_part_of_the_square_root(square):
    assert root(square) == math.isqrt(square)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 100, 27_713, 32_767])
def test_root_is_exact_at_and_around_squares(number):
    for square in (number * number - 1, number * number, number * number + 1):
        if 0 <= square < 2**30:
            assert root(square) == math.isqrt(square)


@given(PARTS, PARTS)
def test_angle_is_the_direction_to_a_degree(y, x):
    if (x, y) != (0, 0):
        off = angle(y, x) - math.degrees(math.atan2(y, x))
        assert abs((off + 180) % 360 - 180) <= 1


@given(PARTS, PARTS)
def test_angle_lies_from_above_minus_180_to_180(y, x):
    assert -180 < angle(y, x) <= 180


@pytest.mark.parametrize(
    ("y", "x", "degrees"),
    [
        (0, 0, 0),
        (0, 5, 0),
        (5, 5, 45),
        (5, 0, 90),
        (5, -5, 135),
        (0, -5, 180),
        (-5, -5, -135),
        (-5, 0, -90),
        (-5, 5, -45),
    ],
)
def test_the_main_directions_are_exact(y, x, degrees):
    assert angle(y, x) == degrees


@given(PARTS, PARTS)
def test_left_and_right_are_mirror_images(y, x):
    assert angle(-y, x) == (-angle(y, x) if angle(y, x) != 180 else 180)
