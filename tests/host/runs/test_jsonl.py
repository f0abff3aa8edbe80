import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbeat_host.errors import InputError
from backbeat_host.runs.jsonl import read_events, write_events

FALL = {"trial": "F10", "t": 12.3004, "event": "fall", "at": 9.7, "direction": "backward", "peak_mg": 6200}
START = {"event": "session_start", "session": 7, "t": -2.0, "trial": "F10"}

EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "trial": st.text(st.characters(codec="utf-8"), max_size=8),
            "t": st.integers(-5000, 10**7).map(lambda ms: ms / 1000),
            "event": st.sampled_from(["fall", "gait", "mark", "beat"]),
        },
        optional={"peak_mg": st.integers(0, 30_000), "accent": st.booleans()},
    ),
    max_size=12,
)


def test_lines_are_in_order_of_time_and_begin_with_trial_t_and_event(tmp_path):
    write_events([FALL, START], tmp_path / "e.jsonl")
    lines = (tmp_path / "e.jsonl").read_text().splitlines()
    assert [list(json.loads(line))[:3] for line in lines] == [["trial", "t", "event"]] * 2
    assert [json.loads(line)["event"] for line in lines] == ["session_start", "fall"]
    assert '"t": 12.3,' in lines[1]


def test_events_of_one_instant_keep_their_order(tmp_path):
    names = ["fall", "alarm", "cue"]
    write_events(({"trial": "a", "t": 1.0, "event": name} for name in names), tmp_path / "e.jsonl")
    assert [event["event"] for event in read_events(tmp_path / "e.jsonl")] == names


def test_numbers_of_numpy_and_a_time_just_below_zero_are_written_plainly(tmp_path):
    event = {"trial": "a", "t": np.float64(-0.0001), "event": "roll", "rotation": np.int64(358), "duration": 1.6000001}
    write_events([event], tmp_path / "e.jsonl")
    text = (tmp_path / "e.jsonl").read_text()
    assert text == '{"trial": "a", "t": 0.0, "event": "roll", "rotation": 358, "duration": 1.6}\n'


def test_a_dash_is_standard_output_and_nothing_else_is_there(capsys):
    write_events([FALL], "-")
    out, err = capsys.readouterr()
    assert json.loads(out)["peak_mg"] == 6200
    assert out.count("\n") == 1
    assert err == ""


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_what_is_written_is_read_again(tmp_path, events):
    write_events(events, tmp_path / "e.jsonl")
    assert read_events(tmp_path / "e.jsonl") == sorted(events, key=lambda event: event["t"])


def test_a_failure_on_the_way_leaves_the_old_file_whole(tmp_path):
    target = tmp_path / "e.jsonl"
    write_events([START], target)
    before = target.read_bytes()
    with pytest.raises(ValueError, match="JSON compliant"):
        write_events([START, FALL | {"peak_mg": float("nan")}], target)
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_unknown_names_are_left_out_and_unknown_fields_left_alone(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_text(
        '{"trial": "a", "t": 1, "event": "levitation"}\n\n{"trial": "a", "t": 2, "event": "mark", "mood": []}\n'
    )
    assert [event["event"] for event in read_events(path)] == ["mark"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("\x00\x01", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "expected an object"),
        ('{"t": 1, "event": "mark"}', '"trial" is missing'),
        ('{"trial": "a", "event": "mark"}', '"t" is missing'),
        ('{"trial": "a", "t": 1}', '"event" is missing'),
        ('{"trial": 5, "t": 1, "event": "mark"}', '"trial" must be a text'),
        ('{"trial": "a", "t": "soon", "event": "mark"}', '"t" must be a number'),
        ('{"trial": "a", "t": NaN, "event": "mark"}', '"t" must be a number'),
        ('{"trial": "a", "t": true, "event": "mark"}', '"t" must be a number'),
        ('{"trial": "a", "t": 1, "event": "fall", "at": null}', '"at" must be a number'),
        ('{"trial": "a", "t": 1, "event": "fall", "direction": 3}', '"direction" must be a text'),
    ],
)
def test_damage_is_told_with_file_and_line(tmp_path, line, says):
    path = tmp_path / "e.jsonl"
    path.write_text('{"trial": "a", "t": 0, "event": "mark"}\n' + line + "\n")
    with pytest.raises(InputError) as error:
        read_events(path)
    assert f"{path}, line 2: " in error.value.message
    assert says in error.value.message


def test_bytes_that_are_no_text_are_told_as_damage(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_bytes(b'{"trial": "\xff\xfe", "t": 0, "event": "mark"}\n')
    with pytest.raises(InputError, match="line 1"):
        read_events(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_events(tmp_path / "none.jsonl")
