"""The main loop: beats first, then what fits before the next one is due, then rest.

It gets a board object (see board/board.py) and runs one session on it.
Nothing is begun that could still be going when the next beat or the end of a tone is due, so a beat waits for nothing
but the pass itself.
"""

import gc

from micropython import const

from backbeat import events, selftest
from backbeat.alarm import IDLE
from backbeat.monitor import Monitor
from backbeat.ticks import add, diff

_LOOK_MS = const(19)  # between looks at the FIFO: two samples
_LOOK_COSTS = const(2)  # ms; the worst of each slice, with room to spare
_RESTART_COSTS = const(12)  # a lost bus made anew, a chip set up
_SAMPLE_COSTS = const(4)
_WRITE_COSTS = const(60)  # a 4 KB sector of flash: 51 ms
_FLUSH_COSTS = const(165)  # 154 ms
_FAST = const(2140)  # tenths of spm: above, no gap between beats holds both with room to spare;
_TIGHT_COSTS = const(207)  # at 240 spm it has 209 ms,
_TIGHT_FLUSH = const(155)  # and 157 after the write
_PATIENCE_MS = const(3000)  # two beats at 40 spm: then a block is written without its flush
_DOUBLE_MS = const(2000)  # with so little of it left the log waits for no second press
_FEW = const(8)  # samples in the FIFO: with more, they go before the flash
_PAGE_COSTS = const(140)  # a page of the board's memory: 51 ms, on an nRF52840 127 ms
_COLLECT_COSTS = const(45)  # 30 ms with a full heap
_COLLECT_EVERY = const(60_000)  # ms
_WATCH_FROM_MS = const(3_000)  # a press may ask for service until then, and no watchdog is to bite there
_SETTLED_MS = const(60_000)  # a session that gets so far is no broken start
_AGAIN_MS = const(20)  # a disturbed bus is read again so soon,
_AGAIN = const(7)  # so often before the chip counts as lost
_NO_DEVICE = const(19)  # ENODEV: it says itself that it is lost
_PAUSE_MS = const(250)  # until the first try to bring a lost chip back; each later one waits a quarter longer
_LONGEST_PAUSE_MS = const(30_000)
_DOZE_MS = const(100)  # between looks at a dozing chip
_BATTERY_EVERY = const(60_000)
_BATTERY_SOON = const(5_000)  # when it is nearly empty, or a reading was strange
_NEARLY_EMPTY = const(7)  # percent
_BATTERY_COSTS = const(4)
_BUTTON_MS = const(20)
_MONITOR_EVERY = const(200)  # ms: a laptop asks twice a second, and no other gets more than five answers
_MONITOR_COSTS = const(3)


def run(board, session, complaints=(), bare=False):
    """Run one session to its end: by the button, or by ctrl-C, which is passed on when the log is safe.

    A `bare` one beats and logs without the sensor, for when sensing itself is at fault.
    """
    loop = _Loop(board, session, bare)
    gc.collect()
    gc.disable()
    reason = events.BY_FAULT
    try:
        loop.begin(complaints)
        while session.open:
            loop.turn()
        loop.play_out()  # what waits behind the last cue is no news any more,
        if loop.put_away():  # but that the end of the log is missing is
            loop.play_out()
    except KeyboardInterrupt:
        reason = events.BY_CONSOLE
        raise
    finally:
        try:
            if session.open:
                session.end(board.ticks(), reason)
        finally:
            session.player.stop()
            board.store.close(session.log)
            gc.enable()


