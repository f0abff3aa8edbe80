"""Each check of `doctor`, on boards with that fault and without."""

import json

import pytest

from backbeat import __version__
from backbeat_host.link import manifest
from backbeat_host.link.backend import Entry
from backbeat_host.link.console import Console
from backbeat_host.link.doctor import content, parts, reach
from backbeat_host.link.drive import DriveFiles
from backbeat_host.link.found import Found
from backbeat_host.link.install import install, planned
from backbeat_host.link.line import Line
from backbeat_host.link.serial_files import SerialFiles

from .fake_port import FakePort
from .memory_files import MemoryFiles

FIRMWARE = {"/lib/backbeat/__init__.py": b"x", "/boot.py": b"boot", "/code.py": b"code"}


@pytest.fixture
def board() -> MemoryFiles:
    board = MemoryFiles()
    install(board, planned(board, wanted=FIRMWARE))
    return board


def verdict(check) -> str:
    assert check.remedy or check.verdict in ("good", "skipped"), check
    assert "\n" not in check.found + check.remedy
    return check.verdict


def test_a_whole_board_is_good_in_everything(board):
    for look in (content.file_system, content.firmware, content.libraries, content.settings, content.room):
        assert verdict(look(board)) == "good", look


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("10.2.1", "good"),
        ("10.0.0-beta.2", "good"),
        ("9.2.4", "bad"),
        ("11.0.0", "odd"),
        ("", "skipped"),
        ("x", "skipped"),
    ],
)
def test_circuitpython_too_old_or_too_new(version, told):
    assert verdict(content.circuitpython(version)) == told


def test_a_port_without_permission_names_the_group(tmp_path, monkeypatch):
    port = tmp_path / "ttyACM0"
    port.touch()
    port.chmod(0o660)  # whatever the umask
    monkeypatch.setattr("backbeat_host.link.doctor.reach.os.access", lambda *_: False)
    monkeypatch.setattr("pathlib.Path.group", lambda path: "dialout")  # not every group has a name everywhere
    check = reach.permission(Found(port=str(port)))
    assert (verdict(check), check.bars) == ("bad", True)
    assert "usermod -a -G dialout" in check.remedy
    port.chmod(0o600)
    assert "ask who looks after" in reach.permission(Found(port=str(port))).remedy


def test_a_port_that_may_be_opened(tmp_path):
    (tmp_path / "tty").touch()
    assert verdict(reach.permission(Found(port=str(tmp_path / "tty")))) == "good"
    assert verdict(reach.permission(Found(port="COM3"))) == "skipped"
    assert verdict(reach.permission(Found())) == "skipped"


@pytest.mark.parametrize(("number", "told"), [(16, "bad"), (13, "skipped"), (19, "bad"), (None, "good")])
def test_another_program_on_the_port(number, told, tmp_path):
    def opens(port):
        if number:
            raise OSError(number, "no")
        return Line(FakePort(tmp_path))

    check = reach.port_free(Found(port="x"), opens)
    assert (verdict(check), check.bars) == (told, told == "bad")


def test_a_port_that_opens_is_said_to_be_free_of_programs_that_lock_it_only(tmp_path):
    check = reach.port_free(Found(port="x"), lambda port: Line(FakePort(tmp_path)))
    assert "no program that locks it has it" in check.found


@pytest.mark.parametrize(
    ("laptop_writes", "board_owns", "told"),
    [(True, False, "good"), (False, True, "good"), (False, False, "bad"), (False, None, "good"), (True, None, "good")],
)
def test_a_drive_that_the_laptop_owns_and_cannot_write_is_bad(tmp_path, laptop_writes, board_owns, told):
    drive = DriveFiles(tmp_path, owned=lambda: laptop_writes)
    assert verdict(reach.drive_owner(Found(drive=tmp_path), drive, board_owns, True)) == told


def test_a_drive_that_is_not_mounted():
    assert verdict(reach.drive_owner(Found(), None, True, True)) == "good"
    assert verdict(reach.drive_owner(Found(), None, False, True)) == "odd"


def test_names_that_no_file_can_have_are_damage(board, monkeypatch):
    monkeypatch.setattr(board, "listing", lambda folder: [Entry("a\x00\xff", 3, False)])
    assert verdict(content.file_system(board)) == "bad"


def test_folders_without_an_end_are_damage(board, monkeypatch):
    monkeypatch.setattr(board, "listing", lambda folder: [Entry("x", 0, True)])
    assert verdict(content.file_system(board)) == "bad"


def test_a_folder_that_cannot_be_read_is_damage(board, monkeypatch):
    def fails(folder):
        raise OSError(5, "Input/output error", folder)

    monkeypatch.setattr(board, "listing", fails)
    assert verdict(content.file_system(board)) == "bad"


def test_a_file_that_is_not_what_was_installed(board):
    board.there["/code.py"] = b"cod3"
    check = content.firmware(board)
    assert verdict(check) == "bad" and "/code.py" in check.found
    del board.there["/code.py"], board.there["/boot.py"]
    assert "1 others" in content.firmware(board).found


