"""The project's own habits, checked: who may import what, how long a file gets, what no file may say."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEVICE = ROOT / "device"
CORE = DEVICE / "lib" / "backbeat"
HOST = ROOT / "host" / "backbeat_host"
LONGEST = 400  # lines

# What the deciding code may import beside its own modules: the same everywhere, and nothing that touches the world.
CORE_MODULES = {"array", "struct", "micropython"}
CORE_EXTRAS = {
    "record.py": {"binascii"},
    "record_reader.py": {"binascii"},
    "settings.py": {"json"},
    "plan.py": {"json"},
    "run.py": {"gc"},
}

# What the files that do touch the board may import: CircuitPython's own modules and the IMU's driver.
PLAIN_MODULES = {"binascii", "errno", "gc", "json", "math", "os", "sys", "time", "traceback"}
CIRCUITPYTHON_MODULES = {
    *("alarm", "analogio", "audiopwmio", "board", "busio", "digitalio", "keypad", "microcontroller"),
    *("neopixel_write", "pwmio", "rtc", "storage", "supervisor", "usb_cdc", "watchdog"),
}
DRIVER_MODULES = {"adafruit_bus_device", "adafruit_lsm6ds", "adafruit_register"}

READS_DECIMALS = {"settings.py", "plan.py"}  # people write 170.5; it becomes a whole number there, before a session

# Time, files and the console reach the core as arguments only.
REACHING_OUT = {"__import__", "eval", "exec", "input", "open", "print"}

A_FOLDER_OF_THIS_MACHINE = re.compile(r"(?<![\w.~])/(?:home|root|work|Users)/\w")
A_REGISTRY = re.compile(r"[\w.-]*(?:registry|pypi|npmjs|pythonhosted|debian)[\w.-]*\.(?:org|com|net|io)\b")

DEVICE_FILES = sorted(DEVICE.rglob("*.py"))
HOST_FILES = sorted(HOST.rglob("*.py"))
BOARD_FILES = [path for path in DEVICE_FILES if CORE not in path.parents or CORE / "board" in path.parents]
CORE_FILES = [path for path in DEVICE_FILES if path not in BOARD_FILES]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every dotted module that a device file imports, wherever in it; a name from a package counts as a module."""
    package = list(path.relative_to(CORE.parent).parts[:-1]) if CORE in path.parents else []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def top(module: str) -> str:
    return module.split(".")[0]


@pytest.mark.parametrize("path", CORE_FILES, ids=name)
def test_the_core_imports_nothing_but_itself_and_a_few_plain_modules(path):
    found = set(imports(path))
    ours = {module for module in found if top(module) == "backbeat"}
    above = {module for module in ours if module.split(".")[1:2] in (["board"], ["main"], ["run"])}
    if path.name == "main.py":
        above -= {"backbeat.run.run"}
    assert above == set(), "the core reached up to a board or to the main loop"
    allowed = CORE_MODULES | CORE_EXTRAS.get(path.relative_to(CORE).as_posix(), set())
    assert {top(module) for module in found - ours} <= allowed


@pytest.mark.parametrize("path", CORE_FILES, ids=name)
def test_the_core_touches_no_file_and_no_console(path):
    calls = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    assert [f"{call.lineno}: {call.func.id}" for call in calls if call.func.id in REACHING_OUT] == []


@pytest.mark.parametrize("path", [path for path in CORE_FILES if path.name not in READS_DECIMALS], ids=name)
def test_the_core_computes_in_whole_numbers(path):
    found = []
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Constant(value=float()) | ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                found.append(f"{node.lineno}: {ast.unparse(node)}")
    assert found == []


@pytest.mark.parametrize("path", BOARD_FILES, ids=name)
def test_a_board_file_imports_only_what_a_board_has(path):
    allowed = {"backbeat"} | CORE_MODULES | PLAIN_MODULES | CIRCUITPYTHON_MODULES | DRIVER_MODULES
    assert {top(module) for module in imports(path)} <= allowed


def test_an_import_inside_a_function_or_relative_to_its_package_is_seen(monkeypatch, tmp_path):
    monkeypatch.setattr(f"{__name__}.CORE", tmp_path / "backbeat")
    path = tmp_path / "backbeat" / "sense" / "steps.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        "from . import ring\nfrom ..board.imu import Imu\ndef late():\n    import busio\n", encoding="utf-8"
    )
    assert set(imports(path)) == {"backbeat.sense.ring", "backbeat.board.imu.Imu", "busio"}


@pytest.mark.parametrize("path", DEVICE_FILES + HOST_FILES, ids=name)
def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(parsed(path))


@pytest.mark.parametrize("path", DEVICE_FILES + HOST_FILES, ids=name)
def test_a_module_stays_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def project_texts() -> Iterator[tuple[str, str]]:
    """Every text file that git has or would take, with its name."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git does not know this folder, so nobody can say which files are the project's")
    for path in filter(Path.is_file, (ROOT / at.decode() for at in listed.stdout.split(b"\0") if at)):
        content = path.read_bytes()
        if b"\0" not in content:
            yield name(path), content.decode(errors="replace")


@pytest.mark.parametrize("pattern", [A_FOLDER_OF_THIS_MACHINE, A_REGISTRY], ids=["folder", "registry"])
def test_no_file_names_a_folder_of_one_machine_or_a_package_registry(pattern):
    lines = ((at, number, line) for at, text in project_texts() for number, line in enumerate(text.splitlines(), 1))
    assert [f"{at}:{number}: {line}" for at, number, line in lines if pattern.search(line)] == []


def test_such_a_name_would_be_found():
    machine, host = "/".join(["", "home", "runner", "x"]), ".".join(["registry", "example", "org"])
    assert A_FOLDER_OF_THIS_MACHINE.search(f"open('{machine}')")
    assert A_REGISTRY.search(f"https://{host}/package")
    assert not A_FOLDER_OF_THIS_MACHINE.search("see ../shared/work/notes and https://example.com/home/x")
