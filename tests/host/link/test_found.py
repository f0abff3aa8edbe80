"""Which boards there are, and which one is meant."""

import json
import tempfile
import types
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.serve.notes import posted
from backbeat_host.link import found as finding
from backbeat_host.link.found import Found, choose, choose_bootloader, drive_files, find_boards, told_by

UID = "E66038B713"


def a_port(device="/dev/ttyACM0", vid=0x239A, pid=0x80F4, serial_number=UID, **more):
    words = {"product": "Pico", "interface": None, "manufacturer": None, "description": "", "location": "1-1"}
    return types.SimpleNamespace(device=device, vid=vid, pid=pid, serial_number=serial_number, **{**words, **more})


@pytest.fixture
def plugged(monkeypatch):
    """`plugged(folders, ports)`: what the machine tells."""

    def plug(folders=(), ports=()):
        monkeypatch.setattr(finding, "_mounted", lambda: list(folders))
        monkeypatch.setattr(finding.list_ports, "comports", lambda: list(ports))

    return plug


def test_a_drive_tells_what_its_board_is(board_folder):
    told = told_by(board_folder("A"))
    assert (told.uid, told.board_id, told.name, told.circuitpython, told.backbeat) == (
        "e66038b713",
        "raspberry_pi_pico",
        "Raspberry Pi Pico",
        "10.2.1",
        "",
    )


def test_a_drives_manifest_tells_the_version(board_folder):
    folder = board_folder("A")
    (folder / "manifest.json").write_text(json.dumps({"version": "0.1.0", "files": {}}))
    assert told_by(folder).backbeat == "0.1.0"
    for text in ("[]", "{", '{"version": 3}', '{"version": "\\u001b[2J"}', "[" * 9999):
        (folder / "manifest.json").write_text(text)
        assert told_by(folder).backbeat == ""


def test_drive_and_port_of_one_uid_are_one_board(plugged, board_folder):
    plugged([board_folder("A")], [a_port()])
    (board,) = find_boards()
    assert (board.port, board.state, board.remedy) == ("/dev/ttyACM0", "ready", "")


def test_two_boards_stay_two(plugged, board_folder):
    plugged([board_folder("A", "AA" * 4), board_folder("B", "BB" * 4)], [a_port(serial_number="BB" * 4)])
    assert [(board.uid, board.state) for board in find_boards()] == [("aa" * 4, "drive only"), ("bb" * 4, "ready")]


def test_of_a_boards_two_ports_the_console_is_taken(plugged):
    ports = [a_port("/dev/ttyACM1", location="1-1:1.2"), a_port("/dev/ttyACM0", location="1-1:1.0")]
    plugged([], ports)
    assert [board.port for board in find_boards()] == ["/dev/ttyACM0"]


def test_what_is_no_board_is_not_listed(plugged, tmp_path):
    plugged([tmp_path / "nowhere", tmp_path], [a_port(vid=0x0403, product="FT232"), a_port(vid=None, product=None)])
    assert find_boards() == []


@pytest.mark.parametrize(
    ("port", "state"),
    [
        (a_port(), "port only"),
        (a_port(vid=0x2886, pid=0x8045), "port only"),
        (a_port(vid=0x2886, pid=0x0045), "bootloader"),
        (a_port(vid=0x2E8A, pid=0x0005, product="Board in FS mode"), "no CircuitPython"),
        (a_port(vid=0x2E8A, pid=0x0005, product="Pico CircuitPython"), "port only"),
        (a_port(vid=0x1234, interface="CircuitPython CDC control"), "port only"),
        (a_port(serial_number=None), "port only"),
    ],
)
def test_a_lone_port_says_in_which_state_its_board_is_and_what_to_do(plugged, port, state):
    plugged([], [port])
    (board,) = find_boards()
    assert board.state == state
    assert board.remedy


