"""travel.npy: a trial's own rows, and a sentence where the file is not what it must be."""

from pathlib import Path

import numpy as np
import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.corpus_writer import NewTrial, write_corpus
from backbeat_host.lab.recordings.travel_file import Speeds, read_speeds


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "c", [NewTrial(ident, np.zeros((5, 6), np.int16), {}) for ident in ("a", "b", "ä")])
    return tmp_path / "c"


def test_a_corpus_without_the_file_knows_no_speeds(corpus: Path) -> None:
    assert read_speeds(open_corpus(corpus)[0]) is None
    assert Speeds(corpus).known is None


def test_each_trial_has_its_own_rows(corpus: Path) -> None:
    np.save(corpus / "travel.npy", np.arange(30, dtype=np.int16).reshape(15, 2))
    last = read_speeds(open_corpus(corpus)[2])
    assert last is not None and last[0] == pytest.approx([0.2, 0.21])
    assert Speeds(corpus).known == 1


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((15, 2), np.int32), r"int32 of shape \(15, 2\); expected int16 of shape \(15, 2\)"),
        (np.zeros((15, 3), np.int16), r"int16 of shape \(15, 3\)"),
        (np.zeros((12, 2), np.int16), r"int16 of shape \(12, 2\)"),
    ],
)
def test_another_form_is_refused(corpus: Path, array: np.ndarray, said: str) -> None:
    np.save(corpus / "travel.npy", array)
    with pytest.raises(InputError, match=said):
        Speeds(corpus)
    (corpus / "travel.npy").write_bytes(b"no array")
    with pytest.raises(InputError, match="not a readable NumPy array"):
        Speeds(corpus)
