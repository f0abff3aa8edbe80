"""Faults of the bus and the chip: noticed within a second, never a hang, and back within milliseconds."""

import pytest

from backbeat_host.lab.boards import Chip

from .imu_bench import CTRL3_C, MS, Bench, gapless, in_order

LONGEST_MS = 10
"""No attempt in a session may take longer: a beat waits for it."""
SOON_MS = 1000
"""A fault is noticed within this."""
START_MS = 1000
"""A start, with what the driver sleeps, takes no longer."""

every_chip = pytest.mark.parametrize("chip", list(Chip), ids=lambda chip: chip.name)
CHIPS = [pytest.param(chip, id=chip.name) for chip in Chip]


@pytest.fixture
def bench(tmp_path):
    """A board with an LSM6DSOX."""
    return Bench(tmp_path)


def noticed_after(bench, look_ms=19):
    """Look and read until the chip is given up; give the ms that took, and what was read."""
    began = bench.clock.ns
    rows = []
    try:
        while bench.clock.ns - began < 5000 * MS:
            bench.wait(look_ms)
            for _ in range(bench.fifo.level()):
                if bench.fifo.read():
                    rows.append(tuple(bench.fifo.sample))
    except OSError:
        assert not bench.fifo.works
        return (bench.clock.ns - began) / MS, rows
    return float("inf"), rows


def stands_still(bench):
    """Let the chip answer one sample for ever, until it is given up."""
    bench.start()
    bench.run(500)
    bench.chip.nonsense = "stuck"
    assert noticed_after(bench)[0] < SOON_MS


def fails(action):
    """Whether an action raises OSError."""
    try:
        action()
    except OSError:
        return True
    return False


class Falters:
    """Who acknowledges: everybody, but one time nobody."""

    def __init__(self, targets, before):
        self.targets = targets
        self.left = before

    def __call__(self, address):
        self.left -= 1
        return None if self.left == -1 else self.targets.get(address)


# ---- the bus ----


