"""`doctor` as typed."""

from backbeat_host.lab.serve.server import Server
from backbeat_host.link.console import Console


def test_a_drive_alone_is_checked_as_far_as_it_goes(backbeat, drive):
    backbeat("install")
    told = backbeat("doctor", "--json")
    assert {tuple(check) for check in told.events} == {("about", "verdict", "found", "remedy")}
    verdicts = {check["about"]: check["verdict"] for check in told.events}
    assert told.code == 0
    assert verdicts == {
        "port permission": "skipped",
        "port": "skipped",
        "CircuitPython": "good",
        "drive": "good",
        "file system": "good",
        "Backbeat": "good",
        "libraries": "good",
        "settings": "good",
        "room": "good",
        "clock": "skipped",
        "sensor": "skipped",
        "sound": "skipped",
    }


def test_what_is_bad_comes_with_its_remedy_and_exit_status_1(backbeat, drive):
    backbeat("install")
    (drive / "settings.json").write_text('{"cadence": 9999}')
    (drive / "code.txt").write_text("")
    told = backbeat("doctor")
    assert told.code == 1
    assert "2 findings" in told.err
    assert "config reset" in told.out and "code.txt" in told.out


def test_a_port_that_another_program_has_leaves_the_drive_to_be_checked(backbeat, installed):
    with Server(installed) as board, Console(board.port):
        told = backbeat("doctor", "--json")
    verdicts = {check["about"]: check["verdict"] for check in told.events}
    assert (told.code, verdicts["port"], verdicts["Backbeat"], verdicts["clock"]) == (1, "bad", "good", "skipped")


def test_a_served_board_is_checked_in_everything(backbeat, installed, monkeypatch):
    monkeypatch.setattr("backbeat_host.link.doctor.parts.SPAN_S", 1.0)
    with Server(installed):
        told = backbeat("doctor", "--json", "--yes")
        shown = backbeat("doctor", "--yes")
    assert "listening to the clock for 1 s" in shown.err and "listening" not in told.err
    checks = {check["about"]: check for check in told.events}
    busy = {"clock", "sensor"}  # which a busy machine disturbs
    assert {about for about, check in checks.items() if check["verdict"] != "good"} <= busy | {"sound"}, checks
    assert "ppm" in checks["clock"]["found"]
    assert "LSM6DSOX" in checks["sensor"]["found"]
    assert checks["sound"]["found"] == "sounder played, motor played, light played"
