"""Short pushes of the ground on a body that goes on as it was: for rolls, made ones and those added to recordings."""

import numpy as np

from backbeat_host.lab.made.rotations import Floats

GIVEN_BACK = 8.0  # times as long the body takes to give back the speed it got: it sinks in between


def blow(times: Floats, at: float, width: float) -> Floats:
    """Give a push (n) that peaks at 1 at a time, `width` its standard deviation (s), with no net change of speed.

    What it adds is taken back slowly, as weight is borne a little less before and after; never with a pull.
    """
    away = (times - at) / width
    narrow, wide = np.exp(-0.5 * away**2), np.exp(-0.5 * (away / GIVEN_BACK) ** 2)
    return np.asarray((narrow - wide / GIVEN_BACK) / (1 - 1 / GIVEN_BACK), dtype=np.float64)
