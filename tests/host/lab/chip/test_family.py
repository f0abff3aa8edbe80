"""What every chip of the family does alike, each at its own registers."""

import struct

import numpy as np
import pytest

from backbeat_host.lab.chip.lsm6ds3trc import LSM6DS3TRC
from backbeat_host.lab.chip.lsm6ds33 import LSM6DS33
from backbeat_host.lab.chip.lsm6dsox import LSM6DSOX
from backbeat_host.lab.motion import Recorded

from .bench import STILL, Bench, Constant

ONE_G = 2049


class Chip(Bench):
    """A bench that knows where the three differ: FIFO set-up, the switch of the engines, the latch."""

    def batch(self):
        if isinstance(self.chip, LSM6DSOX):
            self.set(0x07, 0, 0, 0x44, 6)
        else:
            self.set(0x06, 0, 0, 0x09, 0, 0x26)

    def samples(self):
        """All that waits in the FIFO: (n, 6), acceleration first."""
        low, high = self.get(0x3A, 2)
        if isinstance(self.chip, LSM6DSOX):
            level = low | (high & 3) << 8
            data = np.frombuffer(self.get(0x78, 7 * level), np.dtype([("tag", "u1"), ("xyz", "<i2", 3)]))["xyz"]
        else:
            level = low | (high & 0x0F) << 8
            data = np.frombuffer(self.get(0x3E, 2 * level), "<i2").reshape(-1, 3)
        return np.hstack([data[1::2], data[0::2]])

    def latch(self):
        """LIR and, where there is one, the switch of the engines."""
        if isinstance(self.chip, LSM6DSOX):
            self.set(0x56, 0x01)
            self.set(0x58, 0x80)
        elif isinstance(self.chip, LSM6DS3TRC):
            self.set(0x58, 0x81)
        else:
            self.set(0x58, 0x01)

    def doze(self, rate=1):
        """Idle: no FIFO, no gyro, accelerometer slow at low power and 2 g, wake-up at 3/64 of it, latched, on INT1."""
        self.set(0x0A, 0)
        self.set(0x11, 0)
        self.set(0x15, 0x10)  # XL_HM_MODE
        self.set(0x10, rate << 4)
        self.set(0x5B, 3)
        self.set(0x5C, 0)
        self.latch()
        self.set(0x5E, 0x20)


@pytest.fixture(params=[LSM6DSOX, LSM6DS3TRC, LSM6DS33], ids=lambda chip: chip.__name__)
def chip_class(request):
    return request.param


@pytest.fixture
def rig(chip_class):
    return Chip(chip_class)


WHO = {LSM6DSOX: 0x6C, LSM6DS3TRC: 0x6A, LSM6DS33: 0x69}


# ---- registers ----


def test_it_says_who_it_is_and_that_cannot_be_changed(rig, chip_class):
    rig.set(0x0F, 0x55)
    assert rig.get(0x0F)[0] == WHO[chip_class]


@pytest.mark.parametrize("bit", [0x01, 0x80], ids=["SW_RESET", "BOOT"])
def test_reset_brings_defaults_and_an_empty_fifo_and_clears_itself(rig, bit):
    rig.sample_at_104_hz()
    rig.batch()
    rig.run(0.2)
    rig.set(0x12, 0x44)
    rig.set(0x12, 0x44 | bit)
    assert rig.get(0x12)[0] & 0x01
    assert rig.get(0x10, 2) == b"\x00\x00"
    rig.run(0.001)
    assert rig.get(0x12) == b"\x04"
    assert not len(rig.samples())


@pytest.mark.parametrize(
    ("chip_class", "axes"), [(LSM6DSOX, (0xE0, 0)), (LSM6DS3TRC, (0xE0, 0)), (LSM6DS33, (0x38, 0x38))]
)
def test_defaults_of_the_last_two_controls(chip_class, axes):
    assert tuple(Chip(chip_class).get(0x18, 2)) == axes


def test_only_the_sox_tells_the_error_of_its_clock(chip_class):
    told = Chip(chip_class, rate_error=0.03).get(0x63)[0]
    assert told == (20 if chip_class is LSM6DSOX else 0)


