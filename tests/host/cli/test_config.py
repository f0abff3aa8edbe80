"""`backbeat config` as a person types it: on a profile, and on a drive laid out like a board's."""

import json
import os
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from backbeat import settings
from backbeat_host.cli import main
from backbeat_host.link.found import BOOT_OUT
from backbeat_host.link.settings import PUSHED, SETTINGS

UID = "df6050a04b301234"
SAYS = f"""\
Adafruit CircuitPython 10.2.1 on 2025-11-01; Raspberry Pi Pico with rp2040
Board ID:raspberry_pi_pico
UID:{UID.upper()}
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A folder to stand in, another for what is the user's own, and no other board."""
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / "own" / name)
    monkeypatch.setattr("backbeat_host.link.found.find_boards", list)
    monkeypatch.setattr("backbeat_host.cli.board_option.find_boards", list)
    monkeypatch.delenv("VISUAL", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "CIRCUITPY"
    folder.mkdir()
    (folder / BOOT_OUT).write_text(SAYS)
    return folder


def profile(text, name="profile.toml"):
    path = Path(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def lines(told):
    assert "Traceback" not in told.err
    return told.err.removeprefix("Error: ").splitlines()


def held(drive):
    values, complaints = settings.load((drive / SETTINGS[1:]).read_text())
    assert complaints == []
    return values


def test_a_profile_is_begun_changed_and_shown(backbeat, home):
    told = backbeat("config", "set", "cadence=170.5", "glance.every=0.5min", "volume=80%", "sound=off")
    assert told.code == 0 and told.out == ""
    path = home / "own" / "backbeat" / "profile.toml"
    assert lines(told)[0] == f"{path}: cadence: 168 spm -> 170.5 spm"
    assert backbeat("config", "get", "glance.every").out == "30\n"
    assert backbeat("config", "get", "cadence", "sound").out == "cadence=170.5\nsound=off\n"
    shown = backbeat("config", "show")
    assert "80 percent" in shown.out and "default" in shown.out
    told = json.loads(backbeat("config", "show", "--json").out)
    assert (told["settings"]["cadence"], told["given"]) == (170.5, ["cadence", "volume", "sound", "glance.every"])
    assert (told["where"], told["settings"]["mount.up"]) == (str(path), [0, 0, 1000])


def test_before_a_profile_is_there_the_heading_says_so(backbeat, home):
    assert "profile.toml (not there yet: all defaults)" in "".join(backbeat("config", "show").out.splitlines())
    profile("cadence = 170\n")
    assert "not there yet" not in backbeat("config", "show").out


def test_of_a_profile_that_is_no_toml_no_table_is_shown(backbeat):
    profile("cadence 170\n")
    for words in ((), ("--json",)):
        assert "not TOML" in backbeat("config", "show", *words).refused()
    profile("cadence = 9000\n")
    told = backbeat("config", "show")
    assert told.code == 2 and "volume" in told.out


def test_a_space_that_a_completed_name_leaves_does_no_harm(backbeat):
    assert backbeat("config", "set", "--profile", "p.toml", "cadence=", "170", "volume=50").code == 0
    assert backbeat("config", "get", "--profile", "p.toml", "cadence", "volume").out == "cadence=170\nvolume=50\n"
    assert backbeat("config", "set", "--profile", "p.toml", "cadence=", "volume=60").code == 2


def test_the_profile_here_goes_before_the_users_own(backbeat):
    profile("# here\ncadence = 150\n")
    backbeat("config", "set", "cadence=151")
    assert Path("profile.toml").read_text() == "# here\ncadence = 151\n"
    backbeat("config", "set", "--profile", "other.toml", "cadence=152")
    assert backbeat("config", "get", "cadence", "--profile", "other.toml", "--json").out == '{"cadence": 152}\n'
    assert Path("profile.toml").read_text() == "# here\ncadence = 151\n"


def test_what_get_gives_set_takes(backbeat):
    profile('mount.up = [0, 1000, 0]\nfall.sensitivity = "low"\nlight = false\ncadence = 170.5\n')
    names = [row.name for row in settings.TABLE]
    pairs = backbeat("config", "get", *names).out.split()
    assert backbeat("config", "set", "--profile", "copy.toml", *pairs).code == 0
    assert backbeat("config", "get", "--profile", "copy.toml", *names).out.split() == pairs


def test_all_that_is_wrong_is_told_in_one_go_and_nothing_is_applied(backbeat):
    text = "cadence = 170\ntempo = 3\n"
    profile(text)
    told = backbeat("config", "set", "cadence=160", "volume=5", "glance.every=30parsec", "light", "beat=1")
    assert told.code == 2
    begins = (
        *("volume: 5 will", 'glance.every: "30parsec" will', "light: no value", "beat: there is"),
        "profile.toml, line 2: tempo",
    )
    assert [line.startswith(words) for line, words in zip(lines(told), begins, strict=True)] == [True] * 5
    assert Path("profile.toml").read_text() == text


FAULTS = [
    ("cadence = 'fast'\n", 'profile.toml, line 1: cadence: "fast" will not do'),
    ("cadence = true\n", "profile.toml, line 1: cadence: true will not do"),
    ("\ntempo = 170\n", "profile.toml, line 2: tempo: there is no such setting."),
    ("cadence = 170\ncadence = 160\n", "profile.toml, line 2: cadence: given twice, in line 1 as well"),
    ("glance.every = '30 %'\n", 'profile.toml, line 1: glance.every: "30 %" will not do'),
    (b"# caf\xe9\n", "profile.toml, line 1: not UTF-8 text at byte 5"),
    ("cadence = 170".encode("utf-16"), "profile.toml, line 1: not UTF-8 text"),
    ("#" * 100_000, "profile.toml: larger than 64 KB"),
    ("# mine\ncadence 170\n", "profile.toml, line 2: not TOML"),
    (bytes(range(256)), "profile.toml, line 2: not UTF-8"),
    ("mount.up = [1000, 0, 0]\n", "profile.toml, line 1: mount.forward: it points along mount.up"),
]


@pytest.mark.parametrize(("text", "words"), FAULTS, ids=[words[:40] for _, words in FAULTS])
def test_a_profile_that_is_none_is_one_sentence_for_every_command(backbeat, drive, text, words):
    path = profile(text)
    before = path.read_bytes()
    for command in (
        *(["check"], ["set", "volume=50"], ["get", "cadence"], ["reset"]),
        *(["push", "--board", drive], ["pull", "--board", drive], ["diff", "--board", drive]),
    ):
        told = backbeat("config", *command)
        if told.code == 0:  # a reset may mend it, a value may be another's
            assert command[0] in ("reset", "get")
            path.write_bytes(before)
            continue
        assert told.refused().startswith(words), command
        assert path.read_bytes() == before
        assert [file.name for file in drive.iterdir()] == [BOOT_OUT]


def test_a_folder_is_no_profile(backbeat):
    Path("profile.toml").mkdir()
    assert backbeat("config", "show").refused() == "profile.toml: this is a folder; give a profile (.toml)."
    assert "this is a folder" in backbeat("config", "set", "cadence=170").refused()


def test_check_says_yes_or_all_that_is_wrong(backbeat):
    assert "no profile is there" in backbeat("config", "check").refused()
    profile("cadence = 170\n")
    assert lines(backbeat("config", "check")) == ["profile.toml: 1 setting, all valid"]
    assert backbeat("config", "check", "--json").out == "[]\n"
    profile("tempo = 3\nvolume = 3\n")
    told = backbeat("config", "check", "--json")
    assert told.code == 2
    assert [(row["line"], row["setting"]) for row in json.loads(told.out)] == [(1, "tempo"), (2, "volume")]
    assert len(lines(backbeat("config", "check"))) == 2


def test_a_wrong_profile_is_shown_as_far_as_it_goes(backbeat):
    profile("cadence = 170\nvolume = 3\n")
    told = backbeat("config", "show")
    assert told.code == 2 and "170 spm" in told.out and "line 2: volume: 3" in told.err


def test_the_board_itself_is_read_and_changed(backbeat, drive):
    assert backbeat("config", "get", "cadence", "--board", drive).out == "168\n"
    told = backbeat("config", "set", "--board", drive, "cadence=175", "mount.up=0,1000,0")
    assert lines(told)[:2] == [f"{drive}: cadence: 168 spm -> 175 spm", f"{drive}: mount.up: 0,0,1000 -> 0,1000,0"]
    assert "SHA-256" in lines(told)[2] and lines(told)[2].endswith("read back, the same")
    assert held(drive) == {**settings.defaults(), "cadence": 1750, "mount.up": (0, 1000, 0)}
    told = backbeat("config", "set", "--board", drive, "cadence=999", "tempo=1")
    assert told.code == 2 and len(lines(told)) == 2
    assert held(drive)["cadence"] == 1750
    backbeat("config", "reset", "--board", drive, "cadence")
    assert held(drive) == {**settings.defaults(), "mount.up": (0, 1000, 0)}
    backbeat("config", "reset", "--board", drive)
    assert held(drive) == settings.defaults()
    assert lines(backbeat("config", "check", "--board", drive)) == [f"{drive}: 12 settings, all valid"]
    assert lines(backbeat("config", "show", "--board", drive)) == []
    (drive / SETTINGS[1:]).write_text('{"cadence": 170}')
    assert "not the ones pushed last" in backbeat("config", "show", "--board", drive).err


def test_push_diff_and_pull_go_between_the_two(backbeat, drive):
    profile("# mine\ncadence = 170 # calm\n")
    (drive / SETTINGS[1:]).write_text('{"volume": 50, "mount.up": [0, 1000, 0]}')
    told = backbeat("config", "diff", "--board", drive)
    assert told.out.splitlines() == [
        f"{drive} -> profile.toml: cadence: 168 spm -> 170 spm",
        f"{drive} -> profile.toml: volume: 50 percent -> 100 percent",
        f"{drive} -> profile.toml: mount.up: 0,1000,0 on the board, kept",
    ]
    assert json.loads(backbeat("config", "diff", "--board", drive, "--json").out)[1] == {
        "setting": "volume",
        "board": 50,
        "profile": 100,
    }
    backbeat("config", "push", "--board", drive)
    assert held(drive) == {**settings.defaults(), "cadence": 1700, "mount.up": (0, 1000, 0)}
    assert json.loads((drive / PUSHED[1:]).read_text())["version"]
    assert backbeat("config", "diff", "--board", drive).out == (
        f"{drive} -> profile.toml: mount.up: 0,1000,0 on the board, kept\n"
    )
    backbeat("config", "set", "--board", drive, "cadence=160", "light=off")
    shown = [line.split(": ")[1] for line in backbeat("config", "diff", "--board", drive).out.splitlines()]
    told = backbeat("config", "pull", "--board", drive)
    assert told.code == 0 and [line.split(": ")[1] for line in lines(told)] == shown
    assert Path("profile.toml").read_text() == (
        "# mine\ncadence = 160 # calm\nlight = false\nmount.up = [0, 1000, 0]\n"
    )
    assert backbeat("config", "pull", "--board", drive, "--profile", "new.toml").code == 0
    assert backbeat("config", "diff", "--board", drive, "--profile", "new.toml", "--json").out == "[]\n"
    assert backbeat("config", "diff", "--board", drive).out == f"{drive} -> profile.toml: no setting differs\n"


def test_wrong_settings_on_a_board_are_told_not_pulled_and_mended_by_a_push(backbeat, drive):
    (drive / SETTINGS[1:]).write_text('{"volume": 5, "volume": 6, "tempo": 1}')
    profile("cadence = 170\n")
    told = backbeat("config", "pull", "--board", drive)
    assert told.code == 2 and len(lines(told)) == 3
    assert Path("profile.toml").read_text() == "cadence = 170\n"
    assert backbeat("config", "check", "--board", drive).code == 2
    assert backbeat("config", "push", "--board", drive).code == 0
    assert held(drive)["cadence"] == 1700


def test_a_drive_that_the_board_owns_says_what_to_do(backbeat, drive):
    drive.chmod(0o555)
    told = backbeat("config", "set", "--board", drive, "cadence=170").refused(1)
    assert "the board owns its drive" in told and "`backbeat service on`" in told
    drive.chmod(0o755)


def test_a_board_needs_no_profile_beside_it(backbeat, drive):
    assert "two places" in backbeat("config", "show", "--board", drive, "--profile", "p.toml").refused()
    assert "no board is here" in backbeat("config", "push", "--profile", profile("cadence = 170\n")).refused(1)
    assert "no board, drive or port is called so" in backbeat("config", "show", "--board", "nobody").refused()


@pytest.fixture
def editor(tmp_path, monkeypatch):
    def use(old, new):
        script = tmp_path / "editor.py"
        change = f"path.write_text(path.read_text().replace({old!r}, {new!r}))"
        script.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{change}\n")
        monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")

    return use


def test_edit_applies_what_is_valid_and_keeps_what_is_not(backbeat, editor):
    profile("# mine\ncadence = 170\n")
    editor("170", "165 # slow")
    assert lines(backbeat("config", "edit")) == ["profile.toml: cadence: 170 spm -> 165 spm"]
    assert Path("profile.toml").read_text() == "# mine\ncadence = 165 # slow\n"
    editor("165", "1650")
    told = backbeat("config", "edit")
    assert told.code == 2 and "cadence: 1650 will not do" in lines(told)[0] and "kept as you left it" in lines(told)[1]
    assert Path("profile.toml").read_text() == "# mine\ncadence = 165 # slow\n"
    assert Path("profile.edited.toml").read_text() == "# mine\ncadence = 1650 # slow\n"
    editor("1650", "160")
    assert backbeat("config", "edit").code == 0
    assert Path("profile.toml").read_text() == "# mine\ncadence = 160 # slow\n"
    assert not Path("profile.edited.toml").exists()


def test_edit_begins_a_profile_with_every_setting_at_hand(backbeat, editor, home):
    editor("#cadence = 168", "cadence = 171")
    assert backbeat("config", "edit").code == 0
    assert backbeat("config", "get", "cadence").out == "171\n"
    editor("x", "x")
    assert backbeat("config", "edit", "--profile", "none.toml").code == 0
    assert list(Path().iterdir()) == []


def test_edit_on_a_board(backbeat, editor, drive, home):
    editor("\ncadence = 168", "\ncadence = '2.9 Hz'")
    assert backbeat("config", "edit", "--board", drive).code == 0
    assert held(drive)["cadence"] == 1740
    editor("\ncadence = 174", "\ncadence = 1740")
    told = backbeat("config", "edit", "--board", drive)
    assert told.code == 2 and held(drive)["cadence"] == 1740
    assert "cadence = 1740" in (home / "own" / "backbeat" / f"board-{UID}.edited.toml").read_text()


def test_docs_tell_every_setting_with_unit_range_default_and_help(backbeat):
    told = json.loads(backbeat("config", "docs", "--json").out)
    assert [row["setting"] for row in told] == [row.name for row in settings.TABLE]
    assert told[0] == {
        "setting": "cadence",
        "kind": "tenths",
        "unit": "spm",
        "low": 40,
        "high": 240,
        "zero": False,
        "default": 168,
        "expects": "a number with at most one decimal from 40 to 240 spm",
        "help": "Beats a minute, one for each step.",
    }
    shown = backbeat("config", "docs").out
    for row in settings.TABLE:
        assert row.name in shown


@pytest.mark.parametrize("command", ["get", "reset"])
def test_an_unknown_name_is_refused(backbeat, command):
    assert backbeat("config", command, "tempo").refused() == (
        "tempo: there is no such setting; `backbeat config docs` tells them all."
    )


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        (["get"], "mount", {"mount.forward", "mount.up"}),
        (["get", "mount.up"], "mount", {"mount.forward"}),
        (["set"], "c", {"cadence="}),
        (["set", "cadence=170"], "c", set()),
        (["set"], "sound=", {"sound=on", "sound=off"}),
        (["set"], "fall.sensitivity=n", {"fall.sensitivity=normal"}),
        (["set"], "cadence=", set()),
        (["set"], "tempo=", set()),
        (["set", "sound"], "=", {"on", "off"}),
        (["set", "volume=50", "start", "="], "po", {"power"}),
        (["reset"], "al", {"alarm.countdown"}),
    ],
)
def test_a_shell_completes_names_and_words(words, begun, offered):
    complete = ShellComplete(main, {}, "backbeat", "_BACKBEAT_COMPLETE")
    assert {item.value for item in complete.get_completions(["config", *words], begun)} == offered


