"""The board's tree, the same to the byte from the checkout, from an editable install and from a built wheel."""

import ast
import json
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

import backbeat
from backbeat_host.errors import WorkError
from backbeat_host.link import firmware

CHECKOUT = Path(__file__).parents[3]
DEVICE = CHECKOUT / "device"
DIST_INFO = f"backbeat-{backbeat.__version__}.dist-info"

# In a Python without site: no .pth file is read, so the editable checkout is not on the path unless `place` brings it.
TELL_TREE = """
import json, sys
place, *dependencies = sys.argv[1:]
if {editable}:
    import site
    site.addsitedir(place)
else:
    sys.path.insert(0, place)
sys.path += dependencies
import backbeat
from backbeat_host.link.firmware import tree
contents = {{path: source.read_text(encoding="utf-8") for path, source in tree().items()}}
blinka = sorted(sys.modules.keys() & {{"board", "busio", "digitalio", "microcontroller", "adafruit_lsm6ds"}})
print(json.dumps([backbeat.__file__, contents, blinka]))
"""


def hatchling(source: Path, *call: str) -> None:
    done = subprocess.run([sys.executable, *call], cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def build(source: Path, kind: str, into: Path) -> Path:
    hatchling(source, "-m", "hatchling", "build", "--target", kind, "--directory", str(into))
    (built,) = into.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(CHECKOUT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(CHECKOUT, "sdist", tmp_path_factory.mktemp("sdist"))


def tree_as_installed_in(place: Path, *, editable: bool = False) -> tuple[Path, dict[str, str]]:
    dependencies = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    command = [sys.executable, "-I", "-S", "-c", TELL_TREE.format(editable=editable), str(place), *dependencies]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    module, contents, blinka = json.loads(told.stdout)
    assert blinka == [], "finding the libraries must not import them"
    return Path(module), contents


def tree_here() -> dict[str, str]:
    return {path: source.read_text(encoding="utf-8") for path, source in firmware.tree().items()}


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names)), "a file twice in the wheel"
        return {name: archive.read(name) for name in names}


def python_files(folder: Path, prefix: str) -> dict[str, bytes]:
    return {f"{prefix}/{at.relative_to(folder).as_posix()}": at.read_bytes() for at in folder.rglob("*.py")}


def test_in_a_checkout_the_tree_is_the_checkouts_own_files_and_the_driver():
    tree = firmware.tree()
    laptops = {DEVICE / "lib" / "backbeat" / place for place in firmware.LAPTOP_ONLY}
    here = set(DEVICE.rglob("*.py"))
    assert laptops < here
    assert our_own() == {at.relative_to(DEVICE).as_posix(): at for at in here - laptops}
    assert list(tree) == sorted(tree)
    assert {"boot.py", "code.py", "safemode.py", "lib/adafruit_lsm6ds/lsm6dsox.py"} <= tree.keys()


def our_own() -> dict[str, Path]:
    """The tree without the libraries."""
    return {path: source for path, source in firmware.tree().items() if not path.startswith("lib/adafruit_")}


def test_no_file_of_the_tree_imports_what_only_a_laptop_loads():
    gone = {"backbeat." + place.removesuffix(".py").replace("/", ".") for place in firmware.LAPTOP_ONLY}
    assert {name for path, source in our_own().items() for name in imported(path, source)} & gone == set()


def test_every_library_module_that_the_tree_imports_is_in_the_tree():
    tree = firmware.tree()
    wanted = {}
    for path, source in tree.items():
        for name in library_imports(path, source):
            wanted.setdefault(name, path)
    lacking = {name: path for name, path in wanted.items() if not in_tree(name, tree)}
    assert lacking == {}


def test_the_libraries_chip_drivers_are_those_of_the_chips_that_the_firmware_knows():
    known = re.findall(r'"(LSM6DS\w+)"', (DEVICE / "lib" / "backbeat" / "board" / "imu.py").read_text(encoding="utf-8"))
    assert known
    assert sorted(firmware.LIBRARIES["adafruit_lsm6ds"]) == sorted(["__init__", *map(str.lower, known)])


def library_imports(path: str, source: Path) -> set[str]:
    """The dotted adafruit_ modules that a file imports; an imported name counts when the library has such a module."""
    return {name for name in imported(path, source) if name.startswith("adafruit_") and is_module(name)}


