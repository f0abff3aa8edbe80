"""Runs device code in a namespace of its own: a board's builtins, a board's modules, nothing in `sys.modules`.

An import finds, in this order: the board's own modules; what lies on the drive; what the laptop shares (the pure core);
libraries installed here, loaded anew; the few modules of this interpreter that a board has as well. All else is an
ImportError, as on a board. Faked: importing and compiling take no time.
"""

import __future__

import builtins
import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from backbeat_host.lab.circuitpython import Hardware, virtual_modules
from backbeat_host.lab.circuitpython.language import DEVICE_MARK
from backbeat_host.lab.flash.drive_files import VirtualFile, open_on

_SHARED = "backbeat"
_PRIVATE = ("backbeat.board", "backbeat.main", "backbeat.run")
"""Shared with the laptop is all of `backbeat` but these, which touch a board's own modules."""
_LIBRARIES = "adafruit_"
_BUILT_IN = "adafruit_bus_device"  # into CircuitPython's full builds
_HOST_MODULES = frozenset(["array", "binascii", "collections", "errno", "json", "math", "re", "struct"])
_SEARCH = ("/", "/lib/")
_NOT_ON_A_BOARD = [
    "FileExistsError",
    "FileNotFoundError",
    "InterruptedError",
    "IsADirectoryError",
    "ModuleNotFoundError",
    "NotADirectoryError",
    "PermissionError",
    "ProcessLookupError",
    "RecursionError",
    "aiter",
    "anext",
    "ascii",
    "breakpoint",
    "copyright",
    "credits",
    "exit",
    "help",
    "input",
    "license",
    "quit",
    "vars",
]


