"""`backbeat desk` as a person types it, with a virtual chip behind a fake adapter."""

from contextlib import contextmanager

import numpy as np
import pytest

from ..desk.bench import Bench, desk, lively


@pytest.fixture
def plugged(monkeypatch, motion):
    """`with plugged() as bench:`: an MCP2221 with a chip that stands, runs backward, falls and lies."""

    @contextmanager
    def plug():
        with desk(Bench(lively(motion.rows)), monkeypatch) as bench:
            yield bench

    return plug


def test_a_run_is_told_line_by_line_and_summed_up(plugged, backbeat):
    with plugged():
        told = backbeat("desk", "--seconds", 17, "--no-sound")
    assert told.code == 0 and told.err == ""
    lines = told.out.splitlines()
    assert lines[0].endswith("session 1 starts")
    assert any("fall backward" in line for line in lines)
    assert "length 0:17.0" in told.out and "1 fall" in told.out and "backward" in told.out


def test_the_recording_goes_through_simulate(plugged, backbeat, tmp_path):
    path = tmp_path / "desk.csv"
    with plugged():
        told = backbeat("desk", "--seconds", 17, "--no-sound", "--csv", path)
    assert told.code == 0 and told.err == f"wrote {path}\n"
    again = backbeat("simulate", path, "--events", "-", "--no-pad", "--core")
    assert again.code == 0
    assert [event["direction"] for event in again.events if event["event"] == "fall"] == ["backward"]
    assert {"run", "still"} <= {event["gait"] for event in again.events if event["event"] == "gait"}


def test_cadence_and_settings_hold_and_cadence_wins(plugged, backbeat):
    with plugged():
        told = backbeat("desk", "--seconds", 10, "--no-sound", "--settings", "cadence=150", "--cadence", "120")
    assert told.code == 0 and "beats" in told.out
    (line,) = (line for line in told.out.splitlines() if line.lstrip().startswith("beats"))
    assert int(line.split()[1].rstrip(",")) == pytest.approx(20, abs=2)


def test_without_a_sound_card_it_goes_on_and_says_so_once(plugged, backbeat, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "miniaudio", None)
    with plugged():
        told = backbeat("desk", "--seconds", 3)
    assert told.code == 0
    assert told.err == "no sound: it needs miniaudio: pip install 'backbeat[desk]'\n"


def test_a_run_without_samples_writes_nothing_and_says_so(plugged, backbeat, tmp_path):
    with plugged() as bench:
        bench.at(0, bench.unplug_chip)
        told = backbeat("desk", "--seconds", 3, "--no-sound", "--csv", tmp_path / "desk.csv")
    assert told.code == 0
    assert told.err == f"no samples came, so {tmp_path / 'desk.csv'} was not written\n"
    assert list(tmp_path.iterdir()) == []


def test_no_adapter_is_a_sentence_and_status_1(plugged, backbeat):
    with plugged() as bench:
        bench.adapter.pull()
        assert backbeat("desk").refused(1).startswith("no adapter is plugged in, and Blinka knows no I2C pins")
        assert backbeat("desk", "--bus", "mcp2221").refused(1).startswith("no MCP2221 is plugged in; plug it in")


def test_no_chip_is_a_sentence_and_status_1(plugged, backbeat):
    with plugged() as bench:
        bench.unplug_chip()
        sentence = backbeat("desk").refused(1)
    assert sentence.startswith("no motion chip answers on the I2C bus of the MCP2221; see that it is an LSM6DSOX")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--csv", "desk.csv.gz"), "desk.csv.gz: the samples are written as they come, not packed; name a file"),
        (("--csv", "."), ".: a folder or a device; name an ordinary file"),
        (("--pin", "G0"), "--pin G0: expected a part and its pin, such as sounder=D18; parts are sounder, haptic"),
        (("--pin", "horn=G0"), "--pin horn=G0: expected a part and its pin"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_opened(backbeat, words, sentence):
    assert backbeat("desk", *words).refused().startswith(sentence)


@pytest.mark.parametrize("words", [("--cadence", "fast"), ("--cadence", "9"), ("--settings", "cadenc=170")])
def test_settings_that_no_board_takes_are_refused(backbeat, words):
    assert "cadenc" in backbeat("desk", *words).refused()


@pytest.mark.parametrize("words", [("--seconds", "0"), ("--bus", "spi"), ("--csv", "-"), ("a.csv",)])
def test_a_wrong_command_line_is_refused(backbeat, words):
    told = backbeat("desk", *words)
    assert told.code == 2 and told.out == "" and "Usage:" in told.err


def test_the_fake_adapter_does_not_outlive_its_test(plugged):
    import sys

    with plugged() as bench:
        assert sys.modules["hid"] is bench.adapter
        assert np.asarray(bench.chip.conversion_after(0)) > 0
    assert getattr(sys.modules.get("hid"), "plugged", None) is None
