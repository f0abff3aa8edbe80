from fractions import Fraction

import numpy as np
import pytest

from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.circuitpython.hardware import SafeModeReason
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded

SECOND = 10**9
MS = 10**6
DRIVER = """
    import board, busio, supervisor, time
    from adafruit_lsm6ds import AccelRange, GyroRange
    from adafruit_lsm6ds.lsm6dsox import LSM6DSOX
    i2c = busio.I2C(board.GP5, board.GP4, frequency=400_000)
    before = time.monotonic_ns()
    imu = LSM6DSOX(i2c)
    made = (time.monotonic_ns() - before) // 1_000_000
    imu.accelerometer_range = AccelRange.RANGE_16G
    imu.gyro_range = GyroRange.RANGE_2000_DPS
    device = imu.i2c_device
"""
FIFO = (
    DRIVER
    + """
    register, status = bytearray(1), bytearray(2)
    burst = bytearray(7 * 512)

    def level():
        register[0] = 0x3A
        with device:
            device.write_then_readinto(register, status)
        return status[0] | (status[1] & 3) << 8

    def read(words):
        register[0] = 0x78
        with device:
            device.write_then_readinto(register, burst, in_end=7 * words)

    with device:
        device.write(bytes([0x07, 0, 0, 0x44, 0x06]))
"""
)


# ---- the real driver ----


class Moving:
    def at(self, ns):
        return (-2049, 1025, 2049, 14286, -7143, 100)


def test_the_real_driver_finds_the_chip_and_reads_it_right(board_with):
    board = board_with(
        DRIVER
        + """
    time.sleep(0.1)
    print(made, *["%.3f" % value for value in imu.acceleration + imu.gyro])
    """,
        motion=Moving(),
    )
    assert board.power_on() == "finished", board.console
    made, *values = board.console.split()
    assert 400 <= int(made) <= 480  # two settling times of 0.2 s, a reset and 17 transactions
    mg, dps = 0.488e-3 * 9.80665, 0.070 * np.pi / 180
    assert [float(value) for value in values] == pytest.approx(
        [-2049 * mg, 1025 * mg, 2049 * mg, 14286 * dps, -7143 * dps, 100 * dps], abs=6e-4
    )


def test_a_recording_reaches_the_code_row_for_row(board_with, tmp_path):
    rows = np.random.default_rng(3).integers(-32_768, 32_768, (3_000, 6)).astype(np.int16)
    motion = Recorded(rows, 104)
    board = board_with(
        FIFO
        + """
    with open("/rows", "wb") as out:
        count = 0
        while count < 3300:
            words = level() & ~1
            assert not status[1] & 8
            if words:
                read(words)
                out.write(memoryview(burst)[:7 * words])
                count += words // 2
            time.sleep(0.02)
    """,
        motion=motion,
        files={"boot.py": "import storage\nstorage.remount('/', readonly=False)"},
    )
    board.clock.schedule(SECOND, lambda: motion.begin(board.chip.conversion_after(board.clock.ns)))
    assert board.power_on() == "finished", board.console
    words = np.frombuffer((tmp_path / "drive/rows").read_bytes(), np.dtype([("tag", "u1"), ("xyz", "<i2", 3)]))
    got = np.hstack([words["xyz"][1::2], words["xyz"][0::2]])
    moved = np.flatnonzero((got == rows[1]).all(axis=1))[0] - 1
    assert (got[moved : moved + len(rows)] == rows).all()
    after = got[moved + len(rows) :].astype(int)
    assert np.abs(after - rows[-1]).max() <= 1  # no chip stands quite still


def test_a_burst_of_one_second_of_samples_takes_what_a_bus_at_400_khz_needs(board_with):
    board = board_with(
        FIFO
        + """
    time.sleep(1.2)
    before = time.monotonic_ns()
    read(208)
    print((time.monotonic_ns() - before) / 1e6)
    """,
        sample_cost_us=0,
    )
    assert board.power_on() == "finished", board.console
    # 36 ms were measured on an emulated RP2040, code around it included; the bits alone are 32.8 ms.
    assert 32 < float(board.console) < 37


def test_computing_is_charged_for_each_sample_and_each_rest(board_with):
    spent = {}
    for sample_us, pass_us in ((0, 0), (1000, 0), (0, 300)):
        board = board_with(
            FIFO
            + """
    time.sleep(1)
    words = level()
    before = time.monotonic_ns()
    read(100)
    for _ in range(10):
        time.sleep(0.001)
    print((time.monotonic_ns() - before) // 1000)
    """,
            sample_cost_us=sample_us,
            pass_cost_us=pass_us,
        )
        assert board.power_on() == "finished", board.console
        spent[sample_us, pass_us] = int(board.console)
    assert spent[1000, 0] - spent[0, 0] == 50_000
    assert spent[0, 300] - spent[0, 0] == 3_000


