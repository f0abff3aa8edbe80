"""The bench: trials in, scores out; the same on any number of processes and on a cluster."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.evaluate import (
    MADE_TOGETHER,
    OURS,
    TOGETHER,
    Bench,
    evaluate,
    is_upright,
    judge,
    lay_out,
)
from backbeat_host.lab.recordings.inputs import open_input
from backbeat_host.lab.report.plain import as_json, write_json
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, Lie, Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.lab.scores.intervals import Share
from backbeat_host.lab.simulate import Options, simulate

PROGRAM = Path(__file__).parent / "cluster_program.py"
CORE = Bench(Options(core=True))
MakeCorpus = Callable[..., Path]


@pytest.fixture(scope="module")
def acts() -> dict[str, np.ndarray]:
    plans = {
        "fall": [Stand(3), Run("backward", 6), Fall("backward"), Lie(5)],
        "run": [Stand(3), Run("backward", 17)],
        "walk": [Stand(3), Walk("forward", 12)],
        "roll": [Stand(3), Run("backward", 5), BackwardRoll(), Run("backward", 6)],
    }
    return {name: synthetic(plan, 3).rows for name, plan in plans.items()}


@pytest.fixture
def corpus(tmp_path: Path, acts) -> MakeCorpus:
    """`corpus("a", ("x", "fall", {labels}), ...)`: a folder whose trials are acts, with labels beside the kind."""

    def make(name: str, *trials: tuple[str, str, dict[str, Any]], travel: bool = False) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        rows = [acts[act] for _, act, _ in trials]
        starts = np.cumsum([0, *map(len, rows)])
        np.save(folder / "samples.npy", np.concatenate(rows))
        lines = [
            json.dumps({"id": ident, "start": int(start), "length": len(one), "activity": act} | labels)
            for (ident, act, labels), start, one in zip(trials, starts, rows, strict=False)
        ]
        (folder / "trials.jsonl").write_text("\n\n".join(lines) + "\n")
        if travel:
            speeds = np.full((int(starts[-1]), 2), -32768, dtype=np.int16)
            speeds[int(starts[-1]) // 2 :] = (-250, 3)
            np.save(folder / "travel.npy", speeds)
        return folder

    return make


def test_falls_and_the_others_are_told_apart(corpus):
    folder = corpus(
        "a",
        ("f1", "fall", {"kind": "fall", "fall_direction": "backward", "subject": "x"}),
        ("r1", "run", {"kind": "daily", "travel": "backward", "subject": "y"}),
        ("r2", "roll", {"kind": "roll", "subject": "y"}),
    )
    report, events = evaluate(lay_out([folder]), CORE, jobs=1)
    (group,) = report.groups
    assert (group.name, group.made, group.trials, group.subjects) == ("a", False, 3, 2)
    assert group.kinds == {"daily": 1, "fall": 1, "roll": 1}
    scores = group.scores[OURS]
    assert scores.falls.sensitivity == Share(1, 1)
    assert scores.falls.running.count == 0
    assert scores.travel.right.of == 4
    assert scores.rolls.as_roll.of == 1
    assert (events, report.failed) == ([], ())


def test_steps_are_asked_for_where_they_are_known(corpus):
    marks = [400 + 57 * k for k in range(15)]
    folder = corpus("a", ("w", "walk", {"kind": "gait", "steps": marks}), ("w2", "walk", {"kind": "gait"}))
    (entry, other) = lay_out([folder])
    told = judge(CORE, entry.ref).told[OURS]
    assert len(told.steps) > 10 and told.cadence and told.cadence[0][0] == pytest.approx(3.0, abs=0.1)
    assert len(judge(CORE, other.ref).told[OURS].steps) == 0
    assert len(judge(Bench(Options(core=True), events=True), other.ref).told[OURS].steps) > 10


def test_the_events_kept_are_those_of_a_simulation_with_steps(corpus):
    folder = corpus("a", ("w", "walk", {"kind": "gait"}))
    _, events = evaluate(lay_out([folder]), Bench(Options(core=True), events=True), jobs=1)
    assert events == simulate(open_input(folder)[0].load(), Options(core=True, steps=True)).events


def test_made_recordings_stand_apart_and_corpora_stand_alone_and_together(corpus):
    quiet = {"kind": "daily"}
    one = corpus("one", ("a", "walk", quiet), ("b", "walk", {**quiet, "made": "by physics"}))
    two = corpus("two", ("c", "walk", quiet), ("d", "walk", {**quiet, "made": True}))
    report, _ = evaluate(lay_out([one, two]), CORE, jobs=1)
    assert [(group.name, group.made, group.trials, group.corpora) for group in report.groups] == [
        ("one", False, 1, ("one",)),
        ("two", False, 1, ("two",)),
        (TOGETHER, False, 2, ("one", "two")),
        ("one", True, 1, ("one",)),
        ("two", True, 1, ("two",)),
        (MADE_TOGETHER, True, 2, ("one", "two")),
    ]


def test_speeds_are_those_of_the_trial_s_own_rows_even_where_ids_come_twice(corpus):
    trials = (("a", "run", {"kind": "movement"}), ("b", "run", {"kind": "movement"}))
    folders = [corpus("one", *trials, travel=True), corpus("two", *trials)]
    entries = lay_out(folders)
    assert [entry.ref.id for entry in entries] == ["one/a", "one/b", "two/a", "two/b"]
    speeds = [entry.speeds.of(entry.ref) for entry in entries]
    assert np.isnan(speeds[0]).all() and len(speeds[0]) == 20 * 104
    assert speeds[1].mean(axis=0) == pytest.approx([-2.5, 0.03])
    assert speeds[2] is None


def test_peers_judge_the_same_trials(corpus):
    marks = [400 + 57 * k for k in range(15)]
    folder = corpus("a", ("f", "fall", {"kind": "fall"}), ("w", "walk", {"kind": "gait", "steps": marks}))
    report, _ = evaluate(lay_out([folder]), Bench(Options(core=True), peers=True), jobs=1)
    scores = report.groups[0].scores
    assert list(scores) == [OURS, "peak", "dip, peak", "dip, impact, lying", "peak picking"]
    assert scores["peak"].falls.sensitivity == Share(1, 1)
    assert scores["peak picking"].falls is None and scores["peak"].travel is None and not scores["peak"].steps
    assert scores["peak picking"].steps["all"].truth == 15


@pytest.fixture
def several(corpus) -> list[Path]:
    marks = [400 + 57 * k for k in range(15)]
    first = corpus("one", ("f", "fall", {"kind": "fall"}), ("w", "walk", {"kind": "gait", "steps": marks}))
    second = corpus("two", ("f", "fall", {"kind": "daily"}), ("r", "run", {"kind": "movement"}), travel=True)
    return [first, second]


def test_the_number_of_processes_makes_no_difference(several):
    bench = Bench(Options(core=True), peers=True, events=True)
    alone, events = evaluate(lay_out(several), bench, jobs=1)
    many, same = evaluate(lay_out(several), bench, jobs=3)
    assert as_json(many) == as_json(alone) and same == events


def test_a_cluster_of_two_workers_makes_no_difference(several, tmp_path):
    bench = Bench(Options(core=True), peers=True)
    alone, _ = evaluate(lay_out(several), bench, jobs=1)
    there = tmp_path / "there.json"
    words = ["evaluate", *map(str, several), "--peers", "--json", str(there)]
    subprocess.run([sys.executable, PROGRAM, "command", *words], capture_output=True, timeout=300, check=True)
    here = tmp_path / "here.json"
    write_json(alone, here)
    assert there.read_text() == here.read_text()


def test_a_trial_that_fails_is_named_and_the_others_are_scored(several, monkeypatch):
    def failing(trial, options):
        if trial.id == "w":
            raise WorkError("the firmware failed.")
        return simulate(trial, options)

    monkeypatch.setattr("backbeat_host.lab.evaluate.simulate", failing)
    heard: list[float] = []
    report, _ = evaluate(lay_out(several), CORE, jobs=1, progress=heard.append)
    assert report.failed == (("w", "the firmware failed."),)
    assert [group.trials for group in report.groups] == [1, 2, 3]
    assert heard == [1, 2, 3, 4]


def test_the_trunk_is_upright_within_45_degrees_of_up_at_that_instant():
    def leaning(degrees: float) -> np.ndarray:
        angle = np.radians(degrees)
        return np.tile(2049 * np.array([np.sin(angle), 0, np.cos(angle), 0, 0, 0]), (208, 1))

    rows = np.concatenate([leaning(0), leaning(44), leaning(46), leaning(180)]).astype(np.int16)
    up = (0, 0, 1000)
    assert [is_upright(rows, up, t) for t in (-3.0, 1.0, 3.0, 5.0, 7.0, 50.0)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert is_upright(rows, (0, 0, -1000), 50.0)
    assert is_upright(rows[:3], up, 0.0)


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("travel.npy", np.zeros((5, 2), dtype=np.int16), "int16 of shape (5, 2); expected int16 of shape (2080, 2)"),
        ("travel.npy", np.zeros((2080, 3), dtype=np.int16), "int16 of shape (2080, 3)"),
        ("travel.npy", np.zeros((2080, 2)), "float64 of shape (2080, 2)"),
        ("samples.npy", np.zeros((2080, 6)), "float64 of shape (2080, 6)"),
    ],
)
def test_an_array_of_another_form_is_refused(corpus, name, array, said):
    folder = corpus("a", ("a", "run", {"kind": "daily"}), travel=True)
    np.save(folder / name, array)
    with pytest.raises(InputError) as caught:
        lay_out([folder])
    assert said in caught.value.message and str(folder / name) in caught.value.message


def test_what_is_no_array_is_refused(corpus):
    folder = corpus("a", ("a", "run", {"kind": "daily"}), travel=True)
    (folder / "travel.npy").write_text("fast")
    with pytest.raises(InputError, match=r"travel\.npy: not a readable NumPy array"):
        lay_out([folder])


def test_a_label_that_makes_no_sense_is_refused_before_anything_runs(corpus):
    folder = corpus("a", ("a", "run", {"kind": "daily"}), ("b", "run", {"kind": "flying"}))
    with pytest.raises(InputError, match=r"trials\.jsonl, line 3, trial b: 'kind' is \"flying\""):
        lay_out([folder])


@pytest.mark.corpus
def test_walks_with_marked_steps_are_scored(shared_corpora):
    entries = lay_out([shared_corpora / "gait-a"], "ipol/1-*")
    report, _ = evaluate(entries, Bench(Options(core=True), peers=True), jobs=1)
    scores = report.groups[0].scores
    assert scores[OURS].falls.false_alarms.count == 0
    assert scores["peak picking"].steps["all"].f1 > 0.85


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["sisfall-a", "gait-a", "mocap-a"])
def test_the_labels_of_the_shared_recordings_make_sense(shared_corpora, name):
    entries = lay_out([shared_corpora / name])
    assert len(entries) == {"sisfall-a": 2313, "gait-a": 69, "mocap-a": 1218}[name]
    assert (entries[-1].speeds.of(entries[-1].ref) is not None) == (name == "mocap-a")
