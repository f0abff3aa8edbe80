"""The battery: its percent, the warning, the sure end, and readings that no cell gives."""

from textwrap import dedent

import pytest

from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.motion import Recorded
from backbeat_host.link import firmware

from ..rig import MS, STILL

READ = """
    import time, supervisor
    import board
    from backbeat.board.battery import Battery
    battery = Battery(board.VOLTAGE_MONITOR, (3, 1), None, None)
    for _ in range({times}):
        battery.read()
        print(battery.percent, battery.millivolts, battery.low, battery.empty, battery.bad)
        time.sleep(0.1)
"""


@pytest.fixture
def readings(tmp_path):
    """Readings, one every 100 ms, at these millivolts."""

    def read(volts, code=READ):
        (tmp_path / "code.py").write_text(dedent(code.format(times=len(volts))))
        board = VirtualBoard(tmp_path, Recorded(STILL, 104), battery_mv=volts[0], pass_cost_us=0)
        for number, millivolts in enumerate(volts):
            board.clock.schedule(number * 100 * MS - 50 * MS, lambda mv=millivolts: set_battery(board, mv))
        assert board.power_on() == "finished", board.console
        rows = [line.split() for line in board.console.splitlines()]
        return [(int(row[0]), int(row[1]), *(word == "True" for word in row[2:])) for row in rows]

    return read


def set_battery(board, millivolts):
    board.hardware.battery_mv = millivolts


def test_percent_follows_the_curve_of_a_cell(readings):
    rows = readings([4250, 4200, 4080, 3950, 3850, 3790, 3730, 3690, 3600, 3450, 3300, 3000])
    assert [row[0] for row in rows] == pytest.approx([100, 100, 90, 70, 55, 40, 20, 10, 5, 2, 0, 0], abs=1)
    assert all(abs(row[1] - mv) <= 3 for row, mv in zip(rows[:3], (4250, 4200, 4080), strict=True))


def test_a_session_that_begins_low_is_warned_at_once_and_once(readings):
    assert [row[2] for row in readings([3700] * 4)] == [True, False, False, False]


def test_one_low_reading_in_a_session_is_no_warning_and_two_are(readings):
    assert [row[2] for row in readings([3900, 3650, 3900, 3650, 3650, 3640])] == [False] * 4 + [True, False]


def test_a_dip_does_not_end_a_session_and_an_empty_cell_does(readings):
    rows = readings([3900, 3500, 3550, 3900, 3590, 3580, 3570, 3560])
    assert [row[3] for row in rows] == [False] * 6 + [True, True]


def test_a_reading_that_no_cell_gives_is_bad_and_changes_nothing(readings):
    rows = readings([3900, 0, 0, 0, 9000, 3900])
    assert [row[4] for row in rows] == [False, True, True, True, True, False]
    assert {row[0] for row in rows} == {rows[0][0]}
    assert not any(row[2] or row[3] for row in rows)


def test_every_session_is_warned_anew(readings):
    code = READ + "        battery.begin()\n"
    assert [row[2] for row in readings([3650] * 3, code)] == [True] * 3


def test_a_reading_takes_less_than_3_ms(tmp_path):
    (tmp_path / "code.py").write_text(
        dedent(READ.format(times=1))
        + "before = time.monotonic_ns()\nbattery.read()\nprint(time.monotonic_ns() - before)"
    )
    board = VirtualBoard(tmp_path, Recorded(STILL, 104))
    assert board.power_on() == "finished", board.console
    assert int(board.console.split()[-1]) < 3 * MS


# ---- on the reference board: the divider's foot and the charger ----

XIAO = """
    import time
    from backbeat.board import find
    it = find()
    for _ in range(5):
        it.battery.read()
        print(it.battery.percent, it.battery.millivolts, it.battery.empty, it.battery.charging(), it.plugged())
        time.sleep(1)
"""


def xiao(tmp_path, **options):
    (tmp_path / "code.py").write_text(dedent(XIAO))
    motion = Recorded(STILL, 104)
    return VirtualBoard(tmp_path, motion, firmware=firmware.tree(), board="Seeed_XIAO_nRF52840_Sense", **options)


def test_a_cell_behind_1510_over_510_kohm_is_measured_right(tmp_path):
    board = xiao(tmp_path, battery_mv=3790)
    assert board.power_on() == "finished", board.console
    percent, millivolts, *_ = board.console.split()
    assert int(percent) == pytest.approx(40, abs=1)
    assert int(millivolts) == pytest.approx(3790, abs=4)


def test_the_divider_s_foot_is_never_high(tmp_path):
    board = xiao(tmp_path, battery_mv=4200, charging=True)
    levels = []
    foot = board.hardware.pins["READ_BATT_ENABLE"]
    drive = foot.output
    foot.output = lambda on, frequency=0: (levels.append(on), drive(on, frequency))
    assert board.power_on() == "finished", board.console
    assert levels == [False]


def test_a_cell_on_its_charger_is_plugged_in_and_does_not_count_as_empty(tmp_path):
    board = xiao(tmp_path, battery_mv=3550, charging=True)
    board.clock.schedule(2_500 * MS, lambda: setattr(board.hardware, "charging", False))
    assert board.power_on() == "finished", board.console
    rows = [line.split()[2:] for line in board.console.splitlines()]
    assert rows[0] == ["False", "True", "True"]
    assert [row[1:] for row in rows[-2:]] == [["False", "False"]] * 2
    assert "True" not in [row[0] for row in rows[:4]]
