"""What is in a corpus, counted; and what in it makes no sense, found."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.corpus_writer import NewTrial, write_corpus
from backbeat_host.lab.recordings.survey import survey

GOOD = {"subject": "A", "activity": "walking", "kind": "daily", "mount": "belt"}


def rows(seconds: float = 4.0, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 20, (round(104 * seconds), 6))
    return (noise + np.array([0, 0, 2049, 0, 0, 0])).astype(np.int16)


def corpus(folder: Path, *trials: tuple[np.ndarray, dict[str, Any]]) -> Path:
    write_corpus(folder / "c", [NewTrial(f"t{at}", felt, labels) for at, (felt, labels) in enumerate(trials)])
    return folder / "c"


def test_trials_hours_people_kinds_and_labels_are_counted(tmp_path: Path) -> None:
    fall = {**GOOD, "subject": "B", "activity": "trip", "kind": "fall", "fall_direction": "forward"}
    found = survey(corpus(tmp_path, (rows(4, 1), GOOD), (rows(8, 2), GOOD), (rows(5, 3), fall)))
    assert (found.trials, found.seconds) == (3, pytest.approx(17))
    assert found.people == {"A": 2, "B": 1}
    assert {kind: share.trials for kind, share in found.kinds.items()} == {"daily": 2, "fall": 1}
    assert found.activities["daily", "walking"].seconds == pytest.approx(12)
    assert found.labels["fall_direction"] == 1 and found.labels["mount"] == 3
    assert not found.odd and found.travel_known is None and found.clipped_samples == 0
    assert json.loads(json.dumps(found.as_json()))["clipped"] == {"samples": 0, "trials": 0}


def test_clipping_is_counted_at_either_end_of_the_range(tmp_path: Path) -> None:
    clipped = rows(4, 1)
    clipped[10, 0], clipped[11, 4], clipped[11, 5] = -32768, 32767, 32767
    found = survey(corpus(tmp_path, (clipped, GOOD), (rows(4, 2), GOOD)))
    assert (found.clipped_samples, found.clipped_trials) == (2, 1)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (without("subject"), "no subject"),
        (without("kind"), "no kind"),
        ({**GOOD, "kind": "party"}, "kind 'party' is none of"),
        ({**GOOD, "kind": "fall"}, "a fall without a direction"),
        ({**GOOD, "fall_direction": "forward"}, "a direction without a fall"),
        ({**GOOD, "kind": "fall", "fall_direction": "up"}, "direction 'up' is none of"),
        ({**GOOD, "steps": [50, 40]}, "steps out of order"),
        ({**GOOD, "steps": [50, 60]}, "steps closer than 0.15 s"),
        ({**GOOD, "steps": [50, 4000]}, "steps after the trial's end"),
        ({**GOOD, "walking": [[5, 4000]]}, "walking spans"),
    ],
)
def test_labels_that_make_no_sense_are_found(tmp_path: Path, labels: dict[str, Any], said: str) -> None:
    odd = survey(corpus(tmp_path, (rows(4, 1), GOOD), (rows(4, 2), labels))).odd
    assert [(what.startswith(said), ids) for what, ids in odd.items()] == [(True, ["t1"])]


def stuck() -> np.ndarray:
    felt = rows(4, 2)
    felt[100:250] = felt[100]
    return felt


@pytest.mark.parametrize(
    ("felt", "said"),
    [
        (rows(2, 2), "shorter than 3 s"),
        (rows(4, 2) * 4, "another unit or range"),
        (rows(4, 2) // 5, "another unit or range"),
        (stuck(), "stand still for more than 1 s"),
        (rows(4, 1), "the same samples as another trial"),
    ],
)
def test_samples_that_make_no_sense_are_found(tmp_path: Path, felt: np.ndarray, said: str) -> None:
    odd = survey(corpus(tmp_path, (rows(4, 1), GOOD), (felt, GOOD))).odd
    assert len(odd) == 1 and said in next(iter(odd))


def test_rows_that_two_trials_share_are_found(tmp_path: Path) -> None:
    folder = corpus(tmp_path, (rows(8, 1), GOOD))
    lines = [json.dumps({"id": name, "start": at, "length": 416, **GOOD}) for name, at in (("a", 0), ("b", 400))]
    (folder / "trials.jsonl").write_text("\n".join(lines))
    assert survey(folder).odd == {"rows that two trials share": ["a + b"]}


def test_travel_is_summed_up_or_found_wanting(tmp_path: Path) -> None:
    folder = corpus(tmp_path, (rows(4, 1), GOOD))
    travel = np.zeros((416, 2), np.int16)
    travel[:104] = -32768
    np.save(folder / "travel.npy", travel)
    assert survey(folder).travel_known == pytest.approx(0.75)
    np.save(folder / "travel.npy", travel[:-1])
    assert list(survey(folder).odd.values()) == [["travel.npy"]]


def test_what_is_no_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a corpus"):
        survey(tmp_path)
