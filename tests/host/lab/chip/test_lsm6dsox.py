"""The chip at its registers; the driver and whole boards have tests of their own."""

import struct
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.lab.chip.lsm6dsox import LSM6DSOX
from backbeat_host.lab.motion import Recorded

from .bench import SECOND, STILL, Bench, Constant


class Rig(Bench):
    """A bench with an LSM6DSOX."""

    def __init__(self, motion=None, **options):
        super().__init__(LSM6DSOX, motion, **options)

    def batch(self, watermark=0, mode=6, stop=False):
        self.set(0x07, watermark & 0xFF, watermark >> 8 | stop << 7, 0x44, mode)

    def level_and_flags(self):
        low, high = self.get(0x3A, 2)
        return low | (high & 3) << 8, high & 0xF8


def words(data):
    return [struct.unpack_from("<Bhhh", data, at) for at in range(0, len(data), 7)]


def test_it_says_who_it_is_and_that_cannot_be_changed():
    rig = Rig()
    assert rig.get(0x0F) == b"\x6c"
    rig.set(0x0F, 0x55)
    assert rig.get(0x0F) == b"\x6c"


def test_reset_brings_defaults_and_clears_itself_after_a_while():
    rig = Rig()
    rig.set(0x10, 0x4C)
    rig.set(0x12, 0x05)
    assert rig.get(0x12) == b"\x05"
    assert rig.get(0x10) == b"\x00"
    rig.run(0.001)
    assert rig.get(0x12) == b"\x04"


def test_addresses_count_up_only_with_if_inc():
    rig = Rig()
    rig.set(0x5B, 1, 2, 3)
    assert rig.get(0x5B, 3) == bytes([1, 2, 3])
    rig.set(0x12, 0x00)
    assert rig.get(0x5B, 3) == bytes([1, 1, 1])


@pytest.mark.parametrize(("code", "gain"), [(0, 8), (1, 1), (2, 4), (3, 2)])
def test_acceleration_is_rescaled_to_the_range_and_clipped(code, gain):
    rig = Rig(Constant((1000, -1000, 30_000, 0, 0, -32_768)))
    rig.sample_at_104_hz(accel_range=code << 2)
    rig.run(0.1)
    assert rig.axes(0x28) == (1000 * gain, -1000 * gain, min(32_767, 30_000 * gain))


@pytest.mark.parametrize(("bits", "gain"), [(0x0, 8), (0x4, 4), (0x8, 2), (0xC, 1), (0x2, 16)])
def test_angular_rate_is_rescaled_to_the_range_and_clipped(bits, gain):
    rig = Rig(Constant((0, 0, 0, 500, -500, -32_768)))
    rig.sample_at_104_hz(gyro_range=bits)
    rig.run(0.1)
    assert rig.axes(0x22) == (500 * gain, -500 * gain, -32_768)


@pytest.mark.parametrize(
    ("code", "rate"),
    [(1, 13), (2, 26), (3, 52), (4, 104), (5, 208), (6, 416), (7, 832), (8, 1664), (9, 3328), (10, 6656)],
)
def test_every_rate_is_made_and_104_hz_is_104_hz_exactly(code, rate):
    conversions = []

    class Counting:
        def at(self, ns):
            conversions.append(ns)
            return STILL

    rig = Rig(Counting())
    rig.set(0x10, code << 4)
    rig.run(2)
    rig.get(0x1E)
    assert len(conversions) == 2 * rate


def test_the_error_of_its_clock_changes_the_rate_and_is_told_in_internal_freq_fine():
    rig = Rig(rate_error=0.03)
    assert rig.get(0x63) == bytes([20])
    rig.sample_at_104_hz()
    rig.batch()
    rig.run(1)
    assert rig.level_and_flags()[0] == 2 * int(6667 / 64 * 1.03)
    assert Rig().get(0x63) == b"\xff"


def test_data_ready_is_told_and_cleared_by_reading_the_high_byte():
    rig = Rig()
    assert rig.get(0x1E) == b"\x00"
    rig.sample_at_104_hz()
    rig.run(0.02)
    assert rig.get(0x1E)[0] & 3 == 3
    rig.get(0x28, 6)
    assert rig.get(0x1E)[0] & 3 == 2
    rig.get(0x22, 6)
    assert rig.get(0x1E)[0] & 3 == 0
    rig.run(0.01)
    assert rig.get(0x1E)[0] & 3 == 3