def is_module(name: str) -> bool:
    library, _, module = name.partition(".")
    return (
        not module or library not in firmware.LIBRARIES or (firmware._library_folder(library) / f"{module}.py").exists()
    )


def imported(path: str, source: Path) -> set[str]:
    """The dotted names that a file imports, those of a module's contents among them."""
    found = set()
    package = path.removeprefix("lib/").split("/")[:-1]
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def in_tree(module: str, tree: dict[str, Path]) -> bool:
    place = f"lib/{module.replace('.', '/')}"
    return f"{place}.py" in tree or f"{place}/__init__.py" in tree


def test_a_missing_library_is_one_clear_sentence(monkeypatch):
    monkeypatch.setattr(firmware, "LIBRARIES", {"adafruit_nowhere": ("__init__",)})
    with pytest.raises(WorkError, match=r"^adafruit_nowhere: the library is not installed; install backbeat"):
        firmware.tree()


def test_a_missing_file_is_one_clear_sentence(monkeypatch):
    monkeypatch.setattr(firmware, "LIBRARIES", {"adafruit_lsm6ds": ("lsm9",)})
    with pytest.raises(WorkError, match=r"lsm9\.py: a file of the firmware is missing; install backbeat again\.$"):
        firmware.tree()


def test_a_wheel_brings_the_same_tree(wheel, tmp_path):
    pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--target", str(tmp_path)]
    subprocess.run([sys.executable, *pip, str(wheel)], check=True, stdin=subprocess.DEVNULL)
    module, tree = tree_as_installed_in(tmp_path)
    assert module == tmp_path / "backbeat" / "__init__.py"
    assert tree == tree_here()


def test_an_editable_install_takes_the_checkouts_files_not_the_copy_it_left(tmp_path):
    hatchling(CHECKOUT, "-c", f"from hatchling.build import build_editable; build_editable({str(tmp_path)!r})")
    (editable,) = tmp_path.glob("*.whl")
    place = tmp_path / "site"
    with zipfile.ZipFile(editable) as archive:
        archive.extractall(place)
    left = sorted((place / "backbeat_host" / "link" / "drive_root").iterdir())
    assert [at.name for at in left] == ["boot.py", "code.py", "safemode.py"]
    for at in left:
        at.write_text("stale\n", encoding="utf-8")
    module, tree = tree_as_installed_in(place, editable=True)
    assert module == DEVICE / "lib" / "backbeat" / "__init__.py"
    assert tree == tree_here()


def test_the_wheel_holds_both_packages_once_and_nothing_else(wheel):
    held = {name: content for name, content in contents(wheel).items() if not name.startswith(DIST_INFO)}
    expected = python_files(CHECKOUT / "host" / "backbeat_host", "backbeat_host")
    expected |= python_files(DEVICE / "lib" / "backbeat", "backbeat")
    expected |= {f"backbeat_host/link/drive_root/{n}": (DEVICE / n).read_bytes() for n in firmware.ROOT_FILES}
    code = {name: content for name, content in held.items() if name.endswith(".py")}
    assert code == expected
    assert {name.split("/")[0] for name in held} == {"backbeat", "backbeat_host"}


def test_the_wheel_says_what_it_is(wheel):
    held = contents(wheel)
    told = message_from_bytes(held[f"{DIST_INFO}/METADATA"])
    assert (told["Name"], told["Version"]) == ("backbeat", backbeat.__version__)
    assert told["License-Expression"] == "MIT"
    assert told["Requires-Python"] == ">=3.11"
    assert f"{DIST_INFO}/licenses/LICENSE" in held
    entry_points = held[f"{DIST_INFO}/entry_points.txt"].decode().split()
    assert entry_points == ["[console_scripts]", "backbeat", "=", "backbeat_host.cli:main"]


def test_the_source_archive_builds_the_same_wheel_and_carries_the_tests(wheel, sdist, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    for name in ("Makefile", "README.md", "tests/test_house.py", "tests/device/interpreter/package-lock.json"):
        assert (source / name).is_file(), name
    assert (source / "tests" / "device" / "interpreter" / ".npmrc").is_file()
    assert not list(source.rglob("node_modules"))
    again = contents(build(source, "wheel", tmp_path / "again"))
    first = contents(wheel)
    record = f"{DIST_INFO}/RECORD"
    assert {**again, record: b""} == {**first, record: b""}
