"""Reminders while running: look over a shoulder now and then, left and right in turn."""

from micropython import const

NOTHING = const(0)
LEFT = const(1)
RIGHT = const(2)


class Coach:
    """`glance_every` in ms, 0 for never; times are ms since the session began."""

    def __init__(self, glance_every):
        self._every = glance_every
        self._next = glance_every
        self._left = True

    def poll(self, now):
        """Give LEFT or RIGHT when a glance is due, once."""
        if self._every == 0 or now < self._next:
            return NOTHING
        self._next = now + self._every
        self._left = not self._left
        return RIGHT if self._left else LEFT
