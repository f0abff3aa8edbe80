"""What the board says and does around its code, as CircuitPython does."""

import pytest

RAW = (1.0, b"\r"), (1.1, b"\x01")
TITLE = "\x1b]0;\N{SNAKE}%s | 10.2.1\x1b\\"
CLEAR = "\x1b[2K\x1b[0G"
ANY_KEY = "\r\nPress any key to enter the REPL. Use CTRL-D to reload.\r\n"
ON = CLEAR + "Auto-reload is on. Simply save files over USB to run them or enter REPL to disable.\r\n"
VERSION = "Adafruit CircuitPython 10.2.1 on 2026-01-01; Raspberry Pi Pico with rp2040"
CODE_OWNS = "import storage\nstorage.remount('/', readonly=False)\n"


def test_a_fresh_board_says_that_it_waits_for_a_key(talk):
    assert talk().text == "\r\n" + ON + "\r\nCode done running.\r\n" + TITLE % "Done" + ANY_KEY


def test_code_runs_by_itself_and_says_how_it_ended(talk):
    told = talk(files={"code.py": "print('one\\ntwo')"}).text
    head = "\r\n" + ON + CLEAR + "code.py output:\r\n" + TITLE % "code.py"
    assert told == head + "one\r\ntwo\r\n\r\nCode done running.\r\n" + TITLE % "Done" + ANY_KEY


def test_an_error_is_told_with_its_place_in_the_boards_words(talk):
    told = talk(files={"code.py": "import os\n\nos.stat('/none')\n"}).text
    assert (
        "Traceback (most recent call last):\r\n"
        '  File "code.py", line 3, in <module>\r\n'
        "OSError: [Errno 2] No such file/directory\r\n"
        "\r\nCode done running.\r\n" + TITLE % "3@code.py OSError"
    ) in told


def test_a_file_that_is_no_python_is_told_with_its_line(talk):
    assert '  File "code.py", line 2\r\nSyntaxError: ' in talk(files={"code.py": "x = 1\nif\n"}).text


def test_boot_out_holds_version_board_uid_and_what_boot_py_said(talk):
    told = talk(files={"boot.py": "print('hello from boot')"}, uid="00AA11BB22CC33DD".lower())
    lines = [VERSION, "Board ID:raspberry_pi_pico", "UID:00AA11BB22CC33DD", "boot.py output:", "hello from boot", ""]
    assert (told.drive / "boot_out.txt").read_bytes() == "\r\n".join(lines).encode()
    assert "hello from boot" not in told.text


def test_boot_out_is_written_only_when_it_changes(talk, tmp_path):
    path = talk().drive / "boot_out.txt"
    before = path.stat().st_mtime_ns
    talk()
    assert path.stat().st_mtime_ns == before


def test_the_uid_on_the_console_is_that_of_boot_out(talk):
    told = talk(
        *RAW, (1.2, b"import microcontroller\nprint(microcontroller.cpu.uid.hex())\x04"), uid="0123456789abcdef"
    )
    assert "OK0123456789abcdef\r\n" in told.text


def test_ctrl_c_in_code_ends_it_and_one_key_is_eaten(talk):
    told = talk((1.0, b"\x03"), (2.0, b"ab"), files={"code.py": "while True:\n    pass\n"}).text
    assert "in <module>\r\nKeyboardInterrupt: \r\n" in told
    assert told.endswith(ANY_KEY + TITLE % "REPL" + f"\r\n{VERSION}\r\n>>> b")


@pytest.mark.parametrize("code", ["import time\ntime.sleep(5)", "import sys\nsys.stdin.read(1)"])
def test_ctrl_c_ends_sleeping_and_waiting_for_a_key(talk, code):
    assert "KeyboardInterrupt" in talk((1.0, b"\x03"), files={"code.py": code}).text


def test_what_comes_with_a_ctrl_c_in_one_packet_is_dropped(talk):
    loop = {"code.py": "while True:\n    pass\n"}
    assert talk((1.0, b"\x03\r\x01"), files=loop).text.endswith(ANY_KEY)
    assert talk((1.0, b"\r\x03"), (1.0001, b"\r\x01"), files=loop).text.endswith("raw REPL; CTRL-B to exit\r\n>")


def test_ctrl_c_is_a_key_like_any_other_when_no_code_runs(talk):
    assert talk((1.0, b"\r\x03"), (1.0, b"\r\x01")).text.endswith(
        ">>> \r\n>>> \r\n>>> \r\nraw REPL; CTRL-B to exit\r\n>"
    )


