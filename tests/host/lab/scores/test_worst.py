"""The worst trials: named, with the reason, the gravest first."""

import numpy as np

from backbeat_host.lab.scores.sheet import score
from backbeat_host.lab.scores.worst import worst


def test_everything_that_goes_wrong_is_named_with_its_reason(case):
    marks = np.arange(1.0, 21.0)
    found = worst(
        [
            case(trial="fine"),
            case(trial="steps", truth=marks, told=marks[2:], kind="gait"),
            case(trial="way", activity="jogging", seconds=20, travel=[(4.0, "forward"), (9.0, "backward")]),
            case(trial="rolled", kind="roll", activity="a roll"),
            case(trial="lay", activity="lie down", falls=[3.0, 9.0]),
            case(trial="twice", kind="fall", falls=[3.0, 30.0]),
            case(trial="missed", kind="fall", activity="slip", suspects=[(4.2, 4.0)]),
            case(trial="taken", kind="fall", activity="slip", rolls=[6.0]),
        ],
        {"a": 0.0},
    )
    assert [(one.trial, one.about, one.why) for one in found] == [
        ("missed", "fall", "slip: no fall told, looked at 4.0 s"),
        ("taken", "fall", "slip: no fall told, but a roll"),
        ("lay", "alarm", "daily, lie down: a fall forward told at 3.0 s"),
        ("lay", "alarm", "daily, lie down: a fall forward told at 9.0 s"),
        ("twice", "alarm", "fall: a second fall forward told at 30.0 s"),
        ("rolled", "roll", "roll, a roll: told as nothing"),
        ("taken", "roll", "fall, slip: a roll told at 6.0 s"),
        ("way", "travel", "3 of 4 windows wrong (3 backward for forward)"),
        ("steps", "steps", "2 of 20 steps missed, 0 too many"),
    ]


def test_a_sheet_leaves_out_what_has_no_truth_or_was_never_told(case):
    scores = score([case("gait", falls=None, truth=[1.0], told=[1.0])])
    assert (scores.falls, scores.travel, scores.confusion) == (None, None, {})
    assert list(scores.steps) == ["coarse marks"]
