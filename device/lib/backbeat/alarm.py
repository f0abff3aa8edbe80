"""From a fall to help: countdown, then siren, until the wearer says it is all right.

A hold of the button cancels both. Five seconds of steady steps cancel the countdown only: who runs on needs no help,
but a siren that has called people must be ended on purpose; unless the button is stuck or dead, or has been of no use
for five minutes: then steps end it too.
"""

from micropython import const

IDLE = const(0)
COUNTDOWN = const(1)
SIREN = const(2)

HOLD_MS = const(700)
_SCAN_MS = const(40)  # so late a release may be seen without anything in the way
_LONG_MS = const(300_000)
_STEADY_MS = const(5000)
_STEP_GAP_MS = const(1500)  # 40 spm; a longer pause and the steps are counted anew
_STEPS = const(6)


class Alarm:
    """Times are ms since the session began; `state` is IDLE, COUNTDOWN or SIREN, `siren_at` the end of the
    countdown; `buttonless` is for whoever knows that there is no button."""

    def __init__(self, countdown_ms):
        self.state = IDLE
        self.countdown_ms = countdown_ms
        self.siren_at = 0
        self.buttonless = False
        self._steps = 0
        self._steady_from = self._last_step = 0
        self._held_from = -1
        self._pressed = False
        self._old_press = False  # the button has been down since before the fall: by lying on it, perhaps

    def begin(self, now):
        """A fall was decided. False when an alarm is on already."""
        if self.state != IDLE:
            return False
        self.state = COUNTDOWN
        self.siren_at = now + self.countdown_ms
        self._steps = 0
        self._held_from = -1
        self._old_press = self._pressed
        return True

    def poll(self, now):
        """True once, when the countdown is over and the siren begins."""
        if self.state == COUNTDOWN and now >= self.siren_at:
            self.state = SIREN
            return True
        return False

    def button(self, now, pressed):
        """Follow the button; True once, when it has been held long enough to cancel."""
        self._pressed = pressed
        if not pressed:
            # A hold that ended while flash was written was long enough all the same.
            held = self.state != IDLE and not self._old_press and 0 <= self._held_from <= now - HOLD_MS - _SCAN_MS
            self._held_from = -1
            self._old_press = False
            if held:
                self.state = IDLE
            return held
        if self._old_press:
            return False
        if self._held_from < 0:
            self._held_from = now
        if self.state == IDLE or now - self._held_from < HOLD_MS:
            return False
        self.state = IDLE
        return True

    def step(self, at):
        """Follow the steps; True once, when they have been steady long enough to cancel."""
        if self.state == IDLE:
            return False
        if self.state == SIREN and not (self.buttonless or self._old_press or at - self.siren_at > _LONG_MS):
            return False
        if self._steps == 0 or at - self._last_step > _STEP_GAP_MS:
            self._steps = 0
            self._steady_from = at
        self._steps += 1
        self._last_step = at
        if self._steps < _STEPS or at - self._steady_from < _STEADY_MS:
            return False
        self.state = IDLE
        return True
