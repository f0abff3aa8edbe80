"""The CSV recording: read again as it was, whole at any moment, one file for each unbroken stretch."""

import io

import numpy as np
import pytest

from backbeat_host.desk.recording import Recording, recording
from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.csv_file import read_csv

ROWS = np.random.default_rng(2).integers(-32768, 32767, (300, 6)).astype(np.int16)
ROWS[:, :3] //= 16  # a median beyond 3 g would be taken for m/s2


def put(made, rows):
    for row in rows.tolist():
        made.row(*row)


def test_it_is_read_again_row_for_row(tmp_path):
    path = tmp_path / "new" / "desk.csv"
    with recording(path) as made:
        put(made, ROWS)
    assert (read_csv(path) == ROWS).all()
    assert list(path.parent.iterdir()) == [path]


def test_the_extremes_of_the_chip_are_kept(tmp_path):
    rows = np.array([[-32768] * 6, [32767] * 6] + [[0] * 6] * 8, np.int16)
    with recording(tmp_path / "desk.csv") as made:
        put(made, rows)
    assert (read_csv(tmp_path / "desk.csv") == rows).all()


def test_a_split_begins_a_second_file_at_zero(tmp_path):
    with recording(tmp_path / "desk.csv") as made:
        put(made, ROWS[:100])
        made.split()
        put(made, ROWS[100:])
    assert made.written == [tmp_path / "desk.csv", tmp_path / "desk-2.csv"]
    assert (read_csv(made.written[0]) == ROWS[:100]).all()
    assert (read_csv(made.written[1]) == ROWS[100:]).all()


def test_splits_without_rows_and_a_single_row_make_no_file(tmp_path):
    with recording(tmp_path / "desk.csv") as made:
        made.split()
        put(made, ROWS[:1])
        made.split()
        made.split()
        put(made, ROWS[:50])
    assert [path.name for path in tmp_path.iterdir()] == ["desk.csv"]


def test_an_error_in_the_run_leaves_all_that_came(tmp_path):
    with pytest.raises(KeyboardInterrupt), recording(tmp_path / "desk.csv") as made:
        put(made, ROWS[:77])
        raise KeyboardInterrupt
    assert (read_csv(tmp_path / "desk.csv") == ROWS[:77]).all()


def test_a_power_cut_leaves_a_file_that_can_be_read(tmp_path):
    made = Recording(tmp_path / "desk.csv")
    for count in range(0, 300, 7):
        put(made, ROWS[count : count + 7])
        part = tmp_path / "desk.part.csv"
        if part.exists():
            read = read_csv(part)
            assert len(read) > count - 52 and (read == ROWS[: len(read)]).all()
    assert part.exists()


def test_an_older_recording_stays_until_the_new_one_is_whole(tmp_path):
    (tmp_path / "desk.csv").write_text("old")
    with recording(tmp_path / "desk.csv") as made:
        put(made, ROWS)
        assert (tmp_path / "desk.csv").read_text() == "old"
    assert (read_csv(tmp_path / "desk.csv") == ROWS).all()


class Full(io.FileIO):
    """A file on a disk with room for two writes and a half."""

    writes = 0

    def write(self, data):
        self.writes += 1
        if self.writes > 2:
            super().write(data[: len(data) // 2 + 3])
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_full_disk_ends_the_recording_and_not_the_run(tmp_path):
    path = tmp_path / "desk.csv"
    made = Recording(path, lambda part: Full(part, "wb"))
    put(made, ROWS)
    made.split()
    assert str(made.error) == f"{path}: cannot be written (No space left on device); choose another place."
    assert made.error.exit_code == 1
    assert made.written == list(tmp_path.iterdir()) == [path]
    assert (read_csv(path) == ROWS[:104]).all() and len(read_csv(path)) == 104


def test_no_file_is_wanted_and_none_is_made(tmp_path):
    with recording(None) as made:
        assert made is None


def test_a_gap_inside_one_file_would_be_refused_by_the_reader(tmp_path):
    with recording(tmp_path / "desk.csv") as made:
        put(made, ROWS[:100])
    lines = (tmp_path / "desk.csv").read_text().splitlines(keepends=True)
    (tmp_path / "cut.csv").write_text("".join(lines[:30] + lines[60:]))
    with pytest.raises(InputError, match="a gap of"):
        read_csv(tmp_path / "cut.csv")
