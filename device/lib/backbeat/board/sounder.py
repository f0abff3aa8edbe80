"""The piezo: tones by PWM, loudness by the pulse's width."""

import pwmio

# A square wave is loudest at half duty; narrower pulses are softer. Loudness in percent -> duty.
_FULL = 32768


class Sounder:
    """One tone at a time."""

    def __init__(self, pin):
        self._pwm = pwmio.PWMOut(pin, duty_cycle=0, frequency=2000, variable_frequency=True)
        self._hz = 2000

    def on(self, hz, volume):
        """Sound `hz` at `volume` percent until `off`."""
        if hz != self._hz:
            self._pwm.frequency = hz
            self._hz = hz
        self._pwm.duty_cycle = _FULL * volume * volume // 10_000

    def off(self):
        """Fall silent."""
        self._pwm.duty_cycle = 0
