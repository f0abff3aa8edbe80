"""What is heard is what the device weighs, and listening calls nothing."""

from pathlib import Path

import numpy as np

from backbeat.sense import figures
from backbeat.sense.body import VERDICT, Body
from backbeat.sense.falls import FELL
from backbeat_host.lab.recordings.resample import padded
from backbeat_host.lab.recordings.trial import Rows, TrialRef
from backbeat_host.lab.runner.acts import Fall, GetUp, Lie, Run, Stand
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.lab.train.listen import listen

TWO_FALLS = synthetic([Stand(3), Fall("backward"), Lie(5), GetUp(), Stand(4), Fall("forward"), Lie(5)], 3).rows


def ref(rows: Rows, **settings: object) -> TrialRef:
    return TrialRef("a", Path("a"), lambda: rows, settings=settings)


def called(rows: Rows) -> list[list[int]]:
    """The figures of each fall that the device calls."""
    body = Body((1000, 0, 0), (0, 0, 1000), 1)
    return [list(body.falls.figures) for row in padded(rows)[0].tolist() if body.feel(*row) & VERDICT == FELL]


def test_every_fall_that_the_device_calls_was_heard_with_its_figures() -> None:
    heard = listen(ref(TWO_FALLS)).figures.tolist()
    assert len(called(TWO_FALLS)) == 2
    for fall in called(TWO_FALLS):
        assert fall in heard


def test_a_run_has_nothing_to_weigh() -> None:
    rows = synthetic([Stand(3), Run("backward", 20), Stand(3)], 1).rows
    assert listen(ref(rows)).figures.shape == (0, figures.COUNT)


def test_the_chip_may_sit_as_the_trial_says() -> None:
    x, y, z, p, q, r = TWO_FALLS.T
    turned = np.stack([z, y, -x, r, q, -p], axis=1)
    settings = {"mount.forward": (0, 0, -1000), "mount.up": (1000, 0, 0)}
    heard = listen(ref(turned, **settings)).figures
    assert np.abs(heard - listen(ref(TWO_FALLS)).figures).max() < 30
