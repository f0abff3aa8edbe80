import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import settings
from backbeat_host.errors import InputError
from backbeat_host.profile import chosen


@pytest.fixture
def file(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def refused(*sources):
    with pytest.raises(InputError) as told:
        chosen(sources)
    return str(told.value)


def test_without_a_source_the_defaults_hold():
    nothing = chosen([])
    assert nothing.values == settings.defaults()
    assert nothing.given == set()


def test_a_profile_is_read_with_its_tables(file):
    path = file(
        "profile.toml", 'cadence = 170.5\nstart = "power"\n[alarm]\ncountdown = 20\n[mount]\nup = [0, 1000, 0]\n'
    )
    found = chosen([path])
    assert found.values == {
        **settings.defaults(),
        "cadence": 1705,
        "start": "power",
        "alarm.countdown": 20,
        "mount.up": (0, 1000, 0),
    }
    assert found.given == {"cadence", "start", "alarm.countdown", "mount.up"}


def test_a_settings_file_of_a_board_is_read_back(file):
    values = {**settings.defaults(), "cadence": 1683, "fall.sensitivity": "high", "light": False}
    assert chosen([file("settings.json", settings.dump(values))]).values == values


@pytest.mark.parametrize(
    ("pair", "name", "held"),
    [
        ("cadence=170.5", "cadence", 1705),
        (" cadence = 170 ", "cadence", 1700),
        ("sound=off", "sound", False),
        ("light=Yes", "light", True),
        ("haptic=false", "haptic", False),
        ("start=power", "start", "power"),
        ("accent=0", "accent", 0),
        ("mount.up=0,1000,0", "mount.up", (0, 1000, 0)),
        ("mount.up=[0, -1000, 0]", "mount.up", (0, -1000, 0)),
        ("glance.every=30", "glance.every", 30),
        ("glance.every=1min 30s", "glance.every", 90),
        ("cadence=2.8 Hz", "cadence", 1680),
        ("volume = 80%", "volume", 80),
    ],
)
def test_a_pair_is_read_as_it_is_typed(pair, name, held):
    found = chosen([pair])
    assert found.values == {**settings.defaults(), name: held}
    assert found.given == {name}


def test_a_profile_knows_units_a_boards_own_file_does_not(file):
    assert chosen([file("p.toml", 'glance.every = "1.5 min"\n')]).values["glance.every"] == 90
    assert 'glance.every: "1.5 min" will not do' in refused(file("p.json", '{"glance.every": "1.5 min"}'))


def test_a_setting_given_twice_in_one_file_is_refused(file):
    assert "cadence: given twice; leave one." in refused(file("p.json", '{"cadence": 170, "cadence": 160}'))


def test_a_later_source_wins(file):
    path = file("p.toml", "cadence = 150\nvolume = 50\n")
    assert chosen(["cadence=160", path]).values["cadence"] == 1500
    found = chosen([path, "cadence=160"])
    assert (found.values["cadence"], found.values["volume"]) == (1600, 50)


def test_two_pairs_may_turn_the_chip_though_either_alone_would_point_forward_up():
    for pairs in (
        ["mount.up=1000,0,0", "mount.forward=0,0,1000"],
        ["mount.forward=0,0,1000", "mount.up=1000,0,0"],
    ):
        found = chosen(pairs)
        assert (found.values["mount.forward"], found.values["mount.up"]) == ((0, 0, 1000), (1000, 0, 0))


def test_forward_along_up_is_refused():
    assert refused("mount.up=1000,0,0").startswith("mount.forward: it points along mount.up")


@pytest.mark.parametrize(
    "pair",
    [
        *("cadence=fast", "cadence=1_68", "cadence=١٦٨", "cadence=", "cadence=nan", "cadence=1e999"),
        *("sound=loud", "mount.up=1,2", "mount.up=1,2.5,3", "mount.up=0,1_0,0"),
    ],
)
def test_a_wrong_pair_is_refused_by_name_and_with_what_was_typed(pair):
    name, _, typed = pair.partition("=")
    message = refused(pair)
    assert message.startswith(f"{name}: ")
    assert "expected " + settings.find(name).expects() in message
    if typed.isalpha() and typed != "nan":
        assert f'"{typed}"' in message


@pytest.mark.parametrize("source", ["", "  "])
def test_a_source_that_is_empty_is_refused(source):
    assert refused(source) == "a setting is empty; give a profile (.toml), a settings file (.json) or key=value."


def test_what_a_terminal_would_obey_is_shown_escaped(file):
    assert refused("a\x1b[31mb\n\x7f\x9b=1") == r"a\x1b[31mb\n\x7f\x9b: there is no such setting."
    assert r'"\u001b[2J' in refused("start=\x1b[2J")
    assert r"\u007f" in refused("start=\x7f")
    path = file("x.toml", '"a\\u001b\\nb" = 1\n"\\u009b" = 2\n')
    assert (
        refused(path)
        == f"{path}, line 1: a\\x1b\\nb: there is no such setting.\n{path}, line 2: \\x9b: there is no such setting."
    )
    assert refused("no\x1b[31m.toml").startswith(r"no\x1b[31m.toml: cannot be read")
    for name in ("b\x1b.toml", "b\x1b.json"):
        assert refused(file(name, "?")).isprintable()


@pytest.mark.parametrize(("name", "text"), [("a.toml", "cadence = 170\n"), ("a.json", '{"cadence": 170}')])
def test_a_byte_order_mark_does_no_harm(file, name, text):
    assert chosen([file(name, "\ufeff" + text)]).values["cadence"] == 1700


@pytest.mark.parametrize("pair", ["tempo=170", "mount=1", "Cadence=170", "=5"])
def test_an_unknown_name_is_told(pair):
    assert refused(pair) == f"{pair.partition('=')[0] or chr(34) * 2}: there is no such setting."


def test_every_complaint_is_told_each_with_its_file(file):
    path = file("profile.toml", "cadence = 300\ntempo = 1\n")
    lines = refused(path, "volume=5").split("\n")
    assert len(lines) == 3
    assert lines[0].startswith(f"{path}, line 1: cadence: 300 will not do; expected ")
    assert lines[1] == f"{path}, line 2: tempo: there is no such setting."
    assert lines[2].startswith("volume: 5 will not do")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.toml", "cadence = \n", "not TOML"),
        ("a.toml", "cadence = 150\ncadence = 160\n", "line 2: cadence: given twice, in line 1 as well"),
        ("a.toml", b"cadence = 1 # \xff", "not UTF-8 text at byte 14"),
        ("a.toml", "cadence = " + "1" * 5000, "line 1: not TOML (a number of thousands of digits)"),
        ("a.json", '{\n "cadence": 1,\n}', "line 3: not JSON"),
        ("a.json", "[1]", "expected a table of settings, found list"),
        ("a.json", "[" * 60_000, "nested too deeply"),
        ("a.json", '{"cadence": ' + "1" * 5000 + "}", "a number in it has thousands of digits"),
        ("a.json", "", "line 1: not JSON"),
    ],
)
def test_a_file_that_is_no_settings_is_refused_with_its_name_and_place(file, name, text, message):
    path = file(name, text)
    told = refused(path)
    assert told.startswith(path)
    assert message in told
    assert "\n" not in told


