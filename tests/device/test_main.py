"""From power to power: what is heard before a session, how one follows another, the ways into and out of service."""

import pytest

from backbeat import cues, names
from backbeat.record import Writer
from backbeat.summaries import Summaries
from backbeat_host.lab.board import LIGHT
from backbeat_host.lab.circuitpython.hardware import ResetReason, SafeModeReason
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.link import firmware

from .rig import MS, SECOND

FAILS_AT_THE_CHIP = """
from backbeat.board import find
from backbeat.main import main
board = find()
restart = board.fifo.restart
def fail():
    board.fifo.restart = restart
    raise ZeroDivisionError("a bug")
board.fifo.restart = fail
main(board)
"""


def heard(bench, begin_s, end_s):
    """What sounded between two instants: the tones in Hz."""
    return [hz for ns, hz in bench.edges() if hz and begin_s * SECOND <= ns < end_s * SECOND]


def pattern(cue):
    """A cue's tones in Hz, one that goes on over several pieces once."""
    tones = cues._PATTERNS[cue][1::3]
    return [hz for hz, before in zip(tones, (0, *tones), strict=False) if hz and hz != before]


def bug():
    raise ZeroDivisionError("a bug")


def without_memory(monkeypatch, *sessions):
    """The sessions of these numbers find no memory for their log."""
    header = Writer.header

    def scarce(self, *facts):
        if self.session in sessions:
            raise MemoryError("memory allocation failed")
        header(self, *facts)

    monkeypatch.setattr(Writer, "header", scarce)


def until(bench, seconds):
    bench.board.interrupt_at(round(seconds * SECOND))
    return bench.power_on()


# ---- waiting ----


def test_a_board_that_is_well_says_so_once_and_then_waits_in_silence_and_darkness(rig):
    bench = rig(given={"start": "press"})
    until(bench, 30)
    assert heard(bench, 0, 30) == pattern(cues.READY)
    assert bench.starts == []
    assert not [ns for ns, lit in bench.edges(LIGHT) if lit and ns > 3 * SECOND]


def test_what_the_self_test_finds_wanting_is_told_after_that_each_by_its_own_cue(rig):
    bench = rig(given={"start": "press"}, battery_mv=3650)
    bench.board.unplug_chip()
    until(bench, 12)
    assert heard(bench, 0, 12) == [
        *pattern(cues.READY),
        *pattern(cues.LOW_BATTERY),
        *pattern(cues.SENSOR_LOST),
    ]


def test_a_drive_with_little_room_is_told_before_the_run_and_in_its_log(rig):
    bench = rig(given={"start": "press"}, capacity=30_000)
    bench.board.press(6 * SECOND, 200 * MS)
    until(bench, 20)
    (space,) = bench.of("space")
    assert space.a < 60
    assert heard(bench, 0, 6)[1:] == pattern(cues.of_space(space.a))
    assert names.CUES[cues.of_space(space.a)] in bench.cues()


def test_the_light_shows_that_the_board_is_plugged_in(rig):
    bench = rig(given={"start": "press"}, usb_connected=True)
    until(bench, 20)
    assert len([ns for ns, lit in bench.edges(LIGHT) if lit and 4 * SECOND < ns < 20 * SECOND]) == 8


def test_a_press_in_the_middle_of_the_first_cue_starts_the_session(rig):
    bench = rig(given={"start": "press"})
    bench.board.press(1350 * MS, 100 * MS)
    until(bench, 5)
    assert bench.starts[0] < 2 * SECOND
    assert bench.cues()[0] == "start"


def test_a_button_that_is_stuck_since_power_came_starts_a_session_after_ten_seconds(rig):
    bench = rig(given={"start": "press"})
    bench.board.press(0, 3600 * SECOND)
    until(bench, 40)
    assert 9 * SECOND < bench.starts[0] < 12 * SECOND
    assert len(bench.of("beat")) > 60
    assert bench.of("pause", "mark") == []


def test_where_the_button_is_dead_a_session_starts_after_ten_seconds(rig):
    bench = rig(given={"start": "press"})
    code = "import board, digitalio\ntaken = digitalio.DigitalInOut(board.GP13)\n"
    bench.drive.joinpath("code.py").write_text(code + firmware.tree()["code.py"].read_text())
    until(bench, 40)
    assert 9 * SECOND < bench.starts[0] < 12 * SECOND
    assert "no_button" in bench.cues()
    assert len(bench.of("beat")) > 60