def test_under_bdu_the_two_bytes_of_an_axis_belong_together():
    motion = Constant((0x0102, 0, 0, 0, 0, 0))
    rig = Rig(motion)
    rig.set(0x12, 0x44)
    rig.sample_at_104_hz()
    rig.run(0.02)
    assert rig.get(0x28) == b"\x02"
    motion.counts = (0x7FFE, 0, 0, 0, 0, 0)
    rig.run(0.02)
    assert rig.get(0x29) == b"\x01"
    assert rig.axes(0x28)[0] == 0x7FFE


def test_temperature_is_relative_to_25_degrees():
    rig = Rig()
    rig.chip.temperature_c = 31.5
    assert struct.unpack("<h", rig.get(0x20, 2)) == (1664,)


def test_rows_come_through_the_fifo_one_for_one_bit_for_bit():
    rows = np.random.default_rng(1).integers(-32_768, 32_768, (20_000, 6)).astype(np.int16)
    motion = Recorded(rows, 104)
    rig = Rig(motion)
    popped = []
    rig.chip.on_popped = popped.append
    rig.sample_at_104_hz()
    rig.run(0.3)
    rig.batch()
    motion.begin(rig.chip.conversion_after(rig.clock.ns))
    got = bytearray()
    turns = np.random.default_rng(2).integers(1_000_000, 900_000_000, 10_000)
    for turn in turns:
        rig.clock.advance(int(turn))
        level, flags = rig.level_and_flags()
        assert not flags & 0x08
        got += rig.get(0x78, 7 * level)
        if len(got) >= 14 * len(rows):
            break
    pairs = np.frombuffer(bytes(got[: 14 * len(rows)]), dtype=np.dtype([("tag", "u1"), ("xyz", "<i2", 3)]))
    assert (pairs["tag"][0::2] >> 3 == 1).all() and (pairs["tag"][1::2] >> 3 == 2).all()
    assert (pairs["xyz"][1::2] == rows[:, :3]).all()
    assert (pairs["xyz"][0::2] == rows[:, 3:]).all()
    assert sum(popped) == len(got) // 14


def test_tags_count_time_slots_and_have_even_parity():
    rig = Rig()
    rig.sample_at_104_hz()
    rig.batch()
    rig.run(0.1)
    tags = [word[0] for word in words(rig.get(0x78, 7 * 16))]
    slots = [tag >> 1 & 3 for tag in tags]
    assert slots[0::2] == slots[1::2]
    assert all((after - before) % 4 == 1 for before, after in zip(slots[0::2], slots[2::2], strict=False))
    assert all(tag.bit_count() % 2 == 0 for tag in tags)


def test_a_read_rolls_over_from_the_last_data_byte_and_pops_whole_words_only():
    rig = Rig()
    rig.sample_at_104_hz()
    rig.batch()
    rig.run(0.1)
    level = rig.level_and_flags()[0]
    assert rig.get(0x78, 10)[7] >> 3 == 2
    assert rig.level_and_flags()[0] == level - 1
    assert rig.get(0x78, 3)[0] >> 3 == 2
    assert rig.level_and_flags()[0] == level - 1


def test_an_empty_fifo_gives_zeros():
    rig = Rig()
    rig.sample_at_104_hz()
    rig.batch()
    assert rig.get(0x78, 14) == bytes(14)
    assert rig.get(0x78, 7) == bytes(7)


def test_continuous_mode_drops_the_oldest_and_latches_the_overrun_until_read():
    numbers = np.zeros((2000, 6), dtype=np.int16)
    numbers[:, 0] = np.arange(2000)
    motion = Recorded(numbers, 104)
    rig = Rig(motion)
    rig.sample_at_104_hz()
    rig.batch()
    motion.begin(rig.chip.conversion_after(rig.clock.ns))
    rig.run(256.5 / 104)
    level, flags = rig.level_and_flags()
    assert (level, flags) == (512, 0x60)
    rig.run(3)
    level, flags = rig.level_and_flags()
    assert level == 512 and flags & 0x08
    assert not rig.level_and_flags()[1] & 0x08
    first = words(rig.get(0x78, 14))
    assert first[1][1] == 312
    assert first[0][0] >> 3 == 1


