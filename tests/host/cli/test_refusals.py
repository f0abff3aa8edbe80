"""Bad input to `backbeat simulate`: one sentence, exit 2, nothing written, whatever was asked for."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from backbeat_host.lab.recordings.csv_file import HEADER

LINES = [f"{k / 100:.2f},0,0,1,0,0,0" for k in range(300)]
SISFALL = [" 1, -258, -7, -5, 2, 17, 9, -1000, -5;"] * 300


def csv(*lines):
    return "\n".join([HEADER, *lines]).encode()


def changed(number, line):
    return csv(*LINES[:number], line, *LINES[number + 1 :])


FILES = [
    ("empty.csv", b"", "empty; expected a recording"),
    ("header.csv", b"t,x,y\n1,2,3\n", "line 1: wrong header 't,x,y'; expected time_s"),
    ("only.csv", csv(), "0 samples; a recording needs at least 2"),
    ("word.csv", changed(7, "0.07,0,0,one,0,0,0"), "line 9, column acc_z_g: 'one' is not a number"),
    ("nan.csv", changed(7, "0.07,0,0,1,nan,0,0"), "line 9, column gyro_x_dps: 'nan' is not a finite number"),
    ("short.csv", changed(7, "0.07,0,0,1"), "line 9: 4 columns; expected 7"),
    ("back.csv", changed(7, "0.05,0,0,1,0,0,0"), "line 9: time goes backward (0.06 s, then 0.05 s)"),
    ("hole.csv", csv(*LINES[:50], *LINES[90:]), "line 52: a gap of 0.410 s in the samples; split the recording there"),
    ("slow.csv", csv(*[f"{k / 10},0,0,1,0,0,0" for k in range(30)]), "10 samples a second; expected 20 to 1000 Hz"),
    ("fast.csv", csv(*[f"{k / 2000},0,0,1,0,0,0" for k in range(300)]), "2000 samples a second; expected 20 to 1000"),
    ("latin.csv", csv(*LINES, "é").decode().encode("latin-1"), "line 302: not UTF-8 text"),
    ("plain.csv.gz", csv(*LINES), "the gzip file is damaged or cut short"),
    ("cut.csv.gz", gzip.compress(csv(*LINES))[:-40], "the gzip file is damaged or cut short"),
    ("word.txt.gz", gzip.compress(changed(7, "0.07,x,0,1,0,0,0")), "line 9, column acc_x_g: 'x' is not a number"),
    ("notes.txt", b"hello\n", "not a recording that can be read; expected a corpus folder, a Backbeat log"),
    ("picture.png", bytes(range(256)), "not a recording that can be read"),
    ("sis.txt", "\n".join([*SISFALL, "1,2,3,4;"]).encode(), "line 301: 4 columns; expected 9"),
    ("cut.txt", "\n".join([*SISFALL, "1,2,3"]).encode(), "line 301: no ';' at the end"),
    ("sisword.txt", "\n".join([*SISFALL, "1,2,3,4,5,x,7,8,9;"]).encode(), "line 301, column ITG3200 z: 'x' is not a"),
    ("log.bbl", b"BB" * 900, "this is no Backbeat log"),
    ("none.bbl", b"", "empty; expected a recording"),
]


@pytest.fixture
def refused(backbeat, tmp_path, monkeypatch):
    """Ask for every output, and see that none appears."""
    monkeypatch.chdir(tmp_path)

    def run(*words, code=2):
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
        told = backbeat(
            *("simulate", *words, "--core", "--events", "o/e.jsonl", "--wav", "o/s.wav", "--log", "o/logs")
        ).refused(code)
        assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
        return told

    return run


@pytest.mark.parametrize(("name", "data", "said"), FILES, ids=[name for name, _, _ in FILES])
def test_a_file_that_is_no_recording(refused, tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    sentence = refused(name)
    assert sentence.startswith(name) and said in sentence


@pytest.mark.parametrize("name", ["none.csv", "no/such/folder", "none.bbl"])
def test_a_file_that_is_not_there(refused, name):
    assert refused(name).startswith(f"{name}: no such file; give the path of a recording")


def test_an_input_without_a_name(refused, backbeat):
    assert "it is empty; give the path of a file or folder" in refused("")
    assert "it is empty; give the path of a file or folder" in backbeat("logs", "decode", "").refused()


@pytest.mark.skipif(os.name != "posix", reason="pipes have names on POSIX only")
def test_a_pipe(refused, tmp_path):
    os.mkfifo(tmp_path / "x.csv")
    assert refused("x.csv") == "x.csv: a pipe or a device; give a file or a corpus folder."


def test_a_folder_that_is_no_corpus(refused, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    assert refused("folder.csv").startswith("folder.csv: not a corpus; expected samples.npy and trials.jsonl")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(refused, tmp_path):
    (tmp_path / "x.csv").write_bytes(csv(*LINES))
    (tmp_path / "x.csv").chmod(0)
    assert "x.csv: cannot be read (Permission denied)" in refused("x.csv")


def test_a_corpus_with_a_fault(refused, corpus_of):
    folder = corpus_of("a", "b")
    (folder / "trials.jsonl").write_text('{"id": "a", "start": 0, "length": 9}\n{"id": "b", "start": 0}\n')
    assert "trials.jsonl, line 2, trial b: no 'length'" in refused(folder)
    (folder / "trials.jsonl").write_text('{"id": "a\\u0000b", "start": 0, "length": 9}\n')
    assert "trials.jsonl, line 1: 'id' is " in refused(folder)
    (folder / "trials.jsonl").write_text('{"id": "", "start": 0, "length": 9}\n')
    assert "trials.jsonl, line 1: 'id' is " in refused(folder)
    (folder / "samples.npy").unlink()
    assert "samples.npy: missing" in refused(folder)
    np.save(folder / "samples.npy", np.zeros((9, 6)))
    assert "samples.npy: float64 of shape (9, 6); expected int16" in refused(folder)


def test_one_sound_for_several_trials(refused, recordings):
    said = "--wav takes one trial, and 2 are given; choose one with --trial"
    assert said in refused(recordings / "one")


def test_a_fault_found_in_another_process_is_told_alike(backbeat, recordings, tmp_path):
    (tmp_path / "bad.csv").write_bytes(changed(7, "x"))
    words = ("simulate", recordings / "run.csv", tmp_path / "bad.csv", "--jobs", 2, "--log", tmp_path / "logs")
    assert "bad.csv, line 9: 1 columns; expected 7" in backbeat(*words).refused()
    assert not (tmp_path / "logs").exists()


def test_a_trial_that_is_not_there(refused, recordings):
    assert "no trial matches 'F02_*'; there are fall, calm (2 in all)" in refused(
        recordings / "one", "--trial", "F02_*"
    )


def test_the_same_input_twice(refused, recordings):
    assert "comes twice" in refused(recordings / "run.csv", recordings / "run.csv")


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (("--from", 9, "--to", 3), "run: nothing lies from 9 s to 3 s; --from must come before --to"),
        (("--from", 3, "--to", 3), "run: nothing lies from 3 s to 3 s"),
        (("--from", 99), "run: --from 99 is beyond the end of the recording at 19.00 s"),
        (("--to", 99), "run: --to 99 is beyond the end"),
        (("--from", -1), "--from -1 is not a time of the recording; expected 0 s or more"),
        (("--to", "nan"), "--to nan is not a time"),
        (("--to", "inf"), "--to inf is not a time"),
        (("--from", "soon"), "'soon' is not a valid float"),
        (("--jobs", 0), "0 is not in the range"),
    ],
)
def test_an_interval_that_is_none(refused, recordings, interval, said):
    assert said in refused(recordings / "run.csv", *interval)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("tempo=170", "tempo: there is no such setting"),
        ("cadence=fast", 'cadence: "fast" will not do; expected a number with at most one decimal from 40 to 240 spm'),
        ("cadence=300", "cadence: 300 will not do"),
        ("cadence=170.55", "cadence: 170.55 will not do"),
        ("cadence=nan", "cadence: "),
        ("cadence=" + "1" * 5000, "cadence: "),
        ("mount.up=0,0,0", "mount.up: "),
        ("none.toml", "none.toml: cannot be read (No such file or directory); give a profile"),
        (".", ".: this is a folder"),
        ("cadence", "cadence: cannot be read"),
    ],
)
def test_a_setting_that_will_not_do(refused, recordings, setting, said):
    assert refused(recordings / "run.csv", "--settings", setting).startswith(said)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.toml", "cadence = \n", "p.toml, line 1: not TOML"),
        (
            "p.toml",
            "[alarm]\ncountdown = 3\n",
            "p.toml, line 2: alarm.countdown: 3 will not do; expected",
        ),
        ("s.json", "{,}", "s.json, line 1: not JSON"),
        ("s.json", "[]", "s.json: expected a table of settings"),
        ("s.json", '{"glance": {"often": 1}}', "s.json: glance.often: there is no such setting"),
    ],
)
def test_a_file_of_settings_that_will_not_do(refused, recordings, tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    assert refused(recordings / "run.csv", "--settings", "cadence=160", "--settings", name).startswith(said)


def test_every_wrong_setting_is_told_at_once(backbeat, recordings):
    told = backbeat("simulate", recordings / "run.csv", "--settings", "tempo=1", "--settings", "volume=5")
    assert (told.code, told.out) == (2, "")
    assert [line.partition(":")[0] for line in told.err.removeprefix("Error: ").splitlines()] == ["tempo", "volume"]


# ---- outputs that cannot be ----


@pytest.fixture
def asked(backbeat, recordings, tmp_path, monkeypatch):
    """Ask for two good outputs and one that is not; see that none appears."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("precious")
    (tmp_path / "folder").mkdir()
    (tmp_path / "mine.csv").write_bytes((recordings / "run.csv").read_bytes())

    def run(option, value, code=2):
        outputs = {"--events": "e.jsonl", "--wav": "s.wav", "--log": "logs"} | {option: value}
        words = [word for pair in outputs.items() for word in pair]
        before = (tmp_path / "mine.csv").read_bytes()
        told = backbeat("simulate", "mine.csv", "--core", *words).refused(code)
        assert {path.name for path in tmp_path.iterdir()} - {"logs"} == {"file", "folder", "mine.csv"}
        assert [path for path in tmp_path.rglob("*.bbl") if path.is_file()] == []
        assert ((tmp_path / "file").read_text(), (tmp_path / "mine.csv").read_bytes()) == ("precious", before)
        return told

    return run


