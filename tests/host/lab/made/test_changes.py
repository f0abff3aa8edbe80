import numpy as np
import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.made.changes import CHANGES, changed, recorded
from backbeat_host.lab.made.library import made_trials
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.corpus_writer import NewTrial, write_corpus

from .kinematics import direction


def walk(ident="w", **labels):
    rows = np.arange(60, dtype=np.int16).reshape(10, 6)
    travel = np.tile(np.array([[120, -3]], np.int16), (10, 1))
    travel[0] = -32768
    return NewTrial(ident, rows, {"kind": "daily", "activity": "walking slowly", **labels}, {}, travel)


def one(trial, *names, seed=1):
    found = list(changed([trial], names, seed))
    return found[0] if found else None


def test_reversed_mirrors_steps_spans_and_travel():
    made = one(walk(steps=[1, 4, 8], walking=[[0, 4], [6, 9]]), "reversed")
    assert made.labels["steps"] == [1, 5, 8]
    assert made.labels["walking"] == [[0, 3], [5, 9]]
    assert made.labels["travel"] == "backward"
    assert made.labels["activity"] == "reversed walking slowly"
    assert made.travel[0].tolist() == [-120, 3] and made.travel[-1].tolist() == [-32768, -32768]
    assert made.id == "reversed/w" and "reversed" in made.labels["made"]


def test_reversed_twice_is_the_same_motion_and_truth():
    original = walk(steps=[1, 4, 8], walking=[[0, 4]], travel="forward")
    made = one(original, "reversed", "reversed")
    assert (made.rows == original.rows).all() and (made.travel == original.travel).all()
    assert {name: made.labels[name] for name in ("steps", "walking", "travel")} == {
        name: original.labels[name] for name in ("steps", "walking", "travel")
    }


def test_a_fall_is_left_out_in_reverse():
    assert one(walk(kind="fall"), "reversed") is None


def test_turned_mounts_go_through_all_24_and_their_settings_say_how():
    trials = [walk(f"w{number}") for number in range(24)]
    made = list(changed(trials, ["turned"], 1))
    assert len({(tuple(t.settings["mount.forward"]), tuple(t.settings["mount.up"])) for t in made}) == 24
    for trial in made:
        forward, up = (np.array(trial.settings[name]) / 1000 for name in ("mount.forward", "mount.up"))
        back = trial.rows[:, :3].astype(int) @ np.stack([forward, np.cross(up, forward), up]).T
        assert (back == trials[0].rows[:, :3]).all()


def test_a_mount_that_was_known_is_turned_along():
    trial = walk()
    known = NewTrial("w", trial.rows, trial.labels, {"mount.forward": [0, 1000, 0], "mount.up": [0, 0, 1000]})
    (first, second) = changed([known, NewTrial("x", known.rows, known.labels, known.settings)], ["turned"], 1)
    assert first.settings["mount.forward"] == [0, 1000, 0]
    assert second.settings["mount.forward"] != [0, 1000, 0]


@pytest.mark.parametrize("names", [("offset",), ("turned", "offset"), ("offset", "turned"), ("offset", "reversed")])
@pytest.mark.parametrize("number", range(3))
def test_an_offset_is_noted_as_the_bias_that_it_is(names, number):
    trials = [walk(f"w{one}") for one in range(number + 1)]
    *_, made = changed(trials, names, 1)
    *_, plain = changed(trials, [name for name in names if name != "offset"], 1)
    bias = made.labels["bias"]
    assert (made.rows.astype(int) - plain.rows == bias).all()
    assert np.abs(bias) == pytest.approx([123] * 3 + [143] * 3, abs=1)


def test_a_second_offset_adds_to_the_first():
    made = one(walk(bias=[1, 2, 3, 4, 5, 6]), "offset")
    assert (np.array(made.labels["bias"]) - [1, 2, 3, 4, 5, 6] == made.rows[0].astype(int) - walk().rows[0]).all()


def test_a_rate_error_is_the_chips_and_leaves_the_motion():
    made = [one(walk(f"w{number}", steps=[1, 4]), "rate") for number in range(20)]
    assert {trial.labels["chip_rate"] for trial in made} == {98.8, 109.2}
    assert all((trial.rows == walk().rows).all() and trial.labels["steps"] == [1, 4] for trial in made)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_the_same_for_a_trial_whatever_is_around_it(name):
    (roll,) = made_trials(["failed-rolls"], count=1)
    alone = list(changed([roll], [name], 5))
    among = list(changed([roll, walk()], [name], 5))
    for mine, other in zip(alone, among, strict=False):
        assert mine.rows.dtype == np.int16
        assert (mine.rows == other.rows).all()


def test_a_turn_added_to_sitting_and_rising_is_a_roll_and_to_a_fall_stays_a_fall():
    (standing,) = made_trials(["jumps"], count=1)
    sit = NewTrial("s", standing.rows, {"kind": "daily", "activity": "sit and rise quickly"})
    made = one(sit, "rolled")
    assert made.labels["kind"] == "roll"
    told = made.labels["roll"]
    turned = (made.rows[told["from"] : told["to"], 4].astype(int) - sit.rows[told["from"] : told["to"], 4]).sum()
    assert turned * 0.07 / 104 == pytest.approx(-360, abs=40)
    assert direction(made.rows, len(made.rows) - 150, 100)[2] > 0.9
    assert one(walk(), "rolled") is None
    (fell,) = made_trials(["failed-rolls"], count=1)
    assert one(fell, "rolled").labels["kind"] == "fall"


def test_an_unknown_change_is_one_sentence():
    with pytest.raises(InputError, match=r"^there is no change 'upside'; there are reversed, turned"):
        list(changed([walk()], ["upside"], 1))


def test_a_corpus_that_was_written_comes_back_with_travel_and_labels(tmp_path):
    write_corpus(tmp_path / "c", [walk(steps=[1, 4])])
    (back,) = recorded(open_corpus(tmp_path / "c"))
    original = walk(steps=[1, 4])
    assert (back.rows == original.rows).all() and (back.travel == original.travel).all()
    assert back.labels == original.labels


@pytest.mark.corpus
def test_a_real_fall_reversed_in_the_mount_only_keeps_its_size(shared_corpora):
    refs = [ref for ref in open_corpus(shared_corpora / "sisfall-a") if ref.labels["kind"] == "fall"][:3]
    for before, after in zip(recorded(refs), changed(recorded(refs), ["turned"], 1), strict=True):
        same = np.sort(np.abs(before.rows[:, :3].astype(int)), axis=1)
        assert (same == np.sort(np.abs(after.rows[:, :3].astype(int)), axis=1)).all()
