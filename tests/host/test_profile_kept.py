from pathlib import Path

import pytest

from backbeat import settings
from backbeat_host.complaints import Complaint
from backbeat_host.errors import InputError, WorkError
from backbeat_host.held import Change
from backbeat_host.profile_kept import Profile, own_folder, profile


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder to stand in, and another for what is the user's own."""
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / "own" / name)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def refused(call, *words):
    with pytest.raises(InputError) as told:
        call(*words)
    return told.value.message


def test_the_profile_is_the_one_named_else_the_one_here_else_the_users_own(home):
    assert profile(None).path == own_folder() / "profile.toml" == home / "own" / "backbeat" / "profile.toml"
    Path("profile.toml").write_text("cadence = 170\n")
    assert profile(None).path == Path("profile.toml")
    assert profile(Path("other.toml")).path == Path("other.toml")


def test_the_users_own_need_not_be_there_one_that_is_named_must(home):
    assert profile(None).held().values == settings.defaults()
    assert refused(profile(Path("none.toml")).held).startswith("none.toml: no profile is there; `backbeat config set`")
    assert "no profile is there" in refused(profile(None).required)


def test_a_settings_file_is_no_profile(home):
    assert "a board's settings file" in refused(profile, Path("settings.json"))


def test_the_first_change_begins_the_file_in_its_folder(home):
    mine = profile(None)
    assert mine.put({"cadence": 1700}) == [Change("cadence", 1680, 1700)]
    assert mine.path.read_text().endswith("\n\ncadence = 170\n")
    assert (mine.held().values["cadence"], mine.held().given) == (1700, {"cadence"})


@pytest.mark.parametrize("text", ["cadence = 170\nvolume = 5\n", "cadence = 170\ntempo = 3\n", "cadence = = 3\n"])
def test_nothing_is_written_unless_all_of_it_is_then_valid(home, text):
    path = Path("profile.toml")
    path.write_text(text)
    told = refused(Profile(path).put, {"cadence": 1600}, [Complaint("wrong: word.")]).split("\n")
    assert told[0] == "wrong: word." and told[1].startswith("profile.toml, line ")
    assert path.read_text() == text


def test_a_change_may_mend_what_was_wrong(home):
    path = Path("profile.toml")
    path.write_text("cadence = 'fast' # hm\n")
    Profile(path).put({"cadence": 1600})
    assert path.read_text() == "cadence = 160 # hm\n"


def test_what_points_up_and_forward_at_once_is_refused(home):
    path = Path("profile.toml")
    path.write_text("mount.up = [0, 1000, 0]\n")
    assert "line 2: mount.forward: it points along mount.up" in refused(
        Profile(path).put, {"mount.forward": (0, 1000, 0)}
    )


def test_reset_gives_defaults_to_the_lines_that_are_there(home):
    path = Path("profile.toml")
    path.write_text('# mine\ncadence = 170 # quick\n[fall]\nsensitivity = "low"\n')
    assert [change.name for change in Profile(path).reset()] == ["cadence", "fall.sensitivity"]
    assert path.read_text() == '# mine\ncadence = 168 # quick\n[fall]\nsensitivity = "normal"\n'
    assert Profile(Path("none.toml"), named=False).reset() == []
    assert not Path("none.toml").exists()


def test_a_link_to_a_profile_stays_a_link(home):
    Path("real.toml").write_text("cadence = 170\n")
    Path("profile.toml").symlink_to("real.toml")
    profile(None).put({"cadence": 1600})
    assert Path("profile.toml").is_symlink()
    assert Path("real.toml").read_text() == "cadence = 160\n"


def test_what_has_changed_meanwhile_is_not_written_over(home):
    path = Path("profile.toml")
    path.write_text("cadence = 170\n")
    with pytest.raises(WorkError, match="it has changed meanwhile; nothing was written"):
        Profile(path).write("cadence = 150\n", "cadence = 160\n")
    assert path.read_text() == "cadence = 170\n"


def test_what_cannot_be_changed_line_by_line_is_refused_by_its_name(home, monkeypatch):
    path = Path("profile.toml")
    path.write_text("cadence = 170\n")

    def beyond(text, wanted):
        raise InputError("beyond.")

    monkeypatch.setattr("backbeat_host.profile_kept.with_settings", beyond)
    assert refused(Profile(path).put, {"cadence": 1600}) == "profile.toml: beyond."