def test_nothing_installed_an_unfinished_one_nonsense_and_another_version():
    assert "not installed" in content.firmware(MemoryFiles()).found
    assert "no sense" in content.firmware(MemoryFiles({"/manifest.json": b"{"})).found
    half = manifest.of_files(__version__, {})
    half.finished, half.files = False, {"/code.py": (1, "0" * 64)}
    assert "broken off" in content.firmware(MemoryFiles({"/manifest.json": half.raw()})).found
    older = manifest.of_files("0.0.1", FIRMWARE).raw()
    assert verdict(content.firmware(MemoryFiles({**FIRMWARE, "/manifest.json": older}))) == "odd"


@pytest.mark.parametrize(
    "path", ["/adafruit_lsm6ds/__init__.mpy", "/backbeat.py", "/code.txt", "/lib/adafruit_register.mpy"]
)
def test_a_library_that_stands_before_ours(board, path):
    board._make_folders(path)
    board.there[path] = b""
    check = content.libraries(board)
    assert verdict(check) == "bad"
    assert path.rpartition("/")[0] in check.found


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"{}", "good"),
        (b'{"cadence": 168.5, "glance": {"every": 30}}', "good"),
        (b'{"cadence": 9999, "no": 1}', "bad"),
        (b'{"cadence": "fast"}', "bad"),
        (b"{", "bad"),
        (b"\xff", "bad"),
        (b" " * 5000, "bad"),
        (b"[" * 3999, "bad"),
    ],
)
def test_settings_that_the_board_would_not_take(board, raw, told):
    board.there["/settings.json"] = raw
    assert verdict(content.settings(board)) == told


def test_little_room(board):
    board.capacity = 50_000
    assert verdict(content.room(board)) == "odd"


class Board:
    """A console whose board's clock runs `ppm` fast, and that answers code with `said`."""

    def __init__(self, ppm=0.0, since=0.0, said=b"", error=None):
        self.now = 100.0
        self.ppm, self.since, self.said, self.error = ppm, since, said, error

    def run(self, code, patience=1, each=None, most=1):
        if self.error and "Fifo" in code:
            raise self.error
        return self.said

    def value(self, expression, patience=1):
        self.now += 0.002
        if "monotonic_ns" in expression:
            return round((self.now - 0.001) * (1 + self.ppm / 1e6) * 1e9)
        if "time.time()" in expression:
            return self.since
        return True  # a part that this board lacks

    def rest(self, seconds):
        self.now += seconds


@pytest.mark.parametrize(
    ("ppm", "off", "told"), [(40, 0, "good"), (-900, 0, "bad"), (900, 0, "bad"), (0, 60, "odd"), (0, None, "odd")]
)
def test_a_clock_that_is_off(ppm, off, told, monkeypatch):
    monkeypatch.setattr("backbeat_host.link.doctor.parts.time.time", lambda: 1_800_000_000.0)
    board = Board(ppm, 946_684_800 if off is None else 1_800_000_000 + off)
    check = parts.clock(board, 20.0, board.rest, lambda: board.now)
    assert verdict(check) == told
    assert f"{ppm:+.0f} ppm" in check.found


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"(108, 104, 1000, [0, 0, 213096])", "good"),
        (b"(108, 104, 1000, [0, 0, 106548])", "odd"),
        (b"(108, 50, 1000, [0, 0, 102450])", "bad"),
        (b"(108, 0, 1000, [0, 0, 0])", "bad"),
        (b"(108, 104, 0, [0, 0, 0])", "bad"),
        (b"nonsense", "bad"),
        (b"", "bad"),
    ],
)
def test_a_sensor_at_rest(said, told):
    assert verdict(parts.sensor(Board(said=said))) == told


def test_a_sensor_that_does_not_answer():
    assert verdict(parts.sensor(Board(error=OSError(19, "No such device")))) == "bad"


def test_sound_is_asked_about_part_by_part(monkeypatch):
    board = Board()
    assert verdict(parts.sound(board, lambda part: True)) == "skipped"  # a board without any part
    monkeypatch.setattr(board, "value", lambda expression, patience=1: "NEOPIXEL" in expression)
    asked = []
    assert verdict(parts.sound(board, lambda part: asked.append(part) or True)) == "good"
    assert asked == ["sounder", "motor", "light"]
    assert verdict(parts.sound(board, lambda part: part != "motor")) == "bad"
    assert verdict(parts.sound(board, lambda part: None)) == "skipped"


def test_the_checks_run_over_a_console_alike(tmp_path):
    (tmp_path / "settings.json").write_text(json.dumps({"cadence": 1}))
    port = FakePort(tmp_path, "friendly")
    console = Console("fake", Line(port, lambda: port.now))
    console.enter()
    files = SerialFiles(console)
    assert verdict(content.settings(files)) == "bad"
    assert verdict(content.file_system(files)) == "good"
