"""`devices` as typed: drives, served boards, boards that need something."""

import json

from backbeat.record import Writer
from backbeat_host.lab.serve.server import Server


def a_log(percent: int) -> bytes:
    log = Writer(12)
    log.header(0, 0, "test")
    log.battery(1000, percent, 3900)
    log.seal()
    return bytes(log.block())


def test_no_board_says_how_to_get_one(backbeat, alone):
    told = backbeat("devices")
    assert (told.code, told.out) == (0, "")
    assert "lab serve" in told.err
    assert json.loads(backbeat("devices", "--json").out) == []


def test_a_drive_tells_all_that_it_knows(backbeat, drive):
    backbeat("install")
    (drive / "logs").mkdir()
    (drive / "logs" / "00003.bbl").write_bytes(b"no log")
    (drive / "logs" / "00012.bbl").write_bytes(b"")
    (drive / "logs" / "..evil.bbl").write_bytes(b"")
    (board,) = json.loads(backbeat("devices", "--json").out)
    assert board | {"free": 0} == {
        "uid": "e66038b713",
        "board_id": "raspberry_pi_pico",
        "name": "Raspberry Pi Pico",
        "circuitpython": "10.2.1",
        "backbeat": "0.1.0",
        "drive": str(drive),
        "port": None,
        "state": "drive only",
        "remedy": board["remedy"],
        "owner": "laptop",
        "free": 0,
        "sessions": [3, 12],
        "waiting": [3, 12],
        "battery": None,
    }
    shown = backbeat("devices").out
    assert "2 sessions on it, 2 not pulled" in shown and "drive only" in shown


def test_a_board_in_its_bootloader_is_named_with_what_to_do(backbeat, alone, tmp_path, monkeypatch):
    (tmp_path / "INFO_UF2.TXT").write_text("Model: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n")
    monkeypatch.setattr("backbeat_host.link.found._mounted", lambda: [tmp_path])
    (board,) = json.loads(backbeat("devices", "--json").out)
    assert (board["state"], board["board_id"], board["free"]) == ("bootloader", "RPI-RP2", None)
    assert "install --uf2" in backbeat("devices").out


def test_served_boards_are_found_each_with_its_drive_and_port(backbeat, alone):
    with Server() as one, Server(board="clue_nrf52840_express") as two:
        boards = {board["uid"]: board for board in json.loads(backbeat("devices", "--json").out)}
        assert set(boards) == {one.uid.lower(), two.uid.lower()}
        for served in (one, two):
            board = boards[served.uid.lower()]
            assert (board["port"], board["drive"], board["state"]) == (served.port, str(served.drive), "ready")
        assert two.port in backbeat("devices").out
        assert "say which by --board" in backbeat("install", "--dry-run").refused()
        assert backbeat("install", "--dry-run", "--board", two.uid[:10]).code == 0
    assert json.loads(backbeat("devices", "--json").out) == []


def test_a_board_of_which_only_the_port_is_here_is_asked_when_it_runs_nothing(backbeat, alone, monkeypatch):
    with Server() as board:
        monkeypatch.setattr("backbeat_host.link.found.told_by", lambda folder: None)
        (told,) = json.loads(backbeat("devices", "--json").out)
        assert (told["uid"], told["board_id"], told["circuitpython"]) == (
            board.uid.lower(),
            "raspberry_pi_pico",
            "10.2.1",
        )
        assert (told["state"], told["drive"]) == ("port only", None)


def test_a_board_whose_drive_is_not_mounted_tells_its_room_sessions_and_battery_over_the_console(
    backbeat, alone, monkeypatch
):
    with Server() as board:
        (board.drive / "logs").mkdir()
        (board.drive / "logs" / "00003.bbl").write_bytes(b"no log")
        (board.drive / "logs" / "00012.bbl").write_bytes(a_log(77))
        (with_drive,) = json.loads(backbeat("devices", "--json").out)
        monkeypatch.setattr("backbeat_host.link.found.told_by", lambda folder: None)
        (told,) = json.loads(backbeat("devices", "--json").out)
        keys = ("owner", "sessions", "waiting", "battery")
        assert told["drive"] is None
        assert [told[key] for key in keys] == [with_drive[key] for key in keys]
        assert abs(told["free"] - with_drive["free"]) < 8192  # the board counts clusters, the folder bytes
        assert (told["sessions"], told["waiting"], told["battery"]) == ([3, 12], [3, 12], 77)
        assert "2 sessions on it, 2 not pulled yet, battery 77 %" in backbeat("devices").out


def test_a_log_whose_name_has_more_digits_hides_nothing(backbeat, drive):
    (drive / "logs").mkdir()
    (drive / "logs" / "000012.bbl").write_bytes(b"no log")
    (board,) = json.loads(backbeat("devices", "--json").out)
    assert (board["owner"], board["sessions"]) == ("laptop", [12])
