"""Listing and loading trials from inputs a person names; ids, globs, cutting."""

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.csv_file import HEADER, write_csv
from backbeat_host.lab.recordings.inputs import all_trials, cut, open_input, trial_id
from backbeat_host.lab.recordings.trial import Rows, Trial


def some_rows(count: int = 200) -> Rows:
    return np.random.default_rng(1).integers(-32768, 32768, (count, 6)).astype(np.int16)


def make_corpus(folder: Path, rows: Rows, lines: list[object]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "samples.npy", rows)
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "trials.jsonl").write_text(text + "\n")
    return folder


def trial(ident: str, start: int = 0, length: int = 50, **labels: object) -> dict[str, object]:
    return {"id": ident, "start": start, "length": length, **labels}


def test_a_corpus_lists_without_loading_and_loads_bit_for_bit_even_in_another_process(tmp_path: Path) -> None:
    rows = some_rows()
    folder = make_corpus(tmp_path / "c", rows, [trial("a", 0, 50, kind="fall"), trial("b", 50, 150)])
    refs = open_input(folder)
    assert [ref.id for ref in refs] == ["a", "b"]
    loaded = pickle.loads(pickle.dumps(refs[1])).load()
    assert np.array_equal(loaded.rows, rows[50:]) and loaded.rows.dtype == np.int16 and loaded.rate == 104.0
    assert refs[0].load().labels == {"id": "a", "kind": "fall"}


def test_a_file_is_one_trial_named_by_its_stem(tmp_path: Path) -> None:
    rows = some_rows() // 10
    write_csv(tmp_path / "x.csv.gz", rows)
    (ref,) = open_input(tmp_path / "x.csv.gz")
    assert ref.id == "x" and ref.load().labels == {} and np.array_equal(ref.load().rows, rows)
    assert trial_id(Path("/a/D01_SA01_R01.txt")) == "D01_SA01_R01" and trial_id(Path("run.2.csv")) == "run.2"


def test_an_id_that_comes_twice_gets_its_inputs_name_in_front(tmp_path: Path) -> None:
    one = make_corpus(tmp_path / "one", some_rows(), [trial("a"), trial("b")])
    two = make_corpus(tmp_path / "two", some_rows(), [trial("a"), trial("c")])
    assert [ref.id for ref in all_trials([one, two])] == ["one/a", "b", "two/a", "c"]
    assert [ref.id for ref in all_trials([one, two], "a")] == ["one/a", "two/a"]
    assert [ref.id for ref in all_trials([one, two], "two/*")] == ["two/a"]


def test_the_same_input_twice_is_refused(tmp_path: Path) -> None:
    one = make_corpus(tmp_path / "one", some_rows(), [trial("a")])
    with pytest.raises(InputError, match="one: this input comes twice; give each input once"):
        all_trials([one, one])
    with pytest.raises(InputError, match="comes twice"):
        all_trials([one, tmp_path / "one" / ".." / "one"])


def test_files_of_the_same_name_get_their_folders_in_front_until_each_has_its_own(tmp_path: Path) -> None:
    paths = [tmp_path / place / "run.csv" for place in ("a/x", "b/x", "b/y")]
    for path in paths:
        path.parent.mkdir(parents=True)
        write_csv(path, some_rows())
    assert [ref.id for ref in all_trials(paths[1:])] == ["x/run.csv/run", "y/run.csv/run"]
    assert [ref.id for ref in all_trials(paths)] == ["a/x/run.csv/run", "b/x/run.csv/run", "y/run.csv/run"]
    assert [ref.id for ref in all_trials(paths, "run")] == [ref.id for ref in all_trials(paths)]


def test_a_corpus_of_its_own_that_has_such_an_id_stays_apart_too(tmp_path: Path) -> None:
    one = make_corpus(tmp_path / "one", some_rows(), [trial("a")])
    two = make_corpus(tmp_path / "two", some_rows(), [trial("a"), trial("one/a")])
    assert [ref.id for ref in all_trials([one, two])] == [f"{tmp_path.name}/one/a", "two/a", "two/one/a"]


@pytest.mark.skipif(os.name != "posix", reason="pipes have names on POSIX only")
def test_a_pipe_or_a_device_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.csv")
    for path in (tmp_path / "x.csv", Path(os.devnull)):
        with pytest.raises(InputError, match="a pipe or a device; give a file or a corpus folder"):
            open_input(path)


def test_a_glob_that_matches_nothing_names_ids_that_exist(tmp_path: Path) -> None:
    one = make_corpus(tmp_path / "one", some_rows(), [trial(name) for name in "abcdefg"])
    with pytest.raises(InputError, match=r"no trial matches 'F\*'; there are a, b, c, d, e, \.\.\. \(7 in all\)"):
        all_trials([one], "F*")


