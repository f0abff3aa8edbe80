"""The board's modules, used as code on the board uses them."""

import pytest

MS = 10**6


def test_the_board_is_a_pico(says):
    assert says(
        """
        import board
        print(board.board_id, board.GP0, board.GP28, board.LED is board.GP25)
        print(hasattr(board, "GP29"), hasattr(board, "I2C"), hasattr(board, "NEOPIXEL"))
        """
    ) == ["raspberry_pi_pico board.GP0 board.GP28 True", "False False False"]


def test_a_pin_has_one_user_until_it_is_given_back(says):
    assert says(
        """
        import board, digitalio, pwmio
        tone = pwmio.PWMOut(board.GP14)
        try:
            digitalio.DigitalInOut(board.GP14)
        except ValueError as error:
            print(error)
        tone.deinit()
        with digitalio.DigitalInOut(board.GP14) as pin:
            print(pin.direction is digitalio.Direction.INPUT)
        try:
            pin.switch_to_output()
        except ValueError as error:
            print(error)
        """
    ) == [
        "GP14 in use",
        "True",
        "Object has been deinitialized and can no longer be used. Create a new object.",
    ]


def test_a_frequency_changes_only_when_asked_for_at_the_start(says):
    assert says(
        """
        import board, pwmio
        tone = pwmio.PWMOut(board.GP14, frequency=440)
        try:
            tone.frequency = 880
        except AttributeError as error:
            print(error)
        try:
            tone.duty_cycle = 65536
        except ValueError as error:
            print(error)
        print(tone.frequency, tone.duty_cycle)
        """
    ) == [
        "PWM frequency not writable when variable_frequency is False on construction.",
        "duty_cycle must be 0-65535",
        "440 0",
    ]


def test_neighbours_on_one_pwm_slice_cannot_have_frequencies_of_their_own(says):
    assert says(
        """
        import board, pwmio
        tone = pwmio.PWMOut(board.GP14, variable_frequency=True)
        try:
            pwmio.PWMOut(board.GP15)
        except RuntimeError as error:
            print(error)
        tone.deinit()
        pwmio.PWMOut(board.GP14)
        pwmio.PWMOut(board.GP15)
        """
    ) == ["All timers for this pin are in use"]


def test_the_bus_is_on_its_two_pins_only(says):
    assert says(
        """
        import board, busio
        try:
            busio.I2C(board.GP1, board.GP0)
        except RuntimeError as error:
            print(error)
        bus = busio.I2C(scl=board.GP5, sda=board.GP4, frequency=400_000)
        try:
            busio.I2C(board.GP5, board.GP4)
        except ValueError as error:
            print(error)
        while not bus.try_lock():
            pass
        print(bus.scan())
        bus.unlock()
        bus.deinit()
        busio.I2C(board.GP5, board.GP4)
        """
    ) == ["No pull up found on SDA or SCL; check your wiring", "GP5 in use", "[106]"]


def test_a_button_reads_low_while_pressed(says):
    assert says(
        """
        import board, digitalio, time
        button = digitalio.DigitalInOut(board.GP13)
        button.pull = digitalio.Pull.UP
        for _ in range(3):
            print(button.value)
            time.sleep(0.1)
        try:
            button.value = True
        except AttributeError as error:
            print(error)
        """,
        prepare=lambda board: board.press(50 * MS, 100 * MS),
    ) == ["True", "False", "True", "Cannot set value when direction is input."]


def test_an_interrupt_line_can_be_wired_to_a_pin(says):
    assert says(
        """
        import board, busio, digitalio, time
        line = digitalio.DigitalInOut(board.GP12)
        bus = busio.I2C(board.GP5, board.GP4)
        bus.try_lock()
        bus.writeto(0x6A, bytes([0x10, 0x4C]))
        print(line.value)
        bus.writeto(0x6A, bytes([0x0D, 0x01]))
        time.sleep(0.02)
        print(line.value)
        """,
        prepare=lambda board: setattr(board.hardware.pins["GP12"], "source", board.chip.int1),
    ) == ["False", "True"]


def test_the_battery_is_measured_through_a_third(says):
    (reading,) = says("import analogio, board\nprint(analogio.AnalogIn(board.VOLTAGE_MONITOR).value)", battery_mv=3700)
    assert int(reading) * 3 * 3.3 / 65535 == pytest.approx(3.7, abs=0.001)


