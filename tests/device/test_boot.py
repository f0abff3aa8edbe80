"""boot.py and safemode.py on the virtual board: who may write the drive, and the way back to a beat."""

import pytest

from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.circuitpython.hardware import SafeModeReason
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded
from backbeat_host.link import firmware

from .rig import STILL

WHO = 'import storage\nprint("laptop" if storage.getmount("/").readonly else "code")\n'


@pytest.fixture
def board_with(tmp_path):
    """A board with the real boot.py, and a code.py that tells who may write."""

    def make(files=(), lent=firmware.tree, **options):
        for name, text in {"code.py": WHO, **dict(files)}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return VirtualBoard(tmp_path, Recorded(STILL, 104), firmware=lent(), **options)

    return make


@pytest.mark.parametrize("usb", [False, True])
@pytest.mark.parametrize(
    ("nvm", "owner"), [(b"", "code"), (b"\x00", "code"), (b"\x02", "code"), (b"\xff", "code"), (b"\x01", "laptop")]
)
def test_the_code_owns_the_drive_unless_the_laptop_asked_for_it(board_with, usb, nvm, owner):
    board = board_with(nvm=nvm, usb_connected=usb)
    assert board.power_on() is Ending.FINISHED
    assert board.console == f"{owner}\n"


def test_without_backbeat_on_it_the_drive_is_left_to_the_laptop(board_with):
    def only_boot():
        return {"boot.py": firmware.tree()["boot.py"]}

    board = board_with({"lib/backbeat/__init__.py": ""}, lent=only_boot)
    board.power_on()
    assert board.console == "laptop\n"


def test_a_half_copied_backbeat_leaves_the_drive_to_the_laptop(board_with):
    board = board_with({"lib/backbeat/__init__.py": "", "lib/backbeat/nvm.py": "def service(mem"})
    board.power_on()
    assert board.console.endswith("laptop\n")


@pytest.mark.parametrize("reason", [SafeModeReason.BROWNOUT, SafeModeReason.HARD_FAULT, SafeModeReason.WATCHDOG])
def test_after_a_brown_out_or_a_crash_the_board_starts_anew(board_with, reason):
    board = board_with()
    assert board.power_on(reason) is Ending.RESET
    assert board.power_on() is Ending.FINISHED
    assert board.console == "code\n"


@pytest.mark.parametrize("reason", [SafeModeReason.USER, SafeModeReason.FLASH_WRITE_FAIL, SafeModeReason.NO_CIRCUITPY])
def test_a_safe_mode_that_a_person_or_the_flash_asked_for_is_left_alone(board_with, reason):
    board = board_with()
    assert board.power_on(reason) is Ending.FINISHED
    assert board.console == ""


def test_a_fault_that_comes_back_at_once_resets_again_but_never_runs_the_code_in_between(board_with):
    board = board_with()
    for _ in range(3):
        assert board.power_on(SafeModeReason.BROWNOUT) is Ending.RESET
    assert board.console == ""
