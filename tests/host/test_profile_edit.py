import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import settings
from backbeat_host.errors import InputError
from backbeat_host.profile_edit import offered, with_settings, written
from backbeat_host.profile_text import look

from ..setting_values import valid

PROFILE = """\
# How I run.
  cadence  =  168.5   # Sundays
mount.up = [ 0, # the clip
  0,
  1000 ] # upright

# What a fall is
[fall] # see below
sensitivity = "high" # for now

# The end
"""


def test_a_value_is_changed_in_its_place_and_all_else_stays():
    wanted = {"cadence": 1700, "mount.up": (0, 1000, 0), "fall.sensitivity": "low"}
    expected = PROFILE.replace("168.5", "170").replace('"high"', '"low"').replace("  0,\n  1000 ]", "  1000,\n  0 ]")
    assert with_settings(PROFILE, wanted) == expected


def test_what_is_already_so_is_not_written_in_another_way():
    text = 'cadence = 170.0\n"glance.every" = "0.5 min"\n'
    assert with_settings(text, {"cadence": 1700, "glance.every": 30}) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "glance.every = 30"),
        ("cadence = 170", "glance.every = 30"),
        ("# only words\n", "glance.every = 30"),
        ("cadence = 170\n\n[glance] # of the tables\n\n# done\n", "every = 30"),
        ("[glance]", "every = 30"),
        ('cadence = 170 # x\n\n# falls\n[fall]\nsensitivity = "low"\n', "glance.every = 30"),
        ('cadence = 170 # \u2028 y\nvolume = 50\n[fall]\nsensitivity = "low"\n', "glance.every = 30"),
    ],
)
def test_a_new_setting_gets_one_line_among_its_likes(text, line):
    changed = with_settings(text, {"glance.every": 30})
    before, after = text.split("\n"), changed.split("\n")
    after.remove(line)
    assert [row for row in after if row] == [row for row in before if row]
    assert look(changed).values == {**look(text).values, "glance.every": 30}


def test_a_new_setting_stands_above_the_first_table_and_its_comment():
    assert with_settings("# falls\n# hard\n[fall]\n", {"cadence": 1700}) == "cadence = 170\n\n# falls\n# hard\n[fall]\n"


def test_a_table_in_one_line_gets_what_belongs_into_it():
    changed = with_settings("mount = {up = [0, 0, 1000]} # sits\n", {"mount.forward": (0, 1000, 0)})
    assert look(changed).values == {"mount.up": (0, 0, 1000), "mount.forward": (0, 1000, 0)}
    assert changed.endswith("# sits\n")


@pytest.mark.parametrize("name", ["mount.up", "mount.forward"])
def test_a_table_in_two_places_is_found(name):
    text = '[mount]\nup = [0, 0, 1000]\n[fall]\nsensitivity = "low"\n'
    held = (0, 1000, 0)
    assert look(with_settings(text, {name: held})).values[name] == held


def test_the_marks_of_windows_stay():
    text = "\ufeffcadence = 170\r\n# x\r\n"
    changed = with_settings(text, {"cadence": 1600, "volume": 50})
    assert changed == "\ufeffcadence = 160\r\nvolume = 50\r\n# x\r\n"


def test_wrong_values_and_wrong_lines_elsewhere_are_not_touched():
    text = 'cadence = "fast" # why\ntempo = 3\n'
    assert with_settings(text, {"cadence": 1700}) == "cadence = 170 # why\ntempo = 3\n"


def test_what_is_no_toml_is_not_changed():
    with pytest.raises(InputError, match="config edit"):
        with_settings("cadence = = 3\n", {"volume": 50})


def test_a_profile_from_the_board_holds_and_explains_every_setting():
    text = written({**settings.defaults(), "cadence": 1705})
    assert look(text).values == {**settings.defaults(), "cadence": 1705}
    for row in settings.TABLE:
        assert row.help in text


def test_a_new_profile_offers_every_setting_and_gives_none():
    assert look(offered()).values == {}
    opened = "\n".join(line[1:] if line.startswith("#") and line[1] != " " else line for line in offered().split("\n"))
    assert look(opened).values == settings.defaults()


ROWS = {row.name: valid(row) for row in settings.TABLE}
SOME = st.fixed_dictionaries({}, optional=ROWS)
COMMENT = st.just("") | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8).map(
    lambda text: " # " + text
)


@st.composite
def profiles(draw):
    """A profile in somebody's own style: names dotted, quoted or in tables, comments and blank lines anywhere."""
    values = draw(SOME)
    top, tables = [], {}
    for name in draw(st.permutations(sorted(values))):
        value = json.dumps(settings.find(name).plain(values[name]))
        table, _, last = name.rpartition(".")
        style = draw(st.sampled_from(["dotted", "quoted", "table"])) if table else "dotted"
        if style != "table" and f"[{table}]" not in tables:
            key = name if style == "dotted" and not (table and table in tables) else f'"{name}"'
            top.append(draw(st.sampled_from(["", " "])) + key + draw(st.sampled_from([" = ", "=", "  =\t"])) + value)
        else:
            tables.setdefault(table, []).append(f"{last} = {value}")
    lines = []
    keys = [line.split("=")[0].strip() for line in top]
    dotted = {key.split(".")[0] for key in keys if "." in key and not key.startswith('"')}
    for line in top:
        lines += [draw(COMMENT).strip(), line + draw(COMMENT)]
    for table, inside in tables.items():
        if table in dotted:  # TOML forbids both
            lines = [f'"{table}.{line.split(" = ")[0]}" = {line.split(" = ")[1]}' for line in inside] + lines
            continue
        lines += [draw(COMMENT).strip(), f"[{table}]" + draw(COMMENT)]
        for line in inside:
            lines += [line + draw(COMMENT), draw(COMMENT).strip()]
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"])), values


@given(profiles(), SOME)
def test_what_is_set_is_there_and_every_other_line_stays_byte_for_byte(profile, wanted):
    text, values = profile
    assert look(text).values == values
    changed = with_settings(text, wanted)
    assert look(changed).values == {**values, **wanted}
    tomllib.loads(changed)
    lines_of = look(text).lines
    theirs = {lines_of[name] - 1 for name in wanted if name in lines_of and values[name] != wanted[name]}
    kept = iter(changed.split("\n"))
    for at, line in enumerate(text.split("\n")):
        if at not in theirs and line:
            assert line in kept  # in this order
    for at in theirs:
        comment = text.split("\n")[at].partition(" # ")[2]
        assert comment in changed


@given(profiles(), SOME)
def test_setting_and_setting_back_gives_the_text_back(profile, wanted):
    text, values = profile
    there = {name: value for name, value in wanted.items() if name in values}
    assert look(with_settings(with_settings(text, there), values)).values == values
    assert with_settings(text, values) == text
