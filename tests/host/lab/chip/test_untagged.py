"""The FIFO without tags, of the LSM6DS3TR-C and the LSM6DS33 / LSM6DS3, at its registers."""

import struct

import numpy as np
import pytest

from backbeat_host.lab.chip.lsm6ds3trc import LSM6DS3TRC
from backbeat_host.lab.chip.lsm6ds33 import LSM6DS33
from backbeat_host.lab.motion import Recorded

from .bench import Bench, Constant, numbered

WATERMARK, OVERRUN, FULL_NEXT, EMPTY = 0x80, 0x40, 0x20, 0x10


class Untagged(Bench):
    """A bench for either chip."""

    def batch(self, gyro=1, accel=1, watermark=0, mode=6, rate=4):
        """Decimation by code; all is written in one burst, as a driver does."""
        self.set(0x06, watermark & 0xFF, watermark >> 8, gyro << 3 | accel, 0, rate << 3 | mode)

    def status(self):
        """Level, flags, place in the pattern."""
        low, high, pattern, pattern_high = self.get(0x3A, 4)
        level_bits = self.chip.FIFO_DEPTH - 1
        return (low | high << 8) & level_bits, high & 0xF0, pattern | pattern_high << 8

    def words(self, count):
        return struct.unpack(f"<{count}h", self.get(0x3E, 2 * count))


@pytest.fixture(params=[LSM6DS3TRC, LSM6DS33], ids=lambda chip: chip.__name__)
def chip_class(request):
    return request.param


@pytest.fixture
def rig(chip_class):
    """Both sensors at 104 Hz into the FIFO, rows numbered from the first on."""
    made = Untagged(chip_class, numbered())
    made.sample_at_104_hz()
    made.batch()
    made.begin()
    return made


def row(number):
    """The six words of one row: gyro x y z, accelerometer x y z."""
    return tuple(number * 10 + axis for axis in (3, 4, 5, 0, 1, 2))


def test_a_sample_is_gyro_x_y_z_then_accelerometer_x_y_z(rig):
    rig.conversions(2)
    assert rig.words(12) == row(0) + row(1)


def test_level_is_in_words_and_the_pattern_tells_which_word_is_next(rig):
    rig.conversions(3)
    assert rig.status() == (18, 0, 0)
    rig.words(8)
    assert rig.status() == (10, 0, 2)
    rig.words(10)
    assert rig.status() == (0, EMPTY, 0)


def test_an_empty_fifo_gives_zeros_and_stays_at_its_place(rig):
    rig.conversions(1)
    rig.words(4)
    assert rig.words(4) == (1, 2, 0, 0)
    assert rig.status() == (0, EMPTY, 0)


def test_a_byte_read_alone_takes_no_word_until_its_high_byte_is_read(rig):
    rig.conversions(1)
    assert rig.get(0x3E) == b"\x03"
    assert rig.status()[0] == 6
    assert rig.get(0x3F) == b"\x00"
    assert rig.status()[0] == 5
    assert rig.get(0x3E, 3) == b"\x04\x00\x05"
    assert rig.status()[0] == 4


def test_status_read_register_by_register_is_the_same(rig):
    rig.conversions(50)
    rig.words(8)
    assert b"".join(rig.get(0x3A + place) for place in range(4)) == rig.get(0x3A, 4)
    assert rig.get(0x3A, 2) == rig.get(0x3A, 4)[:2]


def test_rows_come_through_bit_for_bit_however_they_are_read(chip_class):
    rows = np.random.default_rng(1).integers(-32_768, 32_768, (5_000, 6)).astype(np.int16)
    rig = Untagged(chip_class, Recorded(rows, 104))
    popped = []
    rig.chip.on_popped = popped.append
    rig.sample_at_104_hz()
    rig.batch()
    rig.run(0.7)
    rig.batch(mode=0)
    rig.batch()
    rig.begin()
    turns = np.random.default_rng(2)
    got = []
    while len(got) < 6 * len(rows):
        rig.clock.advance(int(turns.integers(1_000_000, 900_000_000)))
        level, flags, _ = rig.status()
        assert not flags & OVERRUN
        got += rig.words(int(turns.integers(0, level + 1)))
    samples = np.array(got[: 6 * len(rows)]).reshape(-1, 6)
    assert (samples[:, 3:] == rows[:, :3]).all() and (samples[:, :3] == rows[:, 3:]).all()
    assert sum(popped) == len(got) // 6


def test_an_overrun_drops_the_oldest_words_and_leaves_the_pattern_where_it_falls(rig):
    depth = rig.chip.FIFO_DEPTH
    whole = depth // 6
    rig.conversions(whole - 1)
    assert rig.status() == (6 * (whole - 1), 0, 0)
    rig.conversions(0.5)
    assert rig.status() == (6 * whole, FULL_NEXT, 0)
    rig.conversions(0.5)  # six more words, of which depth - 6 * whole have room
    lost = 6 - (depth - 6 * whole)
    assert rig.status() == (0, OVERRUN | FULL_NEXT, lost)  # full: one word more than the level's bits hold
    assert rig.words(6) == (row(0) + row(1))[lost : lost + 6]
    assert rig.status() == (depth - 6, FULL_NEXT, lost)
    rig.words(6 - lost)
    assert rig.words(12) == row(2) + row(3)
    assert rig.status()[2] == 0