def test_a_cut_keeps_the_part_and_moves_its_labels() -> None:
    rows = some_rows(1040)
    whole = Trial("t", rows, 104.0, {"steps": [10, 300, 500], "walking": [[0, 400], [900, 1000]]})
    part = cut(whole, 2.0, 4.0)
    assert np.array_equal(part.rows, rows[208:416])
    assert part.labels == {"steps": [92], "walking": [[0, 192]]}
    assert np.array_equal(cut(whole).rows, rows) and len(cut(whole, to_s=10.0).rows) == 1040


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((3.0, 2.0), "--from must come before --to"),
        ((2.0, 2.0), "--from must come before --to"),
        ((11.0, None), "--from 11 is beyond the end of the recording at 10.00 s"),
        ((None, 10.5), "--to 10.5 is beyond the end"),
        ((-1.0, None), "expected 0 s or more"),
        ((float("nan"), None), "is not a time"),
    ],
)
def test_a_cut_outside_the_recording_is_refused(interval: tuple[float | None, float | None], said: str) -> None:
    with pytest.raises(InputError, match=said):
        cut(Trial("t", some_rows(1040), 104.0, {}), *interval)


CORPUS_FAULTS: list[tuple[object, str]] = [
    ("{", "line 2: not JSON"),
    ("[1]", "line 2: not a JSON object"),
    ({"start": 0, "length": 5}, "line 2: no 'id'"),
    ({"id": "b", "length": 5}, "line 2, trial b: no 'start'"),
    ({"id": "b", "start": 0}, "line 2, trial b: no 'length'"),
    ({"id": 7, "start": 0, "length": 5}, "line 2: 'id' is 7; expected a text"),
    ({"id": None, "start": 0, "length": 5}, "line 2: 'id' is null; expected a text"),
    ({"id": "b\n", "start": 0, "length": 5}, "line 2: 'id' is \"b\\n\"; expected a text that can be printed"),
    ({"id": "b", "start": -1, "length": 5}, "line 2, trial b: 'start' is -1"),
    ({"id": "b", "start": "5", "length": 5}, "line 2, trial b: 'start' is \"5\"; expected a whole number"),
    ({"id": "b", "start": 10**4299 * 9, "length": 10**4299 * 9}, "trial b: 'start' is 9000"),
    ({"id": "b", "start": 0, "length": 1}, "line 2, trial b: 'length' is 1; expected a whole number, 2 or more"),
    ({"id": "b", "start": True, "length": 5}, "line 2, trial b: 'start' is true; expected"),
    ({"id": "b", "start": 190, "length": 11}, "trial b: rows 190 to 201 lie outside samples.npy, which has 200"),
    ({"id": "a", "start": 0, "length": 5}, "line 2, trial a: this id is already that of line 1"),
    ({"id": "b", "start": 0, "length": 5, "steps": "x"}, "line 2, trial b: 'steps' is \"x\"; expected a list"),
    ({"id": "b", "start": 0, "length": 5, "rate": 0}, "line 2, trial b: 'rate' is 0; expected Hz, above 0"),
    ({"id": "b", "start": 0, "length": 5, "rate": "fast"}, "'rate' is \"fast\"; expected Hz, above 0"),
    ('{"id": "b", "start": 0, "length": 5, "rate": Infinity}', "expected Hz, above 0"),
    ('{"id": "b", "start": 0, "length": 5, "start": 9}', "line 2: 'start' comes twice in one object; leave one"),
    ('{"id": "b", "settings": {"x": 1, "x": 1}}', "line 2: 'x' comes twice in one object; leave one"),
    ({"id": "b", "start": 0, "length": 5, "bias": [1, 2]}, "trial b: 'bias' is [1, 2]; expected six counts"),
    ({"id": "b", "start": 0, "length": 5, "bias": [0, 0, 0, 0, 0, 1.5]}, "expected six counts"),
    ({"id": "b", "start": 0, "length": 5, "bias": [0, 0, 0, 0, 0, 40000]}, "expected six counts"),
    ({"id": "b", "start": 0, "length": 5, "chip_rate": 52}, "trial b: 'chip_rate' is 52; expected Hz, 94.4 to 114.5"),
    ({"id": "b", "start": 0, "length": 5, "chip_rate": "fast"}, "expected Hz"),
    ({"id": "b", "start": 0, "length": 5, "walking": [[1]]}, "line 2, trial b: 'walking' is [[1]]"),
]


def test_a_label_that_is_null_is_not_known(tmp_path: Path) -> None:
    line = {**trial("a"), "steps": None, "walking": None, "settings": None, "subject": None, "kind": "daily"}
    (ref,) = open_input(make_corpus(tmp_path / "c", some_rows(), [line]))
    assert ref.labels == {"id": "a", "kind": "daily"}


@pytest.mark.parametrize(("line", "said"), CORPUS_FAULTS)
def test_a_faulty_corpus_line_is_named(tmp_path: Path, line: object, said: str) -> None:
    folder = make_corpus(tmp_path / "c", some_rows(), [trial("a"), line])
    with pytest.raises(InputError) as caught:
        open_input(folder)
    assert said in caught.value.message and "trials.jsonl" in caught.value.message


@pytest.mark.parametrize(
    "line", [trial("x" * 5000, -1), trial("b", steps="x" * 5000), {**trial("b"), "id": ["x"] * 5000}]
)
def test_a_message_stays_short_whatever_it_is_about(tmp_path: Path, line: object) -> None:
    folder = make_corpus(tmp_path / "c", some_rows(), [line])
    with pytest.raises(InputError, match=r"\.\.\.") as caught:
        open_input(folder)
    assert len(caught.value.message) < len(str(folder)) + 200


