"""What tests of pictures share."""

import builtins
import sys
from typing import Any

import pytest


@pytest.fixture
def no_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop where matplotlib is not installed."""
    real = builtins.__import__

    def refusing(name: str, *args: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "matplotlib":
            raise ModuleNotFoundError("no matplotlib", name=name)
        return real(name, *args, **more)

    for name in [name for name in sys.modules if name.startswith("backbeat_host.runs.drawing")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", refusing)
