"""The `micropython` fixture: how a test gets the interpreter."""

from collections.abc import Callable

import pytest

from .engine import require, run_micropython


@pytest.fixture(scope="session")
def micropython() -> Callable[..., str]:
    """`engine.run_micropython`, where the interpreter is installed."""
    require()
    return run_micropython
