"""The board object, on the virtual board: what it does when parts fail, a laptop hangs on it or nobody feeds it."""

import subprocess
import sys
from textwrap import dedent

import pytest

from backbeat import nvm
from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded
from backbeat_host.link import firmware

from ..rig import SECOND, STILL


@pytest.fixture
def board_with(tmp_path):
    def make(code, **options):
        (tmp_path / "code.py").write_text(dedent(code))
        return VirtualBoard(tmp_path, Recorded(STILL, 104), firmware=firmware.tree(), **options)

    return make


def test_the_parts_of_a_whole_board_have_no_faults(board_with):
    board = board_with(
        """
        from backbeat.board import find
        it = find()
        it.sounder.on(2000, 50)
        it.haptic.on()
        it.light.on()
        print(it.id, it.uid, it.faults, it.button.pressed(), it.battery.charging(), it.clock())
        """
    )
    assert board.power_on() == "finished", board.console
    assert board.console == "raspberry_pi_pico e6614103e7174b25 0 False False 0\n"
    assert [(part, value) for _, part, value in board.trace[:3]] == [("sounder", 2000), ("haptic", 1), ("light", 1)]


@pytest.mark.parametrize(
    ("pin", "faults"),
    [("GP14", 1), ("GP15", 2), ("GP25", 4), ("GP13", 8), ("VOLTAGE_MONITOR", 16)],
)
def test_a_part_that_fails_is_told_and_does_nothing_and_all_others_work(board_with, pin, faults):
    board = board_with(
        f"""
        import board, digitalio
        taken = digitalio.DigitalInOut(board.{pin})
        from backbeat.board import find
        it = find()
        it.sounder.on(2000, 50)
        it.haptic.on()
        it.light.on()
        it.button.pressed()
        it.sounder.off()
        it.haptic.off()
        it.light.off()
        print(it.faults, it.battery is None, it.fifo.works)
        """
    )
    assert board.power_on() == "finished", board.console
    assert board.console == f"{faults} {faults == 16} True\n"
    parts = {1: "sounder", 2: "haptic", 4: "light"}
    assert {part for _, part, _ in board.trace} == {part for bit, part in parts.items() if bit != faults}


def test_a_watchdog_that_is_fed_stays_quiet_and_else_resets_the_board(board_with):
    board = board_with(
        """
        import time
        from backbeat.board import find
        it = find()
        it.feed()
        time.sleep(20)
        it.watch()
        it.watch()
        for _ in range(10):
            time.sleep(5)
            it.feed()
        time.sleep(100)
        """
    )
    assert board.power_on() is Ending.RESET
    assert 78 <= board.clock.ns / SECOND < 79


def test_no_watchdog_bites_who_works_at_the_console(board_with):
    board = board_with(
        """
        import time
        from backbeat.board import find
        it = find()
        it.watch()
        it.feed()
        time.sleep(20)
        """,
        usb_connected=True,
    )
    assert board.power_on() is Ending.FINISHED


def test_a_watchdog_that_outlived_a_reload_is_fed_from_the_start(board_with):
    board = board_with(
        """
        import microcontroller, time
        from watchdog import WatchDogMode
        microcontroller.watchdog.timeout = 8
        microcontroller.watchdog.mode = WatchDogMode.RESET
        from backbeat.board import find
        it = find()
        for _ in range(10):
            time.sleep(5)
            it.feed()
            it.watch()
        """
    )
    assert board.power_on() is Ending.FINISHED


def test_a_board_on_a_laptop_is_plugged_in(board_with):
    for connected in (False, True):
        board = board_with("from backbeat.board import find\nprint(find().plugged())", usb_connected=connected)
        assert board.power_on() == "finished", board.console
        assert board.console == f"{connected}\n"


@pytest.mark.parametrize(("wish", "byte"), [("service", nvm.SERVICE), ("begin", nvm.AT_ONCE)])
def test_what_is_wished_for_at_the_next_start_is_kept_and_the_board_starts_anew(board_with, wish, byte):
    board = board_with(f"from backbeat.board import find\nfind().{wish}()")
    assert board.power_on() is Ending.RESET
    assert board.nvm[byte] == 1
    assert board.clock.ns < SECOND


def test_a_watchdog_that_outlives_resets_ends_before_service_begins(board_with):
    board = board_with(
        """
        import time
        from microcontroller import ResetReason, cpu
        if cpu.reset_reason is ResetReason.POWER_ON:
            from backbeat.board import find
            it = find()
            it.watch()
            it.service()
        time.sleep(600)
        """,
        board="Seeed_XIAO_nRF52840_Sense",
    )
    assert board.power_on() is Ending.RESET
    assert board.nvm[nvm.SERVICE] == 1
    assert 8 <= board.clock.ns / SECOND < 10
    assert board.power_on() is Ending.FINISHED  # ten minutes in service, unbitten


def test_the_package_can_be_imported_where_there_is_no_board():
    done = subprocess.run([sys.executable, "-c", "import backbeat.board"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unknown_board_is_told_which_file_to_add(board_with):
    board = board_with("from backbeat.board import find\nfind()")
    board.hardware.board_id = "unheard_of"
    assert board.power_on() is Ending.EXCEPTION
    assert "RuntimeError: Backbeat does not know the board unheard_of: add /lib/backbeat/board/unheard_of.py" in (
        board.console
    )


def test_an_open_console_that_nobody_reads_does_not_stall_a_write(board_with):
    board = board_with(
        """
        import usb_cdc
        from backbeat.board import find
        find()
        for _ in range(100):
            usb_cdc.console.write(b"a line that nobody reads\\n")
        """,
        console_open=True,
    )
    assert board.power_on() is Ending.FINISHED
    assert board.clock.ns < 2 * SECOND


def test_a_board_without_nvm_and_watchdog_works(board_with):
    board = board_with(
        """
        import microcontroller
        microcontroller.nvm = microcontroller.watchdog = None
        import usb_cdc
        usb_cdc.console = None
        from backbeat.board import find
        it = find()
        it.watch()
        it.feed()
        it.service()
        """
    )
    assert board.power_on() is Ending.RESET
    assert board.clock.ns < 2 * SECOND
