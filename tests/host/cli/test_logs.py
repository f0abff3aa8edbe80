"""`backbeat logs decode`: the events the simulation told, from the log it left, damaged or not."""

import json

import pytest

from backbeat import names
from backbeat.record import BLOCK
from backbeat_host.runs import events as runs_events

OF_THE_BOARD = {names.EVENTS[code] for code in runs_events.OF_THE_BOARD}


@pytest.fixture(scope="session")
def left(recordings, tmp_path_factory):
    """A log the virtual board left, with the events of its session."""
    from click.testing import CliRunner

    from backbeat_host.cli import main

    folder = tmp_path_factory.mktemp("left")
    words = ["simulate", str(recordings / "run.csv"), "--log", str(folder), "--events", str(folder / "run.jsonl")]
    assert CliRunner().invoke(main, words).exit_code == 0
    events = [json.loads(line) for line in (folder / "run.jsonl").read_text().splitlines()]
    return folder / "run.bbl", events


def shifted(event, seconds):
    moved = {name: round(event[name] + seconds, 3) for name in ("t", "at") if name in event}
    return {**event, **moved}


def test_a_log_tells_what_the_simulation_told(backbeat, left, promise):
    path, events = left
    told = backbeat("logs", "decode", path, "--events", "-")
    assert told.code == 0
    promise(told.events)
    assert told.events[0]["t"] == 0.0
    of_the_run = [event for event in told.events if event["event"] not in OF_THE_BOARD]
    assert of_the_run == [shifted(event, -events[0]["t"]) for event in events]
    assert len(of_the_run) < len(told.events)


def test_the_head_the_timeline_and_the_summary_are_for_people(backbeat, left):
    path, _ = left
    told = backbeat("logs", "decode", path)
    assert told.err == ""
    for part in (
        "session 1, board raspberry_pi_pico",
        "firmware 0.1.0",
        "s of raw samples in 1 windows",
        "fall backward",
    ):
        assert part in told.out


def test_a_file_of_events_is_written_whole(backbeat, left, tmp_path):
    path, _ = left
    assert backbeat("logs", "decode", path, "--events", tmp_path / "e.jsonl").code == 0
    assert (tmp_path / "e.jsonl").read_text() == backbeat("logs", "decode", path, "--events", "-").out


def cut(data):
    return data[: -BLOCK - 100]


def flipped(data):
    return data[: 2 * BLOCK + 77] + bytes([data[2 * BLOCK + 77] ^ 4]) + data[2 * BLOCK + 78 :]


def without_a_block(data):
    return data[: 2 * BLOCK] + data[3 * BLOCK :]


def dirt_before(data):
    return b"\xff" * 300 + data


def at_a_block(data):
    return data[:-BLOCK]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (at_a_block, "the session's end is missing: the log stops after "),
        (cut, "the power was cut there, or the file was damaged"),
        (flipped, f"bytes {2 * BLOCK} to {3 * BLOCK - 1} are damaged: 1 block is missing"),
        (without_a_block, f"1 block is missing (512 bytes each) at byte {2 * BLOCK}"),
        (dirt_before, "bytes 0 to 299"),
    ],
)
def test_damage_is_said_and_the_rest_is_told(backbeat, left, tmp_path, damage, said):
    path, _ = left
    broken = tmp_path / "run.bbl"
    broken.write_bytes(damage(path.read_bytes()))
    told = backbeat("logs", "decode", broken, "--events", "-")
    assert told.code == 1 and said in told.err and f"{broken}: " in told.err and "Traceback" not in told.err
    whole = backbeat("logs", "decode", path, "--events", "-").events
    assert len(told.events) >= len(whole) - 12
    assert all(event in whole for event in told.events)
    backbeat("logs", "decode", broken, "--events", tmp_path / "e.jsonl")
    assert (tmp_path / "e.jsonl").read_text() == told.out


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.bbl", b"", "this is no Backbeat log: there is no good block in its 0 bytes; give a .bbl file"),
        ("x.csv", b"time_s,acc_x_g\n", "this is no Backbeat log"),
        ("zeros.bbl", bytes(4096), "this is no Backbeat log"),
    ],
)
def test_what_is_no_log_is_refused(backbeat, tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    assert said in backbeat("logs", "decode", tmp_path / name, "--events", tmp_path / "e.jsonl").refused()
    assert not (tmp_path / "e.jsonl").exists()


def test_a_log_that_is_not_there_or_a_folder_is_refused(backbeat, tmp_path):
    assert "cannot be read (No such file or directory)" in backbeat("logs", "decode", tmp_path / "x.bbl").refused()
    assert "cannot be read (Is a directory)" in backbeat("logs", "decode", tmp_path).refused()
    assert "Missing argument 'FILE'" in backbeat("logs", "decode").refused()


def test_the_log_itself_is_never_written_over(backbeat, left, tmp_path):
    path, _ = left
    (tmp_path / "x.bbl").write_bytes(path.read_bytes())
    told = backbeat("logs", "decode", tmp_path / "x.bbl", "--events", tmp_path / "x.bbl")
    assert "this input would be written over" in told.refused()
    assert (tmp_path / "x.bbl").read_bytes() == path.read_bytes()
    assert "a folder or a device" in backbeat("logs", "decode", path, "--events", tmp_path).refused()
