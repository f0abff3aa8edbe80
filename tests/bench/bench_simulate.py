"""How fast recordings are judged, by the core alone and by the whole board, in CPU seconds of one processor.

Run by hand: `.venv/bin/python tests/bench/bench_simulate.py [MINUTES]`; the demo's ten minutes, tiled. The best of
three runs counts: others may share the machine. A corpus is many short trials: what each costs beyond its samples
(a boot, a drive) is told apart, and what both make of SisFall's 2313 trials of 11.4 h.
"""

import sys
import time

import numpy as np

from backbeat_host.lab.recordings.trial import RATE_HZ, Rows, Trial
from backbeat_host.lab.runner.acts import demo_script
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.lab.simulate import Options, simulate

HOUR_GOALS_S = {"core": 2.7, "board": 9.0}  # an hour of movement
TRIAL_GOALS_MS = {"core": 0.5, "board": 5.0}  # a trial of two rows
CORPUS_TRIALS, CORPUS_HOURS = 2313, 11.4 + 2313 * 7 / 3600  # 7 s of stillness are put around each
CORPUS_GOAL_S = 60.0  # 30 s on two processors
RUNS, SHORT_TRIALS = 3, 20


def main(minutes: float) -> None:
    """Print both speeds and what they add up to."""
    rows = synthetic(demo_script(), 1).rows
    wanted = round(minutes * 60 * RATE_HZ)
    long = np.tile(rows, (wanted // len(rows) + 1, 1))[:wanted]
    for name, goal in HOUR_GOALS_S.items():
        options = Options(core=name == "core", pad=False)
        hour = _cpu_s(long, options, 1) * 60 / minutes
        trial = _cpu_s(rows[:2], options, SHORT_TRIALS)
        corpus = CORPUS_HOURS * hour + CORPUS_TRIALS * trial
        print(
            f"{name:5}: {hour:5.2f} CPU s an hour of recording (goal {goal:g}), {3600 / hour:.0f} times as fast;"
            f" {trial * 1000:.2f} ms a trial (goal {TRIAL_GOALS_MS[name]:g});"
            f" sisfall-a {corpus:.0f} CPU s (goal {CORPUS_GOAL_S:g})"
        )


def _cpu_s(rows: Rows, options: Options, times: int) -> float:
    trial = Trial("bench", rows, RATE_HZ, {})
    spent = []
    for _ in range(RUNS):
        begin = time.process_time()
        for _ in range(times):
            simulate(trial, options)
        spent.append((time.process_time() - begin) / times)
    return min(spent)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
