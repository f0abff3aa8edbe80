"""The battery's charge from its voltage."""

import analogio
import digitalio

# Open-circuit voltage of a lithium-polymer cell at room temperature (mV, percent), the usual discharge curve at small
# currents; between the points a straight line.
_CURVE = ((3300, 0), (3600, 5), (3690, 10), (3730, 20), (3790, 40), (3850, 55), (3950, 70), (4080, 90), (4200, 100))
_REFERENCE_MV = 3300
_LOW = 20  # percent: the warning
_EMPTY = 5  # percent: the end
_SURE = 3  # readings in a row: noise and a motor's dip last for one
_READINGS = 8  # averaged, after as many that charge the nRF52840's converter through a divider of 340 kOhm (XIAO)
_LEAST_MV = 2500  # below it, a cell's protection has cut it off
_MOST_MV = 5500  # above any cell, and above a Pico's supply from USB


class Battery:
    """After `read`: `millivolts` and `percent`; `low`, True once; `empty`, when sure; `bad`, when no cell reads so."""

    def __init__(self, pin, ratio, enable, charging):
        self._pin = analogio.AnalogIn(pin)
        self._times, self._over = ratio
        if enable is not None:
            self._enable = digitalio.DigitalInOut(enable)
            # Low it reads, and low it stays: high while charging, it would overload the pin (XIAO). It costs 3 uA.
            self._enable.switch_to_output(False)
        self._charging = None
        if charging is not None:
            self._charging = digitalio.DigitalInOut(charging)
            self._charging.switch_to_input(digitalio.Pull.UP)
        self.millivolts = 0
        self.percent = 100
        self.low = self.empty = self.bad = False
        self.begin()

    def begin(self):
        """A session begins: it is warned anew, by its first reading if need be."""
        self._warned = False
        self._lows = 1
        self._empties = 0

    def charging(self):
        """Tell whether the charger works on it."""
        return self._charging is not None and not self._charging.value

    def read(self):
        """Measure."""
        for _ in range(_READINGS):
            total = self._pin.value
        total = 0
        for _ in range(_READINGS):
            total += self._pin.value
        # Below 2**30, and in between in quarters of a mV.
        self.millivolts = total // 2 * _REFERENCE_MV // 65535 * self._times // self._over // (_READINGS // 2)
        self.low = False
        self.bad = not _LEAST_MV <= self.millivolts <= _MOST_MV
        if self.bad:
            return
        self.percent = _percent(self.millivolts)
        self._lows = self._lows + 1 if self.percent <= _LOW else 0
        if self._lows > 1 and not self._warned:
            self.low = self._warned = True
        self._empties = self._empties + 1 if self.percent <= _EMPTY and not self.charging() else 0
        self.empty = self._empties >= _SURE


def _percent(millivolts):
    if millivolts >= _CURVE[-1][0]:
        return 100
    for i in range(len(_CURVE) - 1, 0, -1):
        low, high = _CURVE[i - 1], _CURVE[i]
        if millivolts >= low[0]:
            return low[1] + (millivolts - low[0]) * (high[1] - low[1]) // (high[0] - low[0])
    return 0
