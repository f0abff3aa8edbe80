"""`backbeat evaluate`: what it prints, what it writes, what it refuses."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from backbeat_host.cli.evaluate import evaluate
from backbeat_host.errors import WorkError
from backbeat_host.lab.simulate import simulate

Labels = dict[str, Any]


@pytest.fixture
def bench(tmp_path: Path, motion) -> Callable[..., Path]:
    """`bench({"kind": "fall"}, ...)`: a corpus of 19 s trials t0, t1, ...: a run backward, a fall backward."""

    def make(*lines: Labels | str, name: str = "bench") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        rows = motion.rows
        np.save(folder / "samples.npy", np.concatenate([rows] * max(1, len(lines))))
        texts = [
            line
            if isinstance(line, str)
            else json.dumps({"id": f"t{number}", "start": number * len(rows), "length": len(rows), **line})
            for number, line in enumerate(lines)
        ]
        (folder / "trials.jsonl").write_text("\n".join(texts) + "\n")
        return folder

    return make


def run(*words: object) -> Result:
    result = CliRunner().invoke(evaluate, [*map(str, words), "--core"], prog_name="backbeat evaluate")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def sentence(result: Result, code: int) -> str:
    """The one sentence of a failure; no traceback."""
    assert result.exit_code == code, result.stderr
    said = result.stderr.strip().rpartition("Error: ")[2]
    assert "Traceback" not in result.stderr and "\n" not in said and said.endswith("."), result.stderr
    return said


FALL = {"kind": "fall", "fall_direction": "backward", "activity": "slip", "subject": "x"}


def test_it_prints_a_headline_and_tables(bench):
    result = run(bench(FALL, {"kind": "daily", "activity": "lie down"}))
    assert (result.exit_code, result.stderr) == (0, "")
    for part in (
        "bench",
        "2 trials, 1 person",
        "falls found",
        "others quiet",
        "slip",
        "lie down",
        "Worst trials",
        "t1",
    ):
        assert part in result.stdout
    assert "100 %  20.7-100  1/1" in result.stdout


def test_a_section_without_truth_is_left_out(bench):
    out = run(bench({"kind": "daily"})).stdout
    for part in ("Steps", "Travel", "falls found", "rolls told as a roll", "while running"):
        assert part not in out
    out = run(bench({"kind": "daily", "travel": "backward", "steps": list(range(400, 1100, 36))}, name="more")).stdout
    assert "Steps" in out and "Travel: 5 s windows" in out


def test_everything_asked_for_is_written(bench, tmp_path):
    folder = bench(FALL)
    files = [tmp_path / "out" / name for name in ("r.json", "r.html", "e.jsonl")]
    result = run(folder, "--peers", "--json", files[0], "--html", files[1], "--events", files[2])
    assert result.exit_code == 0
    told = json.loads(files[0].read_text())
    assert list(told["groups"][0]["detectors"]) == ["backbeat", "peak", "dip, peak", "dip, impact, lying"]
    assert "dip, impact, lying" in files[1].read_text(encoding="utf-8")
    events = [json.loads(line) for line in files[2].read_text().splitlines()]
    assert {"session_start", "step", "fall", "session_end"} <= {event["event"] for event in events}


def test_events_on_standard_output_are_alone_there(bench, promise):
    result = run(bench(FALL), "--events", "-")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    promise([event for event in events if event["event"] != "step"])
    assert "falls found" in result.stderr


def test_the_same_comes_out_on_any_number_of_processes(bench, tmp_path):
    folder = bench(FALL, {"kind": "daily"}, FALL)
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    assert run(folder, "--jobs", 1, "--json", one).stdout == run(folder, "--jobs", 2, "--json", two).stdout
    assert one.read_bytes() == two.read_bytes()


def test_settings_reach_the_firmware(bench):
    folder = bench(FALL)
    assert "50." not in run(folder).stdout
    turned = run(folder, "--settings", "mount.up=0,0,-1000", "--settings", "mount.forward=-1000,0,0")
    assert turned.exit_code == 0


def test_only_trials_that_match_are_scored(bench):
    assert "1 trial," in run(bench(FALL, FALL), "--trial", "*1").stdout


def test_a_trial_that_fails_is_named_at_the_end_and_the_rest_is_written(bench, tmp_path, monkeypatch):
    def failing(trial, options):
        if trial.id == "t1":
            raise WorkError("the firmware failed; report it.")
        return simulate(trial, options)

    monkeypatch.setattr("backbeat_host.lab.evaluate.simulate", failing)
    target = tmp_path / "r.json"
    result = run(bench(FALL, FALL, {"kind": "daily"}), "--jobs", 1, "--json", target)
    assert sentence(result, 1) == "1 of 3 trials failed and are not scored: t1 (the firmware failed; report it)."
    assert "2 trials" in result.stdout
    told = json.loads(target.read_text())
    assert told["groups"][0]["trials"] == 2
    assert told["failed"] == [{"trial": "t1", "why": "the firmware failed; report it."}]


def test_what_took_long_is_shown_even_where_a_file_cannot_be_written(bench, tmp_path, monkeypatch):
    def full(_report, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys.modules[evaluate.callback.__module__], "write_json", full)
    result = run(bench(FALL), "--json", tmp_path / "r.json")
    assert "r.json: cannot be written (No space left on device)" in sentence(result, 1)
    assert "falls found" in result.stdout and not (tmp_path / "r.json").exists()


def test_a_cluster_that_does_not_answer_is_said_and_nothing_written(bench, tmp_path, monkeypatch):
    monkeypatch.setattr("backbeat_host.lab.workers.PATIENCE_S", 0.5)
    target = tmp_path / "r.json"
    result = run(bench(FALL), "--dask", "tcp://127.0.0.1:1", "--json", target)
    assert sentence(result, 1).startswith("tcp://127.0.0.1:1: no Dask scheduler answers there")
    assert not target.exists() and result.stdout == ""


GOOD = '{"id": "a", "start": 0, "length": 300, "kind": "daily"}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "trials.jsonl, line 2: not JSON"),
        ("[]", "trials.jsonl, line 2: not a JSON object"),
        ('{"id": "b", "start": 0, "length": 9999999, "kind": "daily"}', "trial b: rows 0 to 9999999 lie outside"),
        (
            '{"id": "a", "start": 0, "length": 300, "kind": "daily"}',
            "line 2, trial a: this id is already that of line 1",
        ),
        ('{"id": "b", "start": 0, "length": 300}', "line 2, trial b: no 'kind'"),
        ('{"id": "b", "start": 0, "length": 300, "kind": "dance"}', "trial b: 'kind' is \"dance\""),
        ('{"id": "b", "start": 0, "length": 300, "kind": "gait", "steps": [300]}', "trial b: 'steps' has 300"),
        ('{"id": "b", "start": 0, "length": 300, "kind": "gait", "walking": [[9, 3]]}', "'walking' has [9, 3]"),
        ('{"id": "b", "start": 0, "length": 300, "kind": "gait", "fps": -1}', "'fps' is -1"),
    ],
)
def test_a_corpus_that_makes_no_sense_is_refused_in_one_sentence(bench, tmp_path, line, said):
    target = tmp_path / "out" / "r.json"
    result = run(bench(GOOD, line), "--json", target)
    assert said in sentence(result, 2)
    assert result.stdout == "" and not target.parent.exists()


def test_a_missing_file_is_named(bench, tmp_path):
    folder = bench(FALL)
    (folder / "samples.npy").unlink()
    assert f"{folder / 'samples.npy'}: missing" in sentence(run(folder), 2)
    assert "not a corpus" in sentence(run(tmp_path), 2)
    assert "no such file" in sentence(run(tmp_path / "nowhere"), 2)


def test_a_recording_without_labels_is_no_corpus(recordings):
    assert "not a corpus; a score needs the labels of one" in sentence(run(recordings / "run.csv"), 2)


def test_what_does_not_go_together_is_refused(bench, tmp_path):
    folder = bench(FALL)
    assert "--jobs and --dask exclude each other" in sentence(run(folder, "--jobs", 2, "--dask", "x:1"), 2)
    assert "--core and --board exclude each other" in sentence(run(folder, "--board"), 2)
    assert "no trial matches 'Z*'" in sentence(run(folder, "--trial", "Z*"), 2)
    assert "would be written over" in sentence(run(folder, "--json", folder / "trials.jsonl"), 2)
    twice = sentence(run(folder, "--json", tmp_path / "x", "--html", tmp_path / "x"), 2)
    assert "two outputs would go into this file" in twice
    assert "this input comes twice" in sentence(run(folder, folder), 2)
    assert "cadence" in sentence(run(folder, "--settings", "cadence=9999"), 2)
