"""One session on the whole virtual board: what comes back is what happened, and the core alone tells the same."""

import numpy as np
import pytest

from backbeat import events as codes
from backbeat import names, settings
from backbeat.session import Session
from backbeat_host.errors import WorkError
from backbeat_host.lab.board_run import run_board
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.trial import Trial
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, GetUp, Glance, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.lab.simulate import Options, simulate
from backbeat_host.runs import decode
from backbeat_host.runs.events import OF_THE_BOARD

TRIALS = 50
APART_S = 0.030

SCRIPT = [
    *(Stand(4), Walk("forward", 12), Run("backward", 15), Glance("left"), Run("backward", 8), Stumble()),
    *(Run("backward", 6), Stand(3), BackwardRoll(), Stand(3), Walk("backward", 12), Run("forward", 12)),
    *(Fall("backward"), Lie(20), GetUp(), Walk("forward", 6)),
]


@pytest.fixture(scope="module")
def run():
    return synthetic(SCRIPT, seed=9).trial("run")


def without_time(event):
    return {key: value for key, value in event.items() if key not in ("t", "at")}


def assert_the_same(board, core):
    """The same events in the same order, near each other in time."""
    assert [without_time(event) for event in board.events] == [without_time(event) for event in core.events]
    for ours, theirs in zip(board.events, core.events, strict=True):
        assert abs(ours["t"] - theirs["t"]) <= APART_S, (ours, theirs)
        assert abs(ours.get("at", 0) - theirs.get("at", 0)) <= APART_S, (ours, theirs)


def assert_logged(outcome):
    """The log holds what was heard, each at the same distance from the first, to the millisecond."""
    log = decode.decode_bytes(outcome.log, "log")
    assert log.missing() == []
    of_the_board = {names.EVENTS[code] for code in OF_THE_BOARD}
    logged = sorted(
        (event for event in log.events("log") if event["event"] not in of_the_board), key=lambda event: event["t"]
    )
    assert [{**without_time(event), "trial": ""} for event in logged] == [
        {**without_time(event), "trial": ""} for event in outcome.events
    ]
    shift = logged[0]["t"] - outcome.events[0]["t"]
    for ours, theirs in zip(logged, outcome.events, strict=True):
        assert ours["t"] - theirs["t"] == pytest.approx(shift, abs=0.0011)
        assert ours.get("at", shift) - theirs.get("at", 0) == pytest.approx(shift, abs=0.0011)


# ---- what comes back ----


def test_every_kind_of_event_is_told_alike_by_the_board_and_by_the_core_alone(run):
    board, core = (simulate(run, Options(core=core, keep_log=True)) for core in (False, True))
    assert_the_same(board, core)
    assert_logged(board)
    assert_logged(core)
    assert {"roll", "fall", "alarm", "siren", "gait", "travel"} <= {event["event"] for event in board.events}


def test_steps_and_beats_are_alike_too(run):
    board, core = (simulate(run, Options(core=core, steps=True, beats=True)) for core in (False, True))
    for name in ("step", "beat"):
        ours, theirs = ([event for event in one.events if event["event"] == name] for one in (board, core))
        assert len(ours) == pytest.approx(len(theirs), abs=2)
        nearest = [min(abs(one["t"] - other["t"]) for other in theirs) for one in ours]
        assert sorted(nearest)[len(nearest) * 98 // 100] <= APART_S


def test_row_0_is_felt_at_the_time_it_says_and_the_end_is_that_of_the_rows(run):
    heard = []
    out = run_board(run.rows, settings.defaults(), lambda *told: heard.append(told))
    assert 0 < out.first_sample_s < 0.010
    ended = [told[0] for told in heard if told[1] == codes.SESSION_END]
    assert ended == [pytest.approx(1000 * (out.first_sample_s + len(run.rows) / 104) + 60, abs=30)]
    assert out.log_name == "00001.bbl"
    assert out.edges[0][0] == pytest.approx(0, abs=0.01)
    assert out.edges[-1][1] == 0


def test_a_session_starts_without_a_press_whatever_the_settings_say(run):
    heard = []
    values = {**settings.defaults(), "start": "press"}
    run_board(run.rows[:300], values, lambda *told: heard.append(told[1]))
    assert heard[0] == codes.SESSION_START


def test_the_log_holds_the_settings_of_the_session(run):
    values = {**settings.defaults(), "cadence": 1717, "accent": 3}
    log = decode.decode_bytes(run_board(run.rows[:300], values).log, "log")
    assert {**log.settings(), "start": "press"} == {**values, "start": "press"}


def test_a_session_is_the_same_whatever_the_process_ran_before_it(run):
    """Modules, code and places of files are kept from one boot to the next; nothing of a session may be."""

    def everything():
        heard = []
        out = run_board(run.rows[:3000], settings.defaults(), lambda *told: heard.append(told))
        return heard, out

    def meddle(board):
        board.press(5 * 10**9, 2 * 10**8)
        board.clock.schedule(7 * 10**9, board.unplug_chip)
        board.clock.schedule(9 * 10**9, board.plug_chip)
        board.power_cut_at(20 * 10**9)

    first = everything()
    other = {**settings.defaults(), "cadence": 2000, "accent": 4, "fall.sensitivity": "high", "glance.every": 5}
    run_board(run.rows, other, prepare=meddle, rate_error=0.03)
    assert everything() == first


# ---- when it fails ----


@pytest.mark.parametrize("what", ["a bug", "no KeyboardInterrupt"])
def test_firmware_that_stops_with_an_error_says_so(run, what):
    def hear(ms, code, a, b, c):
        if code == codes.GAIT:
            raise RuntimeError(what)

    with pytest.raises(WorkError, match=r"an error that nobody foresaw(?s:.*)RuntimeError: " + what):
        run_board(run.rows[:1000], settings.defaults(), hear)
    assert Session.listener is None


def test_a_board_whose_power_fails_before_its_session_says_so(run):
    with pytest.raises(WorkError, match=r"did not start a session \(power_cut\)"):
        run_board(run.rows[:300], settings.defaults(), prepare=lambda board: board.power_cut_at(10**8))


# ---- recorded trials ----


def spread(shared_corpora):
    """Fifty trials of every kind of fall and of daily life, by turns."""
    refs = sorted(open_corpus(shared_corpora / "sisfall-a"), key=lambda ref: ref.id)
    by_code = {}
    for ref in refs:
        by_code.setdefault(ref.labels["code"], []).append(ref)
    picked = [trials[(7 * number) % len(trials)] for number, trials in enumerate(by_code.values())]
    more = [trials[(7 * number + 3) % len(trials)] for number, trials in enumerate(by_code.values())]
    return (picked + more)[:TRIALS]


@pytest.mark.corpus
@pytest.mark.parametrize("part", range(5))
def test_the_core_alone_tells_the_same_of_recorded_trials(shared_corpora, part):
    trials = spread(shared_corpora)
    assert len({ref.id for ref in trials}) == TRIALS
    for ref in trials[part::5]:
        loaded = ref.load()
        trial = Trial(ref.id, np.ascontiguousarray(loaded.rows[: 40 * 104]), loaded.rate, {})
        board, core = (simulate(trial, Options(core=core, keep_log=True)) for core in (False, True))
        assert_the_same(board, core)
        assert_logged(board)
        assert_logged(core)
