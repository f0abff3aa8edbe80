"""The light."""

import digitalio


class Light:
    """Lit from `on` to `off`; `lit` is the pin's level for it."""

    def __init__(self, pin, lit):
        self._lit = lit
        self._out = digitalio.DigitalInOut(pin)
        self._out.switch_to_output(not lit)

    def on(self):
        """Light up."""
        self._out.value = self._lit

    def off(self):
        """Go dark."""
        self._out.value = not self._lit
