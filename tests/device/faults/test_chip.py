"""The chip is pulled off, runs over, or talks nonsense, in whole runs on a board with each kind of FIFO."""

from functools import partial

import pytest

from backbeat import cues, session
from backbeat_host.lab.board import CHIP_ADDRESS
from backbeat_host.lab.endings import Ending

from ..afterwards import all_is_well
from ..rig import SECOND

XIAO = "Seeed_XIAO_nRF52840_Sense"
PICO = "raspberry_pi_pico"
FIFO_S = {PICO: 256 / 104, XIAO: 341 / 104}
LONGEST_READ = {PICO: 14, XIAO: 12}
NOTICED_MS = 1000

every_board = pytest.mark.parametrize("board", [PICO, XIAO])


def run(bench, seconds=30):
    bench.stop(seconds)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console


def no_wild_sample(bench):
    """Lying still, the log knows of nothing but one g."""
    assert bench.of("suspect", "fall", "stumble", "roll") == []
    assert max(summary.peak_mg for summary in bench.log().summaries) < 1100


def gaps(bench):
    """The gaps' ms; the few samples that a full FIFO still loses before it is read count with the gap before them."""
    whole, told_at = [], -1000
    for told in bench.of("gap"):
        if told.ms - told_at < 1000 and told.a < 30:
            whole[-1] += told.a
        else:
            whole.append(told.a)
            told_at = told.ms
    return whole


# ---- pulled off ----


@every_board
@pytest.mark.parametrize("away_s", [0.1, 5])
def test_a_chip_that_was_away_is_told_lost_once_and_back_once(rig, running, board, away_s):
    bench = rig(running, board=board)
    bench.at(10, bench.board.unplug_chip)
    bench.at(10 + away_s, bench.board.plug_chip)
    run(bench)
    lost, back, gap = (bench.only(name) for name in ("sensor_lost", "sensor_back", "gap"))
    assert 10_000 < lost.ms < 10_000 + NOTICED_MS
    assert back.ms < 10_000 + 1000 * away_s + 2500
    assert gap.a == pytest.approx(back.ms - 10_000, abs=40)
    all_is_well(bench, losses=1)


@every_board
def test_a_chip_pulled_off_for_ever_leaves_beats_and_a_log(rig, running, board):
    bench = rig(running, board=board)
    bench.at(10, bench.board.unplug_chip)
    run(bench, 90)
    assert bench.of("sensor_back") == []
    assert len(bench.log().summaries) == 19
    assert all_is_well(bench, losses=1) > 240


@every_board
def test_a_chip_with_a_loose_contact_is_told_each_time(rig, running, board):
    bench = rig(running, board=board)
    for at in range(10, 50, 8):
        bench.at(at, bench.board.unplug_chip)
        bench.at(at + 1, bench.board.plug_chip)
    run(bench, 60)
    assert len(bench.of("sensor_back")) == len(bench.of("gap")) == 5
    all_is_well(bench, losses=5)


@every_board
def test_a_chip_pulled_off_in_the_middle_of_a_read_leaves_no_wild_sample(rig, still, board):
    for after in range(LONGEST_READ[board]):
        bench = rig(still, board=board)
        bench.at(5, partial(bench.board.bus.detach_in_read, CHIP_ADDRESS, after))
        bench.at(5.03, bench.board.unplug_chip)  # nor is it there when the board switches its supply
        bench.at(7, bench.board.plug_chip)
        run(bench, 12)
        assert 5000 < bench.only("sensor_lost").ms < 5000 + NOTICED_MS
        bench.only("sensor_back")
        no_wild_sample(bench)
    all_is_well(bench, losses=1)


@every_board
def test_a_chip_pulled_off_in_the_middle_of_a_read_for_ever(rig, still, board):
    bench = rig(still, board=board)
    bench.at(5, lambda: bench.board.bus.detach_in_read(CHIP_ADDRESS, 7))
    bench.at(5.03, bench.board.unplug_chip)
    run(bench, 40)
    no_wild_sample(bench)
    all_is_well(bench, losses=1)


# ---- overrun ----


@every_board
@pytest.mark.parametrize("stall_s", [3.5, 6])
def test_an_overrun_is_a_gap_of_its_length_and_no_loss(rig, running, board, stall_s):
    bench = rig(running, board=board)
    bench.at(20, lambda: bench.board.clock.advance(round(stall_s * SECOND)))
    run(bench, 50)
    (gap,) = gaps(bench)
    assert gap == pytest.approx(1000 * (stall_s - FIFO_S[board]), abs=60)
    assert abs(len(bench.of("step")) - (50 - 3 - stall_s + FIFO_S[board]) * 2.8) < 20
    all_is_well(bench, stalls=[(20, 20.1 + stall_s)])


@every_board
def test_a_stall_that_the_fifo_outlasts_loses_nothing(rig, running, board):
    bench = rig(running, board=board)
    bench.at(20, lambda: bench.board.clock.advance(2 * SECOND))
    run(bench, 40)
    assert bench.of("gap") == []
    all_is_well(bench, stalls=[(20, 22.1)])


