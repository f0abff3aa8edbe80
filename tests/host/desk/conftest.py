"""The `bench` fixture: how a test gets a chip on a desk."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from .bench import Bench, desk


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    """`bench(rows, chip, adapter)`: Blinka finds an adapter, usually an MCP2221, and this chip behind it."""
    with ExitStack() as stack:
        yield lambda *given: stack.enter_context(desk(Bench(*given), monkeypatch))


@pytest.fixture
def rows() -> Any:
    """Stand, run backward, fall backward, lie: 19 s."""
    from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand
    from backbeat_host.lab.runner.synthetic import synthetic

    from .bench import lively

    return lively(synthetic([Stand(3), Run("backward", 8), Fall("backward"), Lie(5)], 3).rows)
