"""What a run on the desk shows: a picture in a terminal, a line an event elsewhere."""

import io
import re

import pytest
from rich.console import Console

from backbeat_host.desk.live import Lines, Picture, line, view

FALL = {"trial": "desk", "t": 14.6, "event": "fall", "at": 12.0, "direction": "backward", "peak_mg": 7900}
STEP = {"trial": "desk", "t": 5.0, "event": "step", "load_mg": 2300}
TRAVEL = {"trial": "desk", "t": 5.0, "event": "travel", "travel": "backward", "heading": 178, "confidence": 93}


def console(terminal: bool) -> Console:
    return Console(file=io.StringIO(), width=100, height=30, force_terminal=terminal, color_system=None)


def drawn(*events, seconds=65.2, spm=171.6) -> str:
    screen = console(True)
    with view(screen, "LSM6DSOX on MCP2221", "170", "keys") as shown:
        assert isinstance(shown, Picture)
        for event in events:
            shown.event(event)
        shown.refresh(seconds, spm)
        picture = shown.draw()
    out = console(False)
    out.print(picture)
    return out.file.getvalue()


def test_the_picture_holds_the_state_of_things():
    text = drawn(STEP, STEP, {**STEP, "event": "gait", "gait": "run"}, TRAVEL, FALL)
    for said in (
        "LSM6DSOX on MCP2221  1:05.2",
        "steps 2",
        "cadence 172 (beat 170)",
        "load 2.3 g",
        "gait run",
        "travel ↓ backward (heading 178, 93 % sure)",
        "falls 1",
        "rolls 0",
        "stumbles 0",
        "sensor works",
        "fall backward, peak 7.9 g, at 0:12.0",
        "keys",
    ):
        assert said in text, said


def test_before_anything_came_it_says_so():
    text = drawn(seconds=0, spm=0)
    for said in ("steps 0", "cadence - (beat 170)", "load -", "gait -", "travel -"):
        assert said in text


def test_a_lost_sensor_is_seen_until_it_is_back():
    lost = {"trial": "desk", "t": 1.0, "event": "sensor_lost"}
    back = {**lost, "event": "sensor_back"}
    assert "sensor works" not in drawn(lost)
    assert "sensor works" in drawn(lost, back)


def test_the_picture_keeps_its_height_and_the_latest_events():
    marks = [{"trial": "desk", "t": float(at), "event": "mark"} for at in range(40)]
    few, many = drawn(*marks[:2]), drawn(*marks)
    assert few.count("\n") == many.count("\n")
    assert "0:39.0" in many and "0:29.0" not in many


def test_elsewhere_each_event_is_a_line_and_steps_and_beats_are_none():
    out = console(False)
    with view(out, "title", "170", "keys") as shown:
        assert isinstance(shown, Lines)
        for event in (STEP, FALL, {**STEP, "event": "beat"}):
            shown.event(event)
            shown.refresh(1, 1)
    assert out.file.getvalue().splitlines() == ["  0:14.6 ▼ fall backward, peak 7.9 g, at 0:12.0"]


def test_a_line_can_do_with_ascii():
    assert line(FALL, ascii_only=True).plain.isascii()


@pytest.mark.parametrize("width", [40, 80])
def test_a_narrow_terminal_breaks_nothing(width):
    screen = Console(file=io.StringIO(), width=width, height=30, force_terminal=True, color_system=None)
    with view(screen, "LSM6DSOX on this machine's own I2C pins, to a/long/path/of/a/file.csv", "170", "keys") as shown:
        shown.event(TRAVEL)
        shown.refresh(1, 1)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.file.getvalue())
    assert max(map(len, plain.splitlines())) <= width
