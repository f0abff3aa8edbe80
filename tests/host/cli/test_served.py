"""Commands that talk to a board, on a served one that runs the firmware: as typed, what the board does, what stays."""

import itertools
import json
import signal
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from backbeat import settings
from backbeat_host.errors import WorkError
from backbeat_host.lab.runner.acts import Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.link.backend import GoneError
from backbeat_host.link.calibrate import WALK
from backbeat_host.link.console import Console, Leaving
from backbeat_host.link.found import find_boards
from backbeat_host.link.layout import contents
from backbeat_host.link.monitor import Silence
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.link.service import ask_for_session
from backbeat_host.runs.decode import decode

from ..link.logs_made import made, named
from .served import Looped, Served, becomes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served")

SPEED = 4.0


@pytest.fixture
def board(homes):
    """`board(start="power")`: a board with Backbeat that owns its drive; `.frame()` tells how its session stands."""
    served = []

    def make(motion=None, logs=(), **given):
        drive = homes / "drive"
        for path, raw in contents().items():
            (drive / path).parent.mkdir(parents=True, exist_ok=True)
            (drive / path).write_bytes(raw)
        values = settings.defaults()
        assert settings.apply(values, given) == []
        (drive / "settings.json").write_text(settings.dump(values))
        for number in logs:
            place = drive / named(number).lstrip("/")
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(made(number))
        served.append(Served(drive, speed=SPEED, motion=motion))
        served[-1].start()
        assert becomes(served[-1], "board")
        return served[-1]

    yield make
    for one in served:
        one.stop()


def test_a_run_is_watched_and_goes_on_as_it_was(backbeat, board, monkeypatch):
    one = board(start="power")
    while (frame := one.frame()).gait != "still":
        assert frame.t < 300
    half_seconds = itertools.count(0, 0.5)  # as frames come, whatever keeps them waiting
    monkeypatch.setattr(import_module("backbeat_host.cli.monitor"), "monotonic", lambda: next(half_seconds))
    told = backbeat("monitor", "--seconds", 2, "--json")
    frames = [json.loads(line) for line in told.out.splitlines()]
    assert len(frames) >= 3 and told.code == 0
    assert {frame["session"] for frame in frames} == {1}
    assert frames[0]["target"] == 168 and frames[0]["state"] == "running" and frames[0]["percent"] > 0
    assert [frame["t"] for frame in frames] == sorted(frame["t"] for frame in frames)
    plain = backbeat("monitor", "--seconds", 1).out
    assert "of 168.0 spm, still, battery" in plain
    while (after := one.frame()).beats <= frames[-1]["beats"]:
        assert after.t < frames[-1]["t"] + 60
    assert after.session == 1 and after.state == "running"


def test_a_board_without_a_session_is_said_and_left_waiting(backbeat, board):
    one = board()
    told = backbeat("monitor", "--seconds", 6)
    assert told.code == 1 and told.err.count("no session runs; press the board's button") == 1
    assert backbeat("logs", "list").code == 0
    assert not (one.drive / "logs").exists()


def test_what_would_end_a_session_asks_and_with_yes_ends_it_cleanly_and_the_firmware_runs_again(backbeat, board):
    one = board(start="power")
    assert one.frame().session == 1
    for words in (["logs", "pull"], ["sync"], ["reset"], ["service", "on"], ["calibrate"]):
        assert "a session runs on the board, and would end; say --yes" in backbeat(*words).refused()
    assert one.frame().session == 1
    told = backbeat("logs", "pull", 1, "--yes", "--to", "home")
    assert told.code == 0, told.err
    (path,) = one.drive.parent.glob("home/*/*.bbl")
    log = decode(path)
    assert log.missing() == []
    assert log.events()[-1] | {"t": 0} == {"trial": path.stem, "t": 0, "event": "session_end", "reason": "console"}
    assert one.frame().session == 2


