"""How a frame looks in the terminal, in a line, and what the command refuses."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from backbeat_host.cli import monitor
from backbeat_host.link.found import Found
from backbeat_host.link.monitor import Frame, Silence

USUAL = Frame(7, 61.5, 171.2, 168.0, 172, "run", "backward", -9, 80, -12, "running", "", True, 71, 3950)
ALONE = Found(port="PORT")
FALL = {"trial": "7", "t": 60.0, "event": "fall", "at": 58.0, "direction": "backward", "peak_mg": 4100}


class Port:
    def close(self):
        pass


@pytest.fixture
def watched(monkeypatch):
    """`watched(frame, ...)`: what the board will answer, instead of a port."""

    def make(*frames, found=ALONE):
        class Watching:
            def __init__(self, line):
                pass

            def frames(self):
                for frame in frames:
                    if isinstance(frame, type):
                        raise frame
                    yield frame

        monkeypatch.setattr("backbeat_host.cli.monitor.Watch", Watching)
        monkeypatch.setattr("backbeat_host.cli.monitor.opened", lambda port: Port())
        monkeypatch.setattr("backbeat_host.cli.monitor.choose", lambda board: found)

    return make


def drawn(frame, past=(), encoding="utf-8"):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    console = Console(file=file, width=80, legacy_windows=False)
    console.print(monitor.panel(frame, past, console.options.ascii_only))
    file.flush()
    return file.buffer.getvalue().decode(encoding)


def test_a_line_says_all_that_is_known_and_nothing_that_is_not():
    assert monitor.line_of(USUAL) == (
        "running, 171.2 of 168.0 spm (+1.9 %), run, backward (80 %, heading -9), step 12 ms before the beat, "
        "battery 71 % (3.95 V)"
    )
    bare = replace(USUAL, cadence=0.0, gait="", travel="", percent=None, state="paused")
    assert monitor.line_of(bare) == "paused, - of 168.0 spm"
    hurt = replace(bare, alarm="countdown", sensing=False)
    assert monitor.line_of(hurt).endswith("COUNTDOWN, SENSOR LOST")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_picture_has_cadence_phase_travel_battery_and_the_last_events(encoding):
    shown = drawn(USUAL, [FALL], encoding)
    for words in ("session 7  1:02  running", "171.2 of 168.0 spm", "12 ms before", "backward", "71 %", "1:00.0"):
        assert words in shown
    assert shown.count("battery") == 1
    assert "fall" in shown


@pytest.mark.parametrize(("lag", "place"), [(-179, 0), (-90, 5), (0, 10), (90, 15), (179, 20), (30_000, 20)])
def test_the_scale_shows_where_between_two_beats_the_step_fell(lag, place):
    scale = monitor._scale(replace(USUAL, lag_ms=lag), ascii_only=True)
    assert len(scale) == 21
    assert scale.index("o") == place
    assert "o" not in monitor._scale(replace(USUAL, state="paused"), ascii_only=True)


def test_without_a_terminal_a_line_comes_every_five_seconds_and_each_event_at_once(backbeat, watched):
    frames = [replace(USUAL, t=60 + number / 2) for number in range(12)]
    frames[3] = replace(frames[3], events=[FALL], missed=2)
    watched(*frames)
    lines = backbeat("monitor").out.splitlines()
    assert [line.split()[0] for line in lines if "running" in line] == ["1:00.0", "1:05.0"]
    assert sum("fall" in line for line in lines) == 1
    assert any("2 more, see the log" in line for line in lines)


def test_a_silence_is_said_once_and_with_nothing_else_to_watch_the_exit_status_is_1(backbeat, watched):
    watched(Silence(), Silence(), Silence())
    told = backbeat("monitor", "--json")
    assert (told.code, told.out) == (1, "")
    assert told.err == "no session runs; press the board's button to begin one\n"
    watched(USUAL, Silence(), Silence(), USUAL, Silence())
    told = backbeat("monitor")
    assert told.code == 0 and told.err.count("no session runs") == 2


@pytest.mark.parametrize(
    ("found", "remedy"),
    [
        (replace(ALONE, drive=Path("x"), backbeat="0.1.0"), "start it by `backbeat reset`"),
        (replace(ALONE, drive=Path("x")), "Backbeat is not on it, `backbeat install` puts it there"),
        (ALONE, "`backbeat reset` starts it, `backbeat install` puts Backbeat there if it is not"),
    ],
)
def test_a_board_at_its_prompt_ends_it_with_what_to_do(backbeat, watched, found, remedy):
    watched(Silence(prompt=True), Silence(prompt=True), found=found)
    sentence = backbeat("monitor").refused(1)
    assert sentence == f"PORT: the board stands at its prompt, no code runs; {remedy}."


def test_ctrl_c_ends_it_in_peace(backbeat, watched):
    watched(USUAL, KeyboardInterrupt)
    told = backbeat("monitor")
    assert told.code == 0 and told.err == ""


def test_a_board_without_a_port_is_refused_with_the_remedy(backbeat, monkeypatch):
    monkeypatch.setattr("backbeat_host.cli.monitor.choose", lambda board: Found(uid="abc"))
    assert "connect it by USB" in backbeat("monitor").refused()


@pytest.mark.parametrize("command", ["monitor", "calibrate"])
@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf"])
def test_a_time_that_is_no_number_is_refused(backbeat, command, seconds):
    told = backbeat(command, "--seconds", seconds)
    assert told.code == 2 and seconds in told.err and "--seconds" in told.err