def test_the_error_of_its_clock_changes_the_rate(chip_class):
    rig = Chip(chip_class, rate_error=-0.02)
    rig.sample_at_104_hz()
    rig.batch()
    rig.run(1)
    assert len(rig.samples()) == int(6667 / 64 * 0.98)


def test_degrees_have_the_counts_of_the_chip(rig, chip_class):
    rig.chip.temperature_c = 31.5
    assert struct.unpack("<h", rig.get(0x20, 2))[0] == (104 if chip_class is LSM6DS33 else 1664)


def test_only_a_chip_that_has_1_6_hz_converts_at_code_11(rig, chip_class):
    rig.set(0x10, 0xB0)
    rig.run(2)
    assert rig.get(0x1E)[0] & 1 == (chip_class is not LSM6DS33)


# ---- idle ----


@pytest.mark.parametrize("rate", [1, 2], ids=["12.5 Hz", "26 Hz"])
def test_a_dozing_chip_wakes_at_a_push_and_says_so_until_it_is_asked(rig, rate):
    rig.sample_at_104_hz()
    rig.batch()
    rig.run(0.5)
    rig.doze(rate)
    rig.run(60)
    assert not rig.chip.int1()
    rig.motion.counts = (0, 600, ONE_G, 0, 0, 0)  # 0.29 g
    rig.run(0.2)
    assert rig.chip.int1()
    rig.run(10)
    assert rig.chip.int1()
    assert rig.get(0x1B)[0] & 0x0F == 0x0A  # wake-up, by y
    assert not rig.chip.int1()
    rig.run(10)
    assert not rig.chip.int1()


def test_a_dozing_chip_sleeps_through_the_noise_of_the_desk(chip_class):
    noise = np.random.default_rng(1).integers(-40, 41, (20_000, 6)) + np.array(STILL)
    rig = Chip(chip_class, Recorded(noise.astype(np.int16), 104))
    rig.begin()
    rig.doze()
    rig.run(180)
    assert not rig.chip.int1()
    assert rig.get(0x1B) == b"\x00"


def test_being_turned_between_two_naps_is_no_push(rig):
    rig.doze()
    rig.run(5)
    rig.set(0x5E, 0)
    rig.set(0x58, 0)
    rig.sample_at_104_hz()
    rig.motion.counts = (ONE_G, 0, 0, 0, 0, 0)
    rig.run(5)
    rig.doze()
    rig.run(5)
    assert not rig.chip.int1()


def test_only_the_sox_has_the_finer_threshold(rig, chip_class):
    rig.doze()
    rig.set(0x5B, 12)
    rig.set(0x5C, 0x10)  # WAKE_THS_W on the SOX: 12/256 of 2 g; elsewhere 12/64
    rig.run(1)
    assert not rig.chip.int1()
    rig.motion.counts = (0, 600, ONE_G, 0, 0, 0)
    rig.run(1)
    assert rig.chip.int1() == (chip_class is LSM6DSOX)


def test_free_fall_reaches_its_pin(rig):
    rig.sample_at_104_hz()
    rig.set(0x5D, 10 << 3 | 3)
    rig.set(0x5F, 0x10)
    rig.latch()
    rig.run(0.5)
    assert not rig.chip.int2()
    rig.motion.counts = (100, 100, 100, 0, 0, 0)
    rig.conversions(10)
    assert not rig.chip.int2()
    rig.conversions(1)
    assert rig.chip.int2() and not rig.chip.int1()
    assert rig.get(0x1B)[0] & 0x20


# ---- a chip's values never stand still ----


def test_a_motion_that_stands_still_flickers_by_one_count_of_the_gyro(rig):
    rig.sample_at_104_hz()
    rig.batch()
    rig.conversions(100)
    samples = rig.samples()
    changed = np.flatnonzero((samples != STILL).any(axis=1))
    assert changed.tolist() == [32, 64, 96]
    assert (samples[changed] == (*STILL[:5], STILL[5] + 1)).all()


def test_rows_that_change_pass_as_they_are_and_what_waits_before_them_leaves_no_trace(chip_class):
    rows = np.repeat(np.arange(100, dtype=np.int16)[:, None], 6, axis=1).repeat(32, axis=0)
    rig = Chip(chip_class, Recorded(rows, 104))
    rig.sample_at_104_hz()
    rig.run(3.21)
    rig.batch()
    rig.begin()
    got = []
    while len(got) < len(rows):
        rig.run(0.5)
        got += rig.samples().tolist()
    assert (np.array(got[: len(rows)]) == rows).all()


