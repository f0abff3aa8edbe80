"""Do the parts work: the clock against the laptop's, the sensor at rest, sounder, motor and light.

The code below runs on the board, in the raw REPL, with the firmware's own parts.
"""

import ast
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backbeat_host.link.backend import GarbledError, GoneError
from backbeat_host.link.console import Console
from backbeat_host.link.doctor.check import BAD, GOOD, ODD, SKIPPED, Check

_PROBES = 5  # of the clock at each end: the quickest answer counts
SPAN_S = 10.0
_DRIFT_PPM = 300  # 250 ppm is what a board without a crystal may be off; a beat drifts by 1 s an hour
_SET_S = 5.0  # a clock further off than this was set by nobody, or long ago
_YEAR_2024 = 1_704_067_200

_G_COUNTS = 2049  # 1 g at 0.488 mg a count
_REST = 0.15  # of 1 g: a chip's offset and a wobbly table
_RATE = (95.0, 115.0)  # samples a second; the chips' 104 is off by several per cent
_CHIPS = {0x6C: "LSM6DSOX", 0x6A: "LSM6DS3TR-C", 0x69: "LSM6DS33 or LSM6DS3"}

_TABLE = """
import time
from board import board_id
import backbeat.board
_t = __import__('backbeat.board.' + board_id, None, None, ('SCL',))
for _p in backbeat.board._MAY_LACK.split():
    if not hasattr(_t, _p):
        setattr(_t, _p, None)
"""
_SENSOR = """
from backbeat.board.imu import Fifo
_i = Fifo(_t)
_i.restart()
_n = 0
_s = [0, 0, 0]
time.sleep(0.2)
_i.level()
while _i.read():
    pass
_begin = time.monotonic_ns()
_end = _begin + 1000000000
while time.monotonic_ns() < _end:
    _feed()
    _i.level()
    while _i.read():
        _n += 1
        for _k in range(3):
            _s[_k] += _i.sample[_k]
    time.sleep(0.02)
_ns = time.monotonic_ns() - _begin
print(repr((_i.who, _n, _ns // 1000000, _s)))
"""
_PLAY = """
from backbeat.board.{module} import {kind}
_p = {kind}({pins})
_p.on({how})
time.sleep(0.4)
_p.off()
"""

_PARTS = (
    ("sounder", "sounder", "Sounder", "_t.SOUNDER", "2000, 100"),
    ("motor", "haptic", "Haptic", "_t.HAPTIC", ""),
    ("light", "light", "Light", "_t.LIGHT, _t.LIGHT_ON", ""),
    ("light", "pixel", "Pixel", "_t.NEOPIXEL, _t.NEOPIXEL_POWER", ""),
)


@dataclass(frozen=True)
class Clock:
    """`ppm` the board's clock runs fast, known to within `within`; `set_off_s` its time of day against ours."""

    ppm: float
    within: float
    set_off_s: float | None


def clock(
    console: Console,
    span: float | None = None,
    rest: Callable[[float], object] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Check:
    """How far is the board's clock off, in rate and in time of day."""
    try:
        told = measured(console, SPAN_S if span is None else span, rest, now)
    except GarbledError as error:
        return Check("clock", BAD, f"it cannot be read ({error.strerror})", "press the board's reset button")
    found = f"{round(told.ppm):+d} ppm, known to within {told.within:.0f}"
    if abs(told.ppm) - told.within > _DRIFT_PPM:
        return Check("clock", BAD, found + ": beats drift", "reset the board; if it stays so, its crystal is at fault")
    if told.set_off_s is None:
        return Check("clock", ODD, found + "; nobody has set its date", "`backbeat sync` sets it, until the power goes")
    if abs(told.set_off_s) > _SET_S:
        return Check("clock", ODD, found + f"; its time is off by {told.set_off_s:+.0f} s", "`backbeat sync` sets it")
    return Check("clock", GOOD, found)


def measured(console: Console, span: float, rest: Callable[[float], object], now: Callable[[], float]) -> Clock:
    """Compare the board's clock with this machine's, twice."""
    console.run("import time")
    here, there, doubt = _instant(console, now)
    rest(max(span - (now() - here), 0))
    here2, there2, doubt2 = _instant(console, now)
    elapsed = here2 - here
    seconds = console.value("time.time()")
    if not isinstance(seconds, int | float):
        raise GarbledError(5, "its time is no number")
    off = seconds - time.time() if seconds > _YEAR_2024 else None
    return Clock(((there2 - there) / elapsed - 1) * 1e6, (doubt + doubt2) / elapsed * 1e6, off)


def _instant(console: Console, now: Callable[[], float]) -> tuple[float, float, float]:
    """(this machine's time, the board's, by how much they may be apart), in s."""
    best: tuple[float, float, float] | None = None
    for _ in range(_PROBES):
        begin = now()
        told = console.value("time.monotonic_ns()")
        end = now()
        if not isinstance(told, int):
            raise GarbledError(5, "its clock is no number")
        if best is None or (end - begin) / 2 < best[2]:
            best = ((begin + end) / 2, told / 1e9, (end - begin) / 2)
    assert best is not None
    return best


def sensor(console: Console) -> Check:
    """Does the chip answer, sample at its rate, and feel 1 g. The board must lie still."""
    about = "sensor"
    wires = "check its wires and its power, then reset the board"
    try:
        console.run(_TABLE)
        match _value(console.run(_SENSOR)):
            case (int() as who, int() as count, int() as ms, [int() as x, int() as y, int() as z]) if ms > 0:
                pass
            case _:
                return Check(about, BAD, "its answer makes no sense", wires)
    except GoneError:
        raise
    except OSError as error:
        return Check(about, BAD, f"it does not answer ({error.strerror})", wires)
    chip = _CHIPS.get(who, f"a chip that says 0x{who:02X}")
    rate = count * 1000 / ms
    if not _RATE[0] <= rate <= _RATE[1]:
        return Check(about, BAD, f"{chip} gives {rate:.0f} samples a second instead of 104", wires)
    g = (x * x + y * y + z * z) ** 0.5 / count / _G_COUNTS
    found = f"{chip}, {rate:.0f} samples a second, feels {g:.2f} g"
    if abs(g - 1) > _REST:
        return Check(about, ODD, found, "lay the board down and leave it still; if it stays so, the chip is damaged")
    return Check(about, GOOD, found)


def sound(console: Console, heard: Callable[[str], bool | None]) -> Check:
    """Play sounder, motor and light in turn; `heard` asks whether a part was noticed, None: nobody can be asked."""
    about = "sound"
    verdicts: dict[str, str] = {}
    try:
        console.run(_TABLE)
        for part, module, kind, pins, how in _PARTS:
            if console.value(pins.partition(",")[0] + " is None"):
                verdicts.setdefault(part, "none on this board")
                continue
            console.run(_PLAY.format(module=module, kind=kind, pins=pins, how=how))
            answer = heard(part)
            verdicts[part] = "played" if answer is None else "noticed" if answer else "NOT noticed"
    except GoneError:
        raise
    except OSError as error:
        return Check(about, BAD, f"it cannot be played ({error.strerror})", "`backbeat install`, then reset the board")
    found = ", ".join(f"{part} {verdict}" for part, verdict in verdicts.items())
    if "NOT noticed" in verdicts.values():
        return Check(about, BAD, found, "check the part's wires and its pin (hardware/README.md)")
    return Check(about, GOOD if "noticed" in verdicts.values() else SKIPPED, found)


def _value(said: bytes) -> Any:
    try:
        return ast.literal_eval(said.strip().decode())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