def test_of_a_long_id_a_message_tells_the_beginning(tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "c", some_rows(), [trial("x" * 5000)])
    with pytest.raises(InputError, match=r"there are x{57}\.\.\. \(1 in all\)"):
        all_trials([folder], "F*")
    (ref,) = all_trials([folder])
    with pytest.raises(InputError, match=r"^x{57}\.\.\.: --from 9 is beyond the end"):
        cut(ref.load(), 9.0)


def test_a_faulty_corpus_folder_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="empty: not a corpus"):
        open_input(empty)
    (empty / "trials.jsonl").write_text(json.dumps(trial("a")))
    with pytest.raises(InputError, match="missing; a corpus needs it"):
        open_input(empty)
    for broken in (b"", b"hello", b"\x93NUMPY\x01\x00\x10\x00{'descr': '<i2'\n"):
        (empty / "samples.npy").write_bytes(broken)
        with pytest.raises(InputError, match="not a readable NumPy array"):
            open_input(empty)
    for wrong in (np.zeros((9, 6)), np.zeros((9, 5), np.int16), np.zeros(54, np.int16)):
        np.save(empty / "samples.npy", wrong)
        with pytest.raises(InputError, match=r"expected int16 of shape \(rows, 6\)"):
            open_input(empty)
    np.save(empty / "samples.npy", some_rows())
    (empty / "trials.jsonl").write_bytes(b"\n")
    with pytest.raises(InputError, match="no trials in it"):
        open_input(empty)
    (empty / "trials.jsonl").write_bytes(b"{}\n\xff\xfe")
    with pytest.raises(InputError, match=r"trials\.jsonl, line 2: not UTF-8"):
        open_input(empty)


def test_an_input_that_is_no_recording_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_input(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read"):
        open_input(tmp_path / "a\0b")
    (tmp_path / "nothing.csv").touch()
    with pytest.raises(InputError, match="empty; expected a recording"):
        open_input(tmp_path / "nothing.csv")
    (tmp_path / "notes.txt").write_text("hello\n")
    with pytest.raises(
        InputError, match="expected a corpus folder, a Backbeat log, a CSV recording, an original SisFall file"
    ):
        open_input(tmp_path / "notes.txt")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", some_rows())
    (tmp_path / "x.csv").chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        open_input(tmp_path / "x.csv")


STARTS = [b"", HEADER.encode() + b"\n", b" 1,2,3,4,5,6,7,8,9;\n", b"\x1f\x8b"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["x.csv", "x.txt", "x.csv.gz", "x"]),
    st.sampled_from(STARTS),
    st.binary(max_size=200) | st.text("0123456789,.;-+enaif \n", max_size=200).map(str.encode),
)
def test_any_bytes_are_a_recording_or_one_clear_sentence(tmp_path: Path, name: str, start: bytes, rest: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(start + rest)
    try:
        loaded = [ref.load() for ref in open_input(path)]
    except InputError as error:
        assert "\n" not in error.message
    else:
        assert all(one.rows.dtype == np.int16 and one.rows.shape[1] == 6 and len(one.rows) >= 2 for one in loaded)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=150), st.booleans())
def test_any_bytes_in_a_corpus_are_trials_or_one_clear_sentence(tmp_path: Path, data: bytes, samples: bool) -> None:
    folder = make_corpus(tmp_path / "c", some_rows(), [trial("a")])
    (folder / ("samples.npy" if samples else "trials.jsonl")).write_bytes(data)
    with pytest.raises(InputError):
        open_input(folder)


@pytest.mark.corpus
def test_the_shared_corpora_open_whole(shared_corpora: Path) -> None:
    refs = all_trials(sorted(shared_corpora.glob("*-a")), "F02_SA0[13]_*")
    assert len(refs) == 10 and {ref.labels["code"] for ref in refs} == {"F02"}
    assert all(len(ref.load().rows) > 1000 for ref in refs)


def test_a_trials_own_settings_hold_for_it_alone(tmp_path: Path) -> None:
    lines = [trial("a", settings={"mount.forward": [0, 1000, 0]}), trial("b", 50)]
    a, b = open_input(make_corpus(tmp_path / "c", some_rows(), lines))
    assert a.settings == a.load().settings == {"mount.forward": (0, 1000, 0)}
    assert "settings" not in a.labels
    assert b.settings == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1], r"line 1, trial a: 'settings' is \[1\]; expected an object of settings\."),
        ({"mount.up": "above"}, r"line 1, trial a: settings: mount\.up: .* will not do; expected three whole numbers"),
        ({"nobody": 1}, r"line 1, trial a: settings: nobody: there is no such setting\."),
    ],
)
def test_a_trials_settings_that_will_not_do_are_named_with_their_line(tmp_path: Path, given: object, said: str) -> None:
    folder = make_corpus(tmp_path / "c", some_rows(), [trial("a", settings=given)])
    with pytest.raises(InputError, match=said):
        open_input(folder)
