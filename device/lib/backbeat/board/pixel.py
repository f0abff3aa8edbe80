"""The light of a board that has a NeoPixel only."""

import digitalio
from neopixel_write import neopixel_write


class Pixel:
    """Lit from `on` to `off`; `power`, where there is one, is the pin of its supply."""

    def __init__(self, pin, power):
        if power is not None:
            self._power = digitalio.DigitalInOut(power)
            self._power.switch_to_output(True)
        self._out = digitalio.DigitalInOut(pin)
        self._out.switch_to_output()
        self.off()

    def on(self):
        """Light up."""
        neopixel_write(self._out, b"\x30\x18\x00")  # green, red, blue: seen in daylight, kind to the battery

    def off(self):
        """Go dark."""
        neopixel_write(self._out, b"\x00\x00\x00")
