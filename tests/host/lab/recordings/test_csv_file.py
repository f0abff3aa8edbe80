"""The CSV recording: what is written reads back; what is wrong is named by line and column."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.csv_file import HEADER, read_csv, write_csv

STILL = "0,0,1,0,0,0"


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def still_at(rate: float, seconds: float = 1.0) -> list[str]:
    return [HEADER, *(f"{k / rate:.6f},{STILL}" for k in range(round(rate * seconds)))]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.integers(-32768, 32767)] * 6), min_size=2, max_size=40), st.sampled_from(["", ".gz"]))
def test_rows_written_and_read_again_are_the_same(tmp_path: Path, rows: list[tuple[int, ...]], packed: str) -> None:
    given_rows = np.array(rows, dtype=np.int16)
    given_rows[: len(rows) // 2 + 1, :3] //= 10  # nobody feels 3 g for half the time: that would be refused
    path = tmp_path / f"x.csv{packed}"
    write_csv(path, given_rows)
    read = read_csv(path)
    assert read.shape == given_rows.shape
    assert np.max(np.abs(read.astype(int) - given_rows)) <= 1


@pytest.mark.parametrize("rate", [20.0, 50.0, 100.0, 104.0, 238.0, 1000.0])
def test_any_rate_becomes_104_hz(tmp_path: Path, rate: float) -> None:
    rows = read_csv(write(tmp_path / "x.csv", *still_at(rate, 3.0)))
    assert len(rows) == pytest.approx(3 * 104, abs=104 / rate + 1)
    assert np.array_equal(rows, np.tile(np.array([0, 0, 2049, 0, 0, 0], np.int16), (len(rows), 1)))


def test_beyond_the_range_it_clips(tmp_path: Path) -> None:
    lines = [f"{k / 104:.6f},40,-40,1e300,2500,-2500,1" if 4 <= k < 7 else f"{k / 104:.6f},{STILL}" for k in range(10)]
    rows = read_csv(write(tmp_path / "x.csv", HEADER, *lines))
    assert rows[5].tolist() == [32767, -32768, 32767, 32767, -32768, 14]


def test_windows_line_ends_a_byte_order_mark_and_spaces_do_no_harm(tmp_path: Path) -> None:
    text = "\r\n".join([HEADER, *(f"{k / 104:.6f}, 0, 0, 1.0e0, 0, 0, 0" for k in range(10)), "", ""])
    (tmp_path / "x.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(read_csv(tmp_path / "x.csv")) == 10


def test_metres_a_second_squared_are_told_from_g(tmp_path: Path) -> None:
    lines = [f"{k / 100:.2f},0.1,0,{9.8 if k % 5 else 30},0,0,0" for k in range(100)]
    with pytest.raises(InputError) as caught:
        read_csv(write(tmp_path / "x.csv", HEADER, *lines))
    path = tmp_path / "x.csv"
    said = "the median acceleration is 9.8 g; expected g, not m/s2: divide by 9.80665."
    assert caught.value.message == f"{path}: {said}"


def test_a_hard_impact_is_no_reason_to_doubt_the_unit(tmp_path: Path) -> None:
    lines = [f"{k / 100:.2f},0,0,{1 if k % 5 else 15},0,0,0" for k in range(100)]
    assert len(read_csv(write(tmp_path / "x.csv", HEADER, *lines))) > 100


GOOD = [f"{k / 100:.2f},{STILL}" for k in range(30)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["t,x", *GOOD], "line 1: wrong header 't,x'; expected time_s,"),
        ([HEADER], "0 samples; a recording needs at least 2"),
        ([HEADER, GOOD[0]], "1 samples; a recording needs at least 2"),
        ([HEADER, *GOOD, "0.3,0,0,one,0,0,0"], "line 32, column acc_z_g: 'one' is not a number"),
        ([HEADER, *GOOD, "0.3,0,0,1_0,0,0,0"], "line 32, column acc_z_g: '1_0' is not a number"),
        ([HEADER, *GOOD, "0.3,0,0,,0,0,0"], "line 32, column acc_z_g: '' is not a number"),
        ([HEADER, *GOOD, "0.3,0,0,1,0,0"], "line 32: 6 columns; expected 7"),
        ([HEADER, *GOOD, "0.3,0,0,1,0,0,0,0"], "line 32: 8 columns; expected 7"),
        ([HEADER, *[line + ",1" for line in GOOD]], "line 2: 8 columns; expected 7"),
        ([HEADER, *GOOD[:5], "", *GOOD[5:]], "line 7: empty"),
        ([HEADER, *GOOD[:5], "0.045,0,nan,1,0,0,0"], "line 7, column acc_y_g: 'nan' is not a finite number"),
        ([HEADER, *GOOD[:5], "0.045,0,0,1,0,-inf,0"], "line 7, column gyro_y_dps: '-inf' is not a finite number"),
        ([HEADER, *GOOD[:5], "0.045,0,0,1,0,1e999,0"], "line 7, column gyro_y_dps: '1e999' is not a finite number"),
        ([HEADER, *GOOD[:5], GOOD[3]], "line 7: time goes backward (0.04 s, then 0.03 s)"),
        ([HEADER, *GOOD[:5], GOOD[4]], "line 7: time stands still"),
        ([HEADER, *GOOD, "0.5,0,0,1,0,0,0"], "line 32: a gap of 0.210 s in the samples; split"),
        (still_at(19.0), "19 samples a second; expected 20 to 1000 Hz"),
        (still_at(1100.0), "1100 samples a second; expected 20 to 1000 Hz"),
    ],
)
def test_a_fault_is_one_sentence_with_its_place(tmp_path: Path, lines: list[str], said: str) -> None:
    path = write(tmp_path / "x.csv", *lines)
    with pytest.raises(InputError) as caught:
        read_csv(path)
    assert said in caught.value.message and str(path) in caught.value.message


def test_broken_gzip_and_other_encodings_are_told(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join([HEADER, *GOOD]).encode())
    for broken in (b"plain text", whole[:60], whole[:40] + b"\0\0\0\0" + whole[44:]):
        (tmp_path / "x.csv.gz").write_bytes(broken)
        with pytest.raises(InputError, match="gzip file is damaged"):
            read_csv(tmp_path / "x.csv.gz")
    (tmp_path / "x.csv").write_bytes("\n".join([HEADER, GOOD[0], "é"]).encode("latin-1"))
    with pytest.raises(InputError, match="line 3: not UTF-8"):
        read_csv(tmp_path / "x.csv")
