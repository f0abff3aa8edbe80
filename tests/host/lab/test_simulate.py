"""Trials through the firmware, on the board and on the core: the same events, in the order given, in many processes."""

import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from backbeat import settings
from backbeat.names import EVENTS
from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.recordings.inputs import all_trials
from backbeat_host.lab.recordings.trial import RATE_HZ, Trial, TrialRef
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.lab.simulate import Options, simulate, simulate_all
from backbeat_host.runs.decode import decode_bytes
from backbeat_host.runs.events import OF_THE_BOARD

SCRIPT = [
    *(Stand(3), Walk("forward", 12), Run("backward", 15), Stumble(), Run("backward", 8), Stand(4), BackwardRoll()),
    *(Stand(5), Run("backward", 12), Fall("backward"), Lie(8)),
]


@pytest.fixture(scope="module")
def run():
    return synthetic(SCRIPT, 5)


@pytest.fixture(scope="module")
def trial(run):
    return run.trial("whole")


@pytest.fixture(scope="module")
def board(trial):
    return simulate(trial, Options(steps=True, beats=True, keep_log=True, keep_sound=True))


@pytest.fixture(scope="module")
def core(trial):
    return simulate(trial, Options(core=True, steps=True, beats=True, keep_log=True, keep_sound=True))


def names(outcome):
    return [event["event"] for event in outcome.events if event["event"] not in ("step", "beat")]


def times(outcome):
    return [event["t"] for event in outcome.events if event["event"] not in ("step", "beat")]


def same(one, other):
    """The same events in the same order, each within 30 ms."""
    return names(one) == names(other) and max(abs(np.subtract(times(one), times(other)))) <= 0.03


def test_the_core_alone_tells_what_the_board_tells(board, core):
    assert same(core, board)
    assert {"fall", "roll", "stumble"} <= set(names(board))
    for event, apart in (("step", 0), ("beat", 2)):  # flash may hold a cue up, which then silences another beat
        one, other = ([e["t"] for e in outcome.events if e["event"] == event] for outcome in (core, board))
        alone = [t for t in one if min(abs(np.subtract(other, t))) > 0.03]
        assert abs(len(one) - len(other)) <= apart and len(alone) <= apart


@pytest.mark.parametrize("rate", [98.8, 109.2])
def test_a_chip_whose_clock_errs_tells_the_same_on_board_and_core(run, core, rate):
    trial = Trial("off", run.rows, RATE_HZ, {"chip_rate": rate}, {})
    on_board, alone = (simulate(trial, Options(core=way, steps=True)) for way in (False, True))
    assert same(alone, on_board)
    assert {"fall", "roll", "stumble"} <= set(names(alone))
    steps, true = ([e["t"] for e in outcome.events if e["event"] == "step"] for outcome in (alone, core))
    assert len(steps) == pytest.approx(len(true), abs=2)
    assert np.median([min(abs(np.subtract(true, step))) for step in steps]) < 0.02


def test_an_outcome_tells_where_it_lies_in_time(board, core, run):
    for outcome in (board, core):
        assert outcome.trial == "whole" and outcome.seconds == pytest.approx(run.seconds)
        assert outcome.begin_s == pytest.approx(-2.0, abs=0.02)
        assert outcome.events[0]["t"] == pytest.approx(outcome.begin_s, abs=0.001)
        assert outcome.end_s == pytest.approx(run.seconds + 5.0, abs=1e-6)
        assert outcome.events[-1]["t"] == pytest.approx(outcome.end_s, abs=0.15)


def test_every_sounded_edge_of_a_beat_lies_at_its_event(board, core):
    for outcome in (board, core):
        on = np.array([at for at, hz in outcome.edges if hz])
        beats = [event["t"] for event in outcome.events if event["event"] == "beat"]
        assert len(beats) > 100
        assert max(np.min(np.abs(on - beat)) for beat in beats) <= 0.002