def test_logs_come_home_are_listed_and_go_only_then(backbeat, board):
    one = board(logs=(1, 2))
    assert [log["state"] for log in json.loads(backbeat("logs", "list", "--json").out)] == ["new", "new"]
    refused = backbeat("logs", "rm", 2)
    assert refused.code == 1 and "00002.bbl: not safe at home, so it stays" in refused.err
    (pulled,) = json.loads(backbeat("logs", "pull", 1, "--json").out)
    assert pulled["wrong"] == [] and pulled["trouble"] is None
    (path,) = one.drive.parent.glob(f"DATA/backbeat/logs/*/{one.uid.lower()}-00001.bbl")  # the day: test_logs.py
    assert path.read_bytes() == made(1)
    assert [log["state"] for log in json.loads(backbeat("logs", "list", "--json").out)] == ["at home", "new"]
    assert backbeat("logs", "rm").code == 2
    told = backbeat("logs", "rm", "--all")
    assert told.code == 0 and told.out == "00001.bbl is off the board\n"
    assert told.err == "1 log is not safe at home and stays; pull first, or say --force\n"
    assert [path.name for path in (one.drive / "logs").iterdir()] == ["00002.bbl"]
    assert backbeat("logs", "pull").code == 0
    assert "nothing new" in backbeat("logs", "pull").out


def test_a_program_hears_of_each_log_whether_it_went(backbeat, board):
    one = board(logs=(1, 2))
    assert backbeat("logs", "pull", 1).code == 0
    went, stays = json.loads(backbeat("logs", "rm", "--all", "--json").out)
    assert went == {"session": 1, "name": "00001.bbl", "bytes": len(made(1)), "removed": True, "trouble": None}
    assert (stays["session"], stays["removed"]) == (2, False) and "not safe at home" in stays["trouble"]
    refused = backbeat("logs", "rm", 2, "--json")
    assert refused.code == 1 and json.loads(refused.out) == [stays]
    assert json.loads(backbeat("logs", "rm", 2, "--force", "--json").out) == [
        {**stays, "removed": True, "trouble": None}
    ]
    assert backbeat("logs", "rm", "--all", "--json").out == "[]\n"
    assert list((one.drive / "logs").iterdir()) == []


def test_a_removal_that_breaks_off_tells_a_program_what_went_before(backbeat, board, monkeypatch):
    board(logs=(1, 2))
    remove = SerialFiles.remove

    def breaks_off(files, path):
        if path == named(2):
            raise GoneError(19, "pulled")
        remove(files, path)

    monkeypatch.setattr(SerialFiles, "remove", breaks_off)
    told = backbeat("logs", "rm", "--all", "--force", "--json")
    assert told.code == 1 and "plug it in again" in told.err
    assert [(log["session"], log["removed"]) for log in json.loads(told.out)] == [(1, True)]


def test_a_push_tells_a_program_what_it_changed(backbeat, board, homes):
    one = board()
    (homes / "profile.toml").write_text("cadence = 172\nlight = false\n")
    told = backbeat("config", "push", "--json")
    assert told.code == 0 and "SHA-256" in told.err and "runs with these settings now" in told.err
    assert json.loads(told.out) == [
        {"setting": "cadence", "before": 168, "after": 172},
        {"setting": "light", "before": True, "after": False},
    ]
    assert one.kept()["cadence"] == 1720
    assert backbeat("config", "push", "--json").out == "[]\n"


def test_service_tells_a_program_who_owns_the_drive(backbeat, board):
    one = board()
    for words in (("on",), ("on",)):  # the second time nothing is to be done
        told = backbeat("service", *words, "--json")
        assert json.loads(told.out) == {"board": one.port, "owner": "laptop"}, told.err
    assert json.loads(backbeat("service", "off", "--json").out) == {"board": one.port, "owner": "board"}
    assert becomes(one, "board")


def test_service_goes_on_and_off(backbeat, board):
    one = board()
    assert becomes(one, "board")
    assert "the laptop owns the drive; mount it" in backbeat("service", "on").err
    assert becomes(one, "laptop")
    assert "already" in backbeat("service", "on").err
    assert "the board owns its drive" in backbeat("service", "off").err
    assert becomes(one, "board")