@pytest.mark.parametrize("option", ["--events", "--wav"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("folder", "folder: a folder or a device; name an ordinary file"),
        ("file/x", "file/x: cannot be written, for "),
        ("mine.csv", "mine.csv: this input would be written over"),
        ("folder/../mine.csv", "this input would be written over"),
        ("logs/mine.bbl", "logs/mine.bbl: two outputs would go into this file"),
        (os.devnull, "a folder or a device"),
    ],
)
def test_an_output_that_cannot_be_a_file(asked, option, value, said):
    assert said in asked(option, value)


def test_a_log_folder_that_is_a_file(asked):
    assert asked("--log", "file").startswith("file/mine.bbl: cannot be written, for ")


@pytest.mark.parametrize("option", ["--wav", "--log"])
def test_only_events_go_to_standard_output(asked, option):
    said = asked(option, "-")
    assert f"'{option}'" in said and "this does not go to standard output; give a path" in said


@pytest.mark.parametrize("option", ["--wav", "--log"])
def test_an_output_without_a_name(asked, option):
    said = asked(option, "")
    assert f"'{option}'" in said and "it is empty; give the path of a file or folder" in said


def test_a_trial_whose_id_is_too_long_for_a_file(backbeat, corpus_of, tmp_path):
    folder = corpus_of("x" * 251, "é" * 126)
    words = ("simulate", folder, "--core", "--jobs", 1, "--log", tmp_path / "logs", "--trial")
    assert "a name in it is longer than 255 bytes; choose a shorter one" in backbeat(*words, "é*").refused()
    assert not (tmp_path / "logs").exists()
    assert backbeat(*words, "x*").code == 0
    assert [path.name for path in (tmp_path / "logs").iterdir()] == ["x" * 251 + ".bbl"]


def test_a_folder_where_the_log_belongs(asked, tmp_path):
    (tmp_path / "folder" / "mine.bbl").mkdir()
    assert asked("--log", "folder").startswith("folder/mine.bbl: a folder or a device")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder where nobody can write")
@pytest.mark.parametrize("option", ["--events", "--wav", "--log"])
def test_a_place_where_nobody_can_write_is_a_failure_of_the_work(asked, option):
    assert asked(option, "/proc/nowhere/x", code=1).startswith("/proc/nowhere/x")


def test_two_trials_whose_logs_would_be_one_file(backbeat, corpus_of, tmp_path):
    told = backbeat("simulate", corpus_of("x", "../x"), "--core", "--log", tmp_path / "logs").refused()
    assert "x.bbl: two outputs would go into this file" in told
    assert not (tmp_path / "logs").exists()
