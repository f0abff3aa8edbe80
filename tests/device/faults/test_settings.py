"""The settings are missing, broken, huge or another version's, in whole runs. Fields one by one: `test_settings.py`."""

import json

import pytest

from backbeat import events
from backbeat_host.lab.endings import Ending

from ..afterwards import all_is_well
from ..rig import MS, SECOND

GOOD = json.dumps({"start": "power", "cadence": 150, "accent": 4}).encode()
BROKEN = {
    "cut off": GOOD[:25],
    "zeros": bytes(512),
    "huge": b'{"cadence": 170, "note": "' + b"x" * 200_000 + b'"}',
    "a list": b"[150]",
    "no text": bytes(range(128, 256)),
}


def run(bench, seconds=20):
    bench.board.interrupt_at(bench.board.clock.ns + seconds * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_told_once_and_the_last_good_settings_hold(rig, text):
    bench = rig(given=GOOD)
    run(bench)
    bench.drive.joinpath("settings.json").write_bytes(text)
    run(bench)  # starts with the power, as the good ones say
    assert bench.only("fault").a == events.SETTINGS_FAULT
    assert bench.cues().count("fault") == 1
    values = bench.log(2).settings()
    assert (values["cadence"], values["accent"]) == (1500, 4)
    assert bench.drive.joinpath("settings.json").read_bytes() == text  # it stays for whoever wrote it
    all_is_well(bench, cadence=1500)


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_without_a_last_good_one_leaves_the_defaults(rig, text):
    bench = rig(given=text)
    bench.board.press(3 * SECOND, 200 * MS)
    run(bench)
    assert bench.only("fault").a == events.SETTINGS_FAULT
    assert bench.log().settings()["cadence"] == 1680
    all_is_well(bench)


def test_a_file_that_was_removed_leaves_the_last_good_settings_and_no_complaint(rig):
    bench = rig(given=GOOD)
    run(bench)
    bench.drive.joinpath("settings.json").unlink()
    run(bench)
    assert bench.of("fault") == []
    assert bench.log(2).settings()["cadence"] == 1500
    all_is_well(bench, cadence=1500)


def test_both_files_broken_leave_the_defaults(rig):
    bench = rig(given=b"{")
    bench.drive.joinpath("settings.last.json").write_bytes(b"\0" * 300)
    bench.board.press(3 * SECOND, 200 * MS)
    run(bench)
    bench.only("fault")
    all_is_well(bench)


def test_a_folder_in_the_place_of_the_settings_stops_nothing(rig):
    bench = rig()
    bench.drive.joinpath("settings.json").unlink()
    bench.drive.joinpath("settings.json").mkdir()
    bench.board.press(3 * SECOND, 200 * MS)
    run(bench)
    all_is_well(bench)


@pytest.mark.parametrize("light", [True, {"colour": 3}])
def test_settings_of_another_version_hold_as_far_as_they_are_known(rig, light):
    given = {"version": 9, "start": "power", "cadence": 150, "metronome": {"bpm": 150}, "light": light}
    bench = rig(given=json.dumps(given))
    run(bench)
    values = bench.log().settings()
    assert (values["cadence"], values["light"]) == (1500, True)
    assert [fault.a for fault in bench.of("fault")] == [events.SETTINGS_FAULT]
    all_is_well(bench, cadence=1500)
