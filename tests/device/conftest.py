"""The `rig` fixture: how a test gets a board with the real firmware."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backbeat.session import Session

from .rig import STILL, Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    """`rig(rows, settings, **options of VirtualBoard)`: a board that is heard until the next."""
    before = Session.listener

    def make(rows: Any = STILL, given: Any = None, **options: Any) -> Rig:
        made = Rig(tmp_path / "drive", rows, given, **options)
        Session.listener = staticmethod(made.hear)
        return made

    try:
        yield make
    finally:
        Session.listener = before
