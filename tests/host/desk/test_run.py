"""The whole desk: Blinka's real modules, a fake adapter and a virtual chip behind it, in virtual time."""

import functools
import io
import itertools
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from backbeat import settings
from backbeat_host.desk.run import Options, Outcome, run_desk
from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.chip.lsm6ds3trc import LSM6DS3TRC
from backbeat_host.lab.chip.lsm6dsox import LSM6DSOX
from backbeat_host.lab.recordings.csv_file import read_csv
from backbeat_host.lab.recordings.trial import RATE_HZ, Trial
from backbeat_host.lab.simulate import Options as SimulateOptions
from backbeat_host.lab.simulate import simulate

from .bench import lively
from .mcp2221 import Mcp2221
from .raspberry_pi import RaspberryPi
from .u2if import U2if

STILL = lively(np.tile(np.array([[0, 0, 2049, 0, 0, 0]], np.int16), (4000, 1)))
ADAPTERS = pytest.mark.parametrize("adapter", [Mcp2221, U2if])
WAYS = pytest.mark.parametrize("adapter", [Mcp2221, U2if, RaspberryPi])
CHIPS = pytest.mark.parametrize("kind", [LSM6DSOX, LSM6DS3TRC])


def run(text: io.StringIO | None = None, terminal: bool = False, **options: object) -> Outcome:
    console = Console(file=text or io.StringIO(), width=100, height=30, force_terminal=terminal)
    return run_desk(Options(**{"sound": False, "seconds": 18, **options}), console, pytest.fail)


def names(outcome: Outcome) -> Counter[str]:
    return Counter(str(event["event"]) for event in outcome.events)


def of(outcome: Outcome, name: str) -> list[dict]:
    return [event for event in outcome.events if event["event"] == name]


@CHIPS
@WAYS
def test_a_run_and_a_fall_are_told_while_they_happen(bench, rows, kind, adapter):
    bench(rows, kind, adapter)
    text = io.StringIO()
    outcome = run(text)
    assert names(outcome)["fall"] == 1
    assert "sensor_lost" not in names(outcome) and "gap" not in names(outcome)
    assert {event["travel"] for event in of(outcome, "travel")} == {"still", "backward"}
    assert of(outcome, "session_end")[0]["reason"] == "console" and outcome.seconds == pytest.approx(18, abs=0.2)
    assert "fall backward" in text.getvalue() and "heap" not in text.getvalue()


def test_no_beat_waits_for_the_slow_adapter(bench, rows):
    bench(rows)
    beats = of(run(), "beat")
    assert len(beats) > 30
    assert max(event["t"] - event["due"] for event in beats) <= 0.002


def test_in_a_terminal_the_picture_is_drawn_between_the_beats(bench, rows):
    bench(rows)
    text = io.StringIO()
    outcome = run(text, terminal=True)
    assert "LSM6DSOX on MCP2221" in text.getvalue() and text.getvalue().count("cadence") > 40
    assert max(event["t"] - event["due"] for event in of(outcome, "beat")) <= 0.002


@CHIPS
@WAYS
def test_the_recording_holds_every_sample_the_chip_gave(bench, rows, kind, adapter, tmp_path):
    bench(rows, kind, adapter)
    outcome = run(csv=tmp_path / "desk.csv")
    assert outcome.written == [tmp_path / "desk.csv"] and outcome.error is None
    assert list(tmp_path.iterdir()) == outcome.written
    read = read_csv(tmp_path / "desk.csv")
    begin = next(at for at in range(len(read)) if (read[at : at + 20] == rows[:20]).all())
    whole = len(read) - begin
    assert whole > 17.5 * RATE_HZ
    assert (read[begin:] == rows[:whole]).all()


