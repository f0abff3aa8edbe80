"""How fast an hour of movement is judged: the core alone and the whole board, in CPU seconds on one processor.

Run by hand: `.venv/bin/python tests/bench/bench_simulate.py [MINUTES]`; the demo's ten minutes, tiled.
"""

import sys
import time

import numpy as np

from backbeat_host.lab.recordings.trial import RATE_HZ, Trial
from backbeat_host.lab.runner.acts import demo_script
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.lab.simulate import Options, simulate

GOALS_S = {"core": 4.0, "board": 60.0}  # an hour of recording, one processor


def main(minutes: float) -> None:
    """Print both speeds."""
    rows = synthetic(demo_script(), 1).rows
    wanted = round(minutes * 60 * RATE_HZ)
    hour = np.tile(rows, (wanted // len(rows) + 1, 1))[:wanted]
    for name, goal in GOALS_S.items():
        begin = time.process_time()
        simulate(Trial("hour", hour, RATE_HZ, {}), Options(core=name == "core"))
        spent = (time.process_time() - begin) * 60 / minutes
        print(
            f"{name:5}: {spent:6.2f} CPU s for an hour of recording (goal {goal:g} s), {3600 / spent:.0f} times as fast"
        )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
