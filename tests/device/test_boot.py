"""boot.py and safemode.py on the virtual board: who may write the drive, and the way back to a beat."""

import json

import pytest

from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.circuitpython.hardware import ResetReason, SafeModeReason
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded
from backbeat_host.link import firmware

from .rig import STILL

WHO = 'import storage\nprint("laptop" if storage.getmount("/").readonly else "code")\n'
RUNNING = """
import microcontroller
from backbeat import nvm
from backbeat.board.store import Store
store = Store()
print(store.broken_off())
store.new_session()
"""
CRASHES = [
    SafeModeReason.BROWNOUT,
    SafeModeReason.HARD_FAULT,
    SafeModeReason.WATCHDOG,
    SafeModeReason.NLR_JUMP_FAIL,
    SafeModeReason.STACK_OVERFLOW,
    SafeModeReason.FLASH_WRITE_FAIL,
]


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


def said(board):
    return board.console.splitlines()


# ---- who owns the drive ----


@pytest.mark.parametrize("usb", [False, True])
@pytest.mark.parametrize(
    ("nvm", "owner"), [(b"", "code"), (b"\x00", "code"), (b"\x02", "code"), (b"\xff", "code"), (b"\x01", "laptop")]
)
def test_the_code_owns_the_drive_unless_the_laptop_asked_for_it(board_with, usb, nvm, owner):
    board = board_with(nvm=nvm, usb_connected=usb)
    assert board.power_on() is Ending.FINISHED
    assert said(board) == [owner]


def test_service_lasts_for_one_start(board_with):
    board = board_with(nvm=b"\x01")
    for _ in range(3):
        board.power_on()
    assert said(board) == ["laptop", "code", "code"]


def test_a_start_without_a_wish_writes_nothing(board_with):
    board = board_with()
    board.power_on()
    assert board.nvm == b"\xff" * len(board.nvm)
    assert board.drive.faults.changes == 0


def test_without_backbeat_on_it_the_drive_is_left_to_the_laptop(board_with):
    def only_boot():
        return {"boot.py": firmware.tree()["boot.py"]}

    board = board_with({"lib/backbeat/__init__.py": ""}, lent=only_boot)
    board.power_on()
    assert said(board)[-1] == "laptop"


@pytest.mark.parametrize("missing", ["lib/backbeat/run.py", "lib/backbeat/board/store.py"])
def test_with_a_part_of_the_core_missing_the_drive_is_left_to_the_laptop(board_with, missing):
    board = board_with(lent=lambda: {name: at for name, at in firmware.tree().items() if name != missing})
    board.power_on()
    assert said(board)[-1] == "laptop"


def test_a_half_copied_backbeat_leaves_the_drive_to_the_laptop(board_with):
    board = board_with({"lib/backbeat/__init__.py": "", "lib/backbeat/nvm.py": "def service(mem"})
    board.power_on()
    assert said(board)[-1] == "laptop"


def manifest(**changes):
    files = {f"/{name}": [path.stat().st_size, "0" * 64] for name, path in firmware.tree().items()}
    files["/code.py"] = [len(WHO), "0" * 64]
    return json.dumps({"version": "0.1.0", "files": {**files, **changes}})


def test_with_all_that_the_manifest_names_the_code_owns_the_drive(board_with):
    board = board_with({"manifest.json": manifest()})
    board.power_on()
    assert said(board) == ["code"]


@pytest.mark.parametrize(
    "text",
    [
        manifest(**{"/code.py": [1, "0" * 64]}),
        manifest(**{"/lib/backbeat/more.py": [1, "0" * 64]}),
        manifest()[:1000],
        "",
        "[]",
        "{}",
        '{"files": 3}',
        '{"files": {"/code.py": 7}}',
        '{"files": {"/code.py": ["7"]}}',
    ],
    ids=["size", "missing", "cut", "empty", "list", "no files", "number", "no size", "text"],
)
def test_with_a_manifest_that_is_not_kept_the_drive_is_left_to_the_laptop(board_with, text):
    board = board_with({"manifest.json": text})
    assert board.power_on() is Ending.FINISHED
    assert said(board)[-1] == "laptop"


def test_a_drive_that_fails_at_the_start_is_left_to_the_laptop(board_with):
    board = board_with()
    board.drive.faults.ejected = True
    assert board.power_on() is Ending.FINISHED
    assert said(board)[-1] == "laptop"


