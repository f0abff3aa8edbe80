"""`backbeat demo`: the files it leaves and what it says about them."""

import json
import struct
import sys
import wave

import pytest
from click.testing import CliRunner

from backbeat import names
from backbeat_host.cli import main
from backbeat_host.runs import events as runs_events
from backbeat_host.runs.decode import decode

OF_THE_BOARD = {names.EVENTS[code] for code in runs_events.OF_THE_BOARD}

PLACES = ("demo.wav", "00001.bbl", "demo.jsonl", "demo.png")


@pytest.fixture(scope="session")
def shown(tmp_path_factory):
    """The demo, once: its folder, what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "new"
    result = CliRunner().invoke(main, ["demo", "--out", str(folder)])
    assert (result.exit_code, result.stderr) == (0, "")
    return folder, result.stdout


@pytest.fixture(scope="session")
def events(shown):
    return [json.loads(line) for line in (shown[0] / "demo.jsonl").read_text().splitlines()]


def test_every_file_is_there_and_named(shown):
    folder, printed = shown
    assert sorted(path.name for path in folder.iterdir()) == sorted(PLACES)
    assert all(f": {folder / name}\n" in printed for name in PLACES)


def test_it_tells_the_run_and_holds_it_against_the_truth(shown):
    _, printed = shown
    for part in ("fall backward", "stumble backward", "roll", "siren", "length 10:00.0"):
        assert part in printed
    for what in ("stumble", "roll", "fall"):
        assert f"really a {what}: told" in printed
    assert "not told" not in printed and "really nothing" not in printed


def test_the_events_have_the_promised_form(events, promise):
    promise(events)
    assert {event["trial"] for event in events} == {"demo"}


def test_the_picture_is_a_picture(shown):
    data = (shown[0] / "demo.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) > 50_000
    width, height = struct.unpack(">II", data[16:24])
    assert width >= 1600 and height >= 900


def test_the_sound_lasts_as_long_as_the_session(shown, events):
    with wave.open(str(shown[0] / "demo.wav")) as file:
        seconds = file.getnframes() / file.getframerate()
    assert seconds == pytest.approx(events[-1]["t"] - events[0]["t"], abs=0.2)


def test_the_log_tells_the_same_events(shown, events):
    log = decode(shown[0] / "00001.bbl")
    assert log.missing() == []
    kept = [event for event in events if event["event"] not in ("step", "beat")]
    logged = [event for event in log.events() if event["event"] not in OF_THE_BOARD]
    assert [event["event"] for event in logged] == [event["event"] for event in kept]
    lag = kept[0]["t"]
    assert all(abs(a["t"] + lag - b["t"]) <= 0.0011 for a, b in zip(logged, kept, strict=True))


def test_without_matplotlib_a_sentence_stands_for_the_picture_and_all_else_is_the_same(shown, monkeypatch, tmp_path):
    for name in [name for name in sys.modules if name.startswith(("matplotlib", "backbeat_host.runs.drawing"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = CliRunner().invoke(main, ["demo", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert result.stderr == "drawing needs matplotlib: pip install 'backbeat[draw]'\n"
    assert "demo.wav" in result.stdout and "demo.png" not in result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PLACES[:3])
    for name in PLACES[:3]:
        assert (tmp_path / name).read_bytes() == (shown[0] / name).read_bytes()


def test_a_place_that_is_no_folder_is_refused(backbeat, tmp_path):
    (tmp_path / "file").write_text("precious")
    assert "is a file" in backbeat("demo", "--out", tmp_path / "file").refused()
    assert "cannot be written, for " in backbeat("demo", "--out", tmp_path / "file" / "x").refused()
    assert (tmp_path / "file").read_text() == "precious"


@pytest.mark.parametrize("name", PLACES)
def test_a_folder_where_a_file_belongs_is_refused_before_the_run(backbeat, tmp_path, monkeypatch, name):
    (tmp_path / name).mkdir()
    monkeypatch.setattr("backbeat_host.lab.demo.perform", lambda *_: pytest.fail("the run was made"))
    assert f"{tmp_path / name}: a folder or a device" in backbeat("demo", "--out", tmp_path).refused()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_that_cannot_be_written_leaves_none_of_them(backbeat, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backbeat_host.lab.demo.draw", full)
    assert "demo.png: cannot be written (No space left on device)" in backbeat("demo", "--out", tmp_path).refused(1)
    assert list(tmp_path.iterdir()) == []


def test_a_place_without_a_name_is_refused(backbeat):
    assert "it is empty; give the path of a file or folder" in backbeat("demo", "--out", "").refused()


def test_a_seed_that_is_none_is_refused(backbeat):
    assert "-1 is not in the range" in backbeat("demo", "--seed", -1).refused()
