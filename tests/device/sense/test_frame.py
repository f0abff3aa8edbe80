from array import array
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.frame import Frame

MG, DPS = 0.488, 0.070
STANDING = (0, 0, 2049)
SECOND = 13  # blocks


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


def straight():
    return Frame((1000, 0, 0), (0, 0, 1000))


def felt(frame, acc, gyro=(0, 0, 0)):
    """What the body feels when the chip reads this for eight samples."""
    frame.turn(*(2 * int(value) for value in acc))
    frame.spin(*(8 * int(value) for value in gyro))
    return (frame.x, frame.y, frame.z, frame.p, frame.q, frame.r)


def rest(frame, acc, gyro=(0, 0, 0), blocks=1, unrest=0):
    """Let a chip that reads this be for so many blocks of eight samples."""
    sums = array("i", [8 * int(value) for value in (*acc, *gyro)])
    for _ in range(blocks):
        frame.rest(sums, unrest)


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
    frame = straight()
    chip = np.rint(tilted(lean, about))
    before = felt(frame, chip)
    rest(frame, chip, blocks=SECOND)
    assert max(abs(before[0]), abs(before[1])) == pytest.approx(1000 * abs(np.sin(np.radians(lean))), abs=3)
    assert felt(frame, chip)[:3] == pytest.approx((0, 0, 1000), abs=4)


def test_who_lies_when_the_session_starts_is_not_taken_for_standing_where_up_was_told():
    frame = Frame((1000, 0, 0), (0, 0, 999))
    chip = np.rint(tilted(60))
    rest(frame, chip, blocks=3 * SECOND)
    assert felt(frame, chip)[:3] == pytest.approx((866, 0, 500), abs=3)


@pytest.mark.parametrize("matrix", ROTATIONS)
def test_forward_alone_is_enough_for_gravity_gives_up(matrix):
    """The 24 ways to sit, those too whose forward points along the default up; at 1 degree the belt sits."""
    frame = Frame(tuple((1000 * matrix[:, 0]).tolist()), (0, 0, 1000))
    rest(frame, np.rint(matrix @ tilted(1)), blocks=SECOND)
    for body in ((0, 0, 2049), (1000, 0, 2049), (0, -700, 2049)):
        expected = felt(straight(), body)[:3]
        assert felt(frame, matrix @ np.array(body))[:3] == pytest.approx(expected, abs=40)


def test_where_up_was_not_told_a_steady_walk_sets_right_what_was_no_standing():
    """The board lay on a table; then it is worn, and goes. A second walk bent down changes nothing."""
    frame = straight()
    rest(frame, (0, 2049, 0), blocks=SECOND)
    assert not frame.level and felt(frame, STANDING)[2] == pytest.approx(0, abs=3)
    frame.follow(*felt(frame, np.rint(tilted(5)))[:3])
    assert frame.level and lean_of(frame, STANDING) == pytest.approx(5, abs=1)
    for _ in range(20):
        frame.follow(*felt(frame, np.rint(tilted(70)))[:3])
    assert lean_of(frame, STANDING) == pytest.approx(5, abs=1)


def test_no_up_is_taken_along_forward():
    frame = straight()
    rest(frame, (2049, 0, 0), blocks=SECOND)
    assert felt(frame, STANDING)[:3] == (0, 0, 1000) and not frame.level


@pytest.mark.parametrize("move", [{"acc": (0, 0, 2149)}, {"gyro": (0, 90, 0)}, {"unrest": 200}], ids=["a", "g", "u"])
def test_a_second_with_a_move_in_it_is_not_still(move):
    frame = straight()
    chip = np.rint(tilted(20))
    for _ in range(4):
        rest(frame, chip, blocks=SECOND - 1)
        rest(frame, **{"acc": chip, **move})
    assert felt(frame, chip)[0] == pytest.approx(342, abs=3)
    rest(frame, chip, blocks=SECOND)
    assert felt(frame, chip)[0] == pytest.approx(0, abs=4)


def test_who_does_not_stand_still_for_a_minute_keeps_the_mount_of_the_settings():
    frame = straight()
    chip = np.rint(tilted(20))
    rest(frame, chip, blocks=60 * SECOND, unrest=500)
    rest(frame, chip, blocks=3 * SECOND)
    assert felt(frame, chip)[0] == pytest.approx(342, abs=3)


def test_a_chip_stuck_at_its_limit_is_no_gravity_to_level_by():
    frame = straight()
    rest(frame, (20_000, 0, 32_767), blocks=3 * SECOND)
    assert felt(frame, STANDING) == (0, 0, 1000, 0, 0, 0)


def test_the_level_is_found_once_and_then_stays():
    frame = straight()
    rest(frame, STANDING, blocks=SECOND)
    rest(frame, np.rint(tilted(30)), blocks=3 * SECOND)
    assert felt(frame, np.rint(tilted(30)))[0] == pytest.approx(500, abs=3)


