"""The battery's charge from its voltage."""

import analogio

# Open-circuit voltage of a lithium-polymer cell at room temperature (mV, percent), the usual discharge curve at small
# currents; between the points a straight line.
_CURVE = ((3300, 0), (3600, 5), (3690, 10), (3730, 20), (3790, 40), (3850, 55), (3950, 70), (4080, 90), (4200, 100))
_REFERENCE_MV = 3300
_LOW = 20  # percent: the warning


class Battery:
    """After `read`: `millivolts`, `percent`, and `low`, True once when the warning is due."""

    def __init__(self, pin, ratio):
        self._pin = analogio.AnalogIn(pin)
        self._ratio = ratio
        self._warned = False
        self.millivolts = 0
        self.percent = 100
        self.low = False

    def begin(self):
        """A session begins: it is warned anew."""
        self._warned = False

    def read(self):
        """Measure."""
        self.millivolts = self._pin.value * _REFERENCE_MV // 65535 * self._ratio
        self.percent = _percent(self.millivolts)
        self.low = self.percent <= _LOW and not self._warned
        if self.low:
            self._warned = True


def _percent(millivolts):
    if millivolts >= _CURVE[-1][0]:
        return 100
    for i in range(len(_CURVE) - 1, 0, -1):
        low, high = _CURVE[i - 1], _CURVE[i]
        if millivolts >= low[0]:
            return low[1] + (millivolts - low[0]) * (high[1] - low[1]) // (high[0] - low[0])
    return 0