def test_the_log_holds_the_events(board, core):
    for outcome in (board, core):
        log = decode_bytes(outcome.log, "whole")
        assert log.missing() == []
        told = sorted(numbers for numbers in log.told if numbers[1] not in OF_THE_BOARD)
        assert sorted(EVENTS[code] for _, code, *_ in told) == sorted(names(outcome))


def test_what_is_not_wanted_is_left_out(trial):
    outcome = simulate(trial, Options(core=True))
    assert (outcome.log, outcome.edges) == (b"", [])
    assert not {"step", "beat"} & {event["event"] for event in outcome.events}


def test_a_part_alone_keeps_the_time_of_the_whole(trial, core):
    fall = next(event for event in core.events if event["event"] == "fall")
    part = simulate(trial, Options(core=True, from_s=fall["at"] - 8, to_s=fall["at"] + 5))
    (again,) = [event for event in part.events if event["event"] == "fall"]
    assert again["at"] == pytest.approx(fall["at"], abs=0.02)
    assert part.seconds == pytest.approx(13, abs=0.02)
    with pytest.raises(InputError, match="--from must come before --to"):
        simulate(trial, Options(core=True, from_s=5, to_s=4))


def test_what_a_trial_says_of_itself_holds_unless_a_person_chose():
    rows = np.tile(np.array([0, 0, 2049, 0, 0, 0], np.int16), (312, 1))
    trial = Trial("t", rows, RATE_HZ, {}, {"mount.up": (0, 1000, 0)})
    chosen = {**settings.defaults(), "mount.up": (0, 0, 1000)}

    def mount(given):
        outcome = simulate(trial, Options(values=chosen, given=frozenset(given), core=True, keep_log=True))
        return decode_bytes(outcome.log, "t").settings()["mount.up"]

    assert mount([]) == (0, 1000, 0)
    assert mount(["mount.up"]) == (0, 0, 1000)


def test_the_share_that_is_done_only_grows(trial):
    for core in (False, True):
        shares = []
        simulate(trial, Options(core=core), shares.append)
        assert len(shares) > 2 and shares == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1


def _rows(seconds):
    return np.tile(np.array([0, 0, 2049, 0, 0, 0], np.int16), (round(seconds * RATE_HZ), 1))


def _refs(count):
    return [TrialRef(f"t{k}", Path("x"), partial(np.full, (100 + k, 6), 500, np.int16)) for k in range(count)]


@pytest.mark.parametrize("jobs", [1, 2, None])
def test_many_trials_come_in_the_order_given(jobs):
    outcomes = list(simulate_all(_refs(11), Options(core=True), jobs))
    assert [one.trial for one in outcomes] == [f"t{k}" for k in range(11)]
    assert [round(one.seconds * RATE_HZ) for one in outcomes] == [100 + k for k in range(11)]


def test_a_process_that_dies_is_told():
    refs = [*_refs(2), TrialRef("dead", Path("x"), partial(os._exit, 3))]
    with pytest.raises(WorkError, match="a process died, most likely for want of memory"):
        list(simulate_all(refs, Options(core=True), 2))


def test_the_shortest_recording_is_a_session():
    for pad in (True, False):
        for core in (True, False):
            outcome = simulate(Trial("two", _rows(2 / RATE_HZ), RATE_HZ, {}), Options(core=core, pad=pad))
            assert (names(outcome)[0], names(outcome)[-1]) == ("session_start", "session_end")


@pytest.mark.corpus
def test_on_fifty_recordings_the_core_tells_what_the_board_tells(shared_corpora):
    refs = all_trials([shared_corpora / "sisfall-a"])
    short = [ref for ref in refs if ref.labels["code"] not in ("D01", "D02", "D03", "D04")]  # those last 100 s
    some = short[:: len(short) // 50][:50]
    board = list(simulate_all(some, Options(), 1))
    core = list(simulate_all(some, Options(core=True), 1))
    different = [one.trial for one, other in zip(board, core, strict=True) if not same(one, other)]
    assert len(some) == 50 and different == []