@every_chip
def test_a_missing_answer_at_any_point_is_an_oserror_and_the_next_try_succeeds(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    everything = [fifo.restart, fifo.level, fifo.read, fifo.sleep, lambda: bench.wait(400), fifo.moved, fifo.restart]
    for before in range(60):
        bench.bus.answering = {}  # all go the long way
        bench.bus.addressed = Falters(bench.bus.targets, before)
        assert (sum(fails(action) for action in everything) > 0) == (bench.bus.addressed.left < 0)
        del bench.bus.addressed
        bench.bus.answering = bench.bus.targets
        fifo.works = False
        fifo.restart()
        assert fifo.works
        assert gapless(bench.run(100))


def test_bursts_of_missing_answers_are_outlived(bench):
    fifo = bench.start()
    bench.bus.nack_at_random(0.05, seed=4)
    rows, failures = [], 0
    for _ in range(3000):
        bench.wait(19)
        try:
            if not fifo.works:
                fifo.restart()
            rows += bench.rows()
        except OSError:
            failures += 1
    assert failures > 50
    assert len(rows) > 3000
    assert in_order(rows)


@pytest.mark.parametrize("line", ["scl", "sda"])
def test_a_line_held_low_at_the_start_stops_nothing(bench, line):
    bench.bus.stuck_low = line
    assert bench.took_to_start() < 100
    assert not bench.fifo.works
    for _ in range(3):
        assert bench.took(bench.fifo.restart) < LONGEST_MS
        assert not bench.fifo.works
    bench.bus.stuck_low = None
    bench.fifo.restart()
    assert gapless(bench.run(200))


@pytest.mark.parametrize("line", ["scl", "sda"])
def test_a_line_held_low_in_a_session_costs_one_transaction_and_each_try_little(bench, line):
    fifo = bench.start()
    bench.wait(100)
    bench.bus.stuck_low = line
    assert bench.took(fifo.level) == pytest.approx(1000, abs=2)  # CircuitPython's own patience
    assert not fifo.works
    for _ in range(5):
        assert bench.took(fifo.restart) < LONGEST_MS
        assert not fifo.works
    bench.bus.stuck_low = None
    assert bench.took(fifo.restart) < LONGEST_MS
    assert gapless(bench.run(200))


@pytest.mark.parametrize("pulses", [1, 5, 9])
def test_a_chip_that_waits_in_mid_byte_is_clocked_free(bench, pulses):
    bench.bus.stuck_low, bench.bus.stuck_for_pulses = "sda", pulses
    assert bench.start().works
    assert gapless(bench.run(200))


def test_pins_that_somebody_else_holds_are_no_crash(bench):
    bench.table.SCL.claim()
    fifo = bench.start()
    assert not fifo.works
    assert fails(fifo.restart)
    bench.table.SCL.release()
    fifo.restart()
    assert gapless(bench.run(200))


def test_power_and_interrupt_pins_that_fail_are_no_crash(bench):
    bench.table.POWER = bench.board.hardware.pins["GP20"]
    bench.table.POWER.claim()
    assert not bench.start().works
    bench.fifo.restart()
    assert gapless(bench.run(200))


def test_pins_that_cannot_be_read_are_left_to_the_bus(bench):
    def refuse(pin):
        raise AttributeError("no such pin")

    bench.modules["backbeat.board.imu_bus"].DigitalInOut = refuse
    assert bench.start().works
    assert gapless(bench.run(200))


def test_a_bus_without_pull_ups_is_no_crash(bench):
    bench.table.SCL = bench.board.hardware.pins["GP9"]
    assert not bench.start().works
    assert fails(bench.fifo.restart)


# ---- a chip that comes and goes ----


@every_chip
@pytest.mark.parametrize("away_ms", [1, 100, 5000, 200_000])
def test_a_chip_that_was_away_is_back_as_it_was_set_up_at_once(tmp_path, chip, away_ms):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    before = bench.registers()
    bench.run(200)
    bench.board.unplug_chip()
    assert fails(fifo.level)
    bench.wait(away_ms)
    bench.board.plug_chip()
    assert bench.took(fifo.restart) < LONGEST_MS
    assert bench.registers() == before
    assert gapless(bench.run(200))


@every_chip
def test_a_chip_that_was_away_between_two_looks_is_noticed_by_its_silence(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    bench.start()
    bench.run(200)
    bench.board.unplug_chip()
    bench.board.plug_chip()  # or its supply dipped
    after, rows = noticed_after(bench)
    assert after < SOON_MS
    assert rows == []
    bench.fifo.restart()
    assert gapless(bench.run(200))


@every_chip
def test_a_chip_that_was_away_while_nobody_looked_is_set_up_by_the_next_session(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    bench.start()
    bench.run(200)
    bench.board.unplug_chip()
    bench.wait(2000)
    bench.board.plug_chip()
    bench.wait(2000)
    bench.fifo.restart()
    assert bench.fifo.works
    assert len(bench.run(500)) > 45


@every_chip
def test_tries_while_it_is_away_are_short(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.board.unplug_chip()
    assert fails(fifo.level)
    for _ in range(5):
        assert bench.took(fifo.restart) < LONGEST_MS
        assert not fifo.works


@every_chip
def test_a_chip_never_met_at_the_start_is_set_up_without_the_driver(tmp_path, chip):
    met = Bench(tmp_path, chip)
    met.start()

    bench = Bench(tmp_path, chip)
    bench.board.unplug_chip()
    fifo = bench.start()
    assert fails(fifo.restart)
    bench.board.plug_chip()
    assert bench.took(fifo.restart) < LONGEST_MS
    assert not any(name.startswith("adafruit_lsm6ds") for name in bench.modules)
    assert bench.registers() == met.registers()
    assert gapless(bench.run(200))


@pytest.mark.parametrize("new", CHIPS)
@pytest.mark.parametrize("old", CHIPS)
def test_a_chip_of_another_kind_is_taken_in_the_place_of_the_old(tmp_path, old, new):
    met = Bench(tmp_path, new)
    met.start()

    bench = Bench(tmp_path, old)
    fifo = bench.start()
    bench.run(200)
    bench.swap(new)
    assert noticed_after(bench)[0] < SOON_MS
    assert bench.took(fifo.restart) < LONGEST_MS
    assert fifo.who == met.fifo.who
    assert bench.registers() == met.registers()
    assert gapless(bench.run(200))


@every_chip
def test_a_chip_pulled_off_in_mid_read_never_shows_in_a_sample(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    began = None
    for quarter_bit in range(0, 1600, 13):
        bench.wait(50)
        waiting = fifo.level()
        assert waiting
        began = bench.clock.ns
        bench.clock.schedule(began + quarter_bit * 625, bench.board.unplug_chip)
        rows = []
        with pytest.raises(OSError):
            for _ in range(waiting):
                if fifo.read():
                    rows.append(tuple(fifo.sample))
            fifo.level()
        assert gapless(rows)
        bench.board.plug_chip()
        fifo.restart()


@every_chip
def test_a_chip_pulled_off_while_its_level_is_read_is_noticed(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    for quarter_bit in range(0, 240, 7):
        bench.wait(50)
        bench.clock.schedule(bench.clock.ns + quarter_bit * 625, bench.board.unplug_chip)
        with pytest.raises(OSError):
            for _ in range(fifo.level()):
                assert not fifo.read() or gapless([tuple(fifo.sample)])
            fifo.level()
        bench.board.plug_chip()
        fifo.restart()


# ---- a chip that talks nonsense ----


@every_chip
@pytest.mark.parametrize("kind", ["stuck", "zeros", "ones"])
def test_nonsense_is_noticed_within_a_second_and_until_it_ends(tmp_path, chip, kind):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.run(500)
    bench.chip.nonsense = kind
    after, rows = noticed_after(bench)
    assert after < SOON_MS
    assert all(gapless([row]) for row in rows)
    for _ in range(3):
        bench.wait(1000)
        assert fails(fifo.restart)  # though one that is stuck in its samples answers as it should
        assert not fifo.works
    bench.chip.nonsense = None
    bench.wait(20)  # until it measures again
    fifo.restart()
    assert gapless(bench.run(500))


@every_chip
def test_a_chip_that_stands_still_is_reset_at_each_try_and_believed_when_it_moves(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    stands_still(bench)
    fifo = bench.fifo
    for _ in range(3):
        bench.wait(300)
        with bench.transactions() as seen:
            assert bench.took(fifo.restart) < LONGEST_MS
        assert (CTRL3_C, 1) in seen
        assert not fifo.works


@every_chip
def test_a_chip_that_stands_still_is_not_believed_however_soon_after_a_reset(tmp_path, chip):
    """Its acceleration is back before its rotation, which is zero until then."""
    bench = Bench(tmp_path, chip)
    stands_still(bench)
    for _ in range(400):
        bench.wait(300.07)  # so that each reset lies elsewhere between two conversions
        assert fails(bench.fifo.restart)
        bench.wait(2)
        assert fails(bench.fifo.restart)


@every_chip
def test_a_chip_that_stood_still_is_believed_by_the_next_session_though_it_was_reset_since(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    stands_still(bench)
    fifo = bench.fifo
    bench.wait(1000)
    assert fails(fifo.restart)
    bench.chip.nonsense = None
    bench.board.unplug_chip()
    bench.board.plug_chip()
    assert fails(fifo.sleep)
    bench.wait(20_000)
    fifo.restart()
    assert fifo.works and gapless(bench.run(500))


@every_chip
@pytest.mark.parametrize("kind", ["zeros", "ones"])
def test_nonsense_at_the_start_stops_nothing(tmp_path, chip, kind):
    bench = Bench(tmp_path, chip)
    bench.chip.nonsense = kind
    assert bench.took_to_start() < START_MS
    assert not bench.fifo.works
    bench.chip.nonsense = None
    bench.fifo.restart()
    assert gapless(bench.run(200))


@every_chip
@pytest.mark.parametrize("kind", ["zeros", "ones"])
def test_nonsense_asleep_is_noticed(tmp_path, chip, kind):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    fifo.sleep()
    bench.wait(1000)
    bench.chip.nonsense = kind
    assert fails(fifo.moved)
    assert not fifo.works


@every_chip
def test_a_chip_that_never_ends_its_reset_stops_nothing(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    answer = bench.chip._read_register
    bench.chip._read_register = lambda number: answer(number) | (number == CTRL3_C)
    fifo.works = False
    assert bench.took(fifo.restart) < LONGEST_MS
    assert not fifo.works
    del bench.chip._read_register
    fifo.restart()
    assert gapless(bench.run(200))


@every_chip
def test_one_sample_the_same_as_the_one_before_is_no_fault(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    bench.motion._rows[:] = bench.motion._rows[:1]
    bench.motion._chunk = bench.motion._rows[:2048].tolist()
    bench.start()
    assert len(bench.run(20_000)) > 20 * 103  # the chip flickers by one count, as a real one does by more


@every_chip
def test_a_chip_that_answers_again_counts_as_there_and_can_be_put_to_sleep(tmp_path, chip):
    bench = Bench(tmp_path, chip)
    fifo = bench.start()
    bench.bus.nack(1)
    assert fails(fifo.level)
    assert not fifo.works
    fifo.level()
    assert fifo.works
    fifo.sleep()
    bench.wait(400)
    fifo.moved()
