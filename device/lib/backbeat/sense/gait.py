"""Still, walk or run, from how often the steps come and how light the body gets between them."""

from array import array

from micropython import const

from backbeat import events

_BINS = const(6)  # half seconds: 3 s
_FLIGHT = const(4)  # light samples in 3 s, 1.3 %
_RUN_CADENCE = const(1300)  # tenths of spm: few run with slower steps, few walk with quicker ones
_WALK_CADENCE = const(1200)
_AGREE = const(2)  # half seconds in a row


class Gait:
    """Ask `tell` once each half second. `sure` is False while the last second fits another gait than the one told."""

    def __init__(self):
        self.gait = events.NO_GAIT
        self.sure = False
        self._light = array("i", [0] * _BINS)
        self._bin = 0
        self._next = events.NO_GAIT
        self._agreed = 0

    def tell(self, light, cadence):
        """Take the number of light samples of the last half second and the cadence (tenths); True when it changed."""
        recent = light + self._light[self._bin - 1 if self._bin else _BINS - 1]
        self._light[self._bin] = light
        self._bin = self._bin + 1 if self._bin < _BINS - 1 else 0
        flight = 0
        for i in range(_BINS):
            flight += self._light[i]
        if cadence == 0:
            gait = events.STILL
        elif self.gait == events.RUN:
            gait = events.WALK if flight < _FLIGHT // 2 or cadence < _WALK_CADENCE else events.RUN
        else:
            gait = events.RUN if flight >= _FLIGHT and cadence >= _RUN_CADENCE else events.WALK
        self.sure = gait == self.gait and (recent > 0) == (gait == events.RUN)
        if gait == self.gait:
            self._agreed = 0
            return False
        self._agreed = self._agreed + 1 if gait == self._next else 1
        self._next = gait
        if self._agreed < _AGREE and self.gait != events.NO_GAIT:
            return False
        self._agreed = 0
        self.gait = gait
        return True
