"""The motion sensor on the register-level chips: found, set up as the driver would, read, put to sleep."""

import pytest

from backbeat_host.lab.boards import Chip
from backbeat_host.lab.machine import Machine

from .imu_bench import CTRL1_XL, CTRL2_G, DEPTHS, MS, Bench, counting, gapless, in_order, still

WHO = {Chip.LSM6DSOX: 0x6C, Chip.LSM6DS3TRC: 0x6A, Chip.LSM6DS33: 0x69}
DRIVERS = {
    Chip.LSM6DSOX: "adafruit_lsm6ds.lsm6dsox",
    Chip.LSM6DS3TRC: "adafruit_lsm6ds.lsm6ds3trc",
    Chip.LSM6DS33: "adafruit_lsm6ds.lsm6ds33",
}
AT_16_G, AT_2000_DPS = 0x44, 0x4C  # 104 Hz in the upper half

every_chip = pytest.mark.parametrize("chip", list(Chip), ids=lambda chip: chip.name)


@pytest.fixture
def bench(tmp_path):
    """A board with an LSM6DSOX."""
    return Bench(tmp_path)


# ---- finding and setting up ----


@every_chip
def test_a_chip_is_known_by_what_it_answers(tmp_path, chip):
    fifo = Bench(tmp_path, chip).start()
    assert fifo.works
    assert fifo.who == WHO[chip]