def test_giving_the_drive_back_is_no_success_where_the_laptop_owns_it_still_and_it_is_not_mounted_yet(
    backbeat, board, monkeypatch
):
    one = board()
    assert backbeat("service", "on").code == 0
    (one.drive / "lib/backbeat/board/store.py").unlink()
    away = lambda: [replace(found, drive=None) for found in find_boards()]  # noqa: E731
    monkeypatch.setattr("backbeat_host.link.found.find_boards", away)
    assert "the laptop owns the drive still: Backbeat is not whole there" in backbeat("service", "off").refused(1)


def test_a_port_that_does_not_open_at_once_after_the_start_is_tried_again(backbeat, board, monkeypatch):
    one = board()
    assert backbeat("service", "on").code == 0
    refused = [PermissionError(13, "permission denied"), GoneError(19, "there is no such port")]

    def opening(port):
        if refused:
            raise refused.pop()
        return Console(port)

    monkeypatch.setattr("backbeat_host.link.restart.Console", opening)
    assert "the board owns its drive" in backbeat("service", "off").err
    assert not refused and becomes(one, "board")


def test_a_reset_starts_the_firmware_anew(backbeat, board):
    one = board(start="power")
    assert one.frame().session == 1
    assert "started anew" in backbeat("reset", "--yes").err
    assert one.frame().session == 2
    assert json.loads(backbeat("reset", "--yes", "--json").out) == {"board": one.port}


def test_sync_sets_the_clock_pushes_the_profile_and_pulls_in_one_go(backbeat, board, homes):
    one = board(logs=(4,))
    (homes / "profile.toml").write_text("cadence = 172\n")
    told = json.loads(backbeat("sync", "--json").out)
    assert (told["clock_set"], told["clock_ahead_s"]) == (True, None)
    assert told["settings_changed"] == ["cadence"]
    assert [log["session"] for log in told["logs"]] == [4]
    assert one.kept()["cadence"] == 1720
    (homes / "profile.toml").write_text("cadence = 173\n")
    assert "runs with these settings now" in backbeat("sync").err
    (homes / "profile.toml").write_text("cadence = 174\n")
    assert "runs with these settings now" in backbeat("config", "push").err
    assert "runs with" not in backbeat("config", "show", "--board", one.port).err
    again = json.loads(backbeat("sync", "--json").out)
    assert abs(again["clock_ahead_s"]) < 60
    assert (again["settings_changed"], again["logs"]) == ([], [])


def test_sync_brings_logs_first_and_tells_what_was_done_when_the_rest_fails(backbeat, board, homes, monkeypatch):
    one = board(logs=(4,))
    (homes / "profile.toml").write_text("cadence = 172\n")

    def fail(console):
        assert list(homes.glob("DATA/backbeat/logs/*/*.bbl"))
        raise WorkError("its clock cannot be set.")

    monkeypatch.setattr(sys.modules["backbeat_host.cli.sync"], "set_clock", fail)
    told = backbeat("sync", "--json")
    assert told.code == 1 and "its clock cannot be set" in told.err
    done = json.loads(told.out)
    assert (done["clock_set"], done["settings_changed"]) == (False, None)
    assert [log["session"] for log in done["logs"]] == [4]
    assert one.kept()["cadence"] == 1680


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_standard_output_is_not_told_as_a_full_board(board):
    one = board()
    with Path("/dev/full").open("wb") as full:
        line = [Path(sys.executable).with_name("backbeat"), "config", "show", "--board", one.port]
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith(
        b"standard output: cannot be written (No space left on device); choose another place.\n"
    )


