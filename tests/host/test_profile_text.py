import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backbeat import settings
from backbeat_host.errors import InputError
from backbeat_host.profile_text import LARGEST, look, look_at_json, read


def complaints(text):
    return [str(complaint) for complaint in look(text).complaints]


def test_every_setting_has_the_line_it_was_given_in():
    text = "# mine\ncadence = 170 # steady\nmount.up = [0,\n  0, # z\n  1000]\n\n"
    text += '[alarm]\ncountdown = 20\n[fall]\n\nsensitivity = "low"\n'
    looked = look(text)
    assert looked.lines == {"cadence": 2, "mount.up": 3, "alarm.countdown": 8, "fall.sensitivity": 11}
    assert looked.values == {
        "cadence": 1700,
        "mount.up": (0, 0, 1000),
        "alarm.countdown": 20,
        "fall.sensitivity": "low",
    }
    assert looked.complaints == []


@pytest.mark.parametrize(
    "text",
    [
        "glance.every = 30\n",
        "glance = {every = 30}\n",
        "[glance]\nevery = 30\n",
        '"glance.every" = 30\n',
        'glance."every" = "30 s"\r\n',
        "[ glance ] # both\r\nevery = '0.5min'\r\n",
        "\ufeffglance.every = 30",
    ],
)
def test_a_name_may_be_written_in_every_way_of_toml(text):
    looked = look(text)
    assert (looked.values, looked.complaints) == ({"glance.every": 30}, [])


def test_all_faults_are_told_together_each_with_its_line():
    told = complaints(
        'cadence = "fast"\ntempo = 1\nvolume = 1 2\nsound = "on"\n[glance]\nevery = "30 parsec"\n'
        "[tool.x]\na = 1\nb = 2\n[fall]\nsensitivity = 3\nsensitivity = 'low'\n"
    )
    begins = [
        'line 1: cadence: "fast" will not do; expected a number',
        "line 2: tempo: there is no such setting.",
        "line 3: not TOML (",
        'line 4: sound: "on" will not do; expected one of false, true.',
        'line 6: glance.every: "30 parsec" will not do; expected a whole number from 5 to 600 s, or 0 for none (also',
        "line 7: [tool.x]: there is no such table of settings.",
        "line 11: fall.sensitivity: 3 will not do",
        "line 12: fall.sensitivity: given twice, in line 11 as well; leave one.",
    ]
    assert [told[at].startswith(words) for at, words in enumerate(begins)] == [True] * len(told), told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cadence = 150\ncadence = 160", "line 2: cadence: given twice, in line 1 as well"),
        ('"glance.every" = 30\n[glance]\nevery = 40', "line 3: glance.every: given twice, in line 1"),
        ("[fall]\n[fall]\n", "line 2: not TOML ("),
        ("[[fall]]\n", "line 1: [[fall]]: there is no such table"),
        ("[cadence]\n", "line 1: [cadence]: there is no such table"),
        ('[""]\ncadence = 170', "line 1: []: there is no such table"),
        ("cadence = {}", "line 1: cadence: a table will not do; expected a number"),
        ("cadence = {a = {}}", "line 1: cadence: a table will not do"),
        ("alarm = 3", "line 1: alarm: there is no such setting"),
        ("fall = {sensitivity = {a = 1}}", "line 1: fall.sensitivity: a table will not do"),
        ("mount.up = [1000, 0, 0]\n", "line 1: mount.forward: it points along mount.up"),
        ("mount.up = [0,\n 0\n\n[fall]\n", "line 1: not TOML ("),
        ('start = """power\n', "line 1: not TOML ("),
        ("cadence = 0x" + "f" * 6000, "line 1: cadence: this will not do"),
        ("cadence = " + "[" * 5000, "line 1: not TOML (nested too deeply)"),
        ("cadence = 170\x00", "line 1: not TOML ("),
        ("cadence = inf", "line 1: cadence: Infinity will not do"),
        ("cadence", "line 1: not TOML ("),
        ("= 3", "line 1: not TOML ("),
        ("a.b.c.d.e = 1", "line 1: a.b.c"),
    ],
)
def test_one_fault_is_one_sentence(text, words):
    (told,) = complaints(text)
    assert told.startswith(words)
    assert "\n" not in told and told.endswith(".")


def test_a_value_over_very_many_lines_is_no_value_and_takes_no_time():
    assert complaints("mount.up = [\n" + "[],\n" * 10_000 + "]\n")[0].startswith("line 1: not TOML")


def test_a_missing_bracket_does_not_drown_the_other_faults():
    told = complaints("mount.up = [0,\n0,\n1000\ncadence = 999\nvolume = 1\n")
    assert [line.split(":")[0] for line in told] == ["line 1", "line 4", "line 5"]


@given(st.text(st.sampled_from("cadence=\n\r\t []{}\"'.#,1680sx"), max_size=60))
@example("cadence = 168\r")
@example("sound = true # \u2028 \x85")
def test_no_text_breaks_it_and_it_takes_nothing_that_is_not_toml(text):
    looked = look(text)
    try:
        tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        assert looked.complaints
    else:
        assert looked.parses
    assert looked.whole().keys() == settings.defaults().keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"cadence": 170, "cadence": 160}', "cadence: given twice; leave one."),
        ('{"glance.every": 30, "glance": {"every": 40}}', "glance.every: given twice; leave one."),
        ('{"glance": {"every": "30 s"}}', 'glance.every: "30 s" will not do; expected a whole number from 5 to 600 s,'),
        ("[]", "expected a table of settings, found list."),
        ('{\n"a": }', "line 2: not JSON"),
        ('{"a": ' * 60_000, "nested too deeply"),
    ],
)
def test_a_settings_file_is_read_as_the_board_reads_it(text, told):
    assert str(look_at_json(text).complaints[0]).startswith(told)


def refused(path):
    with pytest.raises(InputError) as told:
        read(path)
    assert "\n" not in told.value.message and told.value.message.endswith(".")
    return told.value.message.removeprefix(str(path))


def test_what_is_no_text_of_settings_is_refused(tmp_path):
    path = tmp_path / "p.toml"
    assert refused(path).startswith(": cannot be read (No such file")
    path.mkdir()
    assert refused(path) == ": this is a folder; give a profile (.toml)."
    path = tmp_path / "q.toml"
    path.write_bytes(b"cadence = 170\n# caf\xe9\n")
    assert refused(path) == ", line 2: not UTF-8 text at byte 19; save it as UTF-8."
    path.write_bytes("cadence = 170".encode("utf-16"))
    assert ", line 1: not UTF-8 text" in refused(path)
    path.write_bytes(b"#" * LARGEST)
    assert len(read(path)) == LARGEST
    path.write_bytes(b"#" * (LARGEST + 1))
    assert refused(path) == ": larger than 64 KB, which no settings are; give a profile (.toml)."
    assert "null" in refused(tmp_path / "a\0b")