def test_code_that_catches_ctrl_c_can_be_stopped_by_another(talk):
    code = """
        import time
        try:
            while True:
                pass
        except KeyboardInterrupt:
            print("caught")
        while True:
            time.sleep(0)
        """
    told = talk((1.0, b"\x03"), (2.0, b"\x03"), files={"code.py": code}).text
    assert told.index("caught") < told.index("KeyboardInterrupt")


def test_ctrl_d_at_the_prompt_reboots_softly_and_runs_the_code_but_not_boot_py(talk):
    files = {
        "boot.py": CODE_OWNS + "with open('/boots', 'a') as f: f.write('x')",
        "code.py": "import supervisor\nprint(supervisor.runtime.run_reason)",
    }
    told = talk((1.0, b"a"), (2.0, b"\x04"), files=files)
    assert told.text.count("soft reboot\r\n") == 1
    assert told.text.count("code.py output") == 2
    assert "RunReason.REPL_RELOAD" in told.text
    assert (told.drive / "boots").read_text() == "x"


def test_ctrl_d_instead_of_any_key_runs_the_code_again(talk):
    told = talk((1.0, b"\x04"), files={"code.py": "print('run')"}).text
    assert told.count("run\r\n\r\nCode done") == 2 and ">>>" not in told


def test_ctrl_d_in_the_raw_repl_reboots_and_stays_raw_and_nothing_runs(talk):
    told = talk(*RAW, (2.0, b"\x04"), files={"code.py": "print('run')"}).text
    assert told.count("code.py output") == 1
    assert told.endswith(">OK\r\nsoft reboot\r\nraw REPL; CTRL-B to exit\r\n>")


def test_ctrl_b_then_ctrl_d_leaves_the_raw_repl_and_runs_the_code(talk):
    told = talk(*RAW, (2.0, b"\x02"), (3.0, b"\x04"), files={"code.py": "print('run')"}).text
    assert told.count("code.py output") == 2


def test_supervisor_reload_in_the_raw_repl_answers_and_stays_raw(talk):
    told = talk(*RAW, (2.0, b"import supervisor\nsupervisor.reload()\x04")).text
    assert told.endswith(">OK\x04\x04soft reboot\r\nraw REPL; CTRL-B to exit\r\n>")


def test_microcontroller_reset_starts_anew_with_boot_py_and_the_port_stays(talk):
    files = {
        "boot.py": CODE_OWNS + "with open('/boots', 'a') as f: f.write('x')",
        "code.py": "import microcontroller\nprint(microcontroller.cpu.reset_reason)",
    }
    told = talk(*RAW, (2.0, b"import microcontroller\nmicrocontroller.reset()\x04"), files=files)
    assert (told.drive / "boots").read_text() == "xx"
    first, second = told.text.split(">OK")
    assert "ResetReason.POWER_ON" in first and "ResetReason.SOFTWARE" in second
    assert second.endswith(ANY_KEY)


def test_a_next_reset_into_safe_mode_runs_safemode_py_and_no_code(talk):
    files = {"code.py": "print('run')", "safemode.py": "import supervisor\nprint(supervisor.runtime.safe_mode_reason)"}
    ask = b"import microcontroller as m\nm.on_next_reset(m.RunMode.SAFE_MODE)\nm.reset()\x04"
    told = talk(*RAW, (2.0, ask), files=files).text
    assert told.count("run\r\n") == 1
    assert told.endswith("PROGRAMMATIC\r\nPress reset to exit safe mode.\r\n" + ANY_KEY)


def test_a_start_into_the_bootloader_ends_the_board(talk):
    told = talk(*RAW, (2.0, b"import microcontroller as m\nm.on_next_reset(m.RunMode.UF2)\nm.reset()\x04"), seconds=9e9)
    assert told.board.clock.ns < 3e9


# ---- the drive ----


def test_a_write_of_the_laptops_stops_the_code_and_runs_it_anew_when_writing_has_ended(talk):
    def write(board, wire):
        for at in (1.0, 1.5):
            board.clock.schedule(
                round(at * 1e9), lambda at=at: (board.drive.folder / "code.py").write_text(f"print({at})")
            )

    told = talk(files={"code.py": "while True:\n    pass"}, prepare=write).text
    assert "\r\nCode stopped by auto-reload. Reloading soon.\r\n" in told
    assert "1.5\r\n" in told and "1.0\r\n" not in told and told.count("soft reboot") == 1
    assert "Traceback" not in told


