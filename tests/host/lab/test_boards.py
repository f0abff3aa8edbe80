"""The virtual board as each of the boards that it can be, used as code on that board uses it."""

import pytest

from backbeat_host.lab.boards import BOARDS, Chip
from backbeat_host.lab.chip.lsm6ds3trc import LSM6DS3TRC
from backbeat_host.lab.chip.lsm6ds33 import LSM6DS33
from backbeat_host.lab.chip.lsm6dsox import LSM6DSOX

MS = 10**6
SECOND = 10**9
XIAO = "Seeed_XIAO_nRF52840_Sense"
FEATHER = "feather_bluefruit_sense"
QT_PY = "adafruit_qtpy_rp2040"


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_says_who_it_is(says, name):
    kind = BOARDS[name]
    code = """
        import board, microcontroller, os, sys
        print(board.board_id, os.uname().machine, sys.platform, len(microcontroller.nvm))
        print(bytes(microcontroller.cpu.uid).hex(), microcontroller.cpu.frequency)
    """
    first, second = says(code, board=name)
    assert first == f"{name} {kind.name} {kind.processor.platform} {kind.processor.nvm_size}"
    assert second == f"{kind.uid} {kind.processor.frequency}"


@pytest.mark.parametrize(("name", "ms"), [(XIAO, 127), (FEATHER, 127), ("raspberry_pi_pico", 51), (QT_PY, 51)])
def test_a_write_to_the_board_s_memory_takes_its_processor_s_time(says, name, ms):
    code = """
        import microcontroller, time
        before = time.monotonic_ns()
        microcontroller.nvm[0] = 1
        print((time.monotonic_ns() - before) // 1000000)
    """
    assert says(code, board=name) == [str(ms)]


def test_the_chips_are_those_that_the_boards_carry(board_with):
    chips = {name: type(board_with(board=name).chip) for name in BOARDS}
    assert chips.pop(XIAO) is LSM6DS3TRC
    assert chips.pop(FEATHER) is chips.pop("clue_nrf52840_express") is LSM6DS33
    assert set(chips.values()) == {LSM6DSOX}


def test_a_feather_may_carry_its_later_chip(says):
    code = """
        import board, busio
        bus = busio.I2C(board.SCL, board.SDA)
        bus.try_lock()
        who = bytearray(1)
        bus.writeto_then_readfrom(0x6A, b"\\x0f", who)
        print(hex(who[0]))
    """
    assert says(code, board=FEATHER) == ["0x69"]
    assert says(code, board=FEATHER, chip=Chip.LSM6DS3TRC) == ["0x6a"]


def test_the_chip_of_a_xiao_is_there_while_its_supply_pin_is_high(says):
    assert says(
        """
        import board, busio, digitalio, time
        def try_it():
            try:
                with busio.I2C(board.IMU_SCL, board.IMU_SDA) as bus:
                    bus.try_lock()
                    print(bus.scan())
            except RuntimeError as error:
                print(error)
        try_it()
        power = digitalio.DigitalInOut(board.IMU_PWR)
        try_it()
        power.switch_to_output(True)
        try_it()
        time.sleep(0.02)
        try_it()
        power.value = False
        try_it()
        """,
        board=XIAO,
    ) == ["No pull up found on SDA or SCL; check your wiring"] * 2 + ["[]", "[106]"] + [
        "No pull up found on SDA or SCL; check your wiring"
    ]


def test_a_supply_pin_that_comes_back_brings_the_chip_back_in_its_reset_state(says):
    assert says(
        """
        import board, busio, digitalio, time
        power = digitalio.DigitalInOut(board.IMU_PWR)
        register = bytearray(1)
        for _ in range(2):
            power.switch_to_output(True)
            time.sleep(0.02)
            with busio.I2C(board.IMU_SCL, board.IMU_SDA) as bus:
                bus.try_lock()
                bus.writeto_then_readfrom(0x6A, b"\\x10", register)
                print(register[0])
                bus.writeto(0x6A, bytes((0x10, 0x44)))
            power.value = False
        """,
        board=XIAO,
    ) == ["0", "0"]


def test_the_interrupt_line_is_soldered_where_the_board_has_one(says):
    assert says(
        """
        import board, busio, digitalio, time
        digitalio.DigitalInOut(board.IMU_PWR).switch_to_output(True)
        time.sleep(0.02)
        line = digitalio.DigitalInOut(board.IMU_INT1)
        bus = busio.I2C(board.IMU_SCL, board.IMU_SDA)
        bus.try_lock()
        bus.writeto(0x6A, bytes([0x10, 0x4C]))
        print(line.value)
        bus.writeto(0x6A, bytes([0x0D, 0x01]))
        time.sleep(0.02)
        print(line.value)
        """,
        board=XIAO,
    ) == ["False", "True"]