KEYS = """
    import board, keypad, supervisor, time
    keys = keypad.Keys((board.GP13,), value_when_pressed=False, pull=True)
    event = keypad.Event()
    start = supervisor.ticks_ms()
    time.sleep(1)
    print(len(keys.events), bool(keys.events), keys.events.overflowed)
    while keys.events.get_into(event):
        print(event.key_number, event.pressed, event.released, event.timestamp - start)
    print(keys.events.get())
"""


def test_keys_tell_a_press_and_its_release_at_the_scan(says):
    assert says(KEYS, prepare=lambda board: board.press(105 * MS, 700 * MS)) == [
        "2 True False",
        "0 True False 120",
        "0 False True 820",
        "None",
    ]


def test_keys_see_a_bouncing_contact_once(says):
    def bounce(board):
        for at in (101, 103, 106, 109):
            board.press(at * MS, MS)
        board.press(112 * MS, 500 * MS)

    assert says(KEYS, prepare=bounce)[:3] == ["2 True False", "0 True False 120", "0 False True 620"]


def test_keys_see_a_button_held_since_power_on(says):
    assert says(KEYS, prepare=lambda board: board.press(0, 300 * MS))[1] == "0 True False 20"


def test_a_full_queue_says_that_it_overflowed(says):
    def press_often(board):
        for at in range(0, 900, 100):
            board.press(at * MS + 1, 50 * MS)

    code = KEYS.replace("pull=True", "pull=True, max_events=3")
    assert says(code, prepare=press_often)[0] == "3 True True"


def test_usb_can_be_asked_for_in_code_and_changed_in_boot_only(board_with):
    ask = "import supervisor\nprint(supervisor.runtime.usb_connected)\n"
    board = board_with(
        ask + "import storage\nstorage.disable_usb_drive()",
        files={"boot.py": ask + "import storage\nstorage.disable_usb_drive()\nprint(storage.getmount('/').readonly)"},
        usb_connected=True,
    )
    assert board.power_on() == "exception"
    lines = board.console.splitlines()
    assert lines[:3] == ["False", "False", "True"]
    assert lines[-1] == "RuntimeError: Cannot change USB devices now"


def test_the_serial_port_takes_all_and_never_blocks(says):
    assert says(
        """
        import usb_cdc
        print(usb_cdc.console.write(b"bytes\\n"), usb_cdc.console.connected, usb_cdc.data)
        print("a", "b", sep="-", end="!\\n")
        """
    ) == ["bytes", "6 False None", "a-b!"]


def test_nvm_refuses_a_slice_of_another_length(says):
    assert says(
        """
        import microcontroller
        try:
            microcontroller.nvm[0:2] = b"abc"
        except ValueError as error:
            print(error)
        print(len(microcontroller.cpu.uid))
        """
    ) == ["Slice and value different lengths.", "8"]


def test_a_watchdog_may_raise_in_the_code_and_reset_mode_cannot_be_left(says):
    assert says(
        """
        import time
        from microcontroller import watchdog as dog
        from watchdog import WatchDogMode, WatchDogTimeout
        try:
            dog.feed()
        except ValueError as error:
            print(error)
        dog.timeout = 2
        dog.mode = WatchDogMode.RAISE
        try:
            time.sleep(3)
        except WatchDogTimeout:
            print("bitten", time.monotonic())
        dog.mode = WatchDogMode.RESET
        try:
            dog.deinit()
        except NotImplementedError:
            print("stays")
        """
    ) == ["WatchDogTimer is not currently running", "bitten 2.000001", "stays"]


def test_time_of_day_starts_in_2020(says):
    assert says("import time\ntime.sleep(61)\nprint(tuple(time.localtime())[:6], time.time())") == [
        "(2020, 1, 1, 0, 1, 1) 1577836861"
    ]


def test_the_os_module_works_on_the_drive(says):
    assert says(
        """
        import os
        os.mkdir("/logs")
        with open("/logs/00001.bbl", "ab") as log:
            log.write(b"x" * 600)
            log.flush()
        os.sync()
        print(os.listdir("/"), os.stat("/logs/00001.bbl")[6], os.statvfs("/")[0], os.sep, os.getenv("none"))
        os.rename("/logs/00001.bbl", "/logs/2")
        os.remove("/logs/2")
        os.rmdir("/logs")
        print(os.listdir())
        """,
        files={"boot.py": "import storage\nstorage.remount('/', readonly=False)"},
    ) == ["['boot.py', 'code.py', 'logs'] 600 512 / None", "['boot.py', 'code.py']"]