def test_simulate_tells_of_the_recording_what_the_desk_told(bench, rows, tmp_path):
    bench(rows)
    path = tmp_path / "desk.csv"
    live = run(csv=path)
    again = simulate(
        Trial("desk", read_csv(path), RATE_HZ, {}), SimulateOptions(core=True, pad=False, steps=True)
    ).events
    told = [[event for event in of if event["event"] == "step"] for of in (live.events, again)]
    assert len(told[0]) > 15 and abs(len(told[0]) - len(told[1])) <= 1
    kinds = ("fall", "suspect", "stumble", "roll", "gait", "travel")
    assert [
        {key: event[key] for key in ("event", "direction", "gait", "travel") if key in event}
        for event in live.events
        if event["event"] in kinds
    ] == [
        {key: event[key] for key in ("event", "direction", "gait", "travel") if key in event}
        for event in again
        if event["event"] in kinds
    ]


def test_a_chip_that_is_pulled_off_is_told_and_comes_back(bench, tmp_path):
    world = bench(STILL)
    world.at(4, world.unplug_chip)
    world.at(7, world.plug_chip)
    outcome = run(csv=tmp_path / "desk.csv")
    (lost,), (back,), (gap,) = (of(outcome, name) for name in ("sensor_lost", "sensor_back", "gap"))
    assert 4 < lost["t"] < 5 and 7 < back["t"] < 8.5
    assert gap["ms"] == pytest.approx(1000 * (back["t"] - 4), abs=300)
    assert len(of(outcome, "beat")) > 40
    assert outcome.written == [tmp_path / "desk.csv", tmp_path / "desk-2.csv"]
    first, second = (len(read_csv(path)) / RATE_HZ for path in outcome.written)
    assert first == pytest.approx(4, abs=0.3) and second == pytest.approx(18 - back["t"], abs=0.3)


@ADAPTERS
def test_an_adapter_that_is_pulled_out_comes_back(bench, adapter):
    world = bench(STILL, LSM6DSOX, adapter)
    world.at(4, world.adapter.pull)
    world.at(8, world.adapter.plug)
    outcome = run()
    (lost,), (back,) = of(outcome, "sensor_lost"), of(outcome, "sensor_back")
    assert 4 < lost["t"] < 5 and 8 < back["t"] < 11
    assert len(of(outcome, "beat")) > 40


@ADAPTERS
def test_an_adapter_that_was_out_for_a_moment_goes_on(bench, adapter, tmp_path):
    world = bench(STILL, LSM6DSOX, adapter)
    world.at(4, world.adapter.pull)
    world.at(4.05, world.adapter.plug)
    outcome = run(csv=tmp_path / "desk.csv")
    assert len(of(outcome, "sensor_lost")) == len(of(outcome, "sensor_back"))  # none, or found again
    recorded = sum(len(read_csv(path)) for path in outcome.written)
    assert recorded == pytest.approx(outcome.seconds * RATE_HZ, abs=RATE_HZ)


def test_ctrl_c_ends_the_run_and_the_recording_is_whole(bench, tmp_path):
    world = bench(STILL)

    def interrupt() -> None:
        raise KeyboardInterrupt

    world.at(6.0, interrupt)
    outcome = run(seconds=None, csv=tmp_path / "desk.csv")
    assert outcome.seconds == pytest.approx(6, abs=0.1)
    assert of(outcome, "session_end")[0]["reason"] == "console"
    assert len(read_csv(tmp_path / "desk.csv")) == pytest.approx(6 * RATE_HZ, abs=30)


def test_a_desk_that_lies_still_for_long_dozes_and_wakes(bench):
    rows = np.tile(STILL, (9, 1))
    rows[33_000:33_100, 0] += 3000
    bench(rows)
    outcome = run(seconds=325)
    (idle,), (awake,) = of(outcome, "idle"), of(outcome, "awake")
    assert 300 <= idle["t"] < 310 and awake["t"] == pytest.approx(33_000 / RATE_HZ, abs=1.5)
    assert "sensor_lost" not in names(outcome)


def test_the_settings_hold(bench):
    bench(STILL)
    values = settings.defaults()
    assert settings.apply(values, {"cadence": 120}) == []
    beats = [event["due"] for event in of(run(values=values, seconds=8), "beat")]
    assert np.diff(beats) == pytest.approx([0.5] * (len(beats) - 1), abs=0.002)


def test_without_a_chip_there_is_a_sentence(bench):
    world = bench(STILL)
    world.unplug_chip()
    with pytest.raises(WorkError, match=r"no motion chip answers on the I2C bus of the MCP2221; see that"):
        run()


