"""What a press means: short, double or long, from the button's ups and downs."""

from micropython import const

NOTHING = const(0)
SHORT = const(1)
DOUBLE = const(2)
LONG = const(3)

_LONG_MS = const(1500)
_DOUBLE_MS = const(350)  # from the first release to the second press
_EARLY_MS = const(200)  # nobody answers the start cue so soon: who presses then had not heard it


class Gestures:
    """Times are ms since the session began. A short press is told once no second one came."""

    def __init__(self):
        self._pressed = True
        self._down_at = self._up_at = 0
        self._presses = 0
        self._spent = True  # this press has had its meaning, or it began before the session did

    def poll(self, now, pressed):
        """Follow the button; give what was meant, once."""
        if pressed and not self._pressed:
            self._pressed = True
            self._spent = now < _EARLY_MS
            self._down_at = now
            if self._presses == 1:
                if now - self._up_at > _DOUBLE_MS:  # nobody looked while the first one turned out to be short
                    return SHORT
                self.spend()
                return DOUBLE
            self._presses = 1
        elif pressed and not self._spent and now - self._down_at >= _LONG_MS:
            self.spend()
            return LONG
        elif self._pressed and not pressed:
            self._pressed = False
            self._up_at = now
            if self._spent:
                self._presses = 0
        elif not pressed and self._presses == 1 and now - self._up_at > _DOUBLE_MS:
            self._presses = 0
            return SHORT
        return NOTHING

    def pressing(self):
        """Tell whether a press is on that has no meaning yet."""
        return self._pressed and not self._spent

    def waiting(self):
        """Tell whether a second press would make the first a double one: whoever looks late may take it for short."""
        return self._presses > 0 and not self._pressed

    def spend(self):
        """Let the press that is on have no further meaning (it has cancelled an alarm)."""
        self._spent = True
        self._presses = 0
