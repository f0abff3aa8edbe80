import json

import numpy as np
import pytest
from click.testing import CliRunner

from backbeat_host.cli.corpus_make import make
from backbeat_host.lab.made.changes import CHANGES
from backbeat_host.lab.made.library import NAMES
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.corpus_writer import NewTrial, write_corpus


def run(*arguments):
    return CliRunner().invoke(make, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def jumps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "jumps"
    result = run(folder, "--only", "jumps", "--only", "stairs", "--count", "2")
    assert result.exit_code == 0, result.output
    assert "4 trials" in result.output
    return folder


def test_a_corpus_is_made_that_opens(jumps):
    refs = open_corpus(jumps)
    assert [ref.id for ref in refs] == ["stairs/000", "stairs/001", "jumps/000", "jumps/001"]
    assert all(ref.labels["made"] for ref in refs)


def test_the_same_seed_makes_the_same_bytes(jumps, tmp_path):
    run(tmp_path / "again", "--only", "jumps", "--only", "stairs", "--count", "2")
    for name in ("samples.npy", "trials.jsonl"):
        assert (tmp_path / "again" / name).read_bytes() == (jumps / name).read_bytes()


def test_a_corpus_is_changed(jumps, tmp_path):
    result = run(tmp_path / "new", "--from", jumps, "--change", "turned", "--change", "noise", "--count", "3")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in (tmp_path / "new" / "trials.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == [
        f"turned+noise/{name}" for name in ("stairs/000", "stairs/001", "jumps/000")
    ]
    assert lines[1]["settings"] != lines[0]["settings"]
    assert "changed: turned, noise" in lines[0]["made"]


def test_made_motion_can_be_changed_in_one_go(tmp_path):
    result = run(tmp_path / "new", "--only", "jumps", "--count", "1", "--change", "reversed")
    assert result.exit_code == 0, result.output
    (ref,) = open_corpus(tmp_path / "new")
    assert ref.labels["activity"].startswith("reversed ")
    assert np.abs(ref.read()).max() > 1000


def test_the_list_names_all_families_and_changes():
    result = run("--list")
    assert result.exit_code == 0
    for name in (*NAMES, *CHANGES):
        assert name in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no folder is named"),
        (["new", "--only", "somersaults"], "there is no family 'somersaults'"),
        (["new", "--only", "jumps", "--count", "1", "--change", "upside"], "there is no change 'upside'"),
        (["new", "--from", "nowhere", "--change", "noise"], "nowhere: not a corpus"),
        (["new", "--from", "nowhere"], "needs a --change"),
        (["new", "--from", "nowhere", "--only", "jumps", "--change", "noise"], "give one of them"),
    ],
)
def test_a_wrong_command_is_one_sentence_and_leaves_nothing(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("label", [{"roll": {"from": 1}}, {"steps": [5, 3]}, {"kind": "dance"}])
def test_a_corpus_with_labels_that_make_no_sense_is_not_changed(label, tmp_path):
    write_corpus(tmp_path / "old", [NewTrial("t", np.zeros((200, 6), np.int16), label)])
    result = run(tmp_path / "new", "--from", tmp_path / "old", "--change", "reversed")
    assert result.exit_code == 2
    assert f"trial t: '{next(iter(label))}'" in result.output
    assert not (tmp_path / "new").exists()


def test_a_taken_folder_is_left_alone(jumps):
    result = run(jumps, "--only", "jumps", "--count", "1")
    assert result.exit_code == 2
    assert "already there" in result.output