@pytest.mark.parametrize(("name", "pin", "divider"), [("raspberry_pi_pico", "A3", 3), (FEATHER, "VOLTAGE_MONITOR", 2)])
def test_the_battery_is_measured_through_the_board_s_divider(says, name, pin, divider):
    (reading,) = says(
        f"import analogio, board\nprint(analogio.AnalogIn(board.{pin}).value)", board=name, battery_mv=3700
    )
    assert int(reading) * divider * 3.3 / 65535 == pytest.approx(3.7, abs=0.001)


def test_the_divider_of_a_xiao_works_while_its_enable_pin_is_low(says):
    readings = says(
        """
        import analogio, board, digitalio
        pin = analogio.AnalogIn(board.VBATT)
        print(pin.value)
        enable = digitalio.DigitalInOut(board.READ_BATT_ENABLE)
        enable.switch_to_output(False)
        for _ in range(12):
            pin.value
        print(pin.value)
        enable.value = True
        print(pin.value)
        """,
        board=XIAO,
        battery_mv=3700,
    )
    assert int(readings[0]) > 50_000
    assert int(readings[1]) * 1510 / 510 * 3.3 / 65535 == pytest.approx(3.7, abs=0.001)
    assert int(readings[2]) == 65535


def test_the_divider_of_a_xiao_is_too_slow_for_the_first_readings_in_a_row(says):
    rows = says(
        """
        import analogio, board, digitalio, time
        enable = digitalio.DigitalInOut(board.READ_BATT_ENABLE)
        enable.switch_to_output(False)
        pin = analogio.AnalogIn(board.VBATT)
        for _ in range(2):
            print(*[pin.value for _ in range(10)])
            time.sleep(1)
        """,
        board=XIAO,
    )
    for row in rows:
        first, *_, last = map(int, row.split())
        assert first == pytest.approx(0.87 * last, rel=0.01)


def test_the_charger_of_a_xiao_pulls_its_pin_low_while_it_works(says):
    code = """
        import board, digitalio
        pin = digitalio.DigitalInOut(board.CHARGE_STATUS)
        pin.pull = digitalio.Pull.UP
        print(pin.value)
    """
    assert says(code, board=XIAO) == ["True"]
    assert says(code, board=XIAO, charging=True) == ["False"]


@pytest.mark.parametrize("powered", [False, True])
def test_a_neopixel_shines_when_it_has_its_supply(board_with, powered):
    board = board_with(
        f"""
        import board, digitalio, time
        from neopixel_write import neopixel_write
        power = digitalio.DigitalInOut(board.NEOPIXEL_POWER)
        power.switch_to_output({powered})
        pixel = digitalio.DigitalInOut(board.NEOPIXEL)
        pixel.switch_to_output()
        neopixel_write(pixel, b"\\x10\\x00\\x00")
        time.sleep(0.1)
        neopixel_write(pixel, bytes(3))
        """,
        board=QT_PY,
    )
    assert board.power_on() == "finished", board.console
    assert [(part, value) for _, part, value in board.trace] == ([("light", 1), ("light", 0)] if powered else [])


def test_a_light_that_shines_when_low_is_dark_until_it_is_driven(board_with):
    board = board_with(
        """
        import board, digitalio, time
        light = digitalio.DigitalInOut(board.LED_GREEN)
        time.sleep(0.1)
        light.switch_to_output(True)
        time.sleep(0.1)
        light.value = False
        time.sleep(0.1)
        """,
        board=XIAO,
        pass_cost_us=0,
    )
    assert board.power_on() == "finished", board.console
    assert board.trace == [(200 * MS, "light", 1), (300 * MS, "light", 0)]


def test_an_nrf52840_has_a_pwm_unit_for_every_pin_and_measures_on_eight(says):
    assert says(
        """
        import analogio, board, pwmio
        pwmio.PWMOut(board.D1, variable_frequency=True)
        pwmio.PWMOut(board.D2, variable_frequency=True)
        try:
            analogio.AnalogIn(board.D6)
        except ValueError as error:
            print(error)
        """,
        board=XIAO,
    ) == ["Invalid pin"]


def test_lines_held_low_are_seen_by_pins_and_freed_by_pulses(says):
    def hold(board):
        board.bus.stuck_low = "sda"
        board.bus.stuck_for_pulses = 9

    assert says(
        """
        import board, busio, digitalio
        try:
            busio.I2C(board.GP5, board.GP4)
        except RuntimeError as error:
            print(error)
        scl, sda = digitalio.DigitalInOut(board.GP5), digitalio.DigitalInOut(board.GP4)
        sda.pull = digitalio.Pull.UP
        print(scl.value, sda.value)
        scl.switch_to_output(True, digitalio.DriveMode.OPEN_DRAIN)
        for _ in range(9):
            print(sda.value, end=" ")
            scl.value = False
            scl.value = True
        print(sda.value)
        """,
        prepare=hold,
    ) == ["No pull up found on SDA or SCL; check your wiring", "True False", "False " * 9 + "True"]


