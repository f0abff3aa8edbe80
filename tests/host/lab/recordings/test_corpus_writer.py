"""Writing a corpus: what is read again is what was written, and nothing is left where writing fails."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.corpus_writer import UNKNOWN, NewTrial, check_place, write_corpus
from backbeat_host.lab.recordings.travel_file import read_speeds


def rows(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-32768, 32768, (count, 6)).astype(np.int16)


def trial(ident: str, count: int = 20, **labels: object) -> NewTrial:
    return NewTrial(ident, rows(count, count), labels)


@given(lengths=st.lists(st.integers(2, 300), min_size=1, max_size=6))
def test_what_is_read_again_is_what_was_written(tmp_path_factory: pytest.TempPathFactory, lengths: list[int]) -> None:
    folder = tmp_path_factory.mktemp("written") / "corpus"
    made = [NewTrial(f"t/{at}", rows(length, at), {"kind": "daily", "at": at}) for at, length in enumerate(lengths)]
    assert write_corpus(folder, iter(made)) == len(made)
    refs = open_corpus(folder)
    assert [ref.id for ref in refs] == [new.id for new in made]
    for ref, new in zip(refs, made, strict=True):
        assert np.array_equal(ref.load().rows, new.rows)
        assert {name: ref.labels[name] for name in new.labels} == dict(new.labels)
    assert sorted(path.name for path in folder.iterdir()) == ["samples.npy", "trials.jsonl"]


def test_settings_and_letters_of_any_language_are_kept(tmp_path: Path) -> None:
    settings = {"mount.up": [0, 0, 1000]}
    write_corpus(tmp_path / "c", [NewTrial("Ärger", rows(5), {"activity": "hüpfen"}, settings)])
    line = json.loads((tmp_path / "c" / "trials.jsonl").read_text(encoding="utf-8"))
    assert line == {"id": "Ärger", "activity": "hüpfen", "settings": settings, "start": 0, "length": 5}


def test_travel_known_of_one_trial_is_unknown_of_the_others(tmp_path: Path) -> None:
    speeds = np.array([[-150, 20]] * 4, np.int16)
    moving = NewTrial("moving", rows(4), {}, travel=speeds)
    write_corpus(tmp_path / "c", [trial("a", 3), moving, trial("b", 2)])
    travel = np.load(tmp_path / "c" / "travel.npy")
    assert travel.dtype == np.int16 and travel.shape == (9, 2)
    assert np.array_equal(travel[3:7], speeds) and (np.delete(travel, slice(3, 7), axis=0) == UNKNOWN).all()
    still, going, _ = open_corpus(tmp_path / "c")
    told = read_speeds(going)
    assert told is not None and told[0].tolist() == [-1.5, 0.2]
    unknown = read_speeds(still)
    assert unknown is not None and np.isnan(unknown).all()


def failing() -> Iterator[NewTrial]:
    yield trial("a")
    raise InputError("the second cannot be read.")


def test_a_failure_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="second"):
        write_corpus(tmp_path / "c", failing())
    with pytest.raises(InputError, match="no trials to write"):
        write_corpus(tmp_path / "c", [])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "wrong",
    [
        [trial("a"), trial("a")],
        [trial("")],
        [trial("a", 1)],
        [NewTrial("a", rows(4).astype(np.int32), {})],
        [NewTrial("a", rows(4), {}, travel=np.zeros((3, 2), np.int16))],
        [NewTrial("a", rows(4), {"speed": float("nan")})],
    ],
)
def test_a_trial_that_is_none_is_the_callers_mistake_and_leaves_nothing(tmp_path: Path, wrong: list[NewTrial]) -> None:
    with pytest.raises(ValueError):
        write_corpus(tmp_path / "c", wrong)
    assert not list(tmp_path.iterdir())


def test_an_empty_folder_is_taken_and_anything_else_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_corpus(tmp_path / "empty", [trial("a")])
    (tmp_path / "file").write_text("x")
    for taken in (tmp_path / "empty", tmp_path / "file"):
        with pytest.raises(InputError, match="already there"):
            write_corpus(taken, [trial("b")])
    assert open_corpus(tmp_path / "empty")[0].id == "a"
    check_place(tmp_path / "new" / "below")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((WorkError, InputError), match="cannot be written"):
        write_corpus(tmp_path / "file" / "corpus", [trial("a")])
