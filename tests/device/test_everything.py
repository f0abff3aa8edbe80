"""Runs in which everything happens, at random from a seed: gaits, falls, rolls, presses, a chip that comes and goes.

Whatever happens, each beat is on time, each log is whole, and in the end nothing sounds.
"""

import random

import pytest

from backbeat_host.lab.endings import Ending
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, GetUp, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic

WAYS = ("forward", "backward", "left", "right")
PRESSES_S = (0.05, 0.1, 0.2, 0.5, 0.8, 1.2, 2.5)


def script(dice):
    acts = [Stand(5)]
    for _ in range(10):
        way = dice.choice(WAYS)
        acts.append(Run(way, dice.uniform(8, 40)) if dice.random() < 0.5 else Walk(way, dice.uniform(8, 30)))
        kind = dice.random()
        if kind < 0.2:
            acts.append(Stumble())
        elif kind < 0.4:
            acts += [Stand(4), BackwardRoll(), Stand(5)]
        elif kind < 0.7:
            acts += [Fall(dice.choice(WAYS)), Lie(dice.uniform(3, 40)), GetUp()]
    return acts


@pytest.mark.parametrize("seed", [5, 7, 11])
def test_whatever_happens_beats_are_on_time_logs_whole_and_the_end_is_silence(rig, seed):
    dice = random.Random(seed)
    rows = synthetic(script(dice), seed).rows
    seconds = len(rows) / 104
    bench = rig(
        rows,
        {"glance.every": 30, "cadence": dice.choice([60, 168.3, 240])},
        sample_cost_us=2000,
        pass_cost_us=600,
    )
    at = 10.0
    while at < seconds:
        at += dice.uniform(2, 40)
        bench.press(at, dice.choice(PRESSES_S))
        if dice.random() < 0.2:
            bench.at(at + 1, bench.board.unplug_chip)
            bench.at(at + 1 + dice.choice([0.1, 2, 6]), bench.board.plug_chip)
    bench.stop(seconds)
    assert bench.power_on() is Ending.INTERRUPTED
    happened = {told.name for told in bench.told}
    assert {"alarm", "alarm_cancelled", "sensor_lost", "sensor_back", "pause"} <= happened, "too quiet to mean anything"
    assert max(told.ms - told.b for told in bench.of("beat")) <= 2
    assert bench.of("fault") == []
    for number in range(1, len(bench.starts) + 1):
        log = bench.log(number)
        assert log.missing() == []
        assert log.session == number
    bench.quiet_from()
