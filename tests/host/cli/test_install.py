"""`install` and `uninstall` as typed: onto a folder that is a drive, and onto a served board over its console."""

import json
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backbeat import __version__
from backbeat_host.lab.serve.server import Server
from backbeat_host.link.console import Console
from backbeat_host.link.found import drive_files
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.runs.decode import decode


def contents(folder: Path) -> dict[str, bytes]:
    return {at.relative_to(folder).as_posix(): at.read_bytes() for at in folder.rglob("*") if at.is_file()}


def test_a_drive_gets_the_firmware_and_the_way_to_start_it(backbeat, drive, firmware):
    told = backbeat("install")
    assert told.code == 0, told.err
    assert "press the board's reset button" in told.err
    there = contents(drive)
    assert {path: there[path] for path in firmware} == firmware
    assert json.loads(there["manifest.json"])["version"] == __version__
    assert there["before-backbeat/code.py"] == b'print("Hello World!")\n'


def test_a_dry_run_says_what_would_be_done_and_does_nothing(backbeat, drive):
    before = contents(drive)
    told = backbeat("install", "--dry-run", "--settings", "cadence=172")
    assert told.code == 0
    assert "would be written" in told.err and "/code.py is not Backbeat's" in told.err
    assert contents(drive) == before


def test_the_same_again_has_nothing_to_do(backbeat, drive):
    backbeat("install")
    before = contents(drive)
    told = backbeat("install", "--board", drive)
    assert (told.code, "nothing to do" in told.err) == (0, True)
    assert contents(drive) == before


def test_an_edit_of_the_firmware_is_kept_aside_and_that_is_said(backbeat, drive, firmware):
    backbeat("install")
    (drive / "lib/backbeat/run.py").write_text("mine")
    told = backbeat("install")
    assert told.code == 0
    assert "/lib/backbeat/run.py was changed since it was installed" in told.err
    assert (drive / "before-backbeat/lib/backbeat/run.py").read_text() == "mine"
    assert (drive / "lib/backbeat/run.py").read_bytes() == firmware["lib/backbeat/run.py"]


def test_an_installation_tells_programs_the_same_before_and_after(backbeat, drive, firmware):
    words = ("install", "--json", "--settings", "cadence=172")
    would = json.loads(backbeat(*words, "--dry-run").out)
    assert not (drive / "manifest.json").exists()
    assert (would["board"], would["version"]) == (str(drive), __version__)
    assert set(would["written"]) == {"/settings.json", *(f"/{path}" for path in firmware)}
    assert (would["removed"], would["kept_aside"]) == ([], ["/code.py"])
    assert json.loads(backbeat(*words).out) == would
    again = json.loads(backbeat(*words).out)
    assert (again["written"], again["kept_aside"]) == ([], [])


def test_settings_go_along_when_they_are_given(backbeat, drive):
    assert backbeat("config", "set", "--board", drive, "cadence=150").code == 0
    backbeat("install", "--settings", "cadence=172")
    backbeat("install")
    assert json.loads((drive / "settings.json").read_text())["cadence"] == 172
    assert "pushed last" not in backbeat("config", "show", "--board", drive).err


def test_settings_given_leave_how_the_chip_sits_as_the_board_found_it(backbeat, drive):
    sits = {"mount.forward": [0, 1000, 0], "mount.up": [0, 0, 1000]}
    (drive / "settings.json").write_text(json.dumps({"cadence": 150, **sits}))
    backbeat("install", "--settings", "volume=50")
    there = json.loads((drive / "settings.json").read_text())
    assert (there["volume"], there["cadence"]) == (50, 168)
    assert {name: there[name] for name in sits} == sits
    backbeat("install", "--settings", "mount.forward=1000,0,0")
    assert json.loads((drive / "settings.json").read_text())["mount.forward"] == [1000, 0, 0]
    before = contents(drive)
    (drive / "settings.json").write_text(json.dumps({"mount.forward": [0, 0, 1000], "mount.up": [1000, 0, 0]}))
    assert "mount.up" in backbeat("install", "--settings", "mount.forward=1000,0,0").refused()
    (drive / "settings.json").write_bytes(before["settings.json"])
    assert contents(drive) == before


def test_wrong_settings_are_refused_before_anything_is_written(backbeat, drive):
    before = contents(drive)
    assert "cadence" in backbeat("install", "--settings", "cadence=9999").refused()
    assert contents(drive) == before


def test_a_folder_that_is_no_boards_drive_is_refused(backbeat, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "code.py").write_text("mine")
    for words in ((), ("--dry-run",), ("--drive",)):
        told = backbeat("install", "--board", tmp_path / "letters", *words).refused()
        assert "no board's drive, for boot_out.txt is not there" in told
    assert contents(tmp_path / "letters") == {"code.py": b"mine"}