class _Loop:
    """One session's passes, and what they must remember."""

    def __init__(self, board, session, bare):
        self.board = board
        self.session = session
        self.bare = bare
        self.waiting = 0  # samples in the FIFO
        self.look_at = 0
        self.failures = 0  # of reads in a row
        self.pause = _PAUSE_MS
        self.dozing = False
        self.collect_at = 0
        self.battery_at = 0
        self.monitor = Monitor(board)
        self.monitor_at = 0
        self.flush = False
        self.patient_until = _PATIENCE_MS  # of the session
        self.alarmed = session.alarmed  # as the board's memory has it
        self.watched = False
        self.settled = False
        self.thin = 0
        self.log_fault_told = False
        self.battery_fault_told = False

    def begin(self, complaints):
        board = self.board
        session = self.session
        try:
            if not self.bare:
                board.fifo.restart()
        except OSError:
            pass  # told below
        now = board.ticks()
        self.look_at = now
        self.collect_at = add(now, _COLLECT_EVERY)
        self.battery_at = self.monitor_at = now
        if board.battery is not None:
            board.battery.begin()
        session.start(now)
        self._tell_store(now)
        session.note(now, events.HEAP, gc.mem_alloc(), gc.mem_free())
        selftest.tell(board, session, now)
        if complaints:
            session.fault(now, events.SETTINGS_FAULT)
        if self.bare or not board.fifo.works:
            session.sensor(now, False)

    def turn(self):
        """Make one pass: what is due, as much work as there is room for, rest."""
        board = self.board
        session = self.session
        now = board.ticks()
        session.poll(now)
        if session.open:
            session.button(now, board.button.pressed())
        board.feed()
        board.rest(add(now, self._work(now, session.due_in(now))))

    def play_out(self):
        """Go on until what sounds has sounded."""
        while self.session.player.busy:
            self.turn()

    def put_away(self):
        """Close the log. Where that failed, and nobody has been told so far, it is told now; True then."""
        store = self.board.store
        store.close(self.session.log)
        return store.failed and self._tell_log_fault(self.board.ticks())

    def _work(self, now, room):
        """Do the most urgent slices that fit into `room` ms; give the ms after `now` until when to rest."""
        left = room
        session = self.session
        if session.idle != self.dozing:
            return self._lie_down_or_rouse(now, room)
        if self.waiting < _FEW and self._put_down(now, room):
            return 0
        if not self.dozing and not self.waiting and diff(self.look_at, now) <= 1:  # a rest ends a tick early
            costs = _LOOK_COSTS if session.sensing else _RESTART_COSTS
            if room < costs:
                return room
            self._look(now)
            left -= costs
        enough = left - _BUTTON_MS  # then the button wants a look
        while self.waiting:
            if left < _SAMPLE_COSTS or left <= enough:
                return 0 if left < room else room
            self._sample()
            left -= _SAMPLE_COSTS
        if self._chore(now, left):
            return 0
        if self.dozing:
            return min(room, self._doze(now))
        return min(room, diff(self.look_at, now), _BUTTON_MS)

    def _sample(self):
        fifo = self.board.fifo
        self.waiting -= 1
        try:
            if fifo.read():
                self.failures = 0
                s = fifo.sample
                self.session.sample(self.board.ticks(), s[0], s[1], s[2], s[3], s[4], s[5])
        except OSError as error:
            self._fail(error)

    def _look(self, now):
        fifo = self.board.fifo
        session = self.session
        self.look_at = add(now, _LOOK_MS)
        if self.bare or not session.open:
            return
        try:
            if not session.sensing:
                fifo.restart()
                now = self.board.ticks()
            waiting = fifo.level()
        except OSError as error:
            self._fail(error)
            return
        if not session.sensing or fifo.overrun:
            session.sensor(now, True)
            session.lost(now, waiting)
        elif waiting:
            session.seen(now, waiting)
        self.waiting = waiting

    def _fail(self, error):
        """A read failed: the bus was disturbed for a moment, or the chip is lost."""
        self.waiting = 0
        self.failures += 1
        if self.session.sensing and self.failures <= _AGAIN and _NO_DEVICE not in error.args:
            self.look_at = add(self.board.ticks(), _AGAIN_MS)
        else:
            self._lose()

    def _lose(self):
        """The chip is lost, or still is: look for it again, ever more rarely."""
        now = self.board.ticks()
        self.waiting = 0
        if self.session.sensing:
            self.session.sensor(now, False)
            self.pause = _PAUSE_MS
        else:
            self.pause = min(self.pause + (self.pause >> 2), _LONGEST_PAUSE_MS)
        self.look_at = add(now, self.pause)

    def _lie_down_or_rouse(self, now, room):
        """The session went idle, or woke: let the chip doze once the log is safe, or set it going again."""
        session = self.session
        try:
            if session.idle:
                if session.player.busy or self._put_down(now, room) or self._chore(now, room):
                    return min(room, _BUTTON_MS)
                self.waiting = 0
                self.dozing = True
                self.board.fifo.sleep()
            else:
                self.dozing = False
                self.board.fifo.restart()
                session.lost(self.board.ticks(), 0)
                self.look_at = self.board.ticks()
        except OSError:
            session.wake(self.board.ticks())
            self._lose()
        return 0

    def _doze(self, now):
        """See whether somebody moves; a chip that cannot tell is looked for awake. Give the ms to rest."""
        try:
            if not self.board.fifo.moved():
                return _DOZE_MS
        except OSError:
            pass  # waking finds it lost
        self.session.wake(self.board.ticks())
        return 0

    def _put_down(self, now, room):
        """Write the log where its flush fits, too: CircuitPython flushes what lies dirty at each full second, whatever
        is due. No cue comes between the two, it would take the room; but *cancelled*, which has room itself. True when
        something was done."""
        session = self.session
        log = session.log
        store = self.board.store
        if not log.waiting:
            self.patient_until = session.ms + _PATIENCE_MS
        tight = session.cadence > _FAST
        both = _TIGHT_COSTS if tight else _WRITE_COSTS + _FLUSH_COSTS
        written = log.waiting and (
            (room >= both and (session.ms >= self.patient_until - _DOUBLE_MS or not session.gestures.waiting()))
            or (room >= _WRITE_COSTS and session.ms >= self.patient_until and not self.flush)
        )
        if written:
            left = both
            while log.waiting and left >= both:
                store.write(log.block())
                log.written()
                left = room - diff(self.board.ticks(), now)
            self.flush = True
            self.patient_until = session.ms + _PATIENCE_MS
            if session.alarm.state != IDLE:
                return True  # the button wants a look, lest a hold seem too short
            room = left
        if not self.flush or room < (_TIGHT_FLUSH if tight else _FLUSH_COSTS):
            return written
        store.flush()
        self.flush = False
        self._tell_store(self.board.ticks())
        return True

    def _chore(self, now, room):
        """Read the battery, collect garbage, keep what must last: whatever fits. True when something was done."""
        session = self.session
        store = self.board.store
        if diff(now, self.monitor_at) >= 0 and room >= _MONITOR_COSTS:
            self.monitor_at = add(now, _MONITOR_EVERY)
            if self.monitor.asked():
                session.monitor = self.monitor
                self.monitor.tell(session)
                return True
        if not session.open:
            return False
        if diff(now, self.battery_at) >= 0 and room >= _BATTERY_COSTS and not session.player.busy:  # the motor pulls
            self._measure(now)
            return True
        if diff(now, self.collect_at) >= 0 and room >= _COLLECT_COSTS:
            self.collect_at = add(now, _COLLECT_EVERY)
            gc.collect()
            return True
        if (session.alarm.state != IDLE) != self.alarmed and room >= _PAGE_COSTS:
            self.alarmed = not self.alarmed
            store.alarm(self.alarmed)
            return True
        if not self.watched and session.ms >= _WATCH_FROM_MS:
            self.watched = True
            self.board.watch()
            return True
        if not self.settled and session.ms >= _SETTLED_MS and room >= _PAGE_COSTS:
            self.settled = True
            store.settled()
            return True
        return False

    def _measure(self, now):
        battery = self.board.battery
        self.battery_at = add(now, _BATTERY_EVERY)
        if battery is None:
            return
        battery.read()
        if battery.bad or battery.percent <= _NEARLY_EMPTY:
            self.battery_at = add(now, _BATTERY_SOON)
        if battery.bad and not self.battery_fault_told:
            self.battery_fault_told = True
            self.session.fault(now, events.BATTERY_FAULT)
        self.session.battery(now, battery)

    def _tell_store(self, now):
        """What the log goes without is told once, and the run goes on."""
        store = self.board.store
        if store.thin != self.thin:
            self.thin = self.session.log.thin = store.thin
            self.session.note(now, events.THIN, store.thin, 0)
        if store.failed:
            self._tell_log_fault(now)

    def _tell_log_fault(self, now):
        if self.log_fault_told:
            return False
        self.log_fault_told = True
        self.session.fault(now, events.LOG_FAULT)
        return True
