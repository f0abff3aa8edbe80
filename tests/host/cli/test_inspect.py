"""`backbeat inspect`: one trial, one picture."""

import pytest


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to be in."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def test_the_picture_is_called_after_the_trial_and_lies_here(backbeat, recordings, here):
    told = backbeat("inspect", recordings / "one", "fall")
    assert (told.code, told.out, told.err) == (0, "fall.png\n", "")
    assert (here / "fall.png").read_bytes().startswith(b"\x89PNG")


def test_a_part_of_a_csv_goes_into_a_file_of_ones_own(backbeat, recordings, here):
    words = ("inspect", recordings / "run.csv", "r*", "--from", 8, "--to", 14, "-o", here / "a" / "part.svg")
    told = backbeat(*words, "--settings", "fall.sensitivity=high")
    assert (told.code, told.out.strip()) == (0, str(here / "a" / "part.svg"))
    assert "</svg>" in (here / "a" / "part.svg").read_text()


def test_an_id_with_folders_in_it_stays_in_this_folder(backbeat, corpus_of, here):
    assert backbeat("inspect", corpus_of("a/../b"), "a/../b").code == 0
    assert [path.name for path in here.iterdir()] == ["a_b.png"]


def test_a_wrong_trial_names_near_ones(backbeat, corpus_of, here):
    folder = corpus_of("F01_SA01_R01", "F01_SA01_R02", "D11_SE15_R02")
    said = backbeat("inspect", folder, "F01_SA1_R01").refused()
    assert "no trial 'F01_SA1_R01'; near it are F01_SA01_R01" in said
    assert "2 trials fit 'F01*' (F01_SA01_R01, F01_SA01_R02)" in backbeat("inspect", folder, "F01*").refused()
    assert backbeat("inspect", folder, "D*").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "x.gif"), "is a .png, .svg or .pdf"),
        (("--from", "100"), "beyond the end"),
        (("--from", "5", "--to", "4"), "--from must come before --to"),
        (("--settings", "speed=3"), "speed"),
    ],
)
def test_what_cannot_be_drawn_is_refused(backbeat, recordings, here, words, said):
    assert said in backbeat("inspect", recordings / "run.csv", "run", *words).refused()
    assert not list(here.iterdir())


def test_a_picture_never_goes_over_its_recording(backbeat, recordings, here):
    (here / "run.png").write_bytes((recordings / "run.csv").read_bytes())
    assert backbeat("inspect", here / "run.png", "run").code == 2