def test_a_missing_file_says_what_could_be_given(tmp_path):
    message = refused(str(tmp_path / "none.toml"))
    assert message.startswith(str(tmp_path / "none.toml"))
    assert "give a profile (.toml), a settings file (.json) or key=value" in message


def test_a_date_and_a_giant_number_are_refused_like_any_wrong_value(file):
    path = file("p.toml", "cadence = 2024-01-01\nvolume = 0x" + "f" * 6000 + "\n")
    first, second = refused(path).split("\n")
    assert "cadence: 2024-01-01 will not do" in first
    assert "volume: this will not do" in second


def test_a_file_whose_name_has_an_equals_sign_is_a_file(file):
    assert chosen([file("cadence=1.toml", "volume = 50\n")]).values["volume"] == 50


@pytest.mark.parametrize("depth", [100, 450, 900])
def test_tables_in_tables_are_refused_however_deep(file, depth):
    assert file("deep.json", '{"a":' * depth + "1" + "}" * depth) in refused(
        file("deep.json", '{"a":' * depth + "1" + "}" * depth)
    )


@given(st.text(max_size=30))
def test_whatever_is_typed_after_a_name_is_taken_or_refused_in_one_line(text):
    for row in settings.TABLE:
        try:
            found = chosen([f"{row.name}={text}"])
        except InputError as error:
            assert str(error).count("\n") == 0
            assert str(error).startswith(("mount.", row.name))
        else:
            assert row.parse(json.loads(json.dumps(row.plain(found.values[row.name])))) == found.values[row.name]