def test_long_after_the_overrun_the_words_are_the_newest_and_the_pattern_is_true(rig):
    rig.conversions(2500)
    level, flags, place = rig.status()
    assert (level, flags) == (0, OVERRUN | FULL_NEXT) and place
    words = rig.words(rig.chip.FIFO_DEPTH)
    assert words[-6:] == row(2499)
    assert words[6 - place : 12 - place] == row(2500 - rig.chip.FIFO_DEPTH // 6)
    assert rig.status() == (0, EMPTY, 0)


@pytest.mark.parametrize("chip_class", [LSM6DS3TRC], indirect=True)
def test_the_trc_holds_3_28_seconds(rig):
    rig.run(3.27)
    assert not rig.status()[1] & OVERRUN
    rig.run(0.03)
    assert rig.status()[1] & OVERRUN


@pytest.mark.parametrize("chip_class", [LSM6DS33], indirect=True)
def test_the_ds33_holds_6_56_seconds(rig):
    rig.run(6.55)
    assert not rig.status()[1] & OVERRUN
    rig.run(0.03)
    assert rig.status()[1] & OVERRUN


def test_bypass_empties_it_and_the_pattern_begins_anew(rig):
    rig.conversions(2500)
    assert rig.status()[2]
    rig.batch(mode=0)
    assert rig.status() == (0, EMPTY, 0)
    rig.run(0.1)
    assert rig.status() == (0, EMPTY, 0)
    rig.batch()
    rig.run(0.1)
    first = rig.words(6)
    assert first == row(first[3] // 10)


def test_fifo_mode_keeps_the_oldest(rig):
    rig.batch(mode=0)
    rig.batch(mode=1)
    rig.conversions(2500)
    assert rig.status() == (0, OVERRUN | FULL_NEXT, 0)
    assert rig.words(6) == row(0)


@pytest.mark.parametrize(
    ("gyro", "accel", "expected"),
    [
        (1, 0, [(3, 4, 5), (13, 14, 15), (23, 24, 25), (33, 34, 35)]),
        (0, 1, [(0, 1, 2), (10, 11, 12), (20, 21, 22), (30, 31, 32)]),
        (2, 1, [(3, 4, 5), (0, 1, 2), (10, 11, 12), (23, 24, 25), (20, 21, 22), (30, 31, 32)]),
        (1, 3, [(3, 4, 5), (0, 1, 2), (13, 14, 15), (23, 24, 25), (33, 34, 35), (30, 31, 32)]),
    ],
)
def test_decimation_leaves_out_a_sensor_and_lengthens_the_pattern(chip_class, gyro, accel, expected):
    rig = Untagged(chip_class, numbered())
    popped = []
    rig.chip.on_popped = popped.append
    rig.sample_at_104_hz()
    rig.batch(gyro, accel)
    rig.begin()
    rig.conversions(4)
    level, flags, place = rig.status()
    assert (level, flags, place) == (3 * len(expected), 0, 0)
    words = []
    for _ in range(len(expected)):
        words.append(rig.words(3))
    assert words == expected
    of_samples = (0, 1, 2) if accel else (3, 4, 5)
    assert sum(popped) == sum(word[0] % 10 == of_samples[0] for word in expected)


def test_the_pattern_of_unlike_rates_tells_where_in_it_the_next_word_is(chip_class):
    rig = Untagged(chip_class, numbered())
    rig.sample_at_104_hz()
    rig.batch(gyro=2, accel=1)  # gyro accelerometer accelerometer: nine words
    rig.begin()
    rig.conversions(6)
    places = []
    for _ in range(9):
        places.append(rig.status()[2])
        rig.words(3)
    assert places == [0, 3, 6] * 3


@pytest.mark.parametrize(("code", "rate"), [(1, 13), (2, 26), (3, 52), (4, 104), (5, 104), (10, 104)])
def test_the_fifo_has_a_rate_of_its_own_and_none_faster_than_the_sensors(chip_class, code, rate):
    rig = Untagged(chip_class, Constant())
    rig.sample_at_104_hz()
    rig.batch(rate=code)
    rig.run(2)
    assert rig.status()[0] == 6 * 2 * rate


def test_without_a_rate_nothing_is_stored(chip_class):
    rig = Untagged(chip_class, Constant())
    rig.sample_at_104_hz()
    rig.batch(rate=0)
    rig.run(1)
    assert rig.status() == (0, EMPTY, 0)


def test_the_watermark_shows_in_the_status_and_on_the_pin(chip_class):
    rig = Untagged(chip_class, Constant())
    rig.sample_at_104_hz()
    rig.batch(watermark=1200)
    rig.set(0x0D, 0x08)
    rig.conversions(199)
    assert not rig.status()[1] & WATERMARK and not rig.chip.int1()
    rig.run(1 / 104)
    assert rig.status()[1] & WATERMARK and rig.chip.int1()
    rig.words(6)
    assert not rig.status()[1] & WATERMARK and not rig.chip.int1()


@pytest.mark.parametrize(
    ("chip_class", "register", "bit"), [(LSM6DS3TRC, 0x09, 0x80), (LSM6DS33, 0x13, 0x01)], indirect=["chip_class"]
)
def test_stop_on_watermark_limits_the_depth(rig, register, bit):
    rig.batch(mode=0)
    rig.batch(watermark=600)
    rig.set(register, bit)
    rig.conversions(500)
    assert rig.status()[:2] == (600, WATERMARK | OVERRUN | FULL_NEXT)


@pytest.mark.parametrize(
    ("chip_class", "bits"), [(LSM6DS3TRC, 11), (LSM6DS33, 12)], indirect=["chip_class"], ids=["trc", "ds33"]
)
def test_level_and_watermark_have_the_bits_of_the_chip(rig, bits):
    rig.batch(mode=0)
    rig.batch(watermark=0xFFFF)
    most = (2**bits - 1) // 6
    rig.conversions(most)
    level, flags, _ = rig.status()
    assert level == 6 * most
    assert not flags & WATERMARK
    rig.conversions(1)
    assert rig.status()[1] & WATERMARK
