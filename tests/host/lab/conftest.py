"""A virtual board whose drive holds what a test writes on it."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from backbeat_host.lab.board import VirtualBoard


class Still:
    """A board lying on the table."""

    def at(self, ns):
        return (0, 0, 2049, 0, 0, 0)


@pytest.fixture
def board_with(tmp_path: Path) -> Callable[..., VirtualBoard]:
    """`board_with(code, **{"lib/x.py": text}, **options)`: the drive is `drive` in the test's folder."""

    def make(code: str = "", *, files: dict[str, str] | None = None, motion=None, **options) -> VirtualBoard:
        drive = tmp_path / "drive"
        for name, text in {"code.py": code, **(files or {})}.items():
            path = drive / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text))
        return VirtualBoard(drive, motion or Still(), **options)

    return make


@pytest.fixture
def says(board_with: Callable[..., VirtualBoard]) -> Callable[..., list[str]]:
    """`says(code, **options)`: run lines of code on a board and return the lines that they print."""

    def run(code: str, *, prepare: Callable[[VirtualBoard], object] = lambda board: None, **options) -> list[str]:
        board = board_with(code, pass_cost_us=0, **options)
        prepare(board)
        assert board.power_on() == "finished", board.console
        return board.console.splitlines()

    return run
