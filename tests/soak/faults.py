"""What can go wrong, by group: one fault of a group at a time, several groups at once, each at random from a seed.

A fault says how long a beat may be held up by it (`stall_ms`, each time) and for how long in all (`budget_ms`): where
it says nothing, a beat must be on time all through it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backbeat_host.lab.board import CHIP_ADDRESS
from backbeat_host.lab.endings import BoardReset, PowerCut

if TYPE_CHECKING:
    from .world import World

_FLASH_MS = 154
_STRAYS = ["\x00\x01.bbl", "00x01.bbl", "99999.BBL", "abcde.bbl", "00001.bbl~", "-0001.bbl", "²2222.bbl"]
_SECTOR_NS, _FLUSH_NS = 51_000_000, 154_000_000


@dataclass
class Fault:
    """One fault; `loses`: the chip cannot be read while it lasts."""

    name: str
    begin: Callable[[], object]
    end: Callable[[], object] = lambda: None
    seconds: float = 0.0
    stall_ms: int = 0
    budget_ms: float = 0.0
    loses: bool = False
    group: str = ""
    begun_ns: int = -1
    ended_ns: int = -1
    told: int = 0
    """How often the wearer was told that the sensor is lost."""

    def covers(self, begin_ns: int, end_ns: int) -> bool:
        """Whether it was in force, or held something up, between two instants."""
        if self.begun_ns < 0 or self.begun_ns > end_ns:
            return False
        return self.ended_ns < 0 or self.ended_ns + self.stall_ms * 1_000_000 >= begin_ns


Draw = Callable[["World", random.Random], Fault | None]


# ---- the chip and its bus ----


def _nacks(world: "World", dice: random.Random) -> Fault:
    bus = world.board.bus
    return Fault("a burst of nacks", lambda: bus.nack(dice.randint(1, 40)), lambda: bus.nack(0), 1)


def _noise(world: "World", dice: random.Random) -> Fault:
    bus, odds, seed = world.board.bus, dice.choice((0.01, 0.05, 0.2, 0.6)), dice.randrange(1 << 30)
    return Fault(
        "nacks at random", lambda: bus.nack_at_random(odds, seed), lambda: bus.nack_at_random(0, 0), dice.uniform(1, 20)
    )


def _unplugged(world: "World", dice: random.Random) -> Fault:
    board = world.board
    seconds = dice.choice((0.05, 0.1, 0.5, 2, 5, 20, 150)) * dice.uniform(0.7, 1.3)
    return Fault("chip unplugged", board.unplug_chip, board.plug_chip, seconds, loses=True)


def _mid_read(world: "World", dice: random.Random) -> Fault | None:
    if not (world.watch.sensor.works and world.watch.awake):
        return None
    board, after = world.board, dice.randint(1, 12)

    def end() -> None:
        board.bus._detach_in_read = None  # it may not have been read at all
        board.plug_chip()

    return Fault(
        "chip unplugged in a read", lambda: board.bus.detach_in_read(CHIP_ADDRESS, after), end, dice.uniform(0.5, 15)
    )


def _supply_dip(world: "World", dice: random.Random) -> Fault:
    board = world.board
    return Fault("a dip of the chip's supply", board.unplug_chip, board.plug_chip, dice.uniform(0.0005, 0.05))


def _stuck_bus(world: "World", dice: random.Random) -> Fault:
    bus = world.board.bus

    def begin() -> None:
        bus.stuck_for_pulses = dice.choice((None, dice.randint(1, 9)))
        bus.stuck_low = dice.choice(("scl", "sda"))

    def end() -> None:
        bus.stuck_for_pulses = None
        bus.stuck_low = None

    # A transaction waits a second for the line. One is begun, perhaps one more where the line went low within one.
    return Fault("bus stuck low", begin, end, dice.uniform(0.2, 40), 1150, 2500)


def _nonsense(world: "World", dice: random.Random) -> Fault:
    chip, kind = world.board.chip, dice.choice(("stuck", "zeros", "ones"))

    def be(answer: str | None) -> Callable[[], None]:
        return lambda: setattr(chip, "nonsense", answer)

    return Fault(f"chip answers {kind}", be(kind), be(None), dice.uniform(0.2, 30), loses=True)


# ---- the flash ----


def _errors(world: "World", dice: random.Random) -> Fault:
    faults, chance, seed = world.board.drive.faults, dice.choice((0.3, 1.0)), dice.randrange(1 << 30)
    times = dice.choice((1, 3, None))
    return Fault(
        "flash write errors",
        lambda: faults.fail_writes(times, chance=chance, seed=seed),
        lambda: faults.fail_writes(0),
        dice.uniform(1, 60),
    )


def _full(world: "World", dice: random.Random) -> Fault:
    drive, left = world.board.drive, dice.choice((0, 700, 5000, 9000, 40_000))
    whole = drive.capacity

    def begin() -> None:
        if drive.free() > left:
            drive.leave(left)

    return Fault("flash full", begin, lambda: setattr(drive, "capacity", whole), dice.uniform(20, 240))


def _switch(name: str, attribute: str, longest: float) -> Draw:
    def draw(world: "World", dice: random.Random) -> Fault:
        faults = world.board.drive.faults
        return Fault(
            name,
            lambda: setattr(faults, attribute, True),
            lambda: setattr(faults, attribute, False),
            dice.uniform(2, longest),
        )

    return draw


def _slow(world: "World", dice: random.Random) -> Fault:
    drive, factor, seconds = world.board.drive, dice.choice((2, 4)), dice.uniform(10, 60)

    def end() -> None:
        drive._sector_ns, drive._flush_ns = _SECTOR_NS, _FLUSH_NS

    return Fault(
        "slow flash", lambda: drive.slow_down(factor), end, seconds, factor * _FLASH_MS + 10, 3000 + 300 * seconds
    )


def _strays(world: "World", dice: random.Random) -> Fault:
    faults = world.board.drive.faults
    names = dice.sample(_STRAYS, 3)
    return Fault(
        "stray names",
        lambda: faults.stray_names.update({"/logs": names}),
        faults.stray_names.clear,
        dice.uniform(60, 400),
    )


# ---- the power ----


def _cut(world: "World", dice: random.Random) -> Fault:
    return Fault("power cut", lambda: world.stop(PowerCut(), "cut"))


def _cut_in_write(world: "World", dice: random.Random) -> Fault:
    drive, cause = world.board.drive, dice.choice(("cut", "brown-out"))

    def begin() -> None:
        world.planned = cause
        if dice.random() < 0.5:
            drive.faults.cut_at(dice.randint(0, 6))
        else:
            drive.cut_after(dice.randint(1, 2000))

    def end() -> None:
        drive.faults._cut_at = drive._cut_after = None  # nothing may have been written
        world.planned = ""

    return Fault("power cut in a write", begin, end, 120)


def _brown_out(world: "World", dice: random.Random) -> Fault:
    return Fault("brown-out", lambda: world.stop(PowerCut(), "brown-out"))


def _brown_outs(world: "World", dice: random.Random) -> Fault:
    every, seconds = dice.uniform(1, 20), dice.uniform(40, 120)

    def again() -> None:
        if not fault.ended_ns >= 0:
            world.later(every, again)
            world.stop(PowerCut(), "brown-out")

    fault = Fault("brown-outs in a row", again, seconds=seconds)
    return fault


def _hard_fault(world: "World", dice: random.Random) -> Fault:
    return Fault("hard fault", lambda: world.stop(BoardReset(), "hard fault"))


# ---- the code ----


def _stall(world: "World", dice: random.Random) -> Fault:
    ms = dice.choice((300, 3000, 7000))
    return Fault(f"a stall of {ms} ms", lambda: world.in_turn(lambda: world.hold_up(ms)), seconds=10, stall_ms=ms + 20,
                 budget_ms=ms + 1000)  # fmt: skip


def _hang(world: "World", dice: random.Random) -> Fault | None:
    if world.board.hardware.watchdog_ns is None:
        return None
    return Fault("a hang", lambda: world.hold_up(30_000), stall_ms=9000, budget_ms=9000)


def _exception(world: "World", dice: random.Random) -> Fault:
    return Fault("an exception in the loop", lambda: world.in_turn(world.bug), seconds=1)


def _exceptions(world: "World", dice: random.Random) -> Fault:
    def twice() -> None:
        world.later(dice.uniform(0.5, 12), lambda: world.in_turn(world.bug))
        world.later(dice.uniform(13, 16), lambda: world.in_turn(world.bug))
        world.in_turn(world.bug)

    return Fault("exceptions in a row", twice, seconds=20)


def _ctrl_c(world: "World", dice: random.Random) -> Fault:
    def begin() -> None:
        world.cause = "ctrl-C"
        world.board.hardware.interrupt_pending = True

    return Fault("ctrl-C", begin)


# ---- button, battery, cable ----


def _bounce(world: "World", dice: random.Random) -> Fault:
    def edge(pressed: bool) -> Callable[[], None]:
        return lambda: world.board._button(pressed)

    def begin() -> None:
        at = 0.0
        for _ in range(dice.randint(3, 20)):
            world.later(at, edge(True))
            at += dice.uniform(0.0002, 0.03)
            world.later(at, edge(False))
            at += dice.uniform(0.0002, 0.03)

    # Marks in a row, each with its cue, leave the log no room to be written; after three seconds it is, all the same,
    # and CircuitPython's own flush comes when it comes.
    return Fault("button bounces", begin, edge(False), 3, _FLASH_MS + 10, 2 * _FLASH_MS)


def _stuck_button(world: "World", dice: random.Random) -> Fault:
    return Fault(
        "button stuck", lambda: world.board._button(True), lambda: world.board._button(False), dice.uniform(3, 90)
    )


def _battery(name: str, millivolts: Callable[[random.Random], int], every: float, least: float, longest: float) -> Draw:
    def draw(world: "World", dice: random.Random) -> Fault:
        hardware, before = world.board.hardware, world.board.hardware.battery_mv

        def begin() -> None:
            if fault.ended_ns < 0:
                hardware.battery_mv = millivolts(dice)
                if every:
                    world.later(every, begin)

        fault = Fault(name, begin, lambda: setattr(hardware, "battery_mv", before), dice.uniform(least, longest))
        return fault

    return draw


def _cable(name: str, laptop: bool, console: bool, charging: bool) -> Draw:
    def draw(world: "World", dice: random.Random) -> Fault:
        hardware = world.board.hardware

        def be(on: bool) -> None:
            hardware.usb_connected = on and laptop
            hardware.console.open = on and console
            hardware.charging = on and charging
            hardware.console.read()

        return Fault(name, lambda: be(True), lambda: be(False), dice.uniform(10, 300))

    return draw


CALM = ("chip", "battery", "cable")
"""Groups that let a long run be a long run; every second half hour has no others."""
GROUPS: dict[str, tuple[float, list[Draw]]] = {
    "chip": (70, [_nacks, _noise, _unplugged, _unplugged, _mid_read, _supply_dip, _stuck_bus, _nonsense, _nonsense]),
    "flash": (150, [_errors, _full, _switch("flash read-only", "read_only", 60),
                    _switch("flash ejected", "ejected", 30), _slow, _strays]),
    "power": (300, [_cut, _cut_in_write, _cut_in_write, _brown_out, _brown_outs, _hard_fault]),
    "code": (250, [_stall, _stall, _hang, _exception, _exceptions, _ctrl_c]),
    "button": (200, [_bounce, _bounce, _stuck_button]),
    "battery": (240, [
        _battery("battery noise", lambda dice: dice.randint(3820, 3980), 0.5, 20, 200),
        _battery("battery dips", lambda dice: dice.choice((3900, 3200)), 0, 0.5, 4),
        _battery("battery strange", lambda dice: dice.choice((0, 9000)), 0, 5, 100),
        _battery("battery low", lambda dice: 3700, 0, 120, 300),
        _battery("battery empty", lambda dice: 3450, 0, 150, 300),
    ]),
    "cable": (300, [_cable("charging", False, False, True), _cable("laptop", True, False, True),
                    _cable("console open and unread", True, True, True)]),
}  # fmt: skip
"""Group -> seconds between two of them, and what is drawn from."""
