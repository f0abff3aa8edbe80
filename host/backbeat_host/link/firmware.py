"""What goes onto a board's drive: every file of the firmware that a board loads, by its place there.

Taken from the checkout when this install is editable, else from the wheel's own copy, and the Adafruit driver from
where it is installed. For `install`, which copies the tree, and for the virtual board, which boots from it.
"""

from importlib.machinery import PathFinder
from pathlib import Path

import backbeat
from backbeat_host.errors import WorkError

ROOT_FILES = ("boot.py", "code.py", "safemode.py")

# What only a laptop loads, of the device's package: the names of events, a log's reader, a Linux computer as a board.
LAPTOP_ONLY = ("names.py", "record_reader.py", "board/blinka.py")

# Of each library the modules that board/imu.py and its drivers really import; a board loads that of its own chip.
# CircuitPython's full builds have adafruit_bus_device built in and never look at the copy; it is 6 KB on the drive,
# none in memory, and with it the tree needs nothing but CircuitPython itself.
LIBRARIES = {
    "adafruit_bus_device": ("__init__", "i2c_device"),
    "adafruit_lsm6ds": ("__init__", "lsm6ds3trc", "lsm6ds33", "lsm6dsox"),
    "adafruit_register": ("__init__", "i2c_bit", "i2c_bits", "i2c_struct"),
}


def tree() -> dict[str, Path]:
    """Map each path on the drive (relative to its root, with `/`, sorted) to the file on this machine that goes there.

    Raises:
        WorkError: a file of the firmware is missing on this machine.
    """
    package = Path(backbeat.__file__).resolve().parent
    root = _root_folder(package)
    files = {name: root / name for name in ROOT_FILES}
    ours = {source.relative_to(package).as_posix(): source for source in package.rglob("*.py")}
    files |= {f"lib/backbeat/{place}": source for place, source in ours.items() if place not in LAPTOP_ONLY}
    for library, modules in LIBRARIES.items():
        folder = _library_folder(library)
        files |= {f"lib/{library}/{module}.py": folder / f"{module}.py" for module in modules}
    for source in files.values():
        if not source.is_file():
            raise WorkError(f"{source}: a file of the firmware is missing; install backbeat again.")
    return dict(sorted(files.items()))


def _root_folder(package: Path) -> Path:
    """The folder of boot.py and its like. A checkout wins: an editable install leaves an old copy beside the others."""
    if package.parts[-3:] == ("device", "lib", "backbeat"):
        return package.parents[1]
    return Path(__file__).resolve().parent / "drive_root"


def _library_folder(library: str) -> Path:
    # Found on the path, not imported (that would start Blinka, which looks for real hardware), and not asked of
    # sys.modules (while a session runs, the virtual board's own modules stand there).
    spec = PathFinder.find_spec(library)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise WorkError(f"{library}: the library is not installed; install backbeat with its dependencies again.")
    return Path(places[0])