def test_a_profile_that_is_not_valid_changes_nothing_at_all(backbeat, board, homes):
    one = board(logs=(4,))
    (homes / "profile.toml").write_text("cadence = 9000\nvolume = 'loud'\n")
    told = backbeat("sync")
    assert told.code == 2 and "cadence" in told.err and "volume" in told.err
    assert one.kept()["cadence"] == 1680
    assert not (homes / "DATA").exists()


def test_settings_go_by_the_drive_where_the_laptop_owns_it(backbeat, board, homes):
    one = board()
    assert backbeat("service", "on").code == 0
    (homes / "profile.toml").write_text("cadence = 172\n")
    assert json.loads(backbeat("sync", "--json").out)["settings_changed"] == ["cadence"]
    assert one.kept()["cadence"] == 1720


def test_ten_steps_show_how_the_chip_sits_and_the_board_keeps_it(backbeat, board):
    upright = synthetic([Stand(4), Walk("forward", 10, 1.3, 110)], seed=3).rows
    lying = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]])  # the chip's y is forward, z is left, x is up
    turned = np.hstack([upright[:, :3] @ lying.T, upright[:, 3:] @ lying.T]).astype(np.int16)
    one = board(motion=Looped(turned))
    told = backbeat("calibrate", "--json")
    assert told.code == 0, told.err
    assert "Stand still" in told.err and "ten steps" in told.err and "Found." in told.err
    found = json.loads(told.out)
    assert found["forward"][1] > 900 and found["up"][0] > 900
    assert list(one.kept()["mount.forward"]) == found["forward"]
    shown = backbeat("calibrate", "--show").out
    assert "Forward is the chip's +y" in shown and "Up is the chip's +x" in shown


def test_who_does_not_walk_keeps_the_mount_that_was(backbeat, board):
    one = board()
    before = one.kept()
    told = backbeat("calibrate", "--seconds", 10)
    assert told.code == 1 and "the steps did not show it" in told.err
    assert one.kept() == before


@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_calibration_that_is_ended_from_outside_puts_the_mount_back_and_says_only_that(
    backbeat, board, monkeypatch, ending
):
    one = board(**{"mount.forward": [0, 1000, 0]})
    before = one.kept()
    handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    seen = []

    def followed(frames, seconds):
        assert next(iter(frames)).state == "running"
        seen.append(one.kept()["mount.forward"])
        yield WALK
        signal.raise_signal(getattr(signal, ending))
        yield WALK

    monkeypatch.setattr(import_module("backbeat_host.cli.calibrate"), "followed", followed)
    told = backbeat("calibrate", "--seconds", 30)
    assert (told.code, told.out, seen) == (1, "", [(0, 0, 0)])
    said = ["Now walk ten steps straight forward, and stand (waiting for up to 30 s)."]
    assert told.err.splitlines() == [*said, f"Error: {one.port}: broken off; the mount is as it was."]
    assert one.kept() == before and one.frame(3) is None
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == handlers


def test_a_calibration_ended_before_its_session_has_begun_leaves_none_to_begin(backbeat, board, monkeypatch):
    one = board()

    def follow(found, seconds):
        with Console(found.port) as console:
            console.enter()
            ask_for_session(console)  # stands as it does before the firmware has come to it
            console.leave_by(Leaving.STAY)
            console.leave()
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("backbeat_host.cli.calibrate"), "_follow", follow)
    assert "broken off" in backbeat("calibrate").refused(1)
    assert one.frame(3) is None


def test_a_calibration_in_which_no_session_answers_puts_the_mount_back(backbeat, board, monkeypatch):
    one = board(**{"mount.forward": [0, 1000, 0]})
    before = one.kept()
    monkeypatch.setattr("backbeat_host.link.monitor.Watch.frames", lambda self: iter([Silence(prompt=True)]))
    told = backbeat("calibrate")
    assert told.code == 1 and "no session answers on the board" in told.err
    assert one.kept() == before


def test_a_calibration_in_service_mode_is_refused_with_the_remedy(backbeat, board):
    board()
    assert backbeat("service", "on").code == 0
    assert "`backbeat service off`" in backbeat("calibrate").refused()
