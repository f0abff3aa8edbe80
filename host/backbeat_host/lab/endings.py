"""How a run of device code ends on the virtual board, and the private exceptions that end it from outside.

They derive from BaseException, so that `except Exception` in device code cannot swallow a dead battery; the clock
raises them again at every later turn, so that a `finally` of device code cannot act after the power is gone.
"""

from enum import StrEnum


class Ending(StrEnum):
    """How `power_on()` ended."""

    FINISHED = "finished"
    RESET = "reset"
    RELOAD = "reload"
    EXCEPTION = "exception"
    INTERRUPTED = "interrupted"
    POWER_CUT = "power_cut"


class Halt(BaseException):
    """The processor stops here; nothing the device code does after this has an effect."""

    ending: Ending


class PowerCut(Halt):
    """The supply is gone."""

    ending = Ending.POWER_CUT


class BoardReset(Halt):
    """The processor starts anew; `by_watchdog` tells why."""

    ending = Ending.RESET

    def __init__(self, by_watchdog: bool = False) -> None:
        super().__init__()
        self.by_watchdog = by_watchdog


class BoardReload(Halt):
    """The code starts anew, without boot.py (as ctrl-D or `supervisor.reload()`)."""

    ending = Ending.RELOAD


class ConsoleInterrupt(KeyboardInterrupt):
    """Ctrl-C typed at the board's console; told apart from a ctrl-C of the person at this terminal."""
