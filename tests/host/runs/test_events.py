import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import cues, names
from backbeat import events as codes
from backbeat_host.runs.events import Teller

I32 = st.integers(-(2**31), 2**31 - 1)

TOLD = [
    ((0, codes.SESSION_START, 12, 0, 0), {"event": "session_start", "session": 12}),
    ((0, codes.SESSION_END, codes.BY_BATTERY, 0, 0), {"event": "session_end", "reason": "battery"}),
    ((0, codes.SEGMENT, 3, 0, 0), {"event": "segment", "segment": 3}),
    ((0, codes.CUE, cues.GLANCE_LEFT, 0, 0), {"event": "cue", "cue": "glance_left"}),
    ((0, codes.GAIT, codes.RUN, 0, 0), {"event": "gait", "gait": "run"}),
    (
        (0, codes.TRAVEL, codes.BACKWARD, -171, 62),
        {"event": "travel", "travel": "backward", "heading": -171, "confidence": 62},
    ),
    ((0, codes.SUSPECT, 4500, 5200, 0), {"event": "suspect", "at": 2.5, "peak_mg": 5200}),
    (
        (0, codes.FALL, 4500, codes.FALL_BACKWARD, 5200),
        {"event": "fall", "at": 2.5, "direction": "backward", "peak_mg": 5200},
    ),
    (
        (0, codes.STUMBLE, 4500, codes.FALL_UNKNOWN, 3100),
        {"event": "stumble", "at": 2.5, "direction": "unknown", "peak_mg": 3100},
    ),
    ((0, codes.ROLL, 4500, 345, 1229), {"event": "roll", "at": 2.5, "rotation": 345, "duration": 1.229}),
    ((0, codes.ALARM, 12_000, 0, 0), {"event": "alarm", "countdown": 12.0}),
    ((0, codes.ALARM_CANCELLED, codes.BY_STEPS, 0, 0), {"event": "alarm_cancelled", "by": "steps"}),
    ((0, codes.SIREN, 0, 0, 0), {"event": "siren"}),
    ((0, codes.MARK, 0, 0, 0), {"event": "mark"}),
    ((0, codes.PAUSE, 0, 0, 0), {"event": "pause"}),
    ((0, codes.RESUME, 0, 0, 0), {"event": "resume"}),
    ((0, codes.LOW_BATTERY, 9, 0, 0), {"event": "low_battery", "percent": 9}),
    ((0, codes.GAP, 140, 0, 0), {"event": "gap", "ms": 140}),
    ((0, codes.SENSOR_LOST, 0, 0, 0), {"event": "sensor_lost"}),
    ((0, codes.SENSOR_BACK, 0, 0, 0), {"event": "sensor_back"}),
    ((0, codes.FAULT, codes.LOG_FAULT, 0, 0), {"event": "fault", "fault": "log"}),
    ((0, codes.MOUNT_FORWARD, 0, -1000, 3), {"event": "mount_forward", "axes": [0, -1000, 3]}),
    ((0, codes.MOUNT_UP, 1, 2, 999), {"event": "mount_up", "axes": [1, 2, 999]}),
    (
        (0, codes.ROLL_SCORE, 2400, 93, 1900),
        {"event": "roll_score", "peak_mg": 2400, "straightness": 93, "upright": 1.9},
    ),
    ((0, codes.IDLE, 0, 0, 0), {"event": "idle"}),
    ((0, codes.AWAKE, 0, 0, 0), {"event": "awake"}),
    ((0, codes.SPACE, 600, 900, 0), {"event": "space", "minutes": 600, "kb": 900}),
    ((0, codes.THIN, 2, 0, 0), {"event": "thin", "without": "summaries"}),
    ((0, codes.CHIP, 0x6C, 0, 0), {"event": "chip", "who_am_i": 0x6C}),
    ((0, codes.PARTS, 0b10010, 0, 0), {"event": "parts", "failed": ["touch", "battery"]}),
    ((0, codes.HEAP, 90_000, 60_000, 0), {"event": "heap", "used": 90_000, "free": 60_000}),
]


@pytest.mark.parametrize(("numbers", "fields"), TOLD, ids=lambda part: part["event"] if isinstance(part, dict) else "")
def test_each_event_is_told_with_its_promised_fields(numbers, fields):
    assert Teller("F01", 2.0).tell(*numbers) == {"trial": "F01", "t": -2.0, **fields}


def test_every_code_is_tried_here_and_has_one_name():
    assert [numbers[1] for numbers, _ in TOLD] != []
    assert {numbers[1] for numbers, _ in TOLD} == set(range(len(names.EVENTS))) - {codes.STEP, codes.BEAT}
    assert len(set(names.EVENTS)) == len(names.EVENTS) == codes.HEAP + 1


def test_steps_and_beats_carry_their_own_instant():
    teller = Teller("x", 2.0)
    step = {"trial": "x", "t": 6.7, "event": "step", "load_mg": 2100}
    assert teller.tell(9000, codes.STEP, 8700, 2100 << 2, codes.NO_LAG) == step
    assert teller.tell(9000, codes.STEP, 8700, 2100 << 2, -30) == {**step, "lag_ms": -30}
    for foot, name in ((codes.LEFT, "left"), (codes.RIGHT, "right")):
        assert teller.tell(9000, codes.STEP, 8700, 2100 << 2 | foot, codes.NO_LAG) == {**step, "foot": name}
    assert teller.tell(9001, codes.BEAT, 14, 9000, 1) == {
        "trial": "x",
        "t": 7.001,
        "event": "beat",
        "n": 14,
        "due": 7.0,
        "accent": True,
    }


def test_all_other_events_are_told_at_the_decision():
    assert Teller("x", 1.5).tell(9000, codes.FALL, 4000)["t"] == 7.5


@given(I32.filter(lambda ms: ms >= 0), st.integers(0, 255), I32, I32, I32)
def test_whatever_a_newer_firmware_writes_becomes_an_event(ms, code, a, b, c):
    event = Teller("x").tell(ms, code, a, b, c)
    assert list(event)[:3] == ["trial", "t", "event"]
    assert isinstance(event["event"], str)
    assert json.loads(json.dumps(event)) == event
    if code >= len(names.EVENTS):
        assert event["event"] == str(code)


def test_a_number_without_a_name_is_given_as_it_is():
    assert Teller("x").tell(0, codes.CUE, 99)["cue"] == "99"
    assert Teller("x").tell(0, codes.GAIT, -1)["gait"] == "-1"