def test_fifo_mode_keeps_the_oldest_and_bypass_empties():
    numbers = np.zeros((2000, 6), dtype=np.int16)
    numbers[:, 0] = np.arange(2000)
    motion = Recorded(numbers, 104)
    rig = Rig(motion)
    rig.sample_at_104_hz()
    rig.batch(mode=1)
    motion.begin(rig.chip.conversion_after(rig.clock.ns))
    rig.run(5)
    assert rig.level_and_flags()[0] == 512
    assert words(rig.get(0x78, 14))[1][1] == 0
    rig.batch(mode=0)
    assert rig.level_and_flags()[0] == 0


def test_the_watermark_has_nine_bits_shows_in_the_status_and_on_the_pin():
    rig = Rig()
    rig.sample_at_104_hz()
    rig.batch(watermark=300)
    rig.set(0x0D, 0x08)
    rig.run(149.5 / 104)
    assert not rig.level_and_flags()[1] & 0x80 and not rig.chip.int1()
    rig.run(1 / 104)
    assert rig.level_and_flags()[1] & 0x80 and rig.chip.int1()
    rig.get(0x78, 14)
    assert not rig.chip.int1()


def test_stop_on_watermark_limits_the_depth():
    rig = Rig()
    rig.sample_at_104_hz()
    rig.batch(watermark=100, stop=True)
    rig.run(3)
    assert rig.level_and_flags()[0] == 100


def test_batching_slower_than_the_sensor_takes_every_second_conversion():
    rig = Rig()
    rig.sample_at_104_hz()
    rig.set(0x07, 0, 0, 0x43, 6)
    rig.run(1)
    tags = [word[0] >> 3 for word in words(rig.get(0x78, 7 * rig.level_and_flags()[0]))]
    assert (tags.count(1), tags.count(2)) == (104, 52)
    assert tags[:4].count(1) >= 2


def test_data_ready_reaches_the_pin_it_is_routed_to():
    rig = Rig()
    rig.sample_at_104_hz()
    rig.set(0x0E, 0x02)
    rig.run(0.02)
    assert rig.chip.int2() and not rig.chip.int1()
    rig.get(0x22, 6)
    assert not rig.chip.int2()
    rig.set(0x12, 0x24)
    assert rig.chip.int2()


def test_free_fall_needs_its_duration_its_enable_bit_and_shows_everywhere():
    motion = Constant()
    rig = Rig(motion)
    rig.sample_at_104_hz()
    rig.set(0x5D, 10 << 3 | 3)
    rig.set(0x5E, 0x10)
    rig.set(0x56, 0x01)
    motion.counts = (100, 100, 100, 0, 0, 0)
    rig.run(0.5)
    assert not rig.chip.int1()
    rig.set(0x58, 0x80)
    rig.run(9.5 / 104)
    assert not rig.chip.int1()
    rig.run(2 / 104)
    assert rig.chip.int1()
    motion.counts = STILL
    rig.run(0.5)
    assert rig.chip.int1()
    assert rig.get(0x1A)[0] & 0x01
    assert not rig.chip.int1()


def test_wake_up_sees_a_slope_above_its_threshold_and_tells_the_axis():
    motion = Constant()
    rig = Rig(motion)
    rig.sample_at_104_hz()
    rig.set(0x58, 0x80)
    rig.set(0x5B, 2)  # two 64ths of 16 g: 500 mg
    rig.set(0x56, 0x01)
    rig.set(0x5F, 0x20)
    rig.run(0.1)
    assert not rig.chip.int2()
    motion.counts = (0, 2200, 2049, 0, 0, 0)  # 1.07 g in one conversion, a slope of 0.54 g
    rig.run(0.1)
    assert rig.chip.int2()
    assert rig.get(0x1B)[0] & 0x0F == 0x0A


@given(st.integers(0, 10**13), st.fractions(Fraction(-5, 100), Fraction(5, 100), max_denominator=10_000))
def test_conversions_are_evenly_spaced_at_any_error(start, error):
    rig = Rig(rate_error=error)
    first = rig.chip.conversion_after(start)
    second = rig.chip.conversion_after(first)
    period = 64 * SECOND / (6667 * (1 + error))
    assert first > start and abs(second - first - period) <= 1
