"""What an inspection gathers: the device's own features and decisions, held against the truth."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backbeat import settings
from backbeat_host.errors import InputError
from backbeat_host.lab.inspection import inspect
from backbeat_host.lab.recordings.corpus_writer import NewTrial, write_corpus
from backbeat_host.lab.recordings.inputs import open_input
from backbeat_host.lab.recordings.trial import RATE_HZ, TrialRef
from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import SyntheticRun, synthetic
from backbeat_host.lab.simulate import Options, simulate
from backbeat_host.runs.drawing.inspection.subject import Subject


@pytest.fixture(scope="module")
def falling() -> SyntheticRun:
    return synthetic([Stand(3), Run("backward", 8), Fall("backward"), Lie(5)], 3)


def one(folder: Path, rows: np.ndarray, labels: dict[str, Any], **more: Any) -> TrialRef:
    write_corpus(folder / "c", [NewTrial("before", rows[:500], {}), NewTrial("t", rows, labels, **more)])
    return open_input(folder / "c")[1]


def seen(ref: TrialRef, **more: Any) -> Subject:
    return inspect(ref, settings.defaults(), **more)


def test_events_are_those_of_a_simulation(tmp_path: Path, falling: SyntheticRun) -> None:
    ref = one(tmp_path, falling.rows, {"kind": "fall", "fall_direction": "backward"})
    subject = seen(ref)
    assert list(subject.events) == simulate(ref.load(), Options(core=True, steps=True)).events


def test_every_fall_told_of_an_impact_is_among_the_candidates(tmp_path: Path, falling: SyntheticRun) -> None:
    subject = seen(one(tmp_path, falling.rows, {"kind": "fall", "fall_direction": "backward"}))
    fall = next(event for event in subject.events if event["event"] == "fall")
    told = [candidate for candidate in subject.candidates if candidate.verdict == "fall"]
    assert len(told) == 1
    assert abs(told[0].at - fall["at"]) < 3 and told[0].margin is not None
    for candidate in subject.candidates:
        assert (candidate.margin is None) == (not candidate.figures)
        if candidate.margin is not None:
            assert sum(figure.part for figure in candidate.figures) == pytest.approx(candidate.margin, abs=0.01)
            assert (candidate.margin > 0) == (candidate.verdict == "fall")
    assert subject.right is True and "backward" in subject.verdict


@pytest.mark.parametrize(
    ("labels", "right", "said"),
    [
        ({}, None, "one fall told"),
        ({"kind": "fall", "fall_direction": "forward"}, True, "backward, truly forward"),
        ({"kind": "daily"}, False, "false alarm"),
        ({"kind": "roll"}, False, "a roll told as a fall"),
    ],
)
def test_the_verdict_is_held_against_the_kind(
    tmp_path: Path, falling: SyntheticRun, labels: dict[str, Any], right: bool | None, said: str
) -> None:
    subject = seen(one(tmp_path, falling.rows, labels))
    assert subject.right is right and said in subject.verdict


def test_who_lies_is_far_from_upright_in_the_devices_own_blocks(tmp_path: Path, falling: SyntheticRun) -> None:
    subject = seen(one(tmp_path, falling.rows, {}))
    assert len(subject.block_s) == len(subject.blocks) == len(subject.spm)
    assert np.allclose(np.diff(subject.block_s), 8 / RATE_HZ)
    standing = subject.blocks[(subject.block_s > 1) & (subject.block_s < 2.5)].mean(axis=0)
    lying = subject.blocks[subject.block_s > subject.time_s[-1] - 1].mean(axis=0)
    assert standing[2] > 950 and lying[2] < 500


def test_a_turned_chip_gives_the_same_picture(tmp_path: Path, falling: SyntheticRun) -> None:
    x, y, z, p, q, r = falling.rows.T
    turned = np.stack([z, y, -x, r, q, -p], axis=1)  # chip: x up, y left, z backward
    mount = {"mount.forward": [0, 0, -1000], "mount.up": [1000, 0, 0]}
    straight = seen(one(tmp_path / "a", falling.rows, {}))
    askew = seen(TrialRef("t", tmp_path, lambda: turned, settings=mount))
    assert np.allclose(straight.acc_mg, askew.acc_mg) and np.allclose(straight.rate_dps, askew.rate_dps)
    assert [event["event"] for event in straight.events] == [event["event"] for event in askew.events]
    ignored = seen(TrialRef("t", tmp_path, lambda: turned, settings=mount), given=frozenset(mount))
    assert not np.allclose(straight.acc_mg, ignored.acc_mg)


def test_marked_steps_are_paired_with_told_ones(tmp_path: Path) -> None:
    walk = synthetic([Stand(3), Walk("forward", 15)], 1)
    told = [event["t"] for event in seen(one(tmp_path / "a", walk.rows, {})).events if event["event"] == "step"]
    marks = [round((at - 0.05) * RATE_HZ) for at in told if 4 < at < 15]
    steps = seen(one(tmp_path / "b", walk.rows, {"steps": marks})).steps
    assert steps.offset_s == pytest.approx(0.05, abs=0.02)
    assert len(steps.pairs) == len(marks) < len(steps.told) + 1


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"kind": "fal"}, "'kind' is \"fal\""),
        ({"kind": "daily", "steps": [5, 3]}, "'steps' has 3 after 5"),
        ({"steps": [5, 30_000]}, "'steps' has 30000 after 5"),
        ({"kind": "daily", "activity": 5}, "'activity' is 5"),
    ],
)
def test_labels_that_make_no_sense_are_not_drawn(
    tmp_path: Path, falling: SyntheticRun, labels: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=rf"trials\.jsonl, line 2, trial t: {said}"):
        seen(one(tmp_path, falling.rows, labels))


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (
            {"kind": "daily", "activity": "daily", "subject": "S1", "made": "by hand"},
            "daily · S1 · 20.0 s · made: by hand",
        ),
        (
            {"kind": "fall", "fall_direction": "forward", "activity": "rising, fall forward", "mount": "belt, front"},
            "rising, fall forward · belt, front · 20.0 s",
        ),
        ({"kind": "fall", "fall_direction": "down", "activity": "faint", "subject": "t"}, "faint · fall down · 20.0 s"),
        (
            {"kind": "fall", "fall_direction": "unknown", "subject": "made", "made": True},
            "fall · 20.0 s · made, not recorded",
        ),
    ],
)
def test_the_subtitle_says_all_that_is_known_of_a_trial_once_and_last_that_it_is_made(
    tmp_path: Path, labels: dict[str, Any], said: str
) -> None:
    still = np.tile([0, 0, 2049, 0, 0, 0], (2080, 1)).astype(np.int16)
    assert seen(one(tmp_path, still, labels)).subtitle == said


def test_true_speeds_and_a_part_of_the_time(tmp_path: Path, falling: SyntheticRun) -> None:
    travel = np.full((len(falling.rows), 2), -150, np.int16)
    subject = seen(one(tmp_path, falling.rows, {}, travel=travel), from_s=2.0, to_s=6.0)
    assert subject.speeds is not None and subject.speeds[0].tolist() == [-1.5, -1.5]
    assert (subject.first, subject.last) == (2.0, pytest.approx(6.0))
    assert len(subject.time_s) == len(falling.rows)


def test_a_fall_told_after_the_end_is_still_shown(tmp_path: Path, falling: SyntheticRun) -> None:
    whole = seen(one(tmp_path / "a", falling.rows, {}))
    fall = next(event for event in whole.events if event["event"] == "fall")
    short = seen(one(tmp_path / "b", falling.rows[: round((fall["t"] - 0.5) * RATE_HZ)], {}))
    assert short.last > short.time_s[-1] + 0.4
    assert any(event["event"] == "fall" and event["t"] < short.last for event in short.events)
