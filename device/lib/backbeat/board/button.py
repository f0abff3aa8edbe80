"""The button: pressed or not. CircuitPython's scanner debounces it and misses no press while flash is written."""

import keypad


class Button:
    """A button from the pin to ground."""

    def __init__(self, pin):
        self._keys = keypad.Keys((pin,), value_when_pressed=False, pull=True)
        self._event = keypad.Event()
        self._pressed = False

    def pressed(self):
        """Tell the state after one more change, so that even a quick press is seen going down and up."""
        if self._keys.events.get_into(self._event):
            self._pressed = self._event.pressed
        return self._pressed
