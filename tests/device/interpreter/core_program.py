"""Sessions of the whole core over rows, driven in the same steps in MicroPython and on the laptop.

The tests hand this very file to the interpreter, so it keeps to what a board's Python knows. Two ways to drive the
core: `Run` feeds a session directly and lets happen to it all that can; `LoopBoard` is a board for the real main loop.
Neither allocates while it runs, and in both the ticks wrap on the way.
"""

import gc
from array import array

from backbeat import events, names, run, settings
from backbeat.main import main
from backbeat.record import BLOCK, Writer
from backbeat.session import Session
from backbeat.ticks import add, diff

TICKS = 2**29 - 30_000  # the clock wraps 30 s after the start
CRC_TOP = BLOCK - 1  # a block's last byte, the highest of its CRC
BIG_FROM = 64  # with this in it the CRC is 2**30 or more: in MicroPython a heap object, ...
BIG_BYTES = 32  # ... of this size

MOST_AT_ONCE = 5  # polls that one instant may ask for: a beat, a tone's end, a reminder, a siren

PRESS = 1
RELEASE = 2
LOSE_CHIP = 3
FIND_CHIP = 4
OVERRUN = 5
BATTERY = 7
LOG_FAULT = 8
BUTTON = (PRESS, RELEASE)
CHIP = (LOSE_CHIP, FIND_CHIP)

# (ms, what): one of each that can happen to a session. Two presses make a mark, one a pause, the next a resume.
HAPPENINGS = (
    (2000, BATTERY),
    (5000, PRESS),
    (5100, RELEASE),
    (5200, PRESS),
    (5300, RELEASE),
    (9000, PRESS),
    (9100, RELEASE),
    (11_000, PRESS),
    (11_120, RELEASE),
    (13_000, LOG_FAULT),
    (14_000, OVERRUN),
    (15_000, LOSE_CHIP),
    (15_500, FIND_CHIP),
)


class Part:
    """A sounder, motor or light that nobody hears: it sums up what it was told."""

    def __init__(self):
        self.sum = 0

    def on(self, hz=1, volume=1):
        self.sum = (self.sum * 31 + hz + volume) % 65_521

    def off(self):
        self.sum = (self.sum * 31) % 65_521


class Parts:
    def __init__(self):
        self.sounder = Part()
        self.haptic = Part()
        self.light = Part()


class Cell:
    """A battery that stays as it is."""

    empty = False
    bad = False

    def __init__(self, percent, millivolts, low=False):
        self.percent = percent
        self.millivolts = millivolts
        self.low = low

    def begin(self):
        pass

    def read(self):
        pass


NEARLY_EMPTY = Cell(19, 3727, True)


