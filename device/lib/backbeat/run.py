"""The main loop: beats first, then one small slice of work a pass, then rest.

It gets a board object (ticks, rest, fifo, sounder, haptic, light, button, battery, store) and runs sessions on it. No
slice is begun that could still be going when the next beat or the end of a tone is due, so a beat waits for nothing
but the pass itself.
"""

import gc

from micropython import const

from backbeat import __version__, events, settings
from backbeat.record import Writer
from backbeat.session import Session
from backbeat.ticks import add, diff

_LOOK_MS = const(19)  # between looks at the FIFO: two samples
_LOOK_COSTS = const(2)  # ms; the worst of each slice, with room to spare
_SAMPLE_COSTS = const(4)
_WRITE_COSTS = const(60)  # a 4 KB sector of flash: 51 ms
_FLUSH_COSTS = const(165)  # 154 ms
_COLLECT_COSTS = const(45)  # 30 ms with a full heap
_COLLECT_EVERY = const(60_000)  # ms
_RETRY_MS = const(1000)  # between tries to bring a lost chip back
_SILENT_MS = const(500)  # a chip that answers and has no samples for so long lost its settings in a dip of its supply
_BATTERY_EVERY = const(60_000)
_BATTERY_COSTS = const(4)
_BUTTON_MS = const(20)
_SOON_MS = const(10_000)  # a session that fails sooner than this is not begun again: it would fail for ever


def main(board):
    """Run sessions for ever: the first at once when `start` is "power", each other one by a press.

    One that an unforeseen error ended is continued by a new one at once, for a runner without a beat is lost.
    """
    values, complaints = board.store.settings()
    at_once = values["start"] == "power"
    continued = 0
    while True:
        if not at_once:
            _await_press(board)
        at_once = False
        log = Writer(board.store.new_session())
        log.header(board.clock(), continued, __version__ + "," + board.id + "," + board.uid)
        log.settings(settings.dump(values))
        session = Session(values, board, log)
        continued = 0
        try:
            run(board, session, complaints)
        except Exception as error:
            board.store.crashed(error)
            if session.ms < _SOON_MS:
                raise
            at_once = True
            continued = log.session
        finally:
            if session.mounted:
                _keep_mount(board, session.body.frame, values, complaints)
        del log, session  # their memory is needed for the next


def _keep_mount(board, frame, values, complaints):
    """What the session found out about the mount holds from now on; a file that was not all understood stays as it is,
    for whoever wrote it."""
    for name, row in (("mount.forward", 0), ("mount.up", 2)):
        values[name] = tuple([min(max(frame.part(row, axis), -1000), 1000) for axis in range(3)])
    if not complaints:
        board.store.keep(values)


def run(board, session, complaints=()):
    """Run one session to its end: by the button, or by ctrl-C, which is passed on when the log is safe."""
    loop = _Loop(board, session)
    gc.collect()
    gc.disable()
    reason = events.BY_FAULT
    try:
        loop.begin(complaints)
        while session.open:
            loop.turn()
        while session.player.busy:
            loop.turn()
    except KeyboardInterrupt:
        reason = events.BY_CONSOLE
        raise
    finally:
        if session.open:
            session.end(board.ticks(), reason)
        session.player.stop()
        board.store.close(session.log)
        gc.enable()


def _await_press(board):
    while board.button.pressed():
        board.rest(add(board.ticks(), _BUTTON_MS))
    while not board.button.pressed():
        board.rest(add(board.ticks(), _BUTTON_MS))


class _Loop:
    """One session's passes, and what they must remember."""

    def __init__(self, board, session):
        self.board = board
        self.session = session
        self.waiting = 0  # samples in the FIFO
        self.look_at = 0
        self.fed_at = 0  # when samples last waited
        self.collect_at = 0
        self.battery_at = 0
        self.flush = False
        self.log_fault_told = False

    def begin(self, complaints):
        board = self.board
        try:
            board.fifo.restart()
        except OSError:
            pass  # told below
        now = board.ticks()
        self.look_at = now
        self.fed_at = now
        self.collect_at = add(now, _COLLECT_EVERY)
        self.battery_at = now
        if board.battery is not None:
            board.battery.begin()
        self.session.start(now)
        if complaints:
            self.session.fault(now, events.SETTINGS_FAULT)
        if not board.fifo.works:
            self.session.sensor(now, False)

    def turn(self):
        """Make one pass: what is due, one slice of work if there is room for it, rest."""
        board = self.board
        session = self.session
        now = board.ticks()
        session.poll(now)
        if session.open:
            session.button(now, board.button.pressed())
        room = session.due_in(now)
        board.rest(add(now, self._work(now, room)))

    def _work(self, now, room):
        """Do the most urgent slice that fits into `room` ms; give the ms after `now` until when to rest."""
        if self.waiting:
            if room < _SAMPLE_COSTS:
                return room
            self._sample()
            return 0
        until_look = diff(self.look_at, now)
        if until_look <= 0:
            if room < _LOOK_COSTS:
                return room
            self._look(now)
            return 0
        if self._chore(now, room):
            return 0
        return min(room, until_look, _BUTTON_MS)

    def _sample(self):
        fifo = self.board.fifo
        self.waiting -= 1
        try:
            if fifo.read():
                s = fifo.sample
                self.session.sample(self.board.ticks(), s[0], s[1], s[2], s[3], s[4], s[5])
        except OSError:
            self._lose()

    def _look(self, now):
        fifo = self.board.fifo
        session = self.session
        if not session.open:
            self.look_at = add(now, _LOOK_MS)
            return
        try:
            if not session.sensing:
                fifo.restart()
                now = self.board.ticks()  # the driver takes half a second for a chip it has not met
            waiting = fifo.level()
        except OSError:
            self._lose()
            return
        if not session.sensing or fifo.overrun:
            session.sensor(now, True)
            session.lost(now, waiting)
            self.fed_at = now
        elif waiting:
            session.seen(now, waiting)
            self.fed_at = now
        elif diff(now, self.fed_at) > _SILENT_MS:
            fifo.works = False
            self._lose()
            return
        self.waiting = waiting
        self.look_at = add(now, _LOOK_MS)

    def _lose(self):
        now = self.board.ticks()
        self.waiting = 0
        self.session.sensor(now, False)
        self.look_at = add(now, _RETRY_MS)

    def _chore(self, now, room):
        """Write the log, read the battery, collect garbage: whatever fits. True when something was done."""
        log = self.session.log
        store = self.board.store
        if log.waiting:
            if room < _WRITE_COSTS:
                return False
            store.write(log.block())
            log.written()
            self.flush = self.flush or log.waiting == 0
            self._tell_store(now)
            return True
        if self.flush:
            if room < _FLUSH_COSTS:
                return False
            store.flush()
            self.flush = False
            self._tell_store(now)
            return True
        if diff(now, self.battery_at) >= 0 and room >= _BATTERY_COSTS and self.session.open:
            self.battery_at = add(now, _BATTERY_EVERY)
            battery = self.board.battery
            if battery is not None:
                battery.read()
                self.session.battery(now, battery.percent, battery.millivolts, battery.low)
            return True
        if diff(now, self.collect_at) >= 0 and room >= _COLLECT_COSTS:
            self.collect_at = add(now, _COLLECT_EVERY)
            gc.collect()
            return True
        return False

    def _tell_store(self, now):
        """A log that cannot be written is told once, and the run goes on."""
        if self.board.store.failed and not self.log_fault_told:
            self.log_fault_told = True
            self.session.fault(now, events.LOG_FAULT)