def test_a_slow_chip_gives_fewer_samples(board_with):
    board = board_with(FIFO + "\n    time.sleep(1)\n    print(level())", rate_error=Fraction(-5, 100))
    assert board.power_on() == "finished", board.console
    assert int(board.console) in (196, 198)


def test_a_chip_unplugged_in_mid_run_raises_and_comes_back_reset(board_with):
    board = board_with(
        DRIVER
        + """
    def who():
        answer = bytearray(1)
        try:
            with device:
                device.write_then_readinto(b"\\x11", answer)
        except OSError as error:
            return error
        return answer[0]

    for _ in range(3):
        print(repr(who()) if isinstance(who(), int) else who())
        time.sleep(1)
    """
    )
    board.clock.schedule(int(1.5 * SECOND), board.unplug_chip)
    board.clock.schedule(int(2.5 * SECOND), board.plug_chip)
    assert board.power_on() == "finished", board.console
    assert board.console.splitlines() == [str(0x4C), "[Errno 19] No such device", "0"]


# ---- trace ----


def test_every_edge_the_wearer_could_notice_is_traced(board_with):
    board = board_with(
        """
        import board, digitalio, pwmio, time
        tone = pwmio.PWMOut(board.GP14, frequency=1000, variable_frequency=True)
        motor = digitalio.DigitalInOut(board.GP15)
        motor.switch_to_output()
        light = pwmio.PWMOut(board.LED)
        time.sleep(0.1)
        tone.duty_cycle = 32768
        motor.value = True
        time.sleep(0.05)
        tone.frequency = 2000
        tone.duty_cycle = 20000
        light.duty_cycle = 1
        time.sleep(0.05)
        tone.duty_cycle = 0
        motor.value = False
        time.sleep(0.05)
        """,
        pass_cost_us=0,
    )
    board.press(10 * MS, 20 * MS)
    assert board.power_on() == "finished", board.console
    assert board.trace == [
        (10 * MS, "button", 1),
        (30 * MS, "button", 0),
        (100 * MS, "sounder", 1000),
        (100 * MS, "haptic", 1),
        (150 * MS, "sounder", 2000),
        (150 * MS, "light", 1),
        (200 * MS, "sounder", 0),
        (200 * MS, "haptic", 0),
        (250 * MS, "light", 0),  # the code ended: its pins were given back
    ]


# ---- endings ----


def test_an_exception_ends_in_the_console_as_circuitpython_prints_it(board_with):
    board = board_with("import lame\n", files={"lib/lame.py": "def f():\n    raise ValueError('too lame')\n\nf()\n"})
    assert board.power_on() is Ending.EXCEPTION
    assert board.console == (
        "Traceback (most recent call last):\n"
        '  File "code.py", line 1, in <module>\n'
        '  File "/lib/lame.py", line 4, in <module>\n'
        '  File "/lib/lame.py", line 2, in f\n'
        "ValueError: too lame\n"
    )


def test_a_missing_file_prints_as_oserror(board_with):
    board = board_with("open('/none')")
    assert board.power_on() == "exception"
    assert board.console.endswith("OSError: [Errno 2] No such file/directory\n")
    assert "backbeat_host" not in board.console


def test_ctrl_c_arrives_in_a_rest_and_can_be_caught(board_with):
    board = board_with(
        """
        import time
        try:
            while True:
                time.sleep(0.25)
        except KeyboardInterrupt:
            print("caught")
        while True:
            time.sleep(0.25)
        """,
        pass_cost_us=0,
    )
    board.interrupt_at(SECOND + 1)
    board.interrupt_at(3 * SECOND + 1)
    assert board.power_on() is Ending.INTERRUPTED
    assert board.clock.ns == 3250 * MS
    assert board.console.startswith("caught\n")
    assert board.console.endswith("KeyboardInterrupt: \n")


def test_reset_ends_the_run_and_nothing_after_it_has_an_effect(board_with):
    board = board_with(
        """
        import board, digitalio, microcontroller
        light = digitalio.DigitalInOut(board.LED)
        light.switch_to_output(True)
        print(microcontroller.cpu.reset_reason.name)
        try:
            microcontroller.reset()
        except Exception:
            print("no")
        finally:
            light.value = False
            light.value = True
            open("/late", "w")
        """,
        files={"boot.py": "import storage\nstorage.remount('/', False)"},
    )
    assert board.power_on() is Ending.RESET
    assert board.power_on() is Ending.RESET
    assert board.console == "POWER_ON\nSOFTWARE\n"
    assert [value for _, _, value in board.trace] == [1, 0, 1, 0]
    assert not (board.drive.folder / "late").exists()


def test_reload_runs_the_code_again_without_boot(board_with):
    board = board_with(
        """
        import supervisor
        print(supervisor.runtime.run_reason.name)
        if supervisor.runtime.run_reason is supervisor.RunReason.STARTUP:
            supervisor.reload()
        """,
        files={"boot.py": "print('boot')"},
    )
    assert board.power_on() is Ending.RELOAD
    assert board.reload() is Ending.FINISHED
    assert board.console == "boot\nSTARTUP\nSUPERVISOR_RELOAD\n"