class Machine:
    """One start of the interpreter on one board."""

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware
        self._drive = hardware.drive
        self.modules: dict[str, ModuleType] = virtual_modules(hardware)
        self._places: dict[str, bool] = {}  # packages that are loaded, and whether they are the drive's own
        self.modules["sys"].__dict__["modules"] = self.modules
        self._builtins = {
            **{name: value for name, value in vars(builtins).items() if name not in _NOT_ON_A_BOARD},
            "open": self._open,
            "print": self._print,
            "repr": self._repr,
            "__import__": self._import,
            DEVICE_MARK: True,
        }

    def run(self, path: str) -> None:
        """Run a file of the drive as the main program."""
        host = self._drive.find(path)
        if host is None:
            raise OSError(2, "No such file/directory")
        self._execute(host, path.removeprefix("/"), "__main__", {"__package__": ""})

    def main(self) -> ModuleType:
        """An empty main program, for whoever types one; run its code with `compiled` and `exec`."""
        made = self.modules["__main__"] = ModuleType("__main__")
        made.__dict__.update(__builtins__=self._builtins, __name__="__main__", __package__="")
        return made

    # ---- builtins ----

    def _open(self, path: str, mode: str = "r", **_: object) -> VirtualFile:
        return open_on(self._drive, path, mode)

    def _print(self, *values: object, sep: str = " ", end: str = "\n", file: Any = None, **_: object) -> None:
        (file or self._hardware.console).write(sep.join(map(str, values)) + end)

    def _repr(self, value: object) -> str:
        text = repr(value)
        self._hardware.clock.advance(len(text) * self._hardware.pace.shown_byte)
        return text

    def _import(
        self,
        name: str,
        scope: Mapping[str, Any] | None = None,
        _: object = None,
        names: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if level:
            base = str((scope or {})["__package__"]).split(".")
            if level > len(base) or not base[0]:
                raise ImportError("can't perform relative import")
            name = ".".join([*base[: len(base) - level + 1], *([name] if name else [])])
        found = self._load(name)
        if not names:
            return self.modules[name.partition(".")[0]]
        for part in names:
            if part != "*" and hasattr(found, "__path__") and not hasattr(found, part):
                try:
                    self._load(f"{name}.{part}")
                except ImportError as error:
                    if str(error) != _missing(f"{name}.{part}"):
                        raise  # deeper is the real trouble
                    # left to itself, the caller's `from` would go on to look into the laptop's own modules
                    raise ImportError(f"can't import name {part}") from None
        return found

    # ---- finding and loading ----

    def _load(self, name: str) -> ModuleType:
        known = self.modules.get(name)
        if known is not None:
            return known
        parent, _, last = name.rpartition(".")
        package = self._load(parent) if parent else None
        made = self._load_new(name)
        self.modules[name] = made
        if package is not None and last not in vars(package):
            setattr(package, last, made)
        return made

    def _load_new(self, name: str) -> ModuleType:
        top = name.partition(".")[0]
        if self._on_drive(top):
            source = self._find_on_drive(name)
        elif name in _HOST_MODULES:
            return importlib.import_module(name)
        elif not self._hardware.lends and top != _BUILT_IN:
            source = None
        elif _is_private(name) or top.startswith(_LIBRARIES):
            source = _find_installed(name)
        elif top == _SHARED:
            return _shared(name)
        else:
            source = None
        if source is None:
            raise ImportError(_missing(name))
        host, shown = source
        scope: dict[str, Any] = {"__package__": name.rpartition(".")[0]}
        if _is_package(shown):
            scope = {"__package__": name, "__path__": shown.removesuffix("/__init__.py")}
        return self._execute(host, shown, name, scope)

    def _on_drive(self, top: str) -> bool:
        """The core is the drive's only if it is really there: firmware lent to the drive includes the shared one."""
        known = self._places.get(top)
        if known is not None:
            return known
        if top == _SHARED:
            found = any(self._drive.has_folder(place + top) for place in _SEARCH)
        else:
            found = self._find_on_drive(top) is not None
        if top in self.modules:
            self._places[top] = found  # a package's parts lie where it lies: asking the host's disk anew takes long
        return found

    def _find_on_drive(self, name: str) -> tuple[Path, str] | None:
        path = name.replace(".", "/")
        for place in _SEARCH:
            for shown in (f"{place}{path}/__init__.py", f"{place}{path}.py"):
                host = self._drive.find(shown)
                if host is not None:
                    return host, shown
            folder = self._drive.find(f"{place}{path}")
            if folder is not None and folder.is_dir():
                return folder, f"{place}{path}"
        return None

    def _execute(self, host: Path, shown: str, name: str, scope: dict[str, Any]) -> ModuleType:
        made = ModuleType(name)
        made.__dict__.update(scope, __builtins__=self._builtins, __file__=shown, __name__=name)
        if not shown.endswith(".py"):
            return made  # a folder without __init__.py is a package all the same
        if self._drive.holds(host):
            source = host.read_text(encoding="utf-8")
            self._hardware.clock.advance(len(source) * self._hardware.pace.source_byte)
            code = _compiled(shown, source)
        else:
            code = _lent(host, shown)
        self.modules[name] = made
        try:
            exec(code, made.__dict__)
        except BaseException:
            self.modules.pop(name, None)
            raise
        return made


def _missing(name: str) -> str:
    return f"no module named '{name}'"


def _is_private(name: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in _PRIVATE)


def _is_package(shown: str) -> bool:
    return shown.endswith("/__init__.py") or not shown.endswith(".py")


@cache
def _compiled(shown: str, source: str) -> CodeType:
    """Compile once a process; annotations stay unread, as on a board, where `typing` does not exist."""
    flags = __future__.annotations.compiler_flag
    code: CodeType = compile(source, shown, "exec", flags=flags, dont_inherit=True)
    return code


@cache
def _lent(host: Path, shown: str) -> CodeType:
    """What is not the drive's own, but the laptop's, is read once a process, as all the laptop's code is."""
    return _compiled(shown, host.read_text(encoding="utf-8"))


def _shared(name: str) -> ModuleType:
    """A module of the real core; the package itself behind a stand-in, so that `backbeat.board` can differ."""
    try:
        real = importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ImportError(_missing(str(error.name))) from None
    if name != _SHARED:
        return real
    stand_in = ModuleType(name)
    private = {package.rpartition(".")[2] for package in _PRIVATE}
    stand_in.__dict__.update({key: value for key, value in vars(real).items() if key not in private})
    return stand_in


@cache
def _installed_folder(top: str) -> Path | None:
    """Where a top-level package or module is installed; looking it up imports nothing."""
    spec = importlib.util.find_spec(top)
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).parent
    return Path(spec.origin).parent if spec.origin else None


def _find_installed(name: str) -> tuple[Path, str] | None:
    folder = _installed_folder(name.partition(".")[0])
    return _find_in(folder, name) if folder is not None else None


@cache
def _find_in(folder: Path, name: str) -> tuple[Path, str] | None:
    path = name.replace(".", "/")
    for shown in (f"{path}/__init__.py", f"{path}.py", path):
        host = folder / shown
        if host.exists():
            return host, f"/lib/{shown}"
    return None