# ---- safe mode ----


@pytest.mark.parametrize("reason", CRASHES)
def test_after_a_brown_out_or_a_crash_the_board_starts_anew(board_with, reason):
    board = board_with()
    assert board.power_on(reason) is Ending.RESET
    assert board.power_on() is Ending.FINISHED
    assert said(board) == ["code"]


def test_a_safe_mode_that_the_code_asked_for_is_left_alone(board_with):
    board = board_with()
    assert board.power_on(SafeModeReason.PROGRAMMATIC) is Ending.FINISHED
    assert said(board) == []


def test_a_safe_mode_that_a_person_asked_for_is_service_and_a_reset_leaves_it(board_with):
    board = board_with()
    assert board.power_on(SafeModeReason.USER) is Ending.RESET
    board.power_on()
    board.power_on()
    assert said(board) == ["laptop", "code"]


def test_a_button_held_in_safe_mode_for_long_asks_once(board_with):
    board = board_with()
    for _ in range(5):
        assert board.power_on(SafeModeReason.USER) is Ending.RESET
    board.power_on()
    board.power_on()
    assert said(board) == ["laptop", "code"]


def test_without_memory_a_persons_safe_mode_stays_for_there_too_the_laptop_owns_the_drive(board_with):
    board = board_with(
        {"lib/backbeat/__init__.py": "", "lib/backbeat/nvm.py": "SERVICE = 0\ndef ask(m, at): return 0\n"}
    )
    assert board.power_on(SafeModeReason.USER) is Ending.FINISHED


def test_a_board_without_backbeat_stays_in_safe_mode(board_with):
    def only_safe():
        return {"safemode.py": firmware.tree()["safemode.py"]}

    board = board_with({"lib/backbeat/__init__.py": ""}, lent=only_safe)
    assert board.power_on(SafeModeReason.BROWNOUT) is Ending.EXCEPTION
    assert "nvm" in board.console


# ---- brown-out loops ----


def test_a_fault_that_comes_back_at_once_resets_eight_times_and_then_waits_for_a_person(board_with):
    board = board_with()
    board.power_on()
    resets = 0
    while board.power_on(SafeModeReason.BROWNOUT) is Ending.RESET:
        resets += 1
    assert 8 <= resets <= 9
    before = board.nvm
    board.power_on()
    assert said(board) == ["code", "code"], "a reset by hand tries again"
    assert board.nvm == before


def cut_in_mid_session(board, safe=SafeModeReason.BROWNOUT):
    """A start, its session broken off, safemode.py after it. Gives the number it went on with."""
    board.power_on()
    assert board.power_on(safe) is Ending.RESET
    return int(said(board)[-1])


def test_a_brown_out_loop_goes_on_five_times_by_itself_and_then_only_by_a_press(board_with):
    board = board_with({"code.py": RUNNING})
    went_on = [cut_in_mid_session(board) for _ in range(8)]
    assert went_on == [0, 1, 2, 3, 4, 5, 0, 0]


def test_who_switches_off_and_on_goes_on_with_nothing_though_the_power_dips_before_the_code_runs(board_with, tmp_path):
    board = board_with({"code.py": RUNNING})
    went_on = [cut_in_mid_session(board) for _ in range(4)]
    board.power_on()
    (tmp_path / "code.py").write_text("")
    board.power_on()  # switched off and on; of the firmware boot.py alone has run when the power dips
    assert board.hardware.reset_reason is ResetReason.POWER_ON
    assert board.power_on(SafeModeReason.BROWNOUT) is Ending.RESET
    (tmp_path / "code.py").write_text(RUNNING)
    went_on += [cut_in_mid_session(board) for _ in range(4)]
    assert went_on == [0, 1, 2, 3, 0, 6, 7, 8]


def test_a_person_who_switches_the_power_on_ends_a_brown_out_loop(board_with):
    board = board_with({"code.py": RUNNING})
    for _ in range(8):
        cut_in_mid_session(board)
    assert board.power_on(SafeModeReason.BROWNOUT) is not Ending.RESET, "given up"
    board.power_on()  # switched off and on
    assert said(board)[-1] == "0"
    assert [cut_in_mid_session(board) for _ in range(3)] == [0, 9 + 1, 11]
    assert board.hardware.reset_reason is ResetReason.POWER_ON
