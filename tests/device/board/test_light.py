"""The light, a plain one or a NeoPixel: dark at the start, lit from `on` to `off`."""

from textwrap import dedent

import pytest

from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.motion import Recorded

from ..rig import MS, STILL

BLINK = """
    import board, time
    {make}
    time.sleep(0.1)
    light.on()
    time.sleep(0.1)
    light.off()
    time.sleep(0.1)
    light.on()
"""
PLAIN = "from backbeat.board.light import Light; light = Light(board.{pin}, {lit})"
PIXEL = "from backbeat.board.pixel import Pixel; light = Pixel(board.NEOPIXEL, {power})"


@pytest.mark.parametrize(
    ("board", "make"),
    [
        ("raspberry_pi_pico", PLAIN.format(pin="LED", lit=True)),
        ("Seeed_XIAO_nRF52840_Sense", PLAIN.format(pin="LED_GREEN", lit=False)),
        ("adafruit_qtpy_rp2040", PIXEL.format(power="board.NEOPIXEL_POWER")),
    ],
)
def test_a_light_is_dark_until_it_is_switched_on_and_when_the_code_ends(tmp_path, board, make):
    (tmp_path / "code.py").write_text(dedent(BLINK.format(make=make)))
    virtual = VirtualBoard(tmp_path, Recorded(STILL, 104), board=board, pass_cost_us=0)
    assert virtual.power_on() == "finished", virtual.console
    assert [value for _, part, value in virtual.trace if part == "light"] == [1, 0, 1, 0]
    lit, dark, *_ = [ns for ns, _, _ in virtual.trace]
    assert lit == pytest.approx(100 * MS, abs=MS)
    assert dark - lit == pytest.approx(100 * MS, abs=MS)


def test_a_neopixel_without_a_supply_pin_of_its_own_is_driven_all_the_same(tmp_path):
    (tmp_path / "code.py").write_text(
        dedent(
            """
            import board, digitalio
            supply = digitalio.DigitalInOut(board.NEOPIXEL_POWER)
            supply.switch_to_output(True)
            from backbeat.board.pixel import Pixel
            Pixel(board.NEOPIXEL, None).on()
            """
        )
    )
    virtual = VirtualBoard(tmp_path, Recorded(STILL, 104), board="adafruit_qtpy_rp2040")
    assert virtual.power_on() == "finished", virtual.console
    assert [value for _, part, value in virtual.trace if part == "light"] == [1, 0]