# ---- nonsense ----


def moving():
    return Recorded(np.random.default_rng(4).integers(-3000, 3000, (3000, 6)).astype(np.int16), 104)


@pytest.mark.parametrize(("kind", "byte"), [("zeros", 0x00), ("ones", 0xFF)])
def test_a_chip_of_one_byte_answers_it_everywhere_and_recovers(chip_class, kind, byte):
    rig = Chip(chip_class, moving())
    rig.sample_at_104_hz()
    rig.batch()
    rig.begin()
    rig.run(0.3)
    rig.chip.nonsense = kind
    for register, length in ((0x0F, 1), (0x3A, 2), (0x3E, 12), (0x78, 14), (0x28, 6)):
        assert rig.get(register, length) == bytes([byte]) * length
    rig.chip.nonsense = None
    assert rig.get(0x0F)[0] == WHO[chip_class]
    assert len(rig.samples()) == 31


def test_a_stuck_chip_fills_its_fifo_with_one_sample_and_recovers(chip_class):
    rig = Chip(chip_class, moving())
    rig.sample_at_104_hz()
    rig.batch()
    rig.begin()
    rig.run(0.5)
    before = rig.samples()
    rig.chip.nonsense = "stuck"
    rig.run(1)
    stuck = rig.samples()
    assert len(stuck) == 104
    assert (stuck == before[-1]).all()
    assert rig.axes(0x28) == tuple(before[-1, :3])
    rig.chip.nonsense = None
    rig.run(0.5)
    assert len(np.unique(rig.samples(), axis=0)) == 52


def test_neither_reset_nor_plug_cures_a_chip_gone_mad(rig):
    rig.chip.nonsense = "ones"
    rig.set(0x12, 0x01)
    rig.chip.power_on()
    assert rig.get(0x0F) == b"\xff"


# ---- Adafruit's drivers ----

DRIVER = """
    import board, busio, time
    from adafruit_lsm6ds import AccelRange, GyroRange
    from adafruit_lsm6ds.{module} import {name}
    imu = {name}(busio.I2C(board.GP5, board.GP4, frequency=400_000))
    imu.accelerometer_range = AccelRange.RANGE_16G
    imu.gyro_range = GyroRange.RANGE_2000_DPS
    time.sleep(0.1)
    print(*["%.3f" % value for value in imu.acceleration + imu.gyro])
"""


def driven(board_with, chip_class, module, name):
    """A board whose chip is another one, and its code the driver's first steps."""
    motion = Constant((-2049, 1025, 2049, 14286, -7143, 100))
    board = board_with(DRIVER.format(module=module, name=name), motion=motion)
    board.bus.attach(0x6A, chip_class(board.clock, motion))
    return board


@pytest.mark.parametrize(
    ("chip_class", "module", "name"),
    [
        (LSM6DSOX, "lsm6dsox", "LSM6DSOX"),
        (LSM6DS3TRC, "lsm6ds3trc", "LSM6DS3TRC"),
        (LSM6DS3TRC, "lsm6ds3", "LSM6DS3"),
        (LSM6DS33, "lsm6ds33", "LSM6DS33"),
    ],
    ids=lambda given: given if isinstance(given, str) else given.__name__,
)
def test_the_driver_finds_its_chip_and_reads_it_right(board_with, chip_class, module, name):
    board = driven(board_with, chip_class, module, name)
    assert board.power_on() == "finished", board.console
    mg, dps = 0.488e-3 * 9.80665, 0.070 * np.pi / 180
    assert [float(value) for value in board.console.split()] == pytest.approx(
        [-2049 * mg, 1025 * mg, 2049 * mg, 14286 * dps, -7143 * dps, 100 * dps], abs=6e-3
    )


@pytest.mark.parametrize("chip_class", [LSM6DS33], indirect=True)
def test_the_driver_named_lsm6ds3_asks_for_the_id_of_another_chip(board_with, chip_class):
    board = driven(board_with, chip_class, "lsm6ds3", "LSM6DS3")  # an LSM6DS3 says 0x69; the driver wants 0x6A
    assert board.power_on() == "exception"
    assert "Failed to find LSM6DS3" in board.console
