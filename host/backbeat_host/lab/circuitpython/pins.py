"""The pins of a Pico: who uses which, what level the outside puts on them, and who is told when one changes.

Simulated: one user a pin, pulls, the two channels of a PWM slice sharing one frequency. Faked: no currents, no
peripherals muxed to wrong pins.
"""

from collections.abc import Callable


class Pin:
    """One pin; `board.GP14` is such an object."""

    def __init__(self, name: str, number: int, on_output: Callable[["Pin", int, bool], None]) -> None:
        self.name = name
        self.number = number
        self.source: Callable[[], bool] | None = None
        """Something outside that drives the pin (an interrupt output)."""
        self.on_edge: Callable[[], None] | None = None
        self._on_output = on_output
        self._external: bool | None = None
        self._in_use = False

    def __repr__(self) -> str:
        return f"board.{self.name}"

    def claim(self) -> None:
        """Take the pin for one use."""
        if self._in_use:
            raise ValueError(f"{self.name} in use")
        self._in_use = True

    def release(self) -> None:
        """Give it back; it drives nothing any more."""
        self._in_use = False
        self.on_edge = None
        self._on_output(self, 0, False)

    def drive_external(self, level: bool | None) -> None:
        """Put a level on the pin from outside, or let it go (None)."""
        self._external = level
        if self.on_edge is not None:
            self.on_edge()

    def read(self, pulled_up: bool) -> bool:
        """The level an input sees; floating reads as the pull says."""
        if self.source is not None:
            return self.source()
        return pulled_up if self._external is None else self._external

    def output(self, on: bool, frequency: int = 0) -> None:
        """Drive the pin: a level, or a square wave of `frequency`."""
        self._on_output(self, frequency, on)


class Pins:
    """All pins by name; `on_output(pin, frequency, on)` hears of every change of an output."""

    def __init__(self, on_output: Callable[[Pin, int, bool], None]) -> None:
        self.by_name = {f"GP{number}": Pin(f"GP{number}", number, on_output) for number in range(29)}
        self.by_name["VOLTAGE_MONITOR"] = Pin("VOLTAGE_MONITOR", 29, on_output)
        for alias, name in {"LED": "GP25", "A0": "GP26", "A1": "GP27", "A2": "GP28", "A3": "VOLTAGE_MONITOR"}.items():
            self.by_name[alias] = self.by_name[name]
        self.by_name["SMPS_MODE"] = self.by_name["GP23"]
        self.by_name["VBUS_SENSE"] = self.by_name["GP24"]
        self.slices: dict[int, list[tuple[int, bool]]] = {}
        """PWM slice -> frequency and whether it may vary, for each channel in use."""

    def __getitem__(self, name: str) -> Pin:
        return self.by_name[name]

    def release_all(self) -> None:
        """The code is gone: every pin is free and drives nothing."""
        self.slices.clear()
        for pin in set(self.by_name.values()):
            pin.release()
