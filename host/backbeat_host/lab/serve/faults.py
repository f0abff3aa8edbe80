"""The faults a board can be served with, by name: of the cable, of the drive."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from backbeat_host.errors import InputError
from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.endings import BoardReset, PowerCut
from backbeat_host.lab.serve.line_faults import LineFaults
from backbeat_host.lab.serve.wire import Wire


@dataclass(frozen=True)
class Served:
    """What a fault may act on."""

    board: VirtualBoard
    line: LineFaults
    wire: Wire


@dataclass(frozen=True)
class Fault:
    """One kind of fault; `number` is what holds when none is given, None where one must be."""

    told: str
    number: int | None
    strike: Callable[[Served, int], object]


def _cable(served: Served, count: int) -> None:
    def pull() -> None:
        served.wire.close()
        served.board.clock.halt(PowerCut())

    served.line.after[served.line.count + count] = pull


def _reset(served: Served, count: int) -> None:
    served.line.after[served.line.count + count] = lambda: served.board.clock.halt(BoardReset())


def _dumb(served: Served, count: int) -> None:
    served.line.after[served.line.count + count] = lambda: setattr(served.line, "dumb", True)


def _garbage(served: Served, every: int) -> None:
    served.line.garbage = every


def _lies(served: Served, _: int) -> None:
    served.board.drive.faults.lies = True


def _read_only(served: Served, _: int) -> None:
    served.board.drive.faults.read_only = True


FAULTS = {
    "cable": Fault(
        "the cable is pulled after N bytes, both ways together; the board's power goes with it", None, _cable
    ),
    "reset": Fault("the board resets by itself after N bytes, once", None, _reset),
    "dumb": Fault("the board hears and says nothing any more after N bytes", None, _dumb),
    "garbage": Fault("every Nth byte that the board sends is another one [97]", 97, _garbage),
    "lies": Fault("what the code writes on the drive differs from what it wrote", 0, _lies),
    "full": Fault("N bytes are left on the drive [0]", 0, lambda served, left: served.board.drive.leave(left)),
    "read-only": Fault("nobody can write the drive", 0, _read_only),
    "slow": Fault(
        "the drive takes N times as long as flash on metal, 51 ms a sector, 154 ms a flush [1]",
        1,
        lambda served, factor: served.board.drive.slow_down(factor),
    ),
}


def strike(served: Served, wanted: Iterable[str]) -> None:
    """Set the faults that were asked for, each `name` or `name=N`; bytes are counted from now on.

    Raises:
        InputError: there is no such fault, or its number is none.
    """
    for name, number in parsed(wanted):
        FAULTS[name].strike(served, number)


def parsed(wanted: Iterable[str]) -> list[tuple[str, int]]:
    """Give name and number of each fault asked for.

    Raises:
        InputError: there is no such fault, or its number is none.
    """
    faults = []
    for word in wanted:
        name, given, text = word.partition("=")
        fault = FAULTS.get(name)
        if fault is None:
            raise InputError(f"--fault {word}: there is no such fault; choose of {', '.join(FAULTS)}.")
        least = 1 if fault.number is None or name in ("garbage", "slow") else 0
        if given and not (text.isdecimal() and int(text) >= least):
            raise InputError(f"--fault {word}: '{text}' is no number from {least} on; write {name}=N.")
        if not given and fault.number is None:
            raise InputError(f"--fault {word}: after how many bytes? write {name}=N.")
        faults.append((name, int(text) if given else fault.number or 0))
    return faults


def table() -> str:
    """The faults for a help text, one a line."""
    width = max(map(len, FAULTS)) + 2
    return "\n".join(f"{name:{width}}{fault.told}" for name, fault in FAULTS.items())
