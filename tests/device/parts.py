"""A board's small interface, faked: sounder, haptic and light note every change, with the instant a test set."""


class Part:
    """Something that is on or off; `how` is what it was last switched on with."""

    def __init__(self, name, board):
        self.name = name
        self.board = board
        self.is_on = False
        self.how = ()

    def on(self, *how):
        self.is_on = True
        self.how = how
        self.board.trace.append((self.board.now, self.name, *how))

    def off(self):
        if self.is_on:
            self.board.trace.append((self.board.now, self.name, "off"))
        self.is_on = False


class Board:
    """`now` is for the test to set; `trace` holds (now, part, *how)."""

    def __init__(self):
        self.now = 0
        self.trace = []
        self.sounder = Part("sounder", self)
        self.haptic = Part("haptic", self)
        self.light = Part("light", self)

    @property
    def silent(self):
        return not (self.sounder.is_on or self.haptic.is_on or self.light.is_on)

    def of(self, name):
        """Give one part's changes."""
        return [(now, *how) for now, part, *how in self.trace if part == name]


class Cell:
    """A battery as it was read."""

    def __init__(self, percent, millivolts=3700, low=False, empty=False):
        self.percent = percent
        self.millivolts = millivolts
        self.low = low
        self.empty = empty
        self.bad = False
