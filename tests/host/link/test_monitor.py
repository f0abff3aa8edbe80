import struct

import pytest

from backbeat import alarm, events
from backbeat import monitor as device
from backbeat_host.link.backend import GoneError
from backbeat_host.link.line import Line
from backbeat_host.link.monitor import Frame, Silence, Watch

NAMES = (
    *("session", "ms", "cadence", "target", "beats", "gait", "travel", "heading", "confidence", "lag", "flags"),
    *("percent", "mv", "told"),
)
USUAL = dict.fromkeys(NAMES, 0) | {
    "session": 7,
    "cadence": 1712,
    "target": 1680,
    "gait": events.RUN,
    "travel": events.BACKWARD,
    "flags": device.OPEN | device.SENSING,
    "percent": 71,
    "mv": 3950,
}


def framed(*told, **values):
    """A frame as the board sends it."""
    fields = USUAL | {"told": len(told)} | values
    head = struct.pack(device.FRAME_FORMAT, device.MAGIC, *(fields[name] for name in NAMES), len(told))
    body = b"".join(struct.pack(device.EVENT_FORMAT, *event) for event in told)
    return (head + body).ljust(device.SIZE - len(device.ENDING), b"\0") + device.ENDING


class Board:
    """A port in virtual time: `answers` come one for each byte that is asked with; None is the cable pulled."""

    def __init__(self, answers):
        self.answers = list(answers)
        self.now = 0.0
        self.out = b""
        self.asked = b""
        self.gone = False

    @property
    def in_waiting(self):
        if self.gone:
            raise OSError("gone")
        self.now += 0.02
        return len(self.out)

    def read(self, count):
        given, self.out = self.out[:count], self.out[count:]
        return given

    def write(self, raw):
        self.asked += raw
        answer = self.answers.pop(0) if self.answers else b""
        if answer is None:
            self.gone = True
        else:
            self.out += answer

    def close(self):
        pass


def watched(*answers, most=20):
    board = Board(answers)
    frames = []
    for frame in Watch(Line(board, lambda: board.now), lambda: board.now).frames():
        frames.append(frame)
        if len(frames) >= most or not board.answers:
            break
    return frames, board


def times(*answers):
    return [frame.t for frame in watched(*answers)[0] if isinstance(frame, Frame)]


def test_a_frame_tells_how_the_session_stands():
    (frame,), _ = watched(framed(ms=61_500, beats=172, heading=-9, confidence=80, lag=-12))
    assert (frame.session, frame.t, frame.cadence, frame.target, frame.beats) == (7, 61.5, 171.2, 168.0, 172)
    assert (frame.gait, frame.travel, frame.heading, frame.confidence) == ("run", "backward", -9, 80)
    assert (frame.lag_ms, frame.state, frame.alarm, frame.sensing) == (-12, "running", "", True)
    assert (frame.percent, frame.millivolts, frame.events, frame.missed) == (71, 3950, [], 0)


@pytest.mark.parametrize(
    ("flags", "state", "alarmed"),
    [
        (device.OPEN | device.PAUSED, "paused", ""),
        (device.OPEN | device.IDLE, "idle", ""),
        (0, "ended", ""),
        (device.OPEN | alarm.COUNTDOWN << device.ALARM, "running", "countdown"),
        (device.OPEN | alarm.SIREN << device.ALARM, "running", "siren"),
    ],
)
def test_every_state_has_its_word(flags, state, alarmed):
    (frame,), _ = watched(framed(flags=flags))
    assert (frame.state, frame.alarm, frame.sensing) == (state, alarmed, False)


def test_what_is_not_known_is_none_or_empty():
    (frame,), _ = watched(framed(percent=device.NO_BATTERY, gait=events.NO_GAIT, travel=events.NO_TRAVEL))
    assert (frame.percent, frame.millivolts, frame.gait, frame.travel) == (None, None, "", "")


def test_events_come_in_words_and_those_that_found_no_room_are_counted():
    fall = (9000, events.FALL, 8900, events.FALL_BACKWARD, 4100)
    (first, second, third), _ = watched(
        framed(fall, told=100), framed(told=100), framed((9900, events.MARK, 0, 0, 0), told=104)
    )
    assert first.events == [
        {"trial": "7", "t": 9.0, "event": "fall", "at": 8.9, "direction": "backward", "peak_mg": 4100}
    ]
    assert (first.missed, second.missed, third.missed) == (0, 0, 3)  # what was before this side looked is not missed


def test_an_event_of_a_newer_firmware_keeps_its_number():
    (frame,), _ = watched(framed((1, 200, 5, 6, 7)))
    assert frame.events[0]["event"] == "200"


def test_garbage_and_broken_frames_are_skipped_and_the_next_one_is_found():
    whole = framed(ms=5000)
    for garbage in (b"\xff" * 3000, whole[:50], device.MAGIC, device.MAGIC * 40, whole[:-2] + b"xx", b"\r\n"):
        assert times(garbage, garbage + whole + whole[:30], whole, b"") == [5.0, 5.0]
    held = device.EVENTS_AT - 1
    many = whole[:held] + b"\x09" + whole[device.EVENTS_AT :]
    for bad in (framed(gait=9), framed(heading=500), framed(flags=0xF1), framed(target=0), many):
        assert times(bad, whole, b"") == [5.0]


def test_a_frame_in_pieces_is_one():
    whole = framed(ms=5000)
    assert times(whole[:1], whole[1:70], whole[70:], b"") == [5.0]


def test_only_harmless_bytes_are_sent_two_a_second_and_never_a_ctrl_c():
    frames, board = watched(*[framed(ms=500 * number) for number in range(20)])
    assert len(frames) == 20
    assert set(board.asked) == {ord("\r")}
    assert len(board.asked) == pytest.approx(2 * board.now, abs=3)


def test_a_board_that_says_nothing_is_told_again_and_again():
    frames, _ = watched(*[b""] * 20)
    assert len(frames) > 2 and set(map(type, frames)) == {Silence}


def test_a_prompt_is_told_and_nothing_more_is_typed_there():
    board = Board([b"\r\n>>> "])
    frames = Watch(Line(board, lambda: board.now), lambda: board.now).frames()
    assert [next(frames) for _ in range(3)] == [Silence(prompt=True)] * 3
    assert board.asked == b"\r"
    board.out += framed()  # somebody has started the code
    assert isinstance(next(frames), Frame)


def test_a_cable_that_is_pulled_ends_it():
    with pytest.raises(GoneError):
        watched(framed(), None, b"", b"")
