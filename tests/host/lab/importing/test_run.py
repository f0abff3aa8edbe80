"""Importing: all that can be read, named what cannot, and the same from one process or two."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.importing.originals import found, sisfall
from backbeat_host.lab.importing.run import import_files
from backbeat_host.lab.recordings.corpus import open_corpus

Text = Callable[..., str]


@pytest.fixture
def source(tmp_path: Path, sisfall_text: Text) -> Path:
    """Seventeen good files, one cut short, one whose name another has as well."""
    folder = tmp_path / "src"
    (folder / "again").mkdir(parents=True)
    for number in range(1, 18):
        (folder / f"D{number:02d}_SA01_R01.txt").write_text(sisfall_text(1, number))
    (folder / "F01_SA01_R01.txt").write_text(sisfall_text(1)[:-3])
    (folder / "again" / "D01_SA01_R01.txt").write_text(sisfall_text(1, 99))
    return folder


def test_what_cannot_be_read_is_named_and_the_rest_is_there(tmp_path: Path, source: Path) -> None:
    told: list[float] = []
    done = import_files(sisfall(), found(sisfall(), source), tmp_path / "dst", 1, told.append)
    assert (done.trials, done.rows, done.hours) == (17, 17 * 104, pytest.approx(17 / 3600))
    assert [failure.partition(": ")[0].partition(", line")[0] for failure in done.failures] == [
        str(source / "again" / "D01_SA01_R01.txt"),
        str(source / "F01_SA01_R01.txt"),
    ]
    assert len(open_corpus(tmp_path / "dst")) == 17
    assert told[-1] == 19


def test_two_processes_write_the_same_as_one(tmp_path: Path, source: Path) -> None:
    files = found(sisfall(), source)
    for jobs in (1, 2):
        import_files(sisfall(), files, tmp_path / f"dst{jobs}", jobs)
    one, two = (np.load(tmp_path / f"dst{jobs}" / "samples.npy") for jobs in (1, 2))
    assert np.array_equal(one, two)
    assert (tmp_path / "dst1" / "trials.jsonl").read_text() == (tmp_path / "dst2" / "trials.jsonl").read_text()


def test_where_nothing_can_be_read_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "D01_SA01_R01.txt").write_text("x;\n")
    with pytest.raises(WorkError, match="none of the files could be read"):
        import_files(sisfall(), found(sisfall(), tmp_path), tmp_path / "dst")
    assert not (tmp_path / "dst").exists()


def test_a_place_that_is_taken_is_refused_before_the_work(tmp_path: Path, source: Path) -> None:
    told: list[float] = []
    with pytest.raises(InputError, match="already there"):
        import_files(sisfall(), found(sisfall(), source), source, 1, told.append)
    assert told == []
