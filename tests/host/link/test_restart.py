"""Waiting for a board that starts anew."""

import functools
import itertools

import pytest

from backbeat_host.errors import WorkError
from backbeat_host.link import restart
from backbeat_host.link.backend import GoneError
from backbeat_host.link.found import PORT_ONLY, Found, again


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Every look takes a second of a clock that nobody waits for."""
    waits = functools.partial(restart.wait_for, rest=lambda seconds: None, now=itertools.count().__next__)
    monkeypatch.setattr(restart, "wait_for", waits)


def looks(*outcomes):
    """A look that finds these, one after the other, the last for ever."""
    left = list(outcomes)

    def look():
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, OSError):
            raise found
        return found

    return look


def test_waiting_ends_when_it_is_there_or_never_comes():
    assert restart.wait_for(looks(None, GoneError(19, "away"), False)) is False
    assert restart.wait_for(looks(None)) is None


def test_what_failed_last_is_told_where_nothing_came():
    with pytest.raises(PermissionError, match="denied"):
        restart.wait_for(looks(GoneError(19, "away"), PermissionError(13, "denied"), None))


def test_a_board_that_does_not_come_back_is_said_with_the_reason(monkeypatch):
    found = Found(uid="e661", port="/dev/ttyACM0")
    monkeypatch.setattr(restart, "again", lambda found: None)
    for wait in (restart.wait_until_back, restart.version_after_restart):
        with pytest.raises(WorkError, match=r"/dev/ttyACM0: it did not come back; press its reset button"):
            wait(found)
    monkeypatch.setattr(restart, "again", lambda found: found)
    monkeypatch.setattr(restart, "Console", lambda port: looks(PermissionError(13, "denied"))())
    with pytest.raises(WorkError, match=r"did not come back \(denied\)"):
        restart.version_after_restart(found)


def test_the_board_again_is_known_by_its_uid_whatever_its_port_is_called_now(monkeypatch):
    here = [Found(uid="aa", port="/dev/one"), Found(uid="bb"), Found(uid="cc", port="/dev/two")]
    monkeypatch.setattr("backbeat_host.link.found.find_boards", lambda: here)
    assert again(Found(uid="cc", port="/dev/one")) == here[2]
    assert again(Found(uid="bb", port="/dev/two")) is None


def test_one_that_tells_no_uid_is_known_by_its_port_found_or_taken_at_its_word(monkeypatch, tmp_path):
    here = [Found(port="/dev/one", name="a board")]
    monkeypatch.setattr("backbeat_host.link.found.find_boards", lambda: here)
    assert again(Found(port="/dev/one")) == here[0]
    assert again(Found(port=str(tmp_path / "away"))) is None
    told = again(Found(port="rfc2217://elsewhere:4000"))
    assert told is not None and (told.port, told.state) == ("rfc2217://elsewhere:4000", PORT_ONLY)
