"""`gc`, `micropython`, `random`, `sys` and `traceback` as a board has them, and a traceback in the board's own words.

Simulated: the time a collection takes, `const` alone in `micropython`. Faked: memory figures are constant (the host's
heap says nothing about a board's), and no collection happens here; random numbers are the same in every run.
"""

import random
import sys as host_sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace, TracebackType
from typing import Any

from backbeat_host.lab.circuitpython.hardware import VERSION, Hardware, module

_HEAP_FREE, _HEAP_USED = 120_000, 75_000  # about 195 KB of heap on a Pico, some of it taken by an application
_DICE = ["seed", "random", "uniform", "randint", "randrange", "choice", "getrandbits"]
_OWN_PACKAGE = "backbeat"
_BOARD_OS_ERRORS = (OSError, TimeoutError)
DEVICE_MARK = "__board__"
"""A name in the builtins of device code, by which its frames are told from the laptop's."""


class _Input:
    """`sys.stdin`: what is typed at the console, as text."""

    def __init__(self, hardware: Hardware) -> None:
        self._console = hardware.console

    def read(self, size: int = 1) -> str:
        """Wait for so many characters."""
        return self._console.take(size, None).decode("latin-1")

    def readline(self) -> str:
        """Wait for a whole line."""
        line = ""
        while not line.endswith("\n") and (character := self.read()):
            line += character.replace("\r", "\n")
        return line


def language_modules(hardware: Hardware) -> list[ModuleType]:
    """The modules of the language itself."""
    dice = random.Random(0)
    collecting = [True]

    def enable(on: bool) -> None:
        collecting[0] = on

    def print_exception(error: BaseException, *rest: Any, file: Any = None, **_: object) -> None:
        error = rest[0] if rest and isinstance(rest[0], BaseException) else error
        (file or hardware.console).write(traceback_text(error))

    def leave(status: object = None) -> None:
        raise SystemExit(status)

    text = ".".join(map(str, VERSION))
    return [
        module(
            "gc",
            collect=lambda: hardware.clock.advance(hardware.collect_cost_ns),
            mem_free=lambda: _HEAP_FREE,
            mem_alloc=lambda: _HEAP_USED,
            enable=lambda: enable(True),
            disable=lambda: enable(False),
            isenabled=lambda: collecting[0],
            threshold=lambda amount=-1: -1,
        ),
        module("micropython", const=lambda value: value),
        module("random", **{name: getattr(dice, name) for name in _DICE}),
        module(
            "sys",
            implementation=SimpleNamespace(name="circuitpython", version=(*VERSION, "")),
            platform=hardware.kind.processor.platform,
            version=f"3.4.0; CircuitPython {text}",
            version_info=(3, 4, 0),
            byteorder="little",
            maxsize=2**31 - 1,
            path=["", "/", ".frozen", "/lib"],
            argv=[],
            exit=leave,
            exc_info=host_sys.exc_info,
            print_exception=print_exception,
            stdin=_Input(hardware),
            stdout=hardware.console,
        ),
        module(
            "traceback",
            print_exception=print_exception,
            format_exception=lambda error, *rest, **_: [traceback_text(rest[0] if rest else error)],
        ),
    ]


def traceback_text(error: BaseException) -> str:
    """What CircuitPython prints for an exception; the laptop's own frames are left out."""
    lines = [f'  File "{file}", line {line}, in {function}\n' for file, line, function in _frames(error.__traceback__)]
    said = str(error)
    if isinstance(error, SyntaxError) and error.filename:
        lines.append(f'  File "{error.filename}", line {error.lineno}\n')
        said = error.msg
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        said = f"'module' object has no attribute '{error.name}'"
    head = "Traceback (most recent call last):\n" if lines else ""
    kind = type(error).__name__
    if isinstance(error, OSError) and type(error) not in _BOARD_OS_ERRORS and type(error).__module__ == "builtins":
        kind = "OSError"  # a board has no FileNotFoundError and its kin
    if kind == "ConsoleInterrupt":
        kind = "KeyboardInterrupt"
    return f"{head}{''.join(lines)}{kind}: {said}\n"


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    while trace is not None:
        code = trace.tb_frame.f_code
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if DEVICE_MARK in trace.tb_frame.f_builtins:
            yield code.co_filename, trace.tb_lineno, code.co_name
        elif name.partition(".")[0] == _OWN_PACKAGE:
            yield f"/lib/{name.replace('.', '/')}.py", trace.tb_lineno, code.co_name
        trace = trace.tb_next
