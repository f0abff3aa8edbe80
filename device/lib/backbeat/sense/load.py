"""How hard each step hits: the largest acceleration from one step to the next, for comparing forward and backward."""

from backbeat.sense.shake import mg


class Load:
    """Since the last `clear`: `steps`, their `sum` and the `top` one, in mg; `last` is that of the last step."""

    def __init__(self):
        self.last = self._size = 0  # `_size` is the largest since the last step
        self.clear()

    def feel(self, size):
        """Take the largest size (see `shake`) of a while."""
        if size > self._size:
            self._size = size

    def step(self):
        """A step is told."""
        self.last = mg(self._size)
        self._size = 0
        self.steps += 1
        self.sum += self.last
        self.top = max(self.top, self.last)

    def mean(self):
        """Give the steps' mean load in mg, 0 without steps."""
        return self.sum // self.steps if self.steps else 0

    def clear(self):
        """Begin another stretch."""
        self.steps = self.sum = self.top = 0
