"""Reminders while running: look over a shoulder now and then, left and right in turn."""

from micropython import const

NOTHING = const(0)
LEFT = const(1)
RIGHT = const(2)


class Coach:
    """`every` in ms, 0 for never; `due` is the next reminder. Times are ms since the session began."""

    def __init__(self, glance_every):
        self.every = self.due = glance_every
        self._next = LEFT

    def restart(self, now):
        """Count anew from `now`, after a pause, an alarm or idle."""
        self.due = now + self.every

    def poll(self, now):
        """Give LEFT or RIGHT when a glance is due, once."""
        if self.every == 0 or now < self.due:
            return NOTHING
        self.restart(now)
        side = self._next
        self._next = LEFT + RIGHT - side
        return side