def test_what_changed_is_told_to_a_program(backbeat, drive):
    def told(*words):
        return json.loads(backbeat("config", *words, "--json").out)

    assert told("set", "cadence=170.5", "light=off") == [
        {"setting": "cadence", "before": 168, "after": 170.5},
        {"setting": "light", "before": True, "after": False},
    ]
    assert told("set", "cadence=170.5") == []
    assert told("reset", "light") == [{"setting": "light", "before": False, "after": True}]
    assert told("set", "--board", drive, "cadence=150") == [{"setting": "cadence", "before": 168, "after": 150}]
    assert told("pull", "--board", drive) == [{"setting": "cadence", "before": 170.5, "after": 150}]
    assert told("reset", "--board", drive) == [{"setting": "cadence", "before": 150, "after": 168}]
    assert backbeat("config", "set", "cadence=9", "--json").refused()


def test_a_word_that_is_no_pair_is_told_what_to_be(backbeat):
    refused = backbeat("config", "set", "p.toml", "cadence=170").refused()
    assert refused == "p.toml: a profile is given as --profile p.toml, a setting as NAME=VALUE."
    assert lines(backbeat("config", "set", "cadence", "170")) == [
        "cadence: no value is given; write cadence=VALUE.",
        "170: no setting; write NAME=VALUE (`backbeat config docs` tells every NAME).",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes no such files")
def test_a_profile_that_is_no_ordinary_file_is_neither_waited_for_nor_replaced(backbeat, drive, monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    os.mkfifo("pipe.toml")
    for words in (["set", "cadence=170"], ["reset"], ["edit"], ["pull", "--board", drive]):
        refused = backbeat("config", *words, "--profile", "pipe.toml").refused()
        assert refused == "pipe.toml: a device or a pipe; give a profile (.toml) that is an ordinary file."
    assert Path("pipe.toml").is_fifo()


def test_an_edit_that_changes_nothing_says_so(backbeat, drive, monkeypatch):
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c pass")
    profile("cadence = 170\n")
    assert lines(backbeat("config", "edit")) == ["profile.toml: no setting differs"]
    assert lines(backbeat("config", "edit", "--board", drive)) == [f"{drive}: no setting differs"]


def test_an_edit_that_leaves_nothing_tells_what_that_changes(backbeat, monkeypatch):
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c \"import sys; open(sys.argv[1], 'w')\"")
    profile("cadence = 170\n")
    assert lines(backbeat("config", "edit")) == ["profile.toml: cadence: 170 spm -> 168 spm"]
    assert Path("profile.toml").read_text() == ""


def test_settings_are_not_written_into_a_folder_that_is_no_boards_drive(backbeat, tmp_path, monkeypatch):
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c pass")
    profile("cadence = 170\n")
    (tmp_path / "photos").mkdir()
    for words in (["set", "cadence=170"], ["reset"], ["push"], ["edit"]):
        refused = backbeat("config", *words, "--board", tmp_path / "photos").refused()
        assert "no board's drive, for boot_out.txt is not there" in refused
    assert list((tmp_path / "photos").iterdir()) == []
