"""How well the core senses, held where it stands: parts of the shared corpora, changed ones, and made recordings.

The whole corpora take minutes; `backbeat evaluate` scores them. What is tuned on these people says little about others:
`backbeat train` prints the score by subject.
"""

from pathlib import Path

import pytest

from backbeat_host.lab.evaluate import Bench, Group, evaluate, lay_out
from backbeat_host.lab.made.changes import changed, recorded
from backbeat_host.lab.made.library import made_trials
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.corpus_writer import NewTrial, write_corpus
from backbeat_host.lab.scores.sheet import Scores
from backbeat_host.lab.simulate import Options

GOING = {"D01", "D02", "D03", "D04"}
MAY_NEVER_ALARM = {*GOING, "D05", "D06", "D19"}  # walking, jogging, stairs, jumping


def group(folder: Path, every: int = 1, **options) -> Group:
    entries = lay_out([folder])[::every]
    report, _ = evaluate(entries, Bench(Options(core=True, **options)), jobs=1)
    assert report.failed == ()
    return report.groups[0]


def scores(folder: Path, every: int = 1, **options) -> Scores:
    return group(folder, every, **options).scores["backbeat"]


def taken(corpus: Path, wanted, limit: int) -> list:
    """Some trials of a corpus, spread over its people."""
    found = [ref for ref in open_corpus(corpus) if wanted(ref.labels)]
    return found[:: max(1, len(found) // limit)]


@pytest.mark.corpus
def test_a_quarter_of_sisfall_is_told_right(shared_corpora):
    found = scores(shared_corpora / "sisfall-a", every=4)
    assert found.falls.sensitivity.rate >= 0.99
    assert found.falls.specificity.rate >= 0.995
    assert found.falls.by_direction["backward"].rate >= 0.995
    assert found.rolls.falls_as_roll.hits == 0


@pytest.mark.corpus
def test_nobody_who_walks_jogs_climbs_or_jumps_is_told_to_have_fallen(shared_corpora, tmp_path):
    refs = taken(shared_corpora / "sisfall-a", lambda labels: labels["code"] in MAY_NEVER_ALARM, 90)
    write_corpus(tmp_path / "c", list(recorded(refs)))
    assert scores(tmp_path / "c").falls.false_alarms.count == 0


@pytest.mark.corpus
@pytest.mark.parametrize("change", ["reversed", "turned"])
def test_travel_is_told_backward_as_surely_as_forward_and_however_the_chip_sits(shared_corpora, tmp_path, change):
    refs = taken(shared_corpora / "sisfall-a", lambda labels: labels["code"] in GOING, 26)
    write_corpus(tmp_path / "c", list(changed(recorded(refs), [change], 1)))
    found = scores(tmp_path / "c").travel
    assert {one.travel for one in found.groups} == {"backward" if change == "reversed" else "forward"}
    assert found.right.rate >= 0.97


@pytest.mark.corpus
def test_a_worse_sensor_costs_little(shared_corpora, tmp_path):
    refs = taken(shared_corpora / "sisfall-a", lambda labels: labels["code"] not in GOING, 240)
    write_corpus(tmp_path / "c", list(changed(recorded(refs), ["turned", "noise", "offset", "rate"], 1)))
    found = scores(tmp_path / "c").falls
    assert found.sensitivity.rate >= 0.98
    assert found.specificity.rate >= 0.98


@pytest.mark.corpus
def test_the_walk_itself_shows_how_the_chip_sits(shared_corpora, tmp_path):
    refs = taken(shared_corpora / "sisfall-a", lambda labels: labels["code"] in {"D01", "D02"}, 12)
    turned = [
        NewTrial(trial.id, trial.rows, trial.labels) for trial in changed(recorded(refs), ["turned"], 1)
    ]  # and nobody says how
    write_corpus(tmp_path / "c", turned)
    unknown = Options().values | {"mount.forward": (0, 0, 0)}
    found = scores(tmp_path / "c", values=unknown).travel
    told = sum(one.right.hits for one in found.groups)
    assert told / sum(one.right.of for one in found.groups) > 0.83  # 3 of 20 before the walk has shown it, all after


@pytest.mark.corpus
def test_steps_and_travel_of_other_sensors_are_told_as_well_as_ever(shared_corpora):
    gait = scores(shared_corpora / "gait-a").steps["all"]
    assert gait.f1 >= 0.93
    assert gait.f1_by_trial.median >= 0.95
    assert gait.cadence.mean < 0.5
    assert gait.whole.mean < 0.9
    mocap = scores(shared_corpora / "mocap-a", every=2)
    assert mocap.steps["running"].f1 >= 0.95
    assert mocap.steps["running"].cadence.mean < 2.3  # of half of them; 1.9 of all
    assert mocap.travel.by_band["above 0.6 m/s"].rate >= 0.97
    assert mocap.falls.false_alarms.count <= 2


def test_made_rolls_are_rolls_and_never_falls(tmp_path):
    write_corpus(tmp_path / "c", list(made_trials(["rolls"], count=60)))
    found = scores(tmp_path / "c")
    assert found.rolls.as_fall.hits == 0
    assert found.rolls.as_roll.rate >= 0.98
    assert found.falls.false_alarms.count == 0


def test_the_device_alone_hardly_ever_calls_for_help(tmp_path):
    families = [f"device-{name}" for name in ("off", "drop", "toss", "bag", "swing", "hand", "pocket", "on")]
    write_corpus(tmp_path / "c", list(made_trials(families, count=6)))
    assert scores(tmp_path / "c").falls.false_alarms.count <= 2


def test_made_runs_climbs_and_jumps_are_no_falls_and_their_steps_and_ways_are_told(tmp_path):
    families = ["run-backward", "run-forward", "walk-backward", "walk-forward", "jumps", "stairs"]
    write_corpus(tmp_path / "c", list(made_trials(families, count=3)))
    found = scores(tmp_path / "c")
    assert found.falls.false_alarms.count == 0
    assert found.steps["running"].f1 >= 0.98
    assert found.steps["walking"].f1 >= 0.96
    assert found.travel.by_band["above 0.6 m/s"].rate >= 0.97
