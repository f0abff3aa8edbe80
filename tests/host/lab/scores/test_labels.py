"""The labels of a trial: what is taken, and what makes no sense."""

import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.scores.labels import Labels, labels_of


def labels(length: int = 1040, **line: object) -> Labels:
    return labels_of("t", {"id": "t", "kind": "daily", **line}, length, "x/trials.jsonl")


def test_rows_become_seconds():
    found = labels(steps=[0, 104, 104, 1039], walking=[[0, 208], [208, 1040]], fps=60, fall_direction=None)
    assert found.seconds == 10
    assert found.steps.tolist() == pytest.approx([0, 1, 1, 1039 / 104])
    assert found.walking == ((0, 2), (2, 10))
    assert (found.fps, found.made, found.travel, found.fall_direction) == (60, False, None, None)


def test_what_is_not_known_is_none_and_what_is_known_to_be_none_is_empty():
    assert labels().steps is None and labels(steps=None).walking is None
    assert labels(steps=[], walking=[]).steps.size == 0
    assert labels(steps=[], walking=[]).walking == ()


def test_made_may_be_told_in_words():
    assert labels(made="reversed in time").made and labels(made=True).made
    assert not labels(made=False).made and not labels(made="").made


@pytest.mark.parametrize(
    ("activity", "gait"),
    [
        ("jogging slowly", "running"),
        ("dataset-2_run_active_001", "running"),
        ("sie_humanoid3d_run_forward00", "running"),
        ("dataset-1_dash_sad_001", "running"),
        ("dataset-1_walk-back_sad_001", "walking"),
        ("Walking", "walking"),
        ("drunk dance with a trunk", "other"),
        ("stairs quickly", "other"),
        ("", "other"),
    ],
)
def test_the_name_of_an_activity_tells_the_gait(activity, gait):
    assert labels(activity=activity).gait == gait


def test_a_stumble_is_one_that_does_not_end_in_a_fall():
    assert labels(activity="stumble while walking").stumbled
    assert not labels(activity="stumble, then fall", kind="fall").stumbled
    assert not labels(activity="walking").stumbled


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"kind": None}, "no 'kind'"),
        ({"kind": "dance"}, "'kind' is \"dance\"; expected one of fall, daily"),
        ({"kind": ["fall"]}, "'kind' is [\"fall\"]"),
        ({"activity": 3}, "'activity' is 3; expected a text"),
        ({"subject": {}}, "'subject' is {}"),
        ({"kind": "fall", "fall_direction": "up"}, "'fall_direction' is \"up\""),
        ({"fall_direction": "forward"}, "no fall_direction, for the trial is 'daily'"),
        ({"steps": "many"}, "'steps' is \"many\""),
        ({"steps": [1.5]}, "'steps' is [1.5]"),
        ({"steps": [True]}, "'steps' is [true]"),
        ({"steps": [5, 4]}, "'steps' has 4 after 5"),
        ({"steps": [-1]}, "'steps' is [-1]"),
        ({"steps": [5, 1040]}, "below the trial's length of 1040"),
        ({"walking": 5}, "'walking' is 5"),
        ({"walking": [[1, 2, 3]]}, "'walking' is [[1, 2, 3]]"),
        ({"walking": [[200, 100]]}, "'walking' has [200, 100] after 0"),
        ({"walking": [[1, 100], [50, 200]]}, "'walking' has [50, 200] after 100"),
        ({"walking": [[1, 1041]]}, "up to the trial's length of 1040"),
        ({"fps": 0}, "'fps' is 0; expected pictures a second, above 0"),
        ({"fps": float("nan")}, "'fps' is NaN"),
        ({"fps": True}, "'fps' is true"),
        ({"travel": "up"}, "'travel' is \"up\""),
        ({"made": 1}, "'made' is 1; expected true, false or a text"),
        ({"roll": 5}, "'roll' is 5; expected an object"),
        ({"roll": {"from": 1}}, "'roll' is {\"from\": 1}"),
        ({"roll": {"from": "a", "to": 3}}, '\'roll\' is {"from": "a"'),
        ({"roll": {"from": 5, "to": 4}}, "the rows 'from' and 'to'"),
        ({"roll": {"from": 5, "to": 1041}}, "up to the trial's length of 1040"),
        ({"roll": {"from": 5, "to": 9, "upright": None}}, "(and 'upright')"),
    ],
)
def test_a_label_that_makes_no_sense_is_refused_in_one_sentence(line, said):
    with pytest.raises(InputError) as caught:
        labels(**line)
    message = caught.value.message
    assert said in message and message.startswith("x/trials.jsonl, trial t: ") and message.endswith(".")
    assert "\n" not in message
