"""The motor behind its transistor."""

import digitalio


class Haptic:
    """Buzzes from `on` to `off`."""

    def __init__(self, pin):
        self._out = digitalio.DigitalInOut(pin)
        self._out.switch_to_output(False)

    def on(self):
        """Start to buzz."""
        self._out.value = True

    def off(self):
        """Stop."""
        self._out.value = False
