"""The Adafruit driver beneath: what we write ourselves is what it leaves, and its defects do not reach us."""

import pytest

from backbeat_host.lab.boards import Chip
from backbeat_host.lab.endings import PowerCut

from .imu_bench import CTRL1_XL, CTRL2_G, CTRL3_C, CTRL9_XL, MS, SECOND, Bench, gapless

MODULES = {
    Chip.LSM6DSOX: ("lsm6dsox", "LSM6DSOX"),
    Chip.LSM6DS3TRC: ("lsm6ds3trc", "LSM6DS3TRC"),
    Chip.LSM6DS33: ("lsm6ds33", "LSM6DS33"),
}
ADDRESS = 0x6A
BDU, PP_OD = 0x40, 0x10  # CTRL3_C
TAP_CFG2, INACT_EN = 0x58, 0x60

every_chip = pytest.mark.parametrize("chip", list(Chip), ids=lambda chip: chip.name)


class Alone(Bench):
    """The driver without us: made by its own class, set to our ranges and rates."""

    def __init__(self, drive, chip=Chip.LSM6DSOX):
        super().__init__(drive, chip)
        self.i2c = self.modules["busio"].I2C(self.table.SCL, self.table.SDA, frequency=400_000)
        self.family = self.load("adafruit_lsm6ds")

    def load(self, name):
        """Import on the board."""
        return self._machine._import(name, names=("LSM6DS",))

    def make(self, module, name):
        """A driver's object."""
        return getattr(self.load("adafruit_lsm6ds." + module), name)(self.i2c, ADDRESS)

    def make_as_we_do(self, chip):
        """With our ranges and rates."""
        driver = self.make(*MODULES[chip])
        driver.accelerometer_range = self.family.AccelRange.RANGE_16G
        driver.gyro_range = self.family.GyroRange.RANGE_2000_DPS
        driver.accelerometer_data_rate = self.family.Rate.RATE_104_HZ
        driver.gyro_data_rate = self.family.Rate.RATE_104_HZ
        return driver


def registers_but_fifo_and_i3c(bench):
    """What is set, but for the FIFO, which the driver does not know, and the bit it sets in a wrong place."""
    registers = bytearray(bench.registers())
    registers[0x06:0x0B] = bytes(5)
    registers[CTRL9_XL] &= ~3
    return registers


@every_chip
def test_a_chip_set_up_without_the_driver_is_set_as_the_driver_sets_it(tmp_path, chip):
    alone = Alone(tmp_path, chip)
    alone.make_as_we_do(chip)

    bench = Bench(tmp_path, chip)
    bench.board.unplug_chip()
    bench.start()
    bench.board.plug_chip()
    bench.fifo.restart()
    assert registers_but_fifo_and_i3c(bench) == registers_but_fifo_and_i3c(alone)


@every_chip
def test_a_chip_that_the_driver_set_up_has_the_same_registers_as_one_that_came_back(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    bench.start()
    by_driver = bench.registers()
    bench.fifo.works = False
    bench.fifo.restart()
    assert bench.registers() == by_driver


def test_the_driver_means_to_disable_i3c_and_sets_a_bit_that_must_stay_zero(tmp_path):
    alone = Alone(tmp_path)
    driver = alone.make_as_we_do(Chip.LSM6DSOX)
    assert alone.register(CTRL9_XL) == 0xE1
    driver._i3c_disable = False
    assert alone.register(CTRL9_XL) == 0xE0

    bench = Bench(tmp_path)
    bench.start()
    assert bench.register(CTRL9_XL) == 0xE2


def test_what_the_driver_calls_block_data_update_makes_the_interrupt_pin_open_drain(tmp_path):
    alone = Alone(tmp_path)
    driver = alone.make_as_we_do(Chip.LSM6DSOX)
    driver._bdu = False
    driver._block_data_enable = True
    assert alone.register(CTRL3_C) & (BDU | PP_OD) == PP_OD


@every_chip
def test_block_data_update_is_on_and_the_interrupt_pin_is_push_pull(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    bench.start()
    assert bench.register(CTRL3_C) & (BDU | PP_OD) == BDU
    bench.fifo.sleep()
    assert bench.register(CTRL3_C) & (BDU | PP_OD) == BDU


def test_the_ranges_of_the_chip_made_last_hold_for_all(tmp_path):
    alone = Alone(tmp_path)
    driver = alone.make_as_we_do(Chip.LSM6DSOX)
    alone.make("lsm6dso32", "LSM6DSO32")
    driver.accelerometer_range = alone.family.AccelRange.RANGE_16G
    assert alone.register(CTRL1_XL) >> 2 & 3 != 1  # not 16 g of an LSM6DSOX


@every_chip
def test_ranges_that_another_chip_left_do_not_reach_us(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    family = bench._machine._import("adafruit_lsm6ds", names=("LSM6DS",))
    foreign = bench._machine._import("adafruit_lsm6ds.lsm6dso32", names=("LSM6DSO32",)).LSM6DSO32
    foreign._add_accel_ranges()
    family.LSM6DS._add_gyro_ranges()
    bench.start()
    assert bench.register(CTRL1_XL) == 0x44
    assert bench.register(CTRL2_G) == 0x4C


def test_the_drivers_class_for_an_lsm6ds3_refuses_one_and_ours_takes_it(tmp_path):
    alone = Alone(tmp_path, Chip.LSM6DS33)  # which answers as an LSM6DS3 does
    with pytest.raises(RuntimeError, match="Failed to find"):
        alone.make("lsm6ds3", "LSM6DS3")

    bench = Bench(tmp_path, Chip.LSM6DS33)
    assert bench.start().works


def test_the_drivers_pedometer_switches_on_other_things_and_we_never_touch_it(tmp_path):
    alone = Alone(tmp_path)
    alone.make_as_we_do(Chip.LSM6DSOX).pedometer_enable = True
    assert alone.register(TAP_CFG2) & INACT_EN  # the chip would fall asleep by itself

    bench = Bench(tmp_path)
    bench.start()
    assert bench.register(TAP_CFG2) == 0
    bench.fifo.sleep()
    assert bench.register(TAP_CFG2) & INACT_EN == 0


def test_the_driver_waits_for_ever_for_a_reset_that_does_not_end_and_we_do_not(tmp_path):
    alone = Alone(tmp_path)
    never_ending_reset(alone)
    alone.board.power_cut_at(20 * SECOND)
    with pytest.raises(PowerCut):
        alone.make("lsm6dsox", "LSM6DSOX")

    bench = Bench(tmp_path)
    never_ending_reset(bench)
    assert bench.took_to_start() < 1000
    assert not bench.fifo.works


def test_a_chip_that_fails_while_the_driver_sets_it_up_stops_nothing(tmp_path):
    whole = Bench(tmp_path).took_to_start()
    assert whole < 1000
    for ms in range(30, round(whole), 23):
        bench = Bench(tmp_path)
        bench.clock.schedule(ms * MS, bench.board.unplug_chip)
        assert bench.took_to_start() <= whole
        assert not bench.fifo.works
        bench.board.plug_chip()
        bench.fifo.restart()
        assert gapless(bench.run(100))


def never_ending_reset(bench):
    """The bit that the chip clears when its reset is done stays."""
    answer = bench.chip._read_register
    bench.chip._read_register = lambda number: answer(number) | (number == CTRL3_C)
