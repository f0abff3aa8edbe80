"""Every CircuitPython module and name that the device uses is checked against the stubs that CircuitPython publishes.

One run of mypy reads all of `device/` with the reference board's pins, one each the tables of the other boards with
theirs.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path

import pytest

from backbeat_host.lab.boards import BOARDS

DEVICE = Path(__file__).resolve().parents[3] / "device"
TABLES = DEVICE / "lib/backbeat/board"
ELSEWHERE = ["blinka"]  # runs on a laptop, where other modules stand behind these names
UNLISTED = {"adafruit_lsm6ds", "backbeat", "gc", "micropython"}  # on the drive, or the language's own
REFERENCE = "Seeed_XIAO_nRF52840_Sense"
CONFIG = """
[mypy]
python_version = 3.11
check_untyped_defs = True
explicit_package_bases = True
namespace_packages = True
disable_error_code = assignment, has-type, import-untyped, misc, operator, var-annotated
"""
# The stubs say what may be None on a board; what begins as None in our own classes is filled later. And the stubs'
# own slip: their `__exit__` takes no arguments.
NO_MATTER = re.compile(r'"(?!Serial|ByteArray|WatchDogTimer)[\w |]+ \| None"|arguments for "__exit__"')
# What a board's own modules have and a PC's of the same name have not, or not so.
GC = """
def collect() -> None: ...
def enable() -> None: ...
def disable() -> None: ...
def isenabled() -> bool: ...
def mem_alloc() -> int: ...
def mem_free() -> int: ...
"""


def definitions() -> Path:
    """Where the stubs keep each board's pins."""
    found = next(path for path in files("circuitpython-stubs") or [] if path.parts[0] == "board_definitions")
    return Path(str(found.locate())).parents[len(found.parts) - 2]


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    """What mypy says about files of `device/`, or text put in place of one, with the pins of one board."""
    place = tmp_path_factory.mktemp("stubs")
    (place / "mypy.ini").write_text(CONFIG)
    (place / "own").mkdir()
    (place / "own/gc.pyi").write_text(GC)

    def check(board: str, paths: list[Path]) -> list[str]:
        pins = place / board / "board"
        if not pins.exists():
            shutil.copytree(definitions() / board, pins)
        options = ["--config-file", place / "mypy.ini", "--cache-dir", place / "cache", "--no-error-summary"]
        done = subprocess.run(
            [sys.executable, "-m", "mypy", *options, *paths],
            env=os.environ | {"MYPYPATH": f"{pins.parent}:{place / 'own'}:{DEVICE / 'lib'}"},
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        errors = [line for line in done.stdout.splitlines() if ": error: " in line]
        return [line for line in errors if line.startswith("/") and not NO_MATTER.search(line)]

    return check


def board_tables() -> dict[str, Path]:
    """The files that name pins."""
    return {path.stem: path for path in sorted(TABLES.glob("*.py")) if "\nSCL = " in path.read_text(encoding="utf-8")}


def test_every_board_of_the_firmware_is_known_to_the_lab_and_to_circuitpython():
    assert set(board_tables()) == set(BOARDS)
    for name in board_tables():
        assert (definitions() / name).is_dir()


def imported(path: Path) -> set[str]:
    """Top-level modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("name", BOARDS)
def test_every_module_that_the_device_imports_is_in_that_board_s_firmware(name):
    told = re.search(r"Included modules: (.+)", (definitions() / name / "__init__.pyi").read_text(encoding="utf-8"))
    included = set(told.group(1).split(", "))
    asked = set().union(*(imported(path) for path in DEVICE.rglob("*.py") if path.stem not in ELSEWHERE))
    assert asked - included - UNLISTED == set()


@pytest.mark.parametrize("name", BOARDS)
def test_the_virtual_board_has_that_board_s_pins_and_memory(name):
    text = (definitions() / name / "__init__.pyi").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^(\w+): microcontroller.Pin  # (\w+)$", text, re.MULTILINE))
    kind = BOARDS[name]
    assert kind.by_name == {pin: kind.processor.number(place) for pin, place in pins.items()}
    assert f" - NVM size: {kind.processor.nvm_size}\n" in text


@pytest.mark.parametrize("name", BOARDS)
def test_the_virtual_board_is_wired_as_the_board_file_says(name):
    kind = BOARDS[name]
    table = dict(re.findall(r"^(\w+) = board\.(\w+)", board_tables()[name].read_text(encoding="utf-8"), re.MULTILINE))
    assert table == {
        key: pin
        for key, pin in {
            "SCL": kind.scl,
            "SDA": kind.sda,
            "POWER": kind.chip_power,
            "INT1": kind.interrupt,
            "SOUNDER": kind.sounder,
            "HAPTIC": kind.haptic,
            "BUTTON": kind.button,
            "LIGHT": kind.light,
            "NEOPIXEL": kind.neopixel,
            "NEOPIXEL_POWER": kind.neopixel_power,
            "BATTERY": kind.battery,
            "BATTERY_ENABLE": kind.battery_enable,
            "CHARGING": kind.charge_status,
        }.items()
        if pin
    }


def test_all_that_the_device_asks_of_circuitpython_is_there(complaints):
    others = {path for name, path in board_tables().items() if name != REFERENCE}
    mine = [path for path in sorted(DEVICE.rglob("*.py")) if path not in others and path.stem not in ELSEWHERE]
    assert complaints(REFERENCE, mine) == []


@pytest.mark.parametrize("name", [name for name in BOARDS if name != REFERENCE])
def test_every_pin_of_a_board_file_is_a_pin_of_that_board(complaints, name):
    assert complaints(name, [board_tables()[name]]) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import board\nSCL = board.GP99\n", 'Module has no attribute "GP99"'),
        ("import buzio\n", 'Cannot find implementation or library stub for module named "buzio"'),
        ("from watchdog import WatchDogModes\n", 'Module "watchdog" has no attribute "WatchDogModes"'),
        ("import pwmio, board\npwmio.PWMOut(board.D1).frequenzy = 1\n", '"PWMOut" has no attribute "frequenzy"'),
        ("import keypad\nkeypad.Keys((), value_when_pressd=0)\n", 'Unexpected keyword argument "value_when_pressd"'),
        ("import usb_cdc\nusb_cdc.console.write_timeout = 0\n", 'Item "None" of "Serial | None" has no attribute'),
        ("def f():\n    import microcontroller\n    microcontroller.rest()\n", 'Module has no attribute "rest"'),
    ],
)
def test_a_wrong_name_is_found(complaints, tmp_path, text, said):
    path = tmp_path / "wrong.py"
    path.write_text(text)
    assert said in complaints(REFERENCE, [path])[0]