@every_chip
def test_a_chip_at_the_other_address_is_found(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    bench.move_to(0x6B)
    assert bench.start().works
    assert gapless(bench.run(500))


@every_chip
def test_it_measures_to_16_g_and_2000_dps_104_times_a_second(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    bench.start()
    assert bench.register(CTRL1_XL) == AT_16_G
    assert bench.register(CTRL2_G) == AT_2000_DPS


@every_chip
def test_only_the_class_of_the_chip_that_is_there_is_loaded_and_does_not_stay_in_memory(tmp_path, chip, monkeypatch):
    loaded = set()
    execute = Machine._execute

    def watched(machine, host, shown, name, scope):
        loaded.add(name)
        return execute(machine, host, shown, name, scope)

    monkeypatch.setattr(Machine, "_execute", watched)
    bench = Bench(tmp_path, chip)
    assert bench.start().works
    assert {name for name in loaded if name.startswith("adafruit_lsm6ds.")} == {DRIVERS[chip]}
    assert not [name for name in bench.modules if name.startswith(("adafruit_lsm6ds", "adafruit_register"))]


def test_the_bus_runs_at_400_khz(bench):
    bench.start()
    assert bench.took(bench.fifo.level) == pytest.approx(0.12, abs=0.002)  # 5 bytes of 9 bits, and 3 bits between them


def test_a_chip_that_the_board_feeds_is_given_power_and_time_to_start(tmp_path):
    bench = Bench(tmp_path, Chip.LSM6DS3TRC, board="Seeed_XIAO_nRF52840_Sense")
    assert bench.start().works
    assert gapless(bench.run(500))


def test_a_board_without_a_chip_starts_all_the_same(bench):
    bench.board.unplug_chip()
    fifo = bench.start()
    assert not fifo.works
    assert fifo.who == 0
    for call in (fifo.restart, fifo.level, fifo.sleep, fifo.moved):
        with pytest.raises(OSError):
            call()
    assert fifo.read() is False


def test_something_else_at_the_address_is_not_taken_for_the_chip(bench):
    bench.chip._registers[0x0F] = 0x33
    bench.chip.power_on = lambda: None
    fifo = bench.start()
    assert not fifo.works
    with pytest.raises(OSError):
        fifo.restart()
    with pytest.raises(OSError):
        fifo.sleep()


# ---- reading ----


@every_chip
def test_every_sample_comes_once_in_order_and_whole(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    bench.start()
    rows = bench.run(20_000)
    assert len(rows) == pytest.approx(20 * 104, abs=3)
    assert gapless(rows)


@every_chip
def test_axes_and_signs_are_the_chips(tmp_path, chip):
    motion = counting(1)
    motion._chunk[0] = [1, -2, 300, -400, 32767, -32768]
    bench = Bench(tmp_path, chip, motion)
    bench.start()
    bench.wait(50)
    bench.fifo.level()
    assert bench.fifo.read()
    assert bench.fifo.sample.tolist() == [1, -2, 300, -400, 32767, -32768]


@every_chip
def test_no_more_is_read_than_was_seen_to_wait(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.wait(50)
    seen = fifo.level()
    bench.wait(50)
    assert [fifo.read() for _ in range(seen + 2)] == [True] * seen + [False, False]
    assert gapless(bench.rows())


@every_chip
def test_a_new_start_forgets_what_waited(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.wait(400)
    assert fifo.level() > 40
    fifo.restart()
    assert fifo.level() == 0
    assert fifo.read() is False


@every_chip
@pytest.mark.parametrize("beyond", [1, 2, 3, 4, 5, 6, 50, 333])
def test_an_overrun_is_told_and_what_is_left_stays_whole(tmp_path, chip, beyond):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.wait((DEPTHS[chip] + beyond) * 1000 / 104 + 5)
    waiting = fifo.level()
    assert fifo.overrun
    assert waiting == pytest.approx(DEPTHS[chip], abs=1)
    rows = [tuple(fifo.sample) for _ in range(waiting) if fifo.read()]
    assert len(rows) >= waiting - 1
    assert gapless(rows)
    later = bench.run(1000)
    assert not fifo.overrun
    assert gapless(later)
    assert later[0][0] == rows[-1][0] + 1


@every_chip
def test_a_full_fifo_that_lost_nothing_is_no_overrun(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.wait((DEPTHS[chip] - 3) * 1000 / 104)
    waiting = fifo.level()
    assert not fifo.overrun
    assert waiting == pytest.approx(DEPTHS[chip] - 3, abs=1)
    assert gapless([tuple(fifo.sample) for _ in range(waiting) if fifo.read()])


@every_chip
def test_an_overrun_between_look_and_reading_mixes_nothing_and_is_told_at_the_next_look(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.wait(100)
    before = fifo.level()
    bench.wait((DEPTHS[chip] + 20) * 1000 / 104)
    rows = [tuple(fifo.sample) for _ in range(before) if fifo.read()]
    assert in_order(rows)
    waiting = fifo.level()
    assert fifo.overrun
    rows += [tuple(fifo.sample) for _ in range(waiting) if fifo.read()]
    assert in_order(rows)
    assert gapless(rows[before:])


@every_chip
def test_a_word_lost_costs_two_samples_at_most_and_no_mixture(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.wait(300)
    bench.chip.int1()  # whoever looks at a pin has the chip catch up with the clock
    bench.chip.fifo.take(1)
    waiting = fifo.level()
    rows = [tuple(fifo.sample) for _ in range(waiting) if fifo.read()]
    assert len(rows) >= 29
    assert gapless(rows)
    assert gapless(rows[-1:] + bench.run(300))


# ---- sleep and motion ----


@every_chip
def test_asleep_it_lies_still_without_waking(tmp_path, chip):
    bench = Bench(tmp_path, chip, still())
    fifo = bench.start()
    fifo.sleep()
    for _ in range(500):
        bench.wait(20)
        assert fifo.moved() is False


@every_chip
def test_asleep_gyro_and_fifo_are_off_and_the_accelerometer_is_slow(tmp_path, chip):
    bench = Bench(tmp_path, chip, still())
    fifo = bench.start()
    fifo.sleep()
    assert bench.register(CTRL2_G) >> 4 == 0
    assert bench.register(CTRL1_XL) >> 4 == 2  # 26 Hz
    assert bench.register(0x15) & 0x10  # XL_HM_MODE: low power
    assert not bench.chip.fifo.active


@every_chip
@pytest.mark.parametrize("board", ["raspberry_pi_pico", "feather_bluefruit_sense"], ids=["source", "pin"])
def test_motion_is_told_within_a_tenth_of_a_second_and_until_somebody_asks(tmp_path, chip, board):
    bench = Bench(tmp_path, chip, still(10), board)
    fifo = bench.start()
    fifo.sleep()
    while bench.clock.ns < 10_000 * MS:
        assert fifo.moved() is False
        bench.wait(20)
    bench.wait(100)
    assert fifo.moved() is True

    bench.motion._rows[:] *= -1  # a motion that is over, too, by the time somebody asks
    bench.motion._chunk = bench.motion._rows.tolist()
    bench.wait(5000)
    assert fifo.moved() is True


def test_with_a_pin_the_bus_is_used_once_a_second(tmp_path):
    bench = Bench(tmp_path, Chip.LSM6DS3TRC, still(), "Seeed_XIAO_nRF52840_Sense")
    fifo = bench.start()
    fifo.sleep()
    with bench.transactions() as seen:
        for _ in range(500):
            bench.wait(20)
            fifo.moved()
    assert len(seen) == pytest.approx(2 * 10, abs=2)  # two registers each time


@every_chip
def test_what_shakes_while_it_falls_asleep_does_not_wake_it(tmp_path, chip):
    bench = Bench(tmp_path, chip, still(1.2))
    fifo = bench.start()
    bench.wait(1100 - bench.clock.ns / MS)
    fifo.sleep()
    for _ in range(50):
        bench.wait(20)
        assert fifo.moved() is False


@every_chip
def test_awake_again_it_measures_as_before(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    before = bench.registers()
    fifo.sleep()
    bench.wait(2000)
    assert bench.took(fifo.restart) < 10
    assert bench.registers() == before
    assert gapless(bench.run(1000))


@every_chip
def test_a_chip_pulled_off_asleep_is_noticed_within_a_second(tmp_path, chip):
    bench = Bench(tmp_path, chip, still(), "feather_bluefruit_sense")
    fifo = bench.start()
    fifo.sleep()
    bench.wait(1000)
    fifo.moved()
    bench.board.unplug_chip()
    with pytest.raises(OSError):
        for _ in range(50):
            bench.wait(20)
            fifo.moved()
    assert not fifo.works


@every_chip
def test_a_chip_that_lost_its_settings_asleep_is_noticed(tmp_path, chip):
    bench = Bench(tmp_path, chip, still())
    fifo = bench.start()
    fifo.sleep()
    bench.wait(400)
    fifo.moved()
    bench.board.unplug_chip()
    bench.board.plug_chip()
    with pytest.raises(OSError):
        fifo.moved()
