import io
import os
import sys

import pytest

from backbeat_host.errors import InputError, WorkError
from backbeat_host.profile_session import edited

TEXT = "cadence = 170 # mine\n"


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """`editor(old, new, ...)`: an editor that at its n-th opening replaces the n-th old by the n-th new."""

    def use(*replaced):
        script, count = tmp_path / "editor.py", tmp_path / "count"
        script.write_text(
            "import pathlib, sys\n"
            f"count = pathlib.Path({str(count)!r})\n"
            "times = int(count.read_text()) if count.exists() else 0\n"
            "count.write_text(str(times + 1))\n"
            f"old, new = {list(zip(replaced[::2], replaced[1::2], strict=True))!r}[times]\n"
            "path = pathlib.Path(sys.argv[1])\n"
            "path.write_bytes(path.read_bytes().replace(old, new))\n"
        )
        monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")

    monkeypatch.delenv("VISUAL", raising=False)
    return use


def never(wrong):
    return False


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "own" / "profile.edited.toml"


def test_what_was_typed_is_given_and_its_copy_goes_when_it_is_in_its_place(editor, copy):
    editor(b"170", b"160")
    with edited(copy, TEXT, never) as typed:
        assert typed == "cadence = 160 # mine\n"
        assert copy.exists()
    assert not copy.exists()


def test_what_was_left_as_it_was_is_nothing(editor, copy):
    editor(b"x", b"x")
    with edited(copy, TEXT, never) as typed:
        assert typed is None
    assert not copy.exists()


def test_what_is_not_valid_is_kept_named_and_gone_on_with(editor, copy):
    editor(b"170", b"999", b"999", b"160")
    with pytest.raises(InputError) as told, edited(copy, TEXT, never):
        pass
    wrong, kept = told.value.message.split("\n")
    assert wrong.startswith(f"{copy}, line 1: cadence: 999 will not do")
    assert kept.startswith(f"{copy}: kept as you left it")
    assert copy.read_text() == "cadence = 999 # mine\n"
    with edited(copy, TEXT, never) as typed:
        assert typed == "cadence = 160 # mine\n"


def test_the_editor_opens_again_when_asked_for(editor, copy):
    editor(b"170", b"999", b"999", b"160")
    asked = []
    with edited(copy, TEXT, lambda wrong: not asked.append(wrong)) as typed:
        assert typed == "cadence = 160 # mine\n"
    assert len(asked) == 1 and "999 will not do" in asked[0]


@pytest.mark.parametrize("typed", [b"\xff\xfe", b"#" * 70_000])
def test_what_cannot_be_read_as_text_is_kept_too(editor, copy, typed):
    editor(b"170", typed)
    with pytest.raises(InputError, match="kept as you left it"), edited(copy, TEXT, never):
        pass
    assert typed in copy.read_bytes()


def test_what_fails_on_its_way_to_its_place_is_kept(editor, copy):
    editor(b"170", b"160")
    with pytest.raises(WorkError), edited(copy, TEXT, never):
        raise WorkError("the cable was pulled.")
    assert copy.read_text() == "cadence = 160 # mine\n"


def test_a_copy_from_before_the_last_change_is_not_used_unseen(editor, copy):
    editor(b"170", b"160")
    copy.parent.mkdir()
    copy.write_text("cadence = 150\n")
    os.utime(copy, (1000, 1000))
    with pytest.raises(InputError, match="left from an edit before the last change"), edited(copy, TEXT, never, 2000):
        pass
    assert copy.read_text() == "cadence = 150\n"


@pytest.mark.parametrize("command", ["/no/such/editor", f"{sys.executable} -c 'raise SystemExit(3)'", "'open quote"])
def test_an_editor_that_fails_is_told_and_the_copy_kept(monkeypatch, copy, command):
    monkeypatch.setenv("VISUAL", command)
    with pytest.raises(WorkError) as told, edited(copy, TEXT, never):
        pass
    assert "set $VISUAL or $EDITOR to one" in told.value.message and "\n" not in told.value.message
    assert copy.read_text() == TEXT


def test_without_a_terminal_or_an_editor_there_is_nothing_to_edit_in(monkeypatch, copy):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(InputError, match="no terminal to edit in"), edited(copy, TEXT, never):
        pass
