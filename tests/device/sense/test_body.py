"""The senses together."""

import numpy as np

from backbeat import events
from backbeat.sense.body import GAIT, TRAVEL, VERDICT, Body
from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic

HZ = 104


def felt(rows):
    """Feed rows; give the body and (second, news) of all that was news."""
    body = Body((1000, 0, 0), (0, 0, 1000), 1)
    told = []
    for number, row in enumerate(rows.tolist(), 1):
        news = body.feel(*row)
        if news:
            told.append((number / HZ, news, body.gait.gait, body.travel.travel))
    return body, told


def test_news_come_with_every_second_sample_and_verdicts_with_every_eighth():
    run = synthetic([Stand(3), Run("backward", 10), Fall("left"), Lie(5)], 1)
    _, told = felt(run.rows)
    assert all(round(second * HZ) % 2 == 0 for second, *_ in told)
    assert {round(second * HZ) % 8 for second, news, *_ in told if news & VERDICT} == {0}


def test_who_lies_and_rocks_as_if_stepping_does_not_walk():
    rows = synthetic([Stand(3), Walk("forward", 8), Fall("backward"), Lie(15)], 2).rows.astype(int)
    lying = 14 * HZ
    rocking = np.rint(500 * np.sin(2 * np.pi * 1.8 * np.arange(len(rows) - lying) / HZ)).astype(int)
    rows[lying:, 0] += rocking
    rows[lying:, 2] += rocking
    body, told = felt(rows)
    assert events.WALK in [gait for _, news, gait, _ in told if news & GAIT]
    assert body.gait.gait == events.STILL
    assert [way for second, news, _, way in told if news & TRAVEL and second > 17] in ([], [events.NOWHERE])


def test_the_loads_of_steps_are_those_of_the_blows():
    body, _ = felt(synthetic([Stand(3), Walk("forward", 10, 1.3, 110)], 1).rows)
    soft = body.load.mean()
    body, _ = felt(synthetic([Stand(3), Run("forward", 10)], 1).rows)
    assert 1000 < soft < body.load.mean() <= body.load.top < 10_000


def test_who_was_levelled_askew_runs_all_the_same():
    rows = synthetic([Stand(3), Run("forward", 15)], 1).rows.astype(int)
    lean = np.radians(36)  # as after bending down when the session began
    rows[: 2 * HZ, :3] = np.rint(2049 * np.array([np.sin(lean), 0, np.cos(lean)])).astype(int)
    rows[: 2 * HZ, 3:] = 0
    body, _ = felt(rows)
    assert body.frame.level
    assert body.gait.gait == events.RUN
    assert body.travel.travel == events.FORWARD
