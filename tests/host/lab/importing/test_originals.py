"""Published files found in a folder, and what their names say."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.importing.activities import SISFALL, UMAFALL
from backbeat_host.lab.importing.originals import found, sisfall, umafall
from backbeat_host.lab.recordings.inputs import all_trials

Text = Callable[..., str]


def test_the_data_sets_files_are_found_wherever_they_lie_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "SA02").mkdir()
    for name in ("SA02/D01_SA02_R01.txt", "F15_SE14_R05.txt", "Readme.txt", "D01_SA02.txt", "UMAFall_x.csv"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in found(sisfall(), tmp_path)] == ["D01_SA02_R01.txt", "F15_SE14_R05.txt"]
    with pytest.raises(InputError, match="no file of UMAFall in it; expected names like UMAFall_Subject_01"):
        found(umafall(), tmp_path)
    with pytest.raises(InputError, match="not a folder"):
        found(sisfall(), tmp_path / "Readme.txt")


def test_a_sisfall_name_says_who_did_what(tmp_path: Path, sisfall_text: Text) -> None:
    path = tmp_path / "F02_SA01_R03.txt"
    path.write_text(sisfall_text())
    trial = sisfall().read(path)
    assert trial.id == "F02_SA01_R03" and trial.rows.shape == (520, 6)
    assert trial.labels == {
        "subject": "SA01",
        "activity": "slip walking, fall backward",
        "kind": "fall",
        "fall_direction": "backward",
        "code": "F02",
        "mount": "belt, front",
    }


def test_a_umafall_header_says_who_did_what(tmp_path: Path, umafall_text: Text) -> None:
    path = tmp_path / "UMAFall_Subject_07_Fall_lateralFall_2_2016-06-13_20-40-29.csv"
    path.write_text(umafall_text(ident="Subject_07_Fall_lateralFall_2"))
    trial = umafall("chest").read(path)
    assert trial.id == "Subject_07_Fall_lateralFall_2_2016-06-13_20-40-29"
    assert trial.labels == {
        "subject": "Subject_07",
        "activity": "fall sideways",
        "kind": "fall",
        "fall_direction": "sideways",
        "code": "lateralFall",
        "mount": "chest",
        "rate": 20.0,
    }


def test_an_activity_nobody_knows_is_said(tmp_path: Path, sisfall_text: Text, umafall_text: Text) -> None:
    path = tmp_path / "D20_SA01_R01.txt"
    path.write_text(sisfall_text())
    with pytest.raises(InputError, match="'D20'; SisFall has D01 to D19"):
        sisfall().read(path)
    path = tmp_path / "UMAFall_Subject_07_ADL_Flying_2_x.csv"
    path.write_text(umafall_text(ident="Subject_07_ADL_Flying_2"))
    with pytest.raises(InputError, match="Subject_07_ADL_Flying_2"):
        umafall().read(path)


def test_readers_go_to_other_processes() -> None:
    for data_set in (sisfall(), umafall("chest")):
        assert pickle.loads(pickle.dumps(data_set.read))


def test_every_fall_has_a_direction_and_nothing_else_has() -> None:
    for code, activity in SISFALL.items():
        assert (activity.falls is not None) == code.startswith("F")
    assert {name for name, activity in UMAFALL.items() if activity.falls} == {
        name for name in UMAFALL if name.endswith("Fall")
    }


@pytest.mark.corpus
def test_the_originals_get_the_labels_that_the_corpus_has(shared_corpora: Path) -> None:
    known = {ref.id: ref.labels for ref in all_trials([shared_corpora / "sisfall-a"])}
    files = found(sisfall(), shared_corpora.parent / "originals" / "sisfall")
    for path in files:
        trial = sisfall().read(path)
        assert {"id": trial.id, **trial.labels} == known[trial.id]
    words = {labels["code"]: labels["activity"] for labels in known.values()}
    assert words == {code: activity.name for code, activity in SISFALL.items()}