class Run:
    """A session and where it stands. `blocks` counts the log's finished ones, `big` those with a big CRC."""

    def __init__(self, rows, changes, listener=None, happenings=(), out=None):
        values = settings.defaults()
        settings.apply(values, changes)
        self.rows = rows
        self.at = 0
        self.ms = 0
        self.blocks = 0
        self.big = 0
        self.out = out
        self.happenings = happenings
        self.next = 0
        self.pressed = False
        self.parts = Parts()
        self.log = Writer(70_001)
        self.log.header(1_700_000_000, 0, "core,none,none")
        self.log.settings(settings.dump(values))
        self.session = Session(values, self.parts, self.log)
        self.session.listener = listener

    def begin(self):
        self.session.start(TICKS)

    def step(self):
        """Play the session on by two samples, looked at when a board would."""
        reading = (self.at // 6 + 1) * 125 // 13 + 7  # 104 Hz
        session = self.session
        still = 0
        while True:
            due = self.ms + session.due_in(add(TICKS, self.ms))
            if due > reading:
                break
            still = still + 1 if due == self.ms else 0
            if still > MOST_AT_ONCE:
                raise RuntimeError("something stays due, however often the session is polled")
            self.ms = due
            session.poll(add(TICKS, due))
        self.ms = reading
        ticks = add(TICKS, reading)
        if self.next < len(self.happenings) and self.happenings[self.next][0] <= reading:
            self.happen(ticks, self.happenings[self.next][1])
            self.next += 1
        session.button(ticks, self.pressed)
        rows = self.rows
        at = self.at
        session.seen(ticks, 2)
        session.sample(ticks, rows[at], rows[at + 1], rows[at + 2], rows[at + 3], rows[at + 4], rows[at + 5])
        at += 6
        session.sample(ticks, rows[at], rows[at + 1], rows[at + 2], rows[at + 3], rows[at + 4], rows[at + 5])
        self.at = at + 6
        session.poll(ticks)
        self.take()

    def happen(self, ticks, what):
        session = self.session
        if what in BUTTON:
            self.pressed = what == PRESS
        elif what in CHIP:
            session.sensor(ticks, what == FIND_CHIP)
            if what == FIND_CHIP:
                session.lost(ticks, 1)
        elif what == OVERRUN:
            session.lost(ticks, 200)
        elif what == BATTERY:
            session.battery(ticks, NEARLY_EMPTY)
        else:
            session.fault(ticks, events.LOG_FAULT)

    def take(self):
        """Take the finished blocks, as flash would."""
        log = self.log
        while log.waiting:
            block = log.block()
            self.blocks += 1
            if block[CRC_TOP] >= BIG_FROM:
                self.big += 1
            if self.out is not None:
                self.out(bytes(block))
            log.written()

    def more(self):
        return self.at + 12 <= len(self.rows)

    def finish(self):
        """Go through all rows that are left, in whole pairs, to the end of the session."""
        while self.more():
            self.step()
        self.session.end(add(TICKS, self.ms), events.BY_CONSOLE)
        self.take()


def whole_session(raw, changes, say):
    """Run a session over `raw` (little-endian int16) and say, line by line, what was told, logged and played."""

    def hear(ms, code, a, b, c):
        say(f"{ms} {names.EVENTS[code]} {a} {b} {c}")

    def write(block):
        say("".join([f"{byte:02x}" for byte in block]))

    played = Run(array("h", raw), changes, hear, HAPPENINGS, write)
    played.begin()
    played.finish()
    parts = played.parts
    say(f"parts {parts.sounder.sum} {parts.haptic.sum} {parts.light.sum}")
    say(f"samples {played.session.body.count}, wrapped {add(TICKS, played.ms) < TICKS}")


class Heap:
    """Stands for `gc` in the main loop, whose log holds the heap's figures: the same ones everywhere."""

    collect = gc.collect
    enable = gc.enable
    disable = gc.disable

    def mem_alloc(self):
        return 1000

    def mem_free(self):
        return 2000


class LoopBoard(Parts):
    """A board for the main loop: rows come in at 104 Hz, a rest passes the time, ctrl-C comes when the rows are over.

    `grown` is what the heap grew by from `measure_from` (ms) on, big CRCs left out.
    """

    id = "loop"
    uid = "none"
    faults = 0
    who = 0x6C
    free = 1 << 20
    minutes = 1000
    thin = 0
    service = False

    def __init__(self, rows, out=None, measure_from=0, console=None):
        super().__init__()
        self.button = self.fifo = self.store = self
        self.console = console
        self.battery = Cell(60, 3870)
        self.ms = 0
        self.rows = rows
        self.at = 0
        self.sample = array("h", [0] * 6)
        self.works = True
        self.overrun = False
        self.failed = False
        self.out = out
        self.blocks = 0
        self.big = 0
        self.measure_from = measure_from
        self.heap = 0
        self.grown = 0

    def ticks(self):
        return add(TICKS, self.ms)

    def clock(self):
        return 0

    def rest(self, until):
        ms = diff(until, self.ticks())
        self.ms += ms if ms > 1 else 1  # a pass takes its time, too
        if self.heap == 0 and self.ms >= self.measure_from:
            self.big = 0
            self.heap = gc.mem_alloc()
        if self.at >= len(self.rows):
            self.grown = gc.mem_alloc() - self.heap - self.big * BIG_BYTES
            raise KeyboardInterrupt

    def feed(self):
        pass

    def watch(self):
        pass

    # the button

    def pressed(self):
        return False

    # the FIFO

    def restart(self):
        pass

    def level(self):
        return min(self.ms * 13 // 125, len(self.rows) // 6) - self.at // 6

    def read(self):
        at = self.at
        for axis in range(6):
            self.sample[axis] = self.rows[at + axis]
        self.at = at + 6
        self.ms += 1
        return True

    # the store

    def settings(self):
        values = settings.defaults()
        values["start"] = "power"
        return values, []

    def broken_off(self):
        return 0

    def at_once(self):
        return False

    def new_session(self, alarmed):
        return 1

    def settled(self):
        pass

    def alarm(self, on):
        pass

    def ended(self):
        pass

    def write(self, block):
        self.ms += 51
        self.blocks += 1
        if block[CRC_TOP] >= BIG_FROM:
            self.big += 1
        if self.out is not None:
            self.out("".join([f"{byte:02x}" for byte in block]))

    def flush(self):
        self.ms += 154

    def close(self, log):
        while log.waiting:
            self.write(log.block())
            log.written()


def whole_loop(board):
    """Run the real main loop until the rows are over."""
    run.gc = Heap()
    try:  # noqa: SIM105  (no contextlib on a board)
        main(board)
    except KeyboardInterrupt:
        pass
