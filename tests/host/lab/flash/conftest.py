"""A drive to write on."""

from pathlib import Path

import pytest

from .drive_rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    """One in the test's folder."""
    return Rig(tmp_path / "drive")