def test_no_reload_without_autoreload_and_none_at_the_prompt(talk):
    def write(board, wire):
        board.clock.schedule(3 * 10**9, lambda: (board.drive.folder / "new").write_text("x"))

    off = {"code.py": "import supervisor, time\nsupervisor.runtime.autoreload = False\nwhile True: time.sleep(0.1)"}
    assert "reboot" not in talk(files=off, prepare=write).text
    assert talk((1.0, b"a"), files={"code.py": ""}, prepare=write).text.endswith(">>> ")


def test_while_the_code_owns_the_drive_its_own_writing_reloads_nothing(talk):
    files = {
        "boot.py": CODE_OWNS,
        "code.py": "import time\nwhile True:\n    with open('/x', 'a') as f: f.write('x')\n    time.sleep(1)",
    }
    told = talk(files=files)
    assert "reboot" not in told.text and len((told.drive / "x").read_text()) > 2


def test_code_cannot_write_a_drive_that_the_laptop_owns_nor_take_it(talk):
    told = talk(*RAW, (1.2, b"open('/x', 'w')\x04"), (1.4, b"import storage\nstorage.remount('/', False)\x04")).text
    assert "OSError: [Errno 30] Read-only filesystem\r\n" in told
    assert "RuntimeError: Cannot remount path when visible via USB.\r\n" in told


def test_a_fresh_drive_has_no_firmware_and_lends_none(talk):
    told = talk(
        *RAW,
        (1.2, b"import backbeat\x04"),
        (1.4, b"import adafruit_lsm6ds\x04"),
        (1.6, b"import adafruit_bus_device\x04"),
    )
    assert "ImportError: no module named 'backbeat'\r\n" in told.text
    assert "ImportError: no module named 'adafruit_lsm6ds'\r\n" in told.text
    assert told.text.count("ImportError") == 2


# ---- the other end ----


def test_nothing_is_said_to_nobody_and_the_prompt_is_told_to_who_comes_later(talk):
    def late(board, wire):
        wire.open_from = 3.0

    told = talk(files={"code.py": "print('unheard')"}, prepare=late).text
    assert told == ON + ANY_KEY


def test_print_waits_until_somebody_reads(talk):
    code = "import time\nprint('x')\nprint(time.monotonic() > 3)\n"
    assert "True" in talk(files={"code.py": code}, reads=lambda at: at > 4).text


def test_a_console_with_a_write_timeout_does_not_wait(talk):
    code = """
        import usb_cdc, time
        time.sleep(1)
        usb_cdc.console.write_timeout = 0
        went = usb_cdc.console.write(b"y" * 1000)
        time.sleep(2)
        print("went", went)
        """
    assert "went 0\r\n" in talk(files={"code.py": code}, reads=lambda at: not 0.5 < at < 2).text


def test_code_reads_what_is_typed(talk):
    code = """
        import sys, time, usb_cdc, supervisor
        time.sleep(2)
        print(supervisor.runtime.serial_bytes_available, usb_cdc.console.in_waiting, usb_cdc.console.connected)
        usb_cdc.console.timeout = 0
        print(usb_cdc.console.read(2), sys.stdin.read(1), usb_cdc.console.read(9))
        usb_cdc.console.timeout = 1
        print(usb_cdc.console.readline())
        """
    told = talk((1.0, b"abcde"), (2.5, b"line\nmore"), files={"code.py": code}).text
    assert "5 5 True\r\nb'ab' c b'de'\r\nb'line\\n'\r\n" in told


def test_the_clock_can_be_set_and_outlives_a_reset(talk):
    then = b"time.struct_time((2026, 5, 4, 3, 2, 1, 0, -1, -1))"
    put = b"import rtc, time\nrtc.RTC().datetime = " + then + b"\nprint(time.time())\x04"
    reset = b"import microcontroller\nmicrocontroller.reset()\x04"
    told = talk(
        *RAW, (2.0, put), (3.0, reset), files={"code.py": "import time\nprint(tuple(time.localtime())[:5])"}
    ).text
    assert "OK1777863721\r\n" in told
    assert "(2020, 1, 1, 0, 0)" in told and "(2026, 5, 4, 3, 2)" in told.split("OK1777863721")[1]
