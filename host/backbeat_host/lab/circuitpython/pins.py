"""The pins of a board: who uses which, what level the outside puts on them, and who is told when one changes.

Simulated: one user a pin, pulls, the two channels of an RP2040's PWM slice sharing one frequency. Faked: no currents,
no peripherals muxed to wrong pins; an nRF52840 never runs out of PWM units.
"""

from collections.abc import Callable

from backbeat_host.lab.boards import BoardKind


class Pin:
    """One pin; `board.GP14` is such an object."""

    def __init__(self, name: str, number: int, on_output: Callable[["Pin", int, bool], None]) -> None:
        self.name = name
        self.number = number
        self.driven: bool | None = None
        """The level the code drives it to; None while it does not."""
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
        self.let_go()

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
        self.driven = on
        self._on_output(self, frequency, on)

    def let_go(self) -> None:
        """Drive it no more."""
        self.driven = None
        self._on_output(self, 0, False)


class Pins:
    """All pins by name; `on_output(pin, frequency, on)` hears of every change of an output."""

    def __init__(self, kind: BoardKind, on_output: Callable[[Pin, int, bool], None]) -> None:
        by_number: dict[int, Pin] = {}
        self.by_name = {
            name: by_number.setdefault(number, Pin(name, number, on_output)) for name, number in kind.by_name.items()
        }
        self._shared_pwm = kind.processor.shared_pwm
        self.slices: dict[int, list[tuple[int, bool]]] = {}
        """PWM slice -> frequency and whether it may vary, for each channel in use."""

    def __getitem__(self, name: str) -> Pin:
        return self.by_name[name]

    def slice_of(self, pin: Pin) -> list[tuple[int, bool]]:
        """The PWM slice that a pin belongs to: who uses it already."""
        return self.slices.setdefault(pin.number >> 1 & 7 if self._shared_pwm else pin.number, [])

    def release_all(self) -> None:
        """The code is gone: every pin is free and drives nothing."""
        self.slices.clear()
        for pin in set(self.by_name.values()):
            pin.release()
