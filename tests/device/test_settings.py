import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import settings
from backbeat.settings import TABLE, apply, defaults, dump, find, load

from ..setting_values import valid

BY_NAME = {row.name: row for row in TABLE}
NAMES = tuple(BY_NAME)


def board_float(value):
    """A float as a board holds it: single precision without its two lowest bits."""
    (bits,) = struct.unpack("<I", struct.pack("<f", value))
    return struct.unpack("<f", struct.pack("<I", bits & ~3))[0]


SETTINGS = st.fixed_dictionaries({row.name: valid(row) for row in TABLE if row.kind != "vector"}).map(
    lambda values: {**defaults(), **values}
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner),
    max_leaves=12,
)


def test_the_names_are_the_ones_fixed_once():
    assert NAMES == (
        "cadence",
        "accent",
        "volume",
        "sound",
        "haptic",
        "light",
        "start",
        "alarm.countdown",
        "fall.sensitivity",
        "mount.forward",
        "mount.up",
        "glance.every",
    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_default_is_a_value_the_table_takes(row):
    assert row.parse(row.plain(row.default)) == row.default
    assert row.help.endswith(".")
    assert row.expects()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
@given(data=st.data())
def test_what_a_person_would_write_is_read_back_as_it_was(row, data):
    value = data.draw(valid(row))
    assert row.parse(row.plain(value)) == value
    assert row.parse(json.loads(json.dumps(row.plain(value)))) == value


@given(SETTINGS)
def test_settings_written_are_read_back_as_they_were(values):
    assert load(dump(values)) == (values, [])


def test_the_text_keeps_the_order_of_the_table_and_whole_numbers_stay_whole():
    text = dump({**defaults(), "cadence": 1705})
    assert list(json.loads(text)) == list(NAMES)
    assert json.loads(text)["cadence"] == 170.5
    assert '"cadence": 168,' in dump(defaults())


@pytest.mark.parametrize(("written", "held"), [(170, 1700), (170.0, 1700), (170.5, 1705), (40, 400), (240, 2400)])
def test_a_cadence_has_one_decimal(written, held):
    assert BY_NAME["cadence"].parse(written) == held


@pytest.mark.parametrize("tenths", [400, 1683, 2399])
def test_the_cadence_of_a_boards_short_float_is_taken_for_what_was_meant(tenths):
    assert BY_NAME["cadence"].parse(board_float(tenths / 10)) == tenths


def test_a_board_that_cuts_every_float_short_reads_every_cadence():
    for tenths in range(400, 2401):
        value = board_float(tenths / 10)
        product = board_float(value * 10)
        assert BY_NAME["cadence"].parse(value) == tenths
        assert BY_NAME["cadence"].parse(product / 10) == tenths, "the product is cut short too"


WRONG = [
    ("cadence", value)
    for value in (39.9, 240.1, 168.25, -168, 0, "168", None, True, [168], math.nan, math.inf, 1e300, 10**400)
] + [
    ("accent", 1),
    ("accent", 17),
    ("accent", 2.5),
    ("accent", False),
    ("volume", 0),
    ("volume", 101),
    ("sound", 1),
    ("sound", 0),
    ("sound", "on"),
    ("haptic", None),
    ("light", []),
    ("start", "Press"),
    ("start", True),
    ("start", ["press"]),
    ("alarm.countdown", 4),
    ("alarm.countdown", 61),
    ("fall.sensitivity", "medium"),
    ("fall.sensitivity", 1),
    ("mount.up", [0, 0, 0]),
    ("mount.forward", [1000, 0]),
    ("mount.forward", [1000, 0, 0, 0]),
    ("mount.forward", [1001, 0, 0]),
    ("mount.forward", [1.0, 0, 0]),
    ("mount.forward", [True, 0, 0]),
    ("mount.up", "up"),
    ("mount.up", 1000),
    ("glance.every", 4),
    ("glance.every", -1),
    ("glance.every", 601),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda part: repr(part)[:20])
def test_a_wrong_value_is_refused_alone_with_one_sentence_that_names_it(name, value):
    values = defaults()
    (complaint,) = apply(
        values, {"volume": 50, name: value, "cadence": 150} if name not in ("volume", "cadence") else {name: value}
    )
    assert values[name] == BY_NAME[name].default
    if name not in ("volume", "cadence"):
        assert (values["volume"], values["cadence"]) == (50, 1500)
    assert complaint.startswith(name + ": ")
    assert BY_NAME[name].expects() in complaint
    assert complaint.count("\n") == 0
    assert len(complaint) < 200


def test_a_complaint_says_what_was_found_and_what_was_expected():
    values = defaults()
    assert apply(values, {"cadence": 300, "fall.sensitivity": "medium", "accent": 1, "tempo": 5}) == [
        "cadence: 300 will not do; expected a number with at most one decimal from 40 to 240 spm.",
        'fall.sensitivity: "medium" will not do; expected one of "low", "normal", "high".',
        "accent: 1 will not do; expected a whole number from 2 to 16 beats, or 0 for none.",
        "tempo: there is no such setting.",
    ]
    assert values == defaults()


def test_an_overlong_value_is_not_repeated_in_full():
    (complaint,) = apply(defaults(), {"start": "x" * 5000})
    assert len(complaint) < 200
    assert '"xxx' in complaint


def test_names_may_be_dotted_or_nested_alike():
    dotted, nested = defaults(), defaults()
    assert apply(dotted, {"alarm.countdown": 20, "mount.up": [0, 1000, 0]}) == []
    assert apply(nested, {"alarm": {"countdown": 20}, "mount": {"up": [0, 1000, 0]}}) == []
    assert dotted == nested


@pytest.mark.parametrize(
    ("given_", "complaint"),
    [
        ({"alarm": 5}, "alarm: there is no such setting."),
        ({"alarm": {"delay": 5}}, "alarm.delay: there is no such setting."),
        ({"cadence": {"value": 5}}, "cadence.value: there is no such setting."),
        ({"": 5}, '"": there is no such setting.'),
    ],
)
def test_an_unknown_name_is_told_in_full(given_, complaint):
    values = defaults()
    assert apply(values, given_) == [complaint]
    assert values == defaults()


@pytest.mark.parametrize("text", ["", "{", "nonsense", '{"cadence": 168,}', "{'cadence': 168}", "[" * 100_000, '"' * 3])
def test_what_is_no_json_leaves_the_defaults_and_says_so(text):
    values, complaints = load(text)
    assert values == defaults()
    assert complaints == ["settings.json: this is not JSON; correct it or write it anew."]


@pytest.mark.parametrize("text", ["[]", "168", "null", '"cadence"', "true"])
def test_json_that_is_no_table_leaves_the_defaults_and_says_so(text):
    assert load(text) == (defaults(), ["settings.json: expected one table of settings."])


def test_tables_in_tables_without_end_do_no_harm():
    values, complaints = load('{"cadence": 150, "a": ' + '{"b": ' * 200 + "1" + "}" * 201)
    assert values["cadence"] == 1500
    assert len(complaints) == 1
    assert complaints == ["a.b.b: there is no such setting."]


def test_not_a_number_in_json_is_refused():
    values, (complaint,) = load('{"cadence": NaN, "volume": 50}')
    assert values == {**defaults(), "volume": 50}
    assert complaint.startswith("cadence: NaN will not do")


@given(JSON)
def test_any_json_at_all_gives_settings_the_table_takes(given_):
    values, complaints = load(json.dumps(given_))
    assert list(values) == list(NAMES)
    for row in TABLE:
        assert row.parse(row.plain(values[row.name])) == values[row.name]
    assert all(complaint.endswith(".") for complaint in complaints)


LAST = {**defaults(), "cadence": 1500, "volume": 40, "mount.forward": (0, 1000, 0), "mount.up": (0, 0, 1000)}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"cadence": 16'])
def test_a_broken_text_leaves_the_last_good_values(text):
    values, complaints = load(text, LAST)
    assert values == LAST
    assert len(complaints) == 1
    values["cadence"] = 1
    assert LAST["cadence"] == 1500


def test_a_bad_value_has_its_last_good_one_and_what_is_not_there_its_default():
    values, complaints = load('{"cadence": 300, "haptic": false, "accent": 4}', LAST)
    assert values == {**defaults(), "cadence": 1500, "haptic": False, "accent": 4}
    assert len(complaints) == 1


@pytest.mark.parametrize("bad", [300, None, {"value": 3}, {}])
def test_a_bad_value_may_also_be_a_table(bad):
    values, complaints = load(json.dumps({"cadence": bad}), LAST)
    assert values["cadence"] in (1500, defaults()["cadence"])
    assert len(complaints) == (bad != {})


def test_directions_that_do_not_go_together_have_their_last_good_ones():
    values, complaints = load('{"mount": {"forward": [0, 0, 9], "up": [0, 0, 9]}}', LAST)
    assert (values["mount.forward"], values["mount.up"]) == (LAST["mount.forward"], LAST["mount.up"])
    assert len(complaints) == 1


@given(JSON, SETTINGS)
def test_any_json_on_top_of_any_last_good_settings_gives_settings_the_table_takes(given_, last):
    values, complaints = load(json.dumps(given_), last)
    assert list(values) == list(NAMES)
    for row in TABLE:
        assert row.parse(row.plain(values[row.name])) == values[row.name]
    assert all(complaint.endswith(".") for complaint in complaints)


@pytest.mark.parametrize("text", ['{"version": 2, "cadence": 150}', '{"cadence": 150, "plan": [{"minutes": 3}]}'])
def test_settings_of_a_later_version_are_taken_as_far_as_they_are_known(text):
    values, complaints = load(text, LAST)
    assert values == {**defaults(), "cadence": 1500}
    assert len(complaints) == 1


def test_defaults_are_fresh_each_time():
    values = defaults()
    values["cadence"] = 1
    assert defaults()["cadence"] == 1680


def test_a_row_is_found_by_its_name_only():
    assert find("alarm.countdown") is BY_NAME["alarm.countdown"]
    assert find("alarm") is None


@pytest.mark.parametrize(
    ("forward", "up"),
    [
        ([0, 0, 1000], [1000, 0, 0]),
        ([0, -1000, 0], [0, 0, -1000]),
        ([600, 800, 0], [0, 0, 500]),
        ([1, 0, 0], [0, 1, 0]),
        ([342, 0, 940], [0, 0, 1000]),
    ],
)
def test_forward_may_point_anywhere_across_up(forward, up):
    values = defaults()
    assert apply(values, {"mount": {"forward": forward, "up": up}}) == []
    assert (values["mount.forward"], values["mount.up"]) == (tuple(forward), tuple(up))


@pytest.mark.parametrize(
    ("forward", "up"),
    [
        ([0, 0, 1000], [0, 0, 999]),
        ([0, 0, -1000], [0, 0, 999]),
        ([0, 0, -5], [0, 0, 999]),
        ([1, 0, 0], [1, 0, 0]),
        ([1, 1, 1], [-3, -3, -3]),
        ([100, 0, 1000], [0, 0, 999]),
        ([1000, 1000, 1000], [1000, 1000, 999]),
    ],
)
def test_forward_along_up_leaves_no_direction_so_both_keep_their_defaults(forward, up):
    values = defaults()
    (complaint,) = apply(values, {"cadence": 150, "mount": {"forward": forward, "up": up}})
    assert complaint.startswith("mount.forward: it points along mount.up")
    assert values == {**defaults(), "cadence": 1500}


@pytest.mark.parametrize("forward", [[0, 0, 1000], [0, 0, -1], [100, 0, -1000]])
def test_any_forward_goes_with_the_default_up_which_is_measured_then(forward):
    values = defaults()
    assert apply(values, {"mount.forward": forward, "mount.up": [0, 0, 1000]}) == []
    assert values["mount.forward"] == tuple(forward)


@given(*(st.tuples(*(st.integers(-1000, 1000),) * 3).filter(any),) * 2)
def test_the_angle_between_forward_and_up_decides_whatever_their_lengths(forward, up):
    dot = sum(a * b for a, b in zip(forward, up, strict=True))
    cos = abs(dot) / math.dist(forward, (0, 0, 0)) / math.dist(up, (0, 0, 0))
    degrees = math.degrees(math.acos(min(cos, 1)))
    refused = bool(apply(defaults(), {"mount.forward": forward, "mount.up": up}))
    if abs(degrees - 19.47) > 0.01:
        assert refused == (degrees < 19.47)


def test_nothing_here_is_a_switch_that_a_number_could_set():
    for row in settings.TABLE:
        if row.kind == "choice" and isinstance(row.default, bool):
            assert row.parse(1) is None
            assert row.parse(0) is None