def test_a_board_in_its_bootloader_is_named_once_with_what_to_do(plugged, board_folder):
    plugged([board_folder("RPI-RP2", bootloader=True)], [a_port(pid=0x0045)])
    (board,) = find_boards()
    assert (board.state, board.board_id, board.name) == ("bootloader", "RPI-RP2", "Raspberry Pi RP2")
    assert "install --uf2" in board.remedy
    with pytest.raises(WorkError, match="bootloader"):
        choose(None)
    assert choose_bootloader(None) == board


def test_a_served_board_is_found_and_its_note_says_who_owns_the_drive(board_folder):
    folder = board_folder("A")
    with posted("/dev/pts/77", folder, UID, "raspberry_pi_pico", 5000) as note:
        (board,) = find_boards()
        assert (board.port, board.drive, board.state) == ("/dev/pts/77", folder, "ready")
        assert drive_files(folder).writable
        assert drive_files(folder).free() < 5000
        note.laptop_writes(False)
        assert not drive_files(folder).writable
    assert find_boards() == []


A = Found(uid="aa11", drive=None, port="/dev/ttyACM0")
B = Found(uid="ab22", port="/dev/ttyACM1")


@pytest.mark.parametrize(("wanted", "board"), [("aa11", A), ("AA", A), ("ab", B), ("/dev/ttyACM1", B)])
def test_a_board_is_named_by_its_uid_its_beginning_or_its_port(wanted, board):
    assert choose(wanted, [A, B]) == board


def test_a_board_is_named_by_its_drive(board_folder, tmp_path):
    folder = board_folder("A")
    board = Found(uid="aa", drive=folder, port="x")
    assert choose(str(folder) + "/", [A, board]) == board
    assert choose(str(tmp_path / "A" / ".." / "A"), [board]) == board


def test_a_folder_that_is_no_mounted_drive_is_taken_at_its_word(board_folder, tmp_path):
    folder = board_folder("A")
    assert choose(str(folder), []).uid == "e66038b713"
    assert choose(str(tmp_path), [A]).drive == tmp_path


@pytest.mark.parametrize("wanted", ["COM7", "socket://localhost:1", "/dev/null"])
def test_a_port_that_is_not_listed_is_taken_at_its_word(wanted):
    assert choose(wanted, []).port == wanted


def test_the_only_board_need_not_be_named():
    assert choose(None, [A]) == A


@pytest.mark.parametrize(
    ("wanted", "boards", "kind"),
    [
        (None, [], WorkError),
        (None, [A, B], InputError),
        ("a", [A, B], InputError),
        ("ff", [A, B], InputError),
        ("", [A], InputError),
        (" ", [A], InputError),
        ("x\0y", [A], InputError),
    ],
)
def test_no_clear_choice_is_told_in_one_sentence(wanted, boards, kind):
    with pytest.raises(kind) as told:
        choose(wanted, boards)
    assert told.value.message.endswith(".") and "\n" not in told.value.message
    assert wanted is not None or not boards or ("ttyACM0" in told.value.message and "ttyACM1" in told.value.message)


@given(st.binary(max_size=300))
def test_no_boot_out_breaks_its_reader(raw):
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "boot_out.txt").write_bytes(raw)
        told = told_by(Path(name))
    assert told is not None
    assert all(map(str.isprintable, (told.uid, told.board_id, told.name, told.circuitpython)))


@pytest.mark.parametrize(
    "port", [a_port(vid=0x2886, pid=0x0045), a_port(vid=0x2E8A, pid=0x0005, product="Board in FS mode")]
)
def test_a_board_that_runs_no_circuitpython_is_refused_by_name_as_well(plugged, port):
    plugged([], [port])
    (board,) = find_boards()
    for wanted in (board.port, board.uid):
        with pytest.raises(WorkError) as told:
            choose(wanted)
        assert board.remedy in told.value.message


def test_a_bootloaders_drive_is_only_for_who_wants_a_bootloader(plugged, board_folder):
    folder = board_folder("RPI-RP2", bootloader=True)
    for mounted in ([], [folder]):
        plugged(mounted)
        with pytest.raises(WorkError, match=r"bootloader; .*install --uf2"):
            choose(str(folder))
        assert choose_bootloader(str(folder)).drive == folder
