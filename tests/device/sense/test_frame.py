from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.frame import Frame

MG, DPS = 0.488, 0.070
STANDING = (0, 0, 2049)


def rotations():
    """The 24 ways a box can sit: the chip's axes in the body's."""
    for order, signs in product(permutations(range(3)), product((1, -1), repeat=3)):
        matrix = np.zeros((3, 3), dtype=int)
        matrix[range(3), order] = signs
        if round(np.linalg.det(matrix)) == 1:
            yield matrix


ROTATIONS = list(rotations())
COUNTS = st.tuples(*(st.integers(-32_767, 32_767),) * 6)


def mounted(matrix):
    """A frame for a chip that reads `matrix @ body`."""
    return Frame(tuple((1000 * matrix[:, 0]).tolist()), tuple((1000 * matrix[:, 2]).tolist()))


def felt(frame, acc, gyro=(0, 0, 0)):
    frame.turn(*map(int, acc), *map(int, gyro))
    return (frame.x, frame.y, frame.z, frame.p, frame.q, frame.r)


def test_there_are_24_ways_to_sit():
    assert len(ROTATIONS) == 24


@given(COUNTS)
def test_however_the_chip_sits_square_the_body_feels_the_same(counts):
    acc, gyro = np.array(counts[:3]), np.array(counts[3:])
    expected = felt(Frame((1000, 0, 0), (0, 0, 1000)), acc, gyro)
    for matrix in ROTATIONS:
        assert felt(mounted(matrix), matrix @ acc, matrix @ gyro) == expected


@given(COUNTS)
def test_counts_become_mg_and_dps_rounded_to_the_nearest(counts):
    found = felt(Frame((1000, 0, 0), (0, 0, 1000)), counts[:3], counts[3:])
    assert found[:3] == pytest.approx([value * MG for value in counts[:3]], abs=0.51 + 16_000 * 1e-4)
    assert found[3:] == pytest.approx([value * DPS for value in counts[3:]], abs=0.51 + 2300 * 1e-4)


def test_standing_still_reads_1000_mg_up():
    assert felt(Frame((1000, 0, 0), (0, 0, 1000)), STANDING) == (0, 0, 1000, 0, 0, 0)


@given(COUNTS, st.tuples(*(st.floats(-1, 1),) * 4).filter(lambda q: sum(part * part for part in q) > 0.1))
def test_a_chip_that_sits_askew_is_turned_to_within_a_hundredth(counts, quaternion):
    w, x, y, z = np.array(quaternion) / np.linalg.norm(quaternion)
    matrix = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    body = np.array(counts[:3]) / 2, np.array(counts[3:]) / 2
    chip = [np.rint(matrix @ part) for part in body]
    frame = Frame(
        tuple(np.rint(1000 * matrix[:, 0]).astype(int).tolist()),
        tuple(np.rint(1000 * matrix[:, 2]).astype(int).tolist()),
    )
    found = felt(frame, *chip)
    for begin, unit, part in ((0, MG, body[0]), (3, DPS, body[1])):
        size = np.linalg.norm(part) * unit
        assert found[begin : begin + 3] == pytest.approx(part * unit, abs=2 + 0.004 * size)


def test_forward_need_not_be_quite_square_to_up_nor_have_a_length():
    frame = Frame((3, 0, 1), (0, 0, 7))
    assert felt(frame, (1000, 0, 0)) == pytest.approx((488, 0, 0, 0, 0, 0), abs=1)


def tilted(degrees, about="pitch"):
    """What a chip reads at rest that leans by so much."""
    angle = np.radians(degrees)
    across = 2049 * np.sin(angle)
    return (across, 0, 2049 * np.cos(angle)) if about == "pitch" else (0, across, 2049 * np.cos(angle))


@pytest.mark.parametrize("about", ["pitch", "roll"])
@pytest.mark.parametrize("lean", [-35, -10, 3, 20, 38])
def test_a_still_second_at_the_start_finds_how_the_belt_sits_today(lean, about):
    frame = Frame((1000, 0, 0), (0, 0, 1000))
    rest = np.rint(tilted(lean, about))
    before = felt(frame, rest)
    for _ in range(110):
        after = felt(frame, rest)
    assert max(abs(before[0]), abs(before[1])) == pytest.approx(1000 * abs(np.sin(np.radians(lean))), abs=3)
    assert after[:3] == pytest.approx((0, 0, 1000), abs=4)


def test_who_lies_when_the_session_starts_is_not_taken_for_standing():
    frame = Frame((1000, 0, 0), (0, 0, 1000))
    rest = np.rint(tilted(60))
    for _ in range(200):
        after = felt(frame, rest)
    assert after[:3] == pytest.approx((866, 0, 500), abs=3)


def test_the_first_still_second_is_waited_for():
    frame = Frame((1000, 0, 0), (0, 0, 1000))
    rest = np.rint(tilted(20))
    for number in range(200):
        felt(frame, np.add(rest, (0, 0, 130 if number == 50 else 0)))
    assert felt(frame, rest)[0] == pytest.approx(0, abs=3)


def test_who_does_not_stand_still_for_a_minute_keeps_the_mount_of_the_settings():
    frame = Frame((1000, 0, 0), (0, 0, 1000))
    rest = np.rint(tilted(20))
    for number in range(60 * 104):
        felt(frame, np.add(rest, (0, 0, 130 if number % 50 == 0 else 0)))
    for _ in range(200):
        felt(frame, rest)
    assert felt(frame, rest)[0] == pytest.approx(342, abs=3)


def test_a_chip_stuck_at_its_limit_is_no_gravity_to_level_by():
    frame = Frame((1000, 0, 0), (0, 0, 1000))
    for _ in range(200):
        felt(frame, (20_000, 0, 32_767))
    assert felt(frame, STANDING) == (0, 0, 1000, 0, 0, 0)


def test_the_level_is_found_once_and_then_stays():
    frame = Frame((1000, 0, 0), (0, 0, 1000))
    for _ in range(150):
        felt(frame, STANDING)
    for _ in range(300):
        felt(frame, np.rint(tilted(30)))
    assert felt(frame, np.rint(tilted(30)))[0] == pytest.approx(500, abs=3)
