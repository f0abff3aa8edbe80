"""Cases made by hand: a trial's truth and what was told, in a few words."""

from collections.abc import Callable

import numpy as np
import pytest

from backbeat_host.lab.scores.labels import Labels
from backbeat_host.lab.scores.told import Alarm, Case, Told

MakeCase = Callable[..., Case]


@pytest.fixture
def case() -> MakeCase:
    """`case("fall", falls=[5.0], activity="slip")`: a minute's trial; falls are told 2.5 s after their impact.

    A list of numbers under `truth` are marked steps; `told` are told steps.
    """

    def make(
        kind: str = "daily",
        *,
        corpus: str = "a",
        trial: str = "t",
        seconds: float = 60.0,
        falls: list[float] | list[Alarm] | None = (),
        rolls=(),
        stumbles=(),
        suspects=(),
        travel=(),
        told=None,
        truth=None,
        cadence=(),
        feet=(),
        speeds=None,
        **labels,
    ) -> Case:
        alarms = None
        if falls is not None:
            alarms = tuple(one if isinstance(one, Alarm) else Alarm(one + 2.5, one, "forward") for one in falls)
        steps = None if truth is None else np.array(truth, dtype=float)
        what = Told(
            alarms,
            tuple(suspects),
            tuple(rolls),
            tuple(stumbles),
            tuple(travel),
            None if told is None else np.array(told, dtype=float),
            tuple(cadence),
            tuple(feet),
        )
        return Case(corpus, Labels(trial, seconds, kind, steps=steps, **labels), what, speeds)

    return make