# ---- a watchdog that a reset does not stop ----

STUBBORN = """
    import microcontroller, time, watchdog
    dog = microcontroller.watchdog
    print(microcontroller.cpu.reset_reason.name, dog.mode)
    if microcontroller.cpu.reset_reason is microcontroller.ResetReason.POWER_ON:
        dog.timeout = 8
        dog.mode = watchdog.WatchDogMode.RESET
        time.sleep(1)
        microcontroller.reset()
    time.sleep(60)
"""


def test_the_watchdog_of_an_nrf52840_bites_after_a_reset_unless_the_power_went(board_with):
    board = board_with(STUBBORN, board=XIAO, pass_cost_us=0)
    assert board.power_on() == "reset"
    assert board.clock.ns == SECOND
    assert board.power_on() == "reset"
    assert board.clock.ns == 8 * SECOND
    assert board.power_on() == "finished"
    assert board.console.splitlines() == ["POWER_ON None", "SOFTWARE None", "WATCHDOG None"]


def test_the_watchdog_of_an_rp2040_is_gone_after_a_reset(board_with):
    board = board_with(STUBBORN)
    assert [board.power_on(), board.power_on()] == ["reset", "finished"]


def test_a_watchdog_that_went_on_through_a_reset_is_fed_by_whoever_starts_it_anew(board_with):
    code = STUBBORN.replace("time.sleep(60)", "dog.timeout = 8\n    dog.mode = watchdog.WatchDogMode.RESET")
    code += "    for _ in range(10):\n        time.sleep(5)\n        dog.feed()\n"
    board = board_with(code, board=XIAO)
    assert [board.power_on(), board.power_on()] == ["reset", "finished"]


# ---- a console that is open ----


def test_an_open_console_that_nobody_reads_holds_print_up_until_somebody_does(board_with):
    board = board_with(
        """
        import supervisor, time, usb_cdc
        usb_cdc.console.write_timeout = 0
        print(usb_cdc.console.connected, supervisor.runtime.serial_connected, supervisor.runtime.usb_connected)
        for number in range(10):
            print("%2d" % number, "." * 40)
        """,
        console_open=True,
    )
    board.clock.schedule(5 * SECOND, board.hardware.console.read)
    board.clock.schedule(9 * SECOND, board.hardware.console.read)
    assert board.power_on() == "finished", board.console
    assert 5 <= board.clock.ns / SECOND < 9
    assert board.console.splitlines()[0] == "True True True"
    assert len(board.console.splitlines()) == 11


def test_print_waits_for_ever_until_the_battery_is_empty(board_with):
    board = board_with("while True:\n    print('a line that nobody reads')", console_open=True)
    assert board.power_on() == "power_cut"
    assert len(board.console) == 256


def test_a_watchdog_bites_whoever_waits_for_the_console(board_with):
    board = board_with(
        """
        import microcontroller, watchdog
        microcontroller.watchdog.timeout = 8
        microcontroller.watchdog.mode = watchdog.WatchDogMode.RESET
        while True:
            print('a line that nobody reads')
        """,
        console_open=True,
    )
    assert board.power_on() == "reset"
    assert 8 <= board.clock.ns / SECOND < 9


@pytest.mark.parametrize(("timeout", "least", "most"), [("0", 0, 0.1), ("0.5", 0.5, 0.6)])
def test_a_write_to_the_console_waits_no_longer_than_its_timeout(says, timeout, least, most):
    code = f"""
        import time, usb_cdc
        usb_cdc.console.write_timeout = {timeout}
        before = time.monotonic()
        sent = usb_cdc.console.write(bytes(1000))
        with open("/said", "w") as file:
            file.write("%d %d %.3f" % (sent, usb_cdc.console.out_waiting, time.monotonic() - before))
    """
    seen = []

    def look(board):
        seen.append(board.drive.folder)

    says(
        code,
        prepare=look,
        console_open=True,
        files={"boot.py": "import storage\nstorage.disable_usb_drive()"},
    )
    sent, waiting, took = (seen[0] / "said").read_text().split()
    assert (sent, waiting) == ("256", "256")
    assert least <= float(took) <= most


def test_a_closed_console_holds_nothing_up(says):
    assert len(says("for _ in range(100):\n    print('a line that nobody reads')")) == 100