def test_what_the_gyro_reads_at_rest_is_taken_off_from_then_on_lying_or_standing():
    frame = straight()
    rest(frame, STANDING, (140, -130, 100), blocks=SECOND)
    assert felt(frame, STANDING, (140, -130, 100))[3:] == (0, 0, 0)
    rest(frame, tilted(90), (20, 0, 0), blocks=SECOND)
    assert felt(frame, STANDING, (20, 0, 0))[3:] == (0, 0, 0)


def test_a_steady_turn_is_no_error_of_the_gyro():
    frame = straight()
    rest(frame, STANDING, (0, 0, 430), blocks=3 * SECOND)
    assert felt(frame, STANDING, (0, 0, 430))[5] == 30


def lean_of(frame, chip):
    x, y, z = felt(frame, chip)[:3]
    return np.degrees(np.arctan2(np.hypot(x, y), z))


@pytest.mark.parametrize("slip", [-20, 12, 20])
@pytest.mark.parametrize("matrix", ROTATIONS[::5])
def test_a_belt_that_slips_on_the_run_is_followed_within_two_minutes(slip, matrix):
    frame = mounted(matrix)
    rest(frame, matrix @ STANDING, blocks=SECOND)
    chip = matrix @ np.rint(tilted(slip))
    assert lean_of(frame, chip) == pytest.approx(abs(slip), abs=0.3)
    for _ in range(24):  # five seconds each
        frame.follow(*felt(frame, chip)[:3])
    assert lean_of(frame, chip) < 1.2


def test_leaning_and_lying_do_not_drag_the_frame_along():
    frame = straight()
    rest(frame, STANDING, blocks=SECOND)
    for lean in (40, 60, 90, 180):
        for _ in range(50):
            frame.follow(*felt(frame, np.rint(tilted(lean)))[:3])
    assert felt(frame, STANDING)[:3] == (0, 0, 1000)


def test_a_bend_that_comes_bit_by_bit_is_followed_by_25_degrees_and_no_further():
    frame = straight()
    rest(frame, STANDING, blocks=SECOND)
    for lean in np.arange(0, 80, 0.1):
        frame.follow(*felt(frame, np.rint(tilted(lean)))[:3])
    assert lean_of(frame, STANDING) == pytest.approx(25, abs=1)


def test_hard_running_does_not_count_as_gravity():
    frame = straight()
    for _ in range(50):
        frame.follow(300, 0, 1200)
        frame.follow(150, 0, 820)
    assert felt(frame, STANDING)[:3] == (0, 0, 1000)


@pytest.mark.parametrize("matrix", ROTATIONS)
def test_a_chip_that_lay_on_a_table_before_it_was_clipped_on_finds_up_in_the_last_still_second(matrix):
    frame = Frame((0, 0, 0), (0, 0, 1000))
    rest(frame, STANDING, blocks=90 * SECOND)
    rest(frame, matrix @ STANDING, blocks=SECOND)
    assert felt(frame, matrix @ STANDING)[:3] == pytest.approx((0, 0, 1000), abs=1)
    x, y, _ = felt(frame, matrix @ (1000, 0, 0))[:3]
    frame.face(8 * x, 8 * y)
    rest(frame, STANDING if matrix[2, 2] < 1 else (2049, 0, 0), blocks=3 * SECOND)
    assert felt(frame, matrix @ STANDING)[:3] == pytest.approx((0, 0, 1000), abs=1), "known, it stays"


@pytest.mark.parametrize("forward", [(0, 0, 0), (1000, 0, 0)], ids=["unknown", "known"])
def test_a_chip_that_reads_nothing_is_no_gravity_to_level_by(forward):
    frame = Frame(forward, (0, 0, 1000))
    rest(frame, (0, 0, 0), blocks=3 * SECOND)
    rest(frame, (0, 0, 300), blocks=3 * SECOND)
    assert not frame.level
    rest(frame, STANDING, blocks=SECOND)
    assert frame.level
    assert felt(frame, STANDING)[:3] == (0, 0, 1000)


@pytest.mark.parametrize("matrix", ROTATIONS)
def test_a_chip_whose_mount_is_not_known_finds_up_in_a_still_second_and_forward_when_it_is_told(matrix):
    frame = Frame((0, 0, 0), (0, 0, 1000))
    rest(frame, matrix @ STANDING, blocks=SECOND)
    assert frame.level
    assert felt(frame, matrix @ STANDING)[:3] == pytest.approx((0, 0, 1000), abs=1)
    x, y, z = felt(frame, matrix @ (1000, 0, 0))[:3]
    assert (np.hypot(x, y), z) == pytest.approx((488, 0), abs=2)
    frame.face(8 * x, 8 * y)
    assert felt(frame, matrix @ (1000, 0, 0))[:3] == pytest.approx((488, 0, 0), abs=2)
    forward, up = ([frame.part(row, axis) for axis in range(3)] for row in (0, 2))
    assert forward == pytest.approx(1000 * matrix[:, 0], abs=4)
    assert up == pytest.approx(1000 * matrix[:, 2], abs=1)
