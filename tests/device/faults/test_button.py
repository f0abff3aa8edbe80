"""The button bounces, flutters or is stuck. Stuck from the start or in a run: `test_main.py`."""

import random

import pytest

from backbeat_host.lab.endings import Ending

from ..afterwards import all_is_well
from ..rig import MS, SECOND


def bounce(bench, at_s, down, seed, for_ms=12):
    """The contact chatters for a while and comes to rest."""
    dice = random.Random(seed)
    board = bench.board
    begin = round(at_s * SECOND)

    def chatter():
        for ms in sorted(dice.uniform(0, for_ms) for _ in range(6)):
            level = dice.random() < 0.5
            board.clock.schedule(board.clock.ns + round(ms * MS), lambda level=level: board._button(level))
        board.clock.schedule(board.clock.ns + round(for_ms * MS), lambda: board._button(down))

    bench.at(begin / SECOND, chatter)


def press(bench, at_s, for_s, seed):
    bounce(bench, at_s, True, seed)
    bounce(bench, at_s + for_s, False, seed + 1000)


def run(bench, seconds=30):
    bench.stop(seconds)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console


@pytest.mark.parametrize("seed", range(4))
def test_a_bouncing_button_gives_one_press_for_each_press(rig, running, seed):
    bench = rig(running)
    press(bench, 8 + seed / 100, 0.25, seed)
    press(bench, 14, 0.25, seed + 1)
    press(bench, 20, 0.12, seed + 2)
    press(bench, 20.35, 0.12, seed + 3)
    run(bench)
    assert [told.name for told in bench.of("pause", "resume", "mark", "session_end")] == [
        "pause",
        "resume",
        "mark",
        "session_end",
    ]
    all_is_well(bench)


@pytest.mark.parametrize("seed", range(3))
def test_a_bouncing_hold_cancels_an_alarm_and_a_bouncing_long_press_ends_the_session(rig, falling, seed):
    bench = rig(falling)
    press(bench, 15, 0.9, seed)
    press(bench, 22, 1.9, seed + 1)
    run(bench)
    bench.only("alarm_cancelled")
    assert bench.of("session_end")[0].a == 0
    assert bench.of("pause", "mark") == []
    all_is_well(bench)


@pytest.mark.parametrize("hz", [7, 31])
def test_a_button_that_flutters_costs_no_beat_and_no_log(rig, running, hz):
    """Water in the contact: what it means is anybody's guess."""
    bench = rig(running)
    dice = random.Random(hz)
    for edge in range(20 * hz):
        bench.at(8 + edge / hz, lambda: bench.board._button(dice.random() < 0.5))
    bench.at(28, lambda: bench.board._button(False))
    run(bench, 40)
    all_is_well(bench)


def test_a_button_stuck_since_before_a_fall_does_not_keep_the_siren_from_sounding(rig, falling):
    bench = rig(falling)
    bench.press(9.3, 3600)  # he falls on it
    run(bench, 35)
    bench.only("siren")
    assert bench.of("alarm_cancelled") == []
    bench.board._button(False)
    all_is_well(bench)


def test_a_button_that_sticks_in_an_alarm_cancels_it_and_no_more(rig, falling):
    bench = rig(falling)
    bench.press(15, 3600)
    run(bench, 30)
    bench.only("alarm_cancelled")
    assert bench.of("pause", "mark") == []
    assert len(bench.starts) == 1
    bench.board._button(False)
    all_is_well(bench)