@every_board
def test_overruns_one_after_the_other_are_one_gap_each(rig, running, board):
    bench = rig(running, board=board)
    for at in (15, 25, 35):
        bench.at(at, lambda: bench.board.clock.advance(4 * SECOND))
    run(bench, 50)
    assert len(gaps(bench)) == 3
    all_is_well(bench, stalls=[(at, at + 4.1) for at in (15, 25, 35)])


# ---- nonsense ----


@every_board
@pytest.mark.parametrize("kind", ["stuck", "zeros", "ones"])
def test_nonsense_is_noticed_within_a_second_told_once_and_over_when_it_is_cured(rig, running, board, kind):
    bench = rig(running, board=board)
    bench.at(10, lambda: setattr(bench.board.chip, "nonsense", kind))
    bench.at(25, lambda: setattr(bench.board.chip, "nonsense", None))
    run(bench, 50)
    assert 10_000 < bench.only("sensor_lost").ms < 10_000 + NOTICED_MS
    assert 25_000 < bench.only("sensor_back").ms < 30_000
    assert bench.of("fall", "stumble", "roll") == []
    all_is_well(bench, losses=1)


@every_board
@pytest.mark.parametrize("kind", ["stuck", "zeros", "ones"])
def test_nonsense_for_ever_is_told_once(rig, still, board, kind):
    bench = rig(still, board=board)
    bench.at(10, lambda: setattr(bench.board.chip, "nonsense", kind))
    run(bench, 90)
    assert bench.of("sensor_back") == []
    no_wild_sample(bench)
    all_is_well(bench, losses=1)


@every_board
@pytest.mark.parametrize("kind", ["stuck", "zeros", "ones"])
def test_a_chip_that_talks_nonsense_from_the_start_is_told_once(rig, board, kind):
    bench = rig(board=board)
    bench.board.chip.nonsense = kind
    run(bench, 30)
    assert bench.of("sensor_back") == []
    assert all_is_well(bench, losses=1) > 60


@every_board
@pytest.mark.parametrize("kind", ["stuck", "zeros", "ones"])
def test_nonsense_in_a_countdown_leaves_the_alarm_as_it_is(rig, falling, board, kind):
    bench = rig(falling, board=board)
    bench.on["alarm"] = lambda: setattr(bench.board.chip, "nonsense", kind)
    bench.at(30, lambda: bench.board.press(bench.board.clock.ns, SECOND))
    run(bench, 45)
    bench.only("siren")
    assert bench.only("sensor_lost").ms < bench.only("alarm").ms + NOTICED_MS
    assert bench.only("alarm_cancelled").ms == pytest.approx(30_700, abs=60)
    after = [cue for cue in bench.of("cue") if cue.ms > 30_000]
    assert [cue.a for cue in after] == [cues.CANCELLED, cues.SENSOR_LOST]
    all_is_well(bench, losses=1)


@every_board
@pytest.mark.parametrize("kind", ["stuck", "zeros", "ones"])
@pytest.mark.parametrize("after_s", [0.1, 1.0, 1.9])
def test_nonsense_is_noticed_within_a_second_though_a_fast_beat_and_a_falls_samples_leave_it_little_time(
    rig, falling, board, kind, after_s
):
    bench = rig(falling, {"cadence": 240}, board=board)

    clock, chip = bench.board.clock, bench.board.chip

    def suspected():
        clock.schedule(clock.ns + round(after_s * SECOND), lambda: setattr(chip, "nonsense", kind))

    bench.on["suspect"] = suspected
    run(bench, 45)
    begun = bench.of("suspect")[0].ms + 1000 * after_s
    assert begun < bench.only("sensor_lost").ms < begun + NOTICED_MS


# ---- dozing ----


@every_board
@pytest.mark.parametrize("fault", ["pulled off", "zeros", "ones", "scl"])
def test_a_fault_while_the_sensor_dozes_brings_the_beat_back_and_is_told(rig, monkeypatch, board, fault):
    """Nobody could tell any more whether the wearer moves."""
    monkeypatch.setattr(session, "_IDLE_MS", 20_000)  # for five minutes
    bench = rig(board=board)

    def happen():
        if fault == "pulled off":
            bench.board.unplug_chip()
        elif fault == "scl":
            bench.board.bus.stuck_low = fault
        else:
            bench.board.chip.nonsense = fault

    bench.at(30, happen)
    run(bench, 45)
    assert 20_000 <= bench.of("idle")[0].ms < 26_000
    assert 30_000 < bench.only("awake").ms < 32_100
    assert 30_000 < bench.only("sensor_lost").ms < 32_200
    assert len([beat for beat in bench.of("beat") if beat.ms > 33_000]) > 25
    all_is_well(bench, losses=1, stalls=[(30, 32.2)])