def test_what_would_keep_it_from_running_is_said(backbeat, drive):
    words = (drive / "boot_out.txt").read_text()
    assert "does not know" not in backbeat("install", "--dry-run").err
    (drive / "boot_out.txt").write_text(words.replace("raspberry_pi_pico", "my_board").replace("10.2.1", "8.0.5"))
    told = backbeat("install", "--dry-run")
    assert "8.0.5 is too old" in told.err and "does not know the board my_board" in told.err
    (drive / "lib/backbeat/board").mkdir(parents=True)
    (drive / "lib/backbeat/board/my_board.py").write_text("")
    assert "does not know" not in backbeat("install", "--dry-run").err


def test_uninstall_leaves_the_drive_as_it_was(backbeat, drive):
    before = contents(drive)
    backbeat("install")
    (drive / "logs").mkdir()
    (drive / "logs" / "00001.bbl").write_bytes(b"log")
    assert "would be removed" in backbeat("uninstall", "--dry-run").err
    told = backbeat("uninstall")
    assert told.code == 0
    assert contents(drive) == {**before, "logs/00001.bbl": b"log"}
    assert f"{drive}: Backbeat is not installed" in backbeat("uninstall").refused(1)


def test_a_removal_tells_programs_the_same_before_and_after(backbeat, drive, firmware):
    before = contents(drive)
    backbeat("install")
    (drive / "boot.py").write_text("mine\n")
    would = json.loads(backbeat("uninstall", "--json", "--dry-run").out)
    assert (drive / "manifest.json").is_file()
    told = json.loads(backbeat("uninstall", "--json").out)
    assert told == would and told["board"] == str(drive)
    assert told["left"] == ["/boot.py"] and told["put_back"] == ["/code.py"]
    assert sorted([*told["removed"], "/boot.py"]) == sorted("/" + path for path in firmware)
    assert contents(drive) == {**before, "boot.py": b"mine\n"}


def test_two_ways_at_once_are_refused(backbeat, drive):
    for command in ("install", "uninstall"):
        assert "--drive and --serial are two ways; give one" in backbeat(command, "--drive", "--serial").refused()


def test_a_drive_that_the_board_owns_is_refused_with_the_remedy(backbeat, drive):
    before = contents(drive)
    drive.chmod(0o555)
    try:
        assert "backbeat service on" in backbeat("install").refused()
    finally:
        drive.chmod(0o755)
    assert contents(drive) == before


def test_a_way_that_is_not_there_is_refused(backbeat, drive):
    assert "no serial port" in backbeat("install", "--serial").refused()


def test_without_a_board_it_says_how_to_try(backbeat, alone):
    assert "lab serve" in backbeat("install").refused(1)
    assert "bootloader" in backbeat("install", "--uf2", __file__).refused(1)


def test_a_board_that_is_full_is_told_so_and_stays_as_it_is(backbeat, drive, monkeypatch):
    before = contents(drive)
    monkeypatch.setattr("backbeat_host.link.drive.DriveFiles.free", lambda self: 50_000)
    assert f"{drive}: the drive has 50 KB free" in backbeat("install").refused(1)
    assert contents(drive) == before


def test_a_board_in_its_bootloader_gets_circuitpython_and_the_firmware(backbeat, alone, tmp_path, monkeypatch, drive):
    waiting = tmp_path / "RPI-RP2"
    waiting.mkdir()
    (waiting / "INFO_UF2.TXT").write_text("Model: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n")
    head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, 0x10000000, 256, 0, 1, 0xE48BFF56)
    uf2 = tmp_path / "circuitpython.uf2"
    uf2.write_bytes(head + bytes(476) + struct.pack("<I", 0x0AB16F30))
    copied = waiting / "CIRCUITPYTHON.UF2"
    monkeypatch.setattr("backbeat_host.link.found._mounted", lambda: [drive if copied.exists() else waiting])
    told = backbeat("install", "--uf2", uf2, "--dry-run", "--json")
    assert "would be copied" in told.err and json.loads(told.out)["written"] is None
    assert not copied.exists()
    told = backbeat("install", "--uf2", uf2)
    assert told.code == 0, told.err
    assert copied.read_bytes() == uf2.read_bytes()
    assert (drive / "manifest.json").is_file()


def test_a_served_board_is_installed_updated_and_freed_again(backbeat, alone, firmware):
    with Server() as board:
        assert "the laptop owns the drive" in backbeat("install", "--serial").refused()
        told = backbeat("install")
        assert told.code == 0, told.err
        assert f"runs Backbeat {__version__}" in told.err
        assert "the board owns its drive" in backbeat("install", "--drive", "--settings", "cadence=171").refused()
        (board.drive / "lib" / "backbeat" / "run.py").write_text("broken")
        told = backbeat("install", "--yes", "--settings", "cadence=171")
        assert told.code == 0, told.err
        assert (board.drive / "lib/backbeat/run.py").read_bytes() == firmware["lib/backbeat/run.py"]
        assert json.loads((board.drive / "settings.json").read_text())["cadence"] == 171
        assert backbeat("uninstall", "--yes").code == 0
        assert not (board.drive / "lib").exists() and not (board.drive / "code.py").exists()