def test_a_power_cut_at_an_instant_loses_what_was_not_flushed_and_silences_the_board(board_with, tmp_path):
    board = board_with(
        """
        import board, pwmio, time
        tone = pwmio.PWMOut(board.GP14, duty_cycle=1, frequency=440)
        log = open("/log", "ab")
        log.write(b"kept.")
        log.flush()
        while True:
            log.write(b"lost.")
            time.sleep(0.1)
        """,
        files={"boot.py": "import storage\nstorage.remount('/', False)"},
    )
    half = SECOND // 2  # before CircuitPython flushes by itself, at the full second
    board.power_cut_at(half)
    assert board.power_on() is Ending.POWER_CUT
    assert board.clock.ns == half
    assert (tmp_path / "drive/log").read_bytes() == b"kept."
    assert board.trace[-1] == (half, "sounder", 0)
    board.power_cut_at(half + SECOND * 2 // 5)
    assert board.power_on() is Ending.POWER_CUT
    assert (tmp_path / "drive/log").read_bytes() == b"kept.kept."


def test_power_can_be_cut_at_any_byte_the_code_brings_to_the_flash(board_with, tmp_path):
    for count in (0, 1, 7, 10):
        board = board_with(
            """
            with open("/log", "wb") as log:
                log.write(b"0123456789")
            print("done")
            """,
            files={"boot.py": "import storage\nstorage.remount('/', False)"},
        )
        board.drive.cut_after(count)
        assert board.power_on() is Ending.POWER_CUT
        assert (tmp_path / "drive/log").read_bytes() == b"0123456789"[:count]
        assert board.console == ""


def test_a_watchdog_not_fed_resets_the_board(board_with):
    board = board_with(
        """
        import microcontroller, time, watchdog
        if microcontroller.cpu.reset_reason is microcontroller.ResetReason.WATCHDOG:
            raise SystemExit
        dog = microcontroller.watchdog
        dog.timeout = 1.0
        dog.mode = watchdog.WatchDogMode.RESET
        for _ in range(10):
            time.sleep(0.5)
            dog.feed()
        time.sleep(5)
        """,
        pass_cost_us=0,
    )
    assert board.power_on() is Ending.RESET
    assert board.clock.ns == 6 * SECOND
    assert board.power_on() is Ending.FINISHED


def test_safe_mode_runs_its_own_file_alone(board_with):
    board = board_with(
        "print('code')",
        files={
            "boot.py": "print('boot')",
            "safemode.py": """
                import supervisor, microcontroller
                print(supervisor.runtime.safe_mode_reason.name)
                microcontroller.reset()
                """,
        },
    )
    assert board.power_on(SafeModeReason.BROWNOUT) is Ending.RESET
    assert board.console == "BROWNOUT\n"


# ---- what lasts ----


def test_ticks_start_before_their_wrap_at_each_power_on(board_with):
    board = board_with("import supervisor, time\nprint(supervisor.ticks_ms())\ntime.sleep(65.536)\n" * 2)
    board.power_on()
    board.power_on()
    start = 2**29 - 65_536
    assert [int(line) for line in board.console.split()] == [start, 0, start, 0]


def test_nvm_and_drive_outlive_the_power(board_with):
    board = board_with(
        """
        from microcontroller import nvm
        print(nvm[0], len(nvm), nvm[1:3])
        nvm[0] = nvm[0] + 1
        nvm[1:3] = b"ab"
        """,
        nvm=b"\x05",
    )
    board.power_on()
    board.power_on()
    assert board.console.splitlines() == [r"5 4096 bytearray(b'\xff\xff')", "6 4096 bytearray(b'ab')"]
    assert board.nvm[:3] == b"\x07ab"


def test_boot_decides_who_may_write(board_with, tmp_path):
    code = "open('/x', 'w').close()"
    take = {"boot.py": "import storage\nstorage.remount('/', readonly=False)"}
    assert board_with(code, files=take).power_on() == "finished"
    board = board_with(code, files={"boot.py": ""})
    assert board.power_on() == "exception"
    assert "OSError: [Errno 30] Read-only filesystem" in board.console


def test_the_laptop_s_drive_cannot_be_taken_after_boot(board_with):
    board = board_with("import storage\nstorage.remount('/', readonly=False)", usb_connected=True)
    assert board.power_on() == "exception"
    assert board.console.endswith("RuntimeError: Cannot remount path when visible via USB.\n")
    assert board_with("import storage\nstorage.remount('/', readonly=False)").power_on() == "finished"


def test_firmware_is_lent_where_the_drive_lacks_it(tmp_path):
    code, helper = tmp_path / "a.py", tmp_path / "b.py"
    code.write_text("import helper")
    helper.write_text("print(__name__, __file__)")
    board = VirtualBoard(tmp_path / "drive", Moving(), firmware={"code.py": code, "lib/helper.py": helper})
    assert board.power_on() == "finished", board.console
    assert board.console == "helper /lib/helper.py\n"
