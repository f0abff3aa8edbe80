"""Motions that the faults happen in."""

import numpy as np
import pytest

from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand
from backbeat_host.lab.runner.synthetic import synthetic

from ..rig import STILL


@pytest.fixture(scope="session")
def running():
    """A minute of running."""
    return synthetic([Stand(3), Run("forward", 57)], seed=3).rows


@pytest.fixture(scope="session")
def falling():
    """A short run, a fall 8 s after the start, 30 s of lying."""
    return synthetic([Stand(2), Run("backward", 6), Fall("backward"), Lie(30)], seed=7).rows


@pytest.fixture(scope="session")
def still():
    """A minute of lying still, as rows: the chip's flicker does not come into them."""
    return np.repeat(STILL, 6000, axis=0)
