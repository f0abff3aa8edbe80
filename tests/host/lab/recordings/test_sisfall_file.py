"""SisFall's own files: columns, axes and rate become ours."""

from pathlib import Path

import numpy as np
import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.inputs import all_trials, open_input
from backbeat_host.lab.recordings.sisfall_file import read_sisfall

LINE = "  10,-256,  20, 144, 288, 432,  1,  2,  3;"


def test_axes_and_scale_become_the_bodys(tmp_path: Path) -> None:
    path = tmp_path / "F01.txt"
    path.write_bytes("\r\n".join([LINE] * 200).encode())
    rows = open_input(path)[0].load().rows
    assert len(rows) == 104
    # y points down and reads -1 g at rest: up is +1 g; z (20 counts, 78 mg) is forward, x (39 mg) is right. What the
    # sensor reads too little, 62 mg on z and 4 mg on y, is added.
    assert rows[50].tolist() == [287, -80, 2041, 429, -143, -286]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LINE, "1 samples; a recording needs at least 2"),
        (f"{LINE}\n{LINE[:-1]}\n", "line 2: no ';' at the end"),
        (f"{LINE}\n1,2,3;\n", "line 2: 3 columns; expected 9"),
        (f"{LINE}\n1,2,x,4,5,6,7,8,9;\n", "line 2, column ADXL345 z: 'x' is not a number"),
    ],
)
def test_a_fault_is_one_sentence_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_sisfall(path)
    assert said in caught.value.message


@pytest.mark.corpus
def test_the_originals_match_the_corpus(shared_corpora: Path) -> None:
    files = sorted((shared_corpora.parent / "originals" / "sisfall").rglob("*.txt"))
    known = {ref.id: ref for ref in all_trials([shared_corpora / "sisfall-a"])}
    compared = 0
    for ref in all_trials(files):
        if ref.id not in known:
            continue
        compared += 1
        ours, theirs = ref.load().rows, known[ref.id].load().rows
        assert abs(len(ours) - len(theirs)) <= 1
        size = min(len(ours), len(theirs))
        for axis in range(6):
            assert np.corrcoef(ours[:size, axis], theirs[:size, axis])[0, 1] > 0.99, (ref.id, axis)
            apart = np.abs(ours[:size, axis].astype(int) - theirs[:size, axis])
            assert np.median(apart) <= 11 and np.mean(apart <= 120) > 0.97, (ref.id, axis)  # 5 mg; the filters differ
    assert compared >= 5