@pytest.mark.parametrize("after", [9_000, 60_000])
def test_a_cable_pulled_while_it_is_installed_over_the_console_and_then_the_same_again(
    backbeat, installed, firmware, after
):
    for name in ("run.py", "session.py", "cues.py", "settings.py", "events.py"):
        with (installed / "lib/backbeat" / name).open("ab") as file:
            file.write(b"# an older version, of another size\n")
    (installed / "manifest.json").unlink()  # so that boot.py takes what is there for whole
    with Server(installed, faults=[f"cable={after}"]):
        wait_for_the_board_to_own(installed)
        sentence = backbeat("install", "--yes").refused(1)
        assert "plug it in again" in sentence
    with Server(installed):
        wait_for_the_board_to_own(installed)
        told = backbeat("install", "--yes")
        assert told.code == 0, told.err
        assert f"runs Backbeat {__version__}" in told.err
    assert {path: (installed / path).read_bytes() for path in firmware} == firmware
    assert not (installed / ".backbeat-new").exists()


@pytest.mark.parametrize(("command", "step"), [("install", "rename_all"), ("uninstall", "remove_all")])
def test_a_command_broken_off_among_two_versions_leaves_the_drive_to_the_laptop_and_the_same_again_finishes(
    backbeat, installed, firmware, monkeypatch, command, step
):
    run = installed / "lib/backbeat/run.py"
    if command == "install":
        run.write_bytes(run.read_bytes() + b"# older\n")
        (installed / "manifest.json").unlink()
    carried_out = getattr(SerialFiles, step)

    def broken_off(files, items):
        carried_out(files, list(items)[:1])
        raise KeyboardInterrupt

    with Server(installed):
        wait_for_the_board_to_own(installed)
        with monkeypatch.context() as patch:
            patch.setattr(SerialFiles, step, broken_off)
            assert backbeat(command, "--yes").code == 1
        wait_until(lambda: drive_files(installed).writable)
        told = backbeat(command, "--yes")
        assert told.code == 0, told.err
    there = {path for path in firmware if (installed / path).is_file()}
    assert there == (set(firmware) if command == "install" else set())


def test_a_drive_that_neither_side_can_write_is_said_to_need_repair(backbeat, installed):
    (installed / "manifest.json").write_text("{}")  # so that boot.py leaves the drive to the laptop
    with Server(installed, faults=["read-only"]):
        wait_until(lambda: not drive_files(installed).writable)
        for words in (["install"], ["install", "--serial"], ["install", "--drive"], ["uninstall", "--drive"]):
            sentence = backbeat(*words, "--yes").refused()
            assert "is mounted read-only here; eject it" in sentence and "backbeat doctor" in sentence
            assert "use --" not in sentence
        assert backbeat("service", "on").refused(1) == sentence


def test_a_drive_whose_owner_cannot_be_asked_is_taken_for_the_boards(backbeat, installed):
    with Server(installed) as board:
        wait_for_the_board_to_own(installed)
        (installed / "code.py").unlink()
        with Console(board.port):
            assert "the board owns its drive now; use --serial" in backbeat("install", "--drive").refused()


def test_a_session_goes_on_when_the_drive_is_asked_for(backbeat, installed):
    (installed / "settings.json").write_text('{"start": "power"}')
    with Server(installed):
        wait_for_the_board_to_own(installed)
        log = installed / "logs" / "00001.bbl"
        wait_until(lambda: log.is_file() and log.stat().st_size > 0)
        assert "use --serial" in backbeat("install", "--drive", "--settings", "start=press").refused()
        assert not (installed / "logs" / "00002.bbl").exists()
    assert not [event for event in decode(log).events() if event["event"] == "session_end"]


def test_a_running_session_is_ended_only_when_that_was_agreed_and_the_firmware_runs_again(backbeat, installed):
    (installed / "settings.json").write_text('{"start": "power"}')
    with Server(installed) as board:
        wait_for_the_board_to_own(installed)
        log = installed / "logs" / "00001.bbl"
        wait_until(lambda: log.is_file() and log.stat().st_size > 0)
        assert "--yes" in backbeat("install", "--settings", "start=press").refused()
        assert not (installed / "logs" / "00002.bbl").exists()
        told = backbeat("install", "--yes", "--settings", "start=press")
        assert told.code == 0, told.err
        with Console(board.port) as console:
            assert console.running() and not console.in_session()
    reasons = [event["reason"] for event in decode(log).events() if event["event"] == "session_end"]
    assert reasons == ["console"]


def wait_for_the_board_to_own(folder: Path) -> None:
    wait_until(lambda: not drive_files(folder).writable)


def wait_until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.02)
