"""Keys as presses: what the session hears of them."""

import pytest

from backbeat import gesture
from backbeat_host.desk import keys
from backbeat_host.desk.keys import Keys, keyboard

MS = 1_000_000


def presses(typed: dict[int, str], until: int = 4000) -> list[tuple[int, int]]:
    """(ms, up or down) of the button, looked at every 10 ms, for keys typed at these ms."""
    now = 0
    waiting = dict(typed)

    def read() -> str:
        return "".join(waiting.pop(at) for at in list(waiting) if at <= now)

    made = Keys(read, lambda: now * MS)
    edges, last = [], False
    for now in range(0, until, 10):
        pressed = made.pressed()
        if pressed != last:
            edges.append((now, int(pressed)))
            last = pressed
    return edges


def meant(typed: dict[int, str]) -> list[int]:
    gestures, found, state = gesture.Gestures(), [], 0
    edges = dict(presses(typed))
    for now in range(0, 4000, 10):
        state = edges.get(now, state)
        if told := gestures.poll(now, bool(state)):
            found.append(told)
    return found


@pytest.mark.parametrize(
    ("key", "means"), [(" ", gesture.SHORT), ("m", gesture.DOUBLE), ("q", gesture.LONG), ("Q", gesture.LONG)]
)
def test_a_key_is_a_press_of_its_kind(key, means):
    assert meant({300: key}) == [means]  # what comes with the start means nothing


def test_the_hold_is_long_enough_to_end_an_alarm_and_too_short_to_end_the_session():
    ((down, _), (up, _)) = presses({100: "h"})
    assert 700 < up - down < 1500


def test_two_keys_at_once_are_two_presses():
    assert [level for _, level in presses({100: "  "})] == [1, 0, 1, 0]


def test_other_keys_mean_nothing():
    assert presses({100: "xyz\n\x1b[A"}) == []


def test_a_key_after_a_long_time_is_pressed_at_once():
    assert presses({100: " ", 3000: " "})[2][0] == 3000


def test_without_a_terminal_there_are_no_keys(monkeypatch):
    monkeypatch.setattr(keys.sys, "stdin", None)
    with keyboard() as read:
        assert read is None


@pytest.mark.skipif(keys.sys.platform == "win32", reason="a Windows console has no pseudo-terminal")
def test_a_terminal_gives_its_keys_one_by_one_and_is_left_as_it_was(monkeypatch):
    import os
    import pty
    import termios

    keyboard_end, terminal_end = pty.openpty()
    before = termios.tcgetattr(terminal_end)
    with os.fdopen(terminal_end, "r") as terminal, os.fdopen(keyboard_end, "wb", buffering=0) as typing:
        monkeypatch.setattr(keys.sys, "stdin", terminal)
        with keyboard() as read:
            assert read is not None and read() == ""
            typing.write(b" m")
            assert read() == " m" and read() == ""
        assert termios.tcgetattr(terminal.fileno()) == before
