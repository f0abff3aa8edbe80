"""The module that is written: it can be read by a board, and says where it is from."""

import pytest

from backbeat_host.errors import WorkError
from backbeat_host.lab.scores.intervals import Share
from backbeat_host.lab.train.by_subject import Score
from backbeat_host.lab.train.fit import Weights
from backbeat_host.lab.train.module import LARGEST, SMALL, Origin, text

WEIGHTS = Weights(-12, (1, 2, 3, -4, 5, -6, 7))
SCORES = [Score(Share(99, 100), Share(10, 10), Share(0, 0))] * 3
ORIGIN = Origin(["mine, 5 trials of 2 people, 0123"], "2026-01-02", "--folds 5 --seed 1")


def made(weights: Weights = WEIGHTS) -> str:
    return text(weights, (30, 20, 10), SCORES, ORIGIN)


def test_it_runs_and_holds_the_numbers() -> None:
    names: dict[str, object] = {}
    exec(compile(made(), "weights.py", "exec"), names)
    assert names["BIAS"] == -12
    assert names["WEIGHTS"] == (1, 2, 3, -4, 5, -6, 7)
    assert names["THRESHOLDS"] == (30, 20, 10)


def test_it_says_where_it_is_from_and_what_it_is_worth() -> None:
    header = made().split('"""')[1]
    for part in ("mine, 5 trials of 2 people, 0123", "2026-01-02", "--folds 5 --seed 1", "backbeat train"):
        assert part in header
    assert "normal: sensitivity 99.00 % (99/100) backward 100.00 % (10/10)\n" in header, "none left out: no figure"


def test_what_a_board_cannot_hold_is_refused() -> None:
    most = (SMALL - 1) // LARGEST // 7
    made(Weights(0, (most,) * 7))
    with pytest.raises(WorkError, match="too large for a board"):
        made(Weights(0, (most + 1,) * 7))