def test_without_an_adapter_there_is_a_sentence(bench):
    world = bench(STILL)
    world.adapter.pull()
    with pytest.raises(WorkError, match="no adapter is plugged in"):
        run()
    with pytest.raises(WorkError, match="no MCP2221 is plugged in; plug it in, or choose another adapter with --bus"):
        run(bus="mcp2221")


def test_an_adapter_that_is_not_ours_to_open_is_told_so(bench, monkeypatch):
    world = bench(STILL)
    monkeypatch.setattr(world.adapter, "life", None)
    device = type(world.adapter.device())
    monkeypatch.setattr(device, "open", lambda *_: (_ for _ in ()).throw(OSError("open failed")))
    with pytest.raises(WorkError, match=r"MCP2221: plugged in but it cannot be opened .* udev rule"):
        run()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Permission denied"), r"I2C: not yours to open .*; join its group"),
        (FileNotFoundError(2, "No such file"), r"I2C: it is switched off on this machine; switch it on"),
    ],
)
def test_a_raspberry_pi_that_does_not_give_its_bus_is_told_so(bench, error, sentence):
    world = bench(STILL, LSM6DSOX, RaspberryPi)
    world.adapter.error = error
    with pytest.raises(WorkError, match=sentence):
        run()


def test_without_the_library_for_hid_there_is_a_sentence(bench, monkeypatch):
    bench(STILL)
    monkeypatch.setitem(sys.modules, "hid", None)
    with pytest.raises(WorkError, match=r"a chip behind an MCP2221 needs hid: pip install 'backbeat\[desk\]'"):
        run(bus="mcp2221")


def test_nothing_is_printed_but_the_view(bench, capfd):
    bench(STILL)
    run(seconds=1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows console has no pseudo-terminal")
def test_the_keyboard_is_the_button(bench, rows, monkeypatch):
    import pty

    world = bench(rows)
    keyboard_end, terminal_end = pty.openpty()
    with os.fdopen(terminal_end, "r") as terminal, os.fdopen(keyboard_end, "wb", buffering=0) as typing:
        monkeypatch.setattr(sys, "stdin", terminal)
        for at, key in ((4, b"m"), (16, b"h"), (18, b" "), (20, b"q")):
            world.at(at, functools.partial(typing.write, key))
        outcome = run(seconds=60)
    assert [event["by"] for event in of(outcome, "alarm_cancelled")] == ["press"]
    assert names(outcome)["mark"] == names(outcome)["pause"] == 1
    assert [event["reason"] for event in of(outcome, "session_end")] == ["button"]
    assert 21 < outcome.seconds < 24


def test_a_motor_on_a_pin_of_the_adapter_buzzes_with_the_beats(bench):
    world = bench(STILL)
    outcome = run(seconds=4, pins={"haptic": "G1"})
    edges = [level for level, _ in itertools.groupby(world.adapter.levels(1))]
    assert edges.count(1) == pytest.approx(len(of(outcome, "beat")) + 3, abs=2)  # and the start cue's three
    assert edges[-1] == 0


@pytest.mark.parametrize("pin", ["D99", "__name__"])
def test_a_pin_that_is_not_there_is_refused(bench, pin):
    bench(STILL)
    with pytest.raises(InputError, match=rf"haptic: MCP2221 has no pin {pin}"):
        run(pins={"haptic": pin})


def test_a_part_that_a_pin_cannot_carry_is_refused(bench):
    bench(STILL)
    with pytest.raises(WorkError, match=r"sounder on pin G0: it cannot be set up .*; choose another pin"):
        run(pins={"sounder": "G0"})


def test_the_files_of_a_run_are_named_in_order(tmp_path: Path, bench):
    world = bench(STILL)
    for at in (3, 6):
        world.at(at, world.unplug_chip)
        world.at(at + 0.2, world.plug_chip)
    written = run(seconds=10, csv=tmp_path / "a.b.csv").written
    assert [path.name for path in written] == ["a.b.csv", "a.b-2.csv", "a.b-3.csv"]
