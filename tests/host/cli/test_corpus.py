"""`backbeat corpus`: published data sets become corpora, and a corpus tells what is in it."""

import json

import numpy as np
import pytest


@pytest.fixture
def sisfall(tmp_path, sisfall_text):
    """A folder with two of SisFall's files."""
    folder = tmp_path / "SisFall"
    folder.mkdir()
    for seed, name in enumerate(("D01_SA01_R01", "F02_SA01_R01")):
        (folder / f"{name}.txt").write_text(sisfall_text(5, seed))
    return folder


def test_sisfall_becomes_a_corpus_that_simulate_reads(backbeat, sisfall, tmp_path):
    told = backbeat("corpus", "import", "sisfall", sisfall, tmp_path / "new" / "corpus")
    assert (told.code, told.err) == (0, "")
    assert told.out.strip() == f"{tmp_path / 'new' / 'corpus'}: 2 trials, 0.00 h"
    assert backbeat("simulate", tmp_path / "new" / "corpus", "--core").code == 0


def test_umafall_becomes_a_corpus(backbeat, tmp_path, umafall_text):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "UMAFall_Subject_02_ADL_Jogging_1_2016.csv").write_text(umafall_text())
    assert backbeat("corpus", "import", "umafall", tmp_path / "src", tmp_path / "waist").code == 0
    words = ("corpus", "import", "umafall", tmp_path / "src", tmp_path / "chest", "--position", "chest")
    assert backbeat(*words).code == 0
    waist, chest = (np.load(tmp_path / name / "samples.npy") for name in ("waist", "chest"))
    assert not np.array_equal(waist, chest)


def test_a_broken_file_is_named_the_others_are_imported(backbeat, sisfall, tmp_path):
    broken = sisfall / "D02_SA01_R01.txt"
    broken.write_text("1,2,3;\n4,5,6;\n")
    told = backbeat("corpus", "import", "sisfall", sisfall, tmp_path / "dst")
    assert told.code == 1
    assert f"{broken}, line 1: 3 columns" in told.err and "1 of 3 files could not be read" in told.err
    assert "2 trials" in told.out
    assert backbeat("corpus", "show", tmp_path / "dst").code == 0


def test_what_cannot_be_imported_is_refused_in_one_sentence(backbeat, sisfall, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "no file of SisFall" in backbeat("corpus", "import", "sisfall", tmp_path / "empty", tmp_path / "d").refused()
    assert "not a folder" in backbeat("corpus", "import", "sisfall", tmp_path / "none", tmp_path / "d").refused()
    assert "already there" in backbeat("corpus", "import", "sisfall", sisfall, sisfall).refused()
    words = ("corpus", "import", "sisfall", sisfall, tmp_path / "d", "--position", "chest")
    assert "--position is for umafall" in backbeat(*words).refused()
    assert not (tmp_path / "d").exists()


def test_show_tells_what_is_there_for_people_and_programs(backbeat, recordings):
    told = backbeat("corpus", "show", recordings / "one", recordings / "two")
    assert (told.code, told.err) == (0, "")
    assert str(recordings / "one") in told.out and "odd no subject: 2 (fall, calm)" in told.out
    surveys = json.loads(backbeat("corpus", "show", recordings / "one", "--json").out)
    assert [survey["trials"] for survey in surveys] == [2]
    assert surveys[0]["odd"]["no kind"] == ["fall", "calm"]


def test_show_refuses_what_is_no_corpus(backbeat, recordings):
    assert "not a corpus" in backbeat("corpus", "show", recordings).refused()