def test_a_button_that_sticks_in_a_run_costs_ten_seconds_of_beats_at_the_most(rig):
    bench = rig()
    bench.press(20, 3600)
    bench.stop(60)
    bench.power_on()
    assert [told.a for told in bench.of("session_end")] == [0, 1]
    assert bench.starts[1] - bench.of("session_end")[0].ns < 12 * SECOND


# ---- one after the other ----


def test_a_session_broken_off_by_the_watchdog_goes_on_by_itself_in_a_new_one_that_names_it(rig):
    bench = rig(given={"start": "press"})
    bench.board.press(2 * SECOND, 200 * MS)
    bench.at(30, lambda: bench.board.clock.advance(30 * SECOND))  # code that hangs feeds no dog
    assert bench.power_on() is Ending.RESET
    began = bench.board.clock.ns
    bench.board.interrupt_at(began + 20 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert bench.starts[1] - began < 2 * SECOND
    assert bench.log(2).continued == 1
    assert all("the session's end is missing" in said for said in bench.log(1).missing())


def test_who_switches_the_power_off_and_on_again_begins_with_a_press(rig):
    bench = rig(given={"start": "press"})
    bench.board.press(2 * SECOND, 200 * MS)
    bench.cut(20)
    assert bench.power_on() is Ending.POWER_CUT
    bench.board.clock.resume()
    bench.board.interrupt_at(bench.board.clock.ns + 20 * SECOND)
    bench.power_on()
    assert len(bench.starts) == 1


def test_a_brown_out_loop_stops_starting_sessions_by_itself(rig):
    bench = rig(given={"start": "press"})
    bench.board.press(2 * SECOND, 200 * MS)
    bench.board.interrupt_at(10**18)
    starts = []
    bench.at(5, lambda: bench.board.power_cut_at(bench.board.clock.ns))
    bench.power_on()
    for _ in range(12):
        bench.board.clock.resume()
        before = len(bench.starts)
        assert bench.board.power_on(SafeModeReason.BROWNOUT) in (Ending.RESET, Ending.FINISHED)
        bench.board.power_cut_at(bench.board.clock.ns + 5 * SECOND)
        bench.power_on()
        starts.append(len(bench.starts) - before)
    assert starts[0] == 1
    assert starts[-1] == 0
    assert bench.starts


def test_sensing_that_fails_again_and_again_leaves_a_beat_and_a_log(rig):
    bench = rig()

    def bug():
        raise RuntimeError("a bug")

    bench.on["gait"] = bug
    bench.at(60, lambda: bench.board.interrupt_at(bench.board.clock.ns))
    assert bench.power_on() is Ending.INTERRUPTED
    assert [told.a for told in bench.of("session_end")] == [3, 1]
    last = bench.log(2)
    assert last.continued == 1
    assert last.missing() == []
    assert len([told for told in bench.of("beat") if told.ns > bench.starts[1]]) > 100
    assert "a bug" in bench.drive.joinpath("crash.txt").read_text()
    assert bench.cues()[-1] == "sensor_lost"


# ---- an alarm outlasts what breaks a session off ----


@pytest.fixture(scope="module")
def fallen():
    return synthetic([Stand(3), Run("backward", 8), Fall("backward"), Lie(200)], seed=7).rows


@pytest.mark.parametrize("brown_out", [False, True])
def test_who_lies_on_the_button_does_not_cancel_an_alarm_that_goes_on(rig, fallen, brown_out):
    bench = rig(fallen, {"start": "press"})
    clock = bench.board.clock
    bench.board.press(2 * SECOND, 200 * MS)

    def plan():
        del bench.on["alarm"]
        if brown_out:
            bench.board.power_cut_at(clock.ns + 4 * SECOND)
        else:
            clock.schedule(clock.ns + 4 * SECOND, bug)

    bench.on["suspect"] = lambda: (bench.on.pop("suspect"), bench.board.press(clock.ns, 100 * SECOND))
    bench.on["alarm"] = plan
    if brown_out:
        assert bench.power_on() is Ending.POWER_CUT
        clock.resume()
        assert bench.board.power_on(SafeModeReason.BROWNOUT) is Ending.RESET
    until(bench, clock.ns / SECOND + 50)
    assert counted_down(bench, 2)
    assert bench.of("alarm_cancelled") == []


def test_an_alarm_does_not_go_on_after_service(rig, fallen):
    """Whoever holds the boot button and then presses begins a run, not the broken one's alarm."""
    bench = rig(fallen, {"start": "press"})
    clock = bench.board.clock
    bench.board.press(2 * SECOND, 200 * MS)
    bench.on["alarm"] = lambda: bench.board.power_cut_at(clock.ns + 4 * SECOND)
    assert bench.power_on() is Ending.POWER_CUT
    clock.resume()
    assert bench.board.power_on(SafeModeReason.USER) is Ending.RESET
    bench.board.press(clock.ns + 5 * SECOND, 200 * MS)
    assert bench.power_on() is Ending.RESET  # the drive is the run's again
    until(bench, clock.ns / SECOND + 15)
    assert len(bench.starts) == 2
    assert len(bench.of("alarm")) == 1
    assert bench.log(2).continued == 0
    assert "start" in bench.cues()[1:]


def test_a_long_press_in_doubt_ends_the_session_when_the_doubt_is_over(rig, fallen):
    bench = rig(fallen)
    bench.on["roll"] = bench.on["stumble"] = lambda: None
    bench.at(6, lambda: None)
    bench.press(5, 1.6)
    bench.stop(9)
    bench.power_on()
    assert bench.of("session_end")[0].a == 0


def counted_down(bench, number):
    """The session of that number called for help by itself, until a hold."""
    began = bench.starts[number - 1]
    (alarm,) = (told for told in bench.of("alarm") if told.ns >= began)
    (siren,) = (told for told in bench.of("siren") if told.ns >= began)
    return alarm.ns - began < 100 * MS and siren.ns - alarm.ns > 11 * SECOND


@pytest.mark.parametrize("after", [3, 20])
def test_an_error_in_an_alarm_does_not_end_it(rig, fallen, after):
    bench = rig(fallen)

    clock = bench.board.clock

    bench.on["alarm"] = lambda: (bench.on.pop("alarm"), clock.schedule(clock.ns + after * SECOND, bug))
    bench.stop(60)
    assert bench.power_on() is Ending.INTERRUPTED
    assert [told.a for told in bench.of("session_end")] == [3, 1]
    assert counted_down(bench, 2)


def test_an_error_in_an_alarm_does_not_end_it_though_the_next_session_has_no_memory(rig, fallen, monkeypatch):
    bench = rig(fallen)
    clock = bench.board.clock

    without_memory(monkeypatch, 2)
    bench.on["alarm"] = lambda: (bench.on.pop("alarm"), clock.schedule(clock.ns + 3 * SECOND, bug))
    bench.stop(60)
    assert bench.power_on() is Ending.INTERRUPTED
    assert [told.a for told in bench.of("session_start")] == [1, 3]
    assert counted_down(bench, 2)


def test_an_alarm_does_not_go_on_in_a_session_begun_by_a_press_after_errors_in_a_row(rig, fallen, monkeypatch):
    bench = rig(fallen)
    clock = bench.board.clock

    def begun():
        bench.on.pop("alarm")
        clock.schedule(clock.ns + 3 * SECOND, bug)
        bench.board.press(clock.ns + 8 * SECOND, 200 * MS)
        bench.board.interrupt_at(clock.ns + 30 * SECOND)

    without_memory(monkeypatch, 2, 3)
    bench.on["alarm"] = begun
    assert bench.power_on() is Ending.INTERRUPTED
    assert [told.a for told in bench.of("session_start")] == [1, 4]
    assert len(bench.of("alarm")) == 1
    assert bench.cues()[-1] == "start"


@pytest.mark.parametrize("after", [3, 20])
def test_a_brown_out_in_an_alarm_does_not_end_it(rig, fallen, after):
    """The siren draws the most of all: there a weak cell gives way."""
    bench = rig(fallen, {"start": "press"})
    bench.board.press(2 * SECOND, 200 * MS)
    bench.on["alarm"] = lambda: (
        bench.on.pop("alarm"),
        bench.board.power_cut_at(bench.board.clock.ns + after * SECOND),
    )
    assert bench.power_on() is Ending.POWER_CUT
    bench.board.clock.resume()
    assert bench.board.power_on(SafeModeReason.BROWNOUT) is Ending.RESET
    until(bench, bench.board.clock.ns / SECOND + 30)
    assert counted_down(bench, 2)
    assert bench.log(2).continued == 1


def test_an_alarm_that_was_cancelled_or_switched_off_does_not_come_back(rig, fallen):
    bench = rig(fallen, {"start": "press"})
    bench.board.press(2 * SECOND, 200 * MS)
    bench.on["alarm"] = lambda: bench.board.press(bench.board.clock.ns + SECOND, 900 * MS)
    bench.cut(40)
    assert bench.power_on() is Ending.POWER_CUT
    bench.board.clock.resume()
    bench.board.power_on(SafeModeReason.BROWNOUT)
    until(bench, bench.board.clock.ns / SECOND + 30)
    assert len(bench.starts) == 2
    assert len(bench.of("alarm")) == 1


def test_an_alarm_that_brown_outs_ended_does_not_come_back_with_one_in_a_later_session(rig, fallen):
    bench = rig(fallen, {"start": "press"})
    board, clock = bench.board, bench.board.clock
    board.press(2 * SECOND, 200 * MS)

    def brown_out():
        assert bench.power_on() is Ending.POWER_CUT
        clock.resume()
        assert board.power_on(SafeModeReason.BROWNOUT) is Ending.RESET

    bench.on["alarm"] = lambda: board.power_cut_at(clock.ns + 3 * SECOND)
    for _ in range(6):
        brown_out()
    assert len(bench.of("alarm")) == len(bench.starts) == 6
    board.press(clock.ns + 3 * SECOND, 200 * MS)
    board.power_cut_at(clock.ns + 100 * SECOND)
    brown_out()
    until(bench, clock.ns / SECOND + 20)
    assert len(bench.starts) == 8
    assert len(bench.of("alarm")) == 6


def test_an_error_that_comes_every_twelve_seconds_is_not_followed_by_sessions_for_ever(rig):
    bench = rig()
    clock = bench.board.clock

    bench.on["session_start"] = lambda: clock.schedule(clock.ns + 12 * SECOND, bug)
    bench.board.interrupt_at(300 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert len(bench.starts) == 3
    failed = bench.starts[2] / SECOND + 12
    assert heard(bench, failed + 0.01, failed + 10) == pattern(cues.READY)


def test_an_error_in_what_is_written_at_the_end_costs_no_log(rig, monkeypatch):
    bench = rig()
    write = Summaries.write

    def failing(self, ms, *rest):
        if ms > 20_000:
            raise ValueError("a bug")
        write(self, ms, *rest)

    monkeypatch.setattr(Summaries, "write", failing)
    bench.stop(60)
    bench.power_on()
    assert bench.log(1).events()[-1]["reason"] == "fault"
    assert len(bench.log(1).summaries) >= 3


def test_an_error_before_the_first_beat_is_followed_by_a_session_too(rig):
    bench = rig(given={"start": "press"})
    bench.board.press(3 * SECOND, 200 * MS)
    code = bench.drive.joinpath("code.py")
    code.write_text(FAILS_AT_THE_CHIP)
    until(bench, 20)
    assert [told.a for told in bench.of("session_start")] == [2]
    assert bench.log(2).continued == 1
    assert len(bench.of("beat")) > 30


def test_an_error_in_the_cue_of_the_end_begins_no_session(rig):
    bench = rig()
    clock = bench.board.clock

    bench.on["session_end"] = lambda: (bench.on.pop("session_end"), clock.schedule(clock.ns + 200 * MS, bug))
    bench.press(20, 2)
    bench.stop(40)
    assert bench.power_on() is Ending.INTERRUPTED
    assert len(bench.starts) == 1
    assert bench.quiet_from() < 25 * SECOND
    assert "a bug" in bench.drive.joinpath("crash.txt").read_text()


# ---- service ----


def test_a_stuck_button_does_not_end_service(rig):
    bench = rig(given={"start": "press"}, nvm=b"\x01", usb_connected=True)
    bench.board.press(0, 3600 * SECOND)
    until(bench, 60)
    assert bench.starts == []


@pytest.mark.parametrize("damage", ["", "def broken(:\n", "x = unknown_name\n"])
def test_a_damaged_library_leaves_a_beat_and_a_log(rig, damage):
    bench = rig(given={"start": "power"})
    library = bench.drive / "lib" / "adafruit_lsm6ds"
    library.mkdir(parents=True)
    library.joinpath("__init__.py").write_text(damage)
    bench.stop(20)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console
    assert len(bench.of("beat")) > 40
    assert bench.log().missing() == []


def test_a_firmware_that_cannot_start_leaves_the_drive_to_the_laptop_and_says_why(rig):
    bench = rig(given={"start": "power"})
    bench.drive.joinpath("code.py").write_text(
        firmware.tree()["code.py"]
        .read_text()
        .replace("from backbeat.main import main", "from backbeat.gone import main")
    )
    assert bench.power_on() is Ending.RESET
    assert "backbeat.gone" in bench.drive.joinpath("crash.txt").read_text()
    assert bench.power_on() is Ending.EXCEPTION
    assert not bench.board.drive.code_owns


def test_a_press_just_after_the_start_resets_into_service_and_a_press_there_into_a_run(rig):
    bench = rig()
    bench.press(1, 0.2)
    assert bench.power_on() is Ending.RESET
    assert bench.only("session_end").a == 4
    assert bench.cues()[-1] == "service"

    bench.board.press(bench.board.clock.ns + 5 * SECOND, 200 * MS)
    entered = bench.board.clock.ns
    assert bench.power_on() is Ending.RESET  # the laptop owned the drive, and the press ends it
    assert heard(bench, entered / SECOND, entered / SECOND + 4) == pattern(cues.SERVICE)
    assert len(bench.starts) == 1

    bench.board.interrupt_at(bench.board.clock.ns + 20 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert len(bench.starts) == 2
    assert bench.log(2).missing() == []


def test_a_second_press_before_the_start_is_heard_asks_for_no_service(rig):
    bench = rig(given={"start": "press"})
    for at_ms in (3000, 3150):
        bench.board.press(at_ms * MS, 80 * MS)
    assert until(bench, 10) is Ending.INTERRUPTED
    assert bench.starts[0] > 3230 * MS, "both presses must lie before it for this test to mean anything"
    assert bench.cues() == ["start"]


def test_service_lasts_no_longer_than_until_the_next_start(rig):
    bench = rig(given={"start": "press"}, nvm=b"\x01")
    bench.board.power_cut_at(10 * SECOND)
    bench.power_on()
    bench.board.clock.resume()
    bench.board.press(bench.board.clock.ns + 3 * SECOND, 200 * MS)
    bench.board.interrupt_at(bench.board.clock.ns + 20 * SECOND)
    bench.power_on()
    assert len(bench.starts) == 1
    assert bench.log().missing() == []


def test_where_the_drive_can_never_be_had_a_press_starts_a_session_all_the_same(rig):
    """An installation that boot.py takes for broken is service at every start: a press must not end there."""
    bench = rig(given={"start": "press"})
    bench.drive.joinpath("manifest.json").write_text('{"version": "9", "files": {"/gone.py": [1, ""]}}')
    bench.board.press(3 * SECOND, 200 * MS)
    assert bench.power_on() is Ending.RESET
    bench.board.interrupt_at(bench.board.clock.ns + 20 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    assert len(bench.of("beat")) > 30
    assert bench.only("fault").a == 1


@pytest.mark.parametrize("reason", [ResetReason.WATCHDOG, ResetReason.SOFTWARE])
def test_a_reset_after_a_session_that_ended_well_begins_nothing(rig, reason):
    bench = rig(given={"start": "press"})
    bench.board.press(2 * SECOND, 200 * MS)
    until(bench, 20)
    bench.board._next_reset = reason
    bench.board.interrupt_at(bench.board.clock.ns + 20 * SECOND)
    bench.power_on()
    assert len(bench.starts) == 1
