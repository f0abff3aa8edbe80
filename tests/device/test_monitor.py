import struct

import pytest

from backbeat import events, monitor, settings
from backbeat_host.lab.circuitpython.console import Console as Silent
from backbeat_host.lab.endings import Ending

from .parts import Cell
from .ride import Ride
from .rig import MS, SECOND


class Port:
    """`usb_cdc.console` as a monitor uses it."""

    def __init__(self):
        self.in_waiting = self.out_waiting = 0
        self.sent = []

    def reset_input_buffer(self):
        self.in_waiting = 0

    def write(self, raw):
        self.sent.append(bytes(raw))


class Asking(Silent):
    """A served board's console: a byte comes in twice a second, and somebody reads, or nobody does."""

    def __init__(self, clock, every_ms=500, read=True, since=0):
        super().__init__(clock, is_open=True)
        self._every = every_ms * MS
        self._reads = read
        self._next = since * every_ms * MS

    @property
    def available(self):
        if self._reads:
            self.read()
        return int(self._clock.ns >= self._next)

    def take(self, size, timeout=0):
        self._next = (self._clock.ns // self._every + 1) * self._every if self._every else 0
        return b"\r"

    @property
    def frames(self):
        parts = bytes(self._said).split(monitor.MAGIC)[1:]
        return [struct.unpack_from(monitor.FRAME_FORMAT, monitor.MAGIC + part) for part in parts]


@pytest.fixture
def port():
    return Port()


@pytest.fixture
def ride(port):
    made = Ride()
    made.board.console = port
    made.board.battery = Cell(71, 3950)
    return made


def fields(frame):
    return struct.unpack_from(monitor.FRAME_FORMAT, frame)[1:]


def told(frame):
    return [
        struct.unpack_from(monitor.EVENT_FORMAT, frame, monitor.EVENTS_AT + number * 17)
        for number in range(fields(frame)[-1])
    ]


def test_nothing_is_asked_for_where_nothing_comes_in_or_there_is_no_port(ride, port):
    seen = monitor.Monitor(ride.board)
    assert not seen.asked()
    port.in_waiting = 3
    assert seen.asked()
    assert not seen.asked()
    ride.board.console = None
    assert not monitor.Monitor(ride.board).asked()


def test_a_frame_tells_how_the_session_stands(ride, port):
    ride.stand(8)
    monitor.Monitor(ride.board).tell(ride.session)
    (frame,) = port.sent
    assert len(frame) == monitor.SIZE
    assert frame.startswith(monitor.MAGIC)
    assert frame.endswith(monitor.ENDING)
    session, ms, cadence, target, beats, gait, *_, flags, percent, millivolts, count, held = fields(frame)
    assert (session, ms) == (12, ride.session.ms)
    assert (cadence, target, beats) == (0, ride.values["cadence"], ride.session.beats)
    assert gait == events.STILL
    assert flags == monitor.OPEN | monitor.SENSING
    assert (percent, millivolts) == (71, 3950)
    assert (count, held) == (0, 0)


def test_a_frame_brings_the_events_and_counts_those_that_did_not_fit(ride, port):
    seen = monitor.Monitor(ride.board)
    for number in range(7):
        seen.hear(1000 + number, events.MARK, number, -number, 0)
        seen.hear(1000 + number, events.CUE, 4, 0, 0)
    seen.tell(ride.session)
    assert told(port.sent[0]) == [(1000 + number, events.MARK, number, -number, 0) for number in range(5)]
    assert fields(port.sent[0])[-2:] == (7, 5)
    seen.hear(2000, events.FALL, 1990, 0, 4000)
    seen.tell(ride.session)
    assert told(port.sent[1]) == [(2000, events.FALL, 1990, 0, 4000)]
    assert fields(port.sent[1])[-2:] == (8, 1)


def test_nothing_is_sent_while_the_last_frame_waits_and_its_events_are_kept(ride, port):
    seen = monitor.Monitor(ride.board)
    port.out_waiting = 1
    seen.hear(1000, events.MARK, 0, 0, 0)
    seen.tell(ride.session)
    assert not port.sent
    port.out_waiting = 0
    seen.tell(ride.session)
    assert len(told(port.sent[0])) == 1


def test_a_board_without_a_battery_says_so(ride, port):
    ride.board.battery = None
    monitor.Monitor(ride.board).tell(ride.session)
    assert fields(port.sent[0])[-4:-2] == (monitor.NO_BATTERY, 0)


def watched(rig, console):
    bench = rig(console=console)
    bench.stop(20)
    assert bench.power_on() is Ending.INTERRUPTED
    assert max(bench.lateness(settings.defaults()["cadence"])) < 2
    assert bench.log().missing() == []
    return bench.board.hardware.console.frames


def test_a_run_that_is_watched_answers_twice_a_second_and_beats_as_ever(rig):
    frames = watched(rig, Asking)
    assert len(frames) == pytest.approx(40, abs=3)
    assert [frame[2] for frame in frames] == sorted(frame[2] for frame in frames)


def test_a_run_whose_watcher_does_not_read_is_not_held_up(rig):
    assert len(watched(rig, lambda clock: Asking(clock, read=False))) == 1


def test_a_flood_of_bytes_gets_no_more_than_five_frames_a_second(rig):
    assert len(watched(rig, lambda clock: Asking(clock, every_ms=0))) <= 20 * SECOND // (200 * MS) + 1


def test_a_port_on_which_nobody_asks_stays_silent(rig):
    assert watched(rig, lambda clock: Asking(clock, every_ms=3_600_000, since=1)) == []
