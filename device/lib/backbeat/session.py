"""One run from start to stop: samples, presses and the clock come in; beats, cues and records go out.

It ties the senses, the metronome, the coach, the alarm and the log together and decides nothing that one of them could.
Everything comes as arguments: ticks from the board's clock, samples in the chip's counts, the button's state.
"""

from micropython import const

from backbeat import alarm, coach, cues, events, gesture, summaries
from backbeat import news as tells
from backbeat.metronome import Metronome
from backbeat.sense import body, falls
from backbeat.sense.clock import SampleClock
from backbeat.settings import FALL_SENSITIVITIES
from backbeat.ticks import diff
from backbeat.timing import Timing
from backbeat.windows import Windows

_IDLE_MS = const(300_000)  # five still minutes
_SERVICE_MS = const(2420)  # 2 s after the start cue, which lasts 420 ms
_DOUBT_MS = const(4000)  # so long after a suspected fall it may yet be told: a verdict takes 3 s
_SURE_MS = const(400)  # a suspicion takes 0.3 s: an end that was asked for waits so long
_NEVER = const(-1)
_LONGEST_WAIT_MS = const(1000)


class Session:
    """Feed it in the order of time. `open` turns False when it has ended.

    `board` needs `sounder`, `haptic` and `light` with `on` and `off`. `log` is a `record.Writer`. An event's time is
    that of the sample that told it, or of the moment it happened: a wait for the flash in between does not count.
    `listener(ms, code, a, b, c)` hears every event, step and beat: the laptop sets it; on a board it is None.
    """

    listener = None
    monitor = None  # hears events once a laptop has asked

    def __init__(self, values, board, log, continued=0, alarmed=False):
        self.open = False
        self.paused = False
        self.idle = False  # nobody has moved for long: no beats, and the main loop lets the sensor doze
        self.cut_off = True  # until it is ended on purpose
        self.service = False  # a press just after the start has asked for it
        self.alarmed = alarmed  # an alarm goes on from the session before; or was on when this one ended
        self.ms = 0  # since the session began
        self.log = log
        self.cadence = values["cadence"]
        sensitivity = FALL_SENSITIVITIES.index(values["fall.sensitivity"])
        self.body = body.Body(values["mount.forward"], values["mount.up"], sensitivity)
        self.metronome = Metronome(values["cadence"], values["accent"])
        self.timing = Timing()
        self.player = cues.Player(board, values["volume"], values["sound"], values["haptic"], values["light"])
        self.alarm = alarm.Alarm(values["alarm.countdown"] * 1000)
        self.coach = coach.Coach(values["glance.every"] * 1000)
        self.gestures = gesture.Gestures()
        self.clock = SampleClock()
        self.windows = Windows(self.body.ring, log)
        self.summaries = summaries.Summaries(log)
        self.beats = 0
        self.sensing = True
        self.mounted = False  # how the chip sits has been found in this session
        self._ticks = 0
        self._due = 0  # ms: when `poll` next has something to do
        self._at = 0  # ms of what is told: the sample's instant when a sample tells it, else now
        self._summary_at = summaries.EVERY_MS
        self._moved_at = 0  # ms: when the wearer moved last, or pressed
        self._service_until = 0 if continued else _SERVICE_MS
        self._suspect_at = -_DOUBT_MS  # ms
        self._end_at = _NEVER  # ms: the wearer has asked for the end

    # What comes in

    def start(self, ticks):
        """Begin: the first beat sounds when the start cue is over."""
        self.open = True
        self._ticks = ticks
        self.ms = 0
        self.tell(events.SESSION_START, self.log.session, 0, 0)
        self._begin_beats(ticks)
        if self.alarmed:
            self.alarm.button(0, True)  # until it is seen up a press is older than this: by lying on it, perhaps
            self._call_for_help(ticks)
        else:
            self._cue(cues.START, ticks)
        self.log.seal()

    def end(self, ticks, reason):
        """Stop: silence, the last record, the log sealed. Who ended it by hand hears so while `player` is polled on."""
        self._advance(ticks)
        self.player.stop()
        self.alarmed = self.alarm.state != alarm.IDLE
        self.alarm.state = alarm.IDLE
        if reason == events.BY_SERVICE:
            self._cue(cues.SERVICE, ticks)
        elif reason in (events.BY_BUTTON, events.BY_BATTERY):
            self._cue(cues.END, ticks)
        self.tell(events.SESSION_END, reason, 0, 0)
        self.open = False
        self.cut_off = reason == events.BY_FAULT
        try:
            self.summaries.write(self.ms, self.body, self)
        finally:
            self.log.seal()

    def seen(self, ticks, waiting):
        """The chip's FIFO held so many samples at `ticks`."""
        self._advance(ticks)
        self.clock.take(self.body.count)
        self.clock.seen(self.ms, waiting)
        self.body.period = self.clock.period

    def lost(self, ticks, waiting):
        """The chip's FIFO ran over, or the chip was away: samples are missing before the `waiting` ones."""
        self._advance(ticks)
        self.clock.take(self.body.count)
        missing = self.clock.lost(self.ms, waiting)
        if missing:
            self.tell(events.GAP, missing, 0, 0)

    def sensor(self, ticks, works):
        """The chip was lost, or is back."""
        if works == self.sensing:
            return
        self._advance(ticks)
        self.sensing = works
        self.tell(events.SENSOR_BACK if works else events.SENSOR_LOST, 0, 0, 0)
        self.player.drop(cues.SENSOR_LOST if works else cues.SENSOR_BACK)
        self._cue(cues.SENSOR_BACK if works else cues.SENSOR_LOST, ticks)

    def sample(self, ticks, ax, ay, az, gx, gy, gz):
        """Take one sample in the chip's counts and axes."""
        if not self.open:
            return
        if ticks != self._ticks:
            self._advance(ticks)
        news = self.body.feel(ax, ay, az, gx, gy, gz)
        if news:
            self._at = self.clock.take(self.body.count)
            self._hear(ticks, news)
        if self.windows.next >= 0:
            self.windows.keep(self.ms)

    def poll(self, ticks):
        """Do what the clock asks for: beats, the ends of tones, countdown, reminders, the record of every 5 s."""
        self._advance(ticks)
        if self.ms >= self._due:
            self._poll(ticks)
            self._due = self.ms + self._wait(ticks)

    def _poll(self, ticks):
        self.player.poll(ticks)
        if not self.open:
            return  # only the end cue goes on
        waiting = self.player.next_cue(ticks)
        if waiting != cues.NONE:
            self._cue(waiting, ticks)
        if self._end_at >= 0 and self.ms >= self._end_at:
            self._end_if_sure(ticks)
            if not self.open:
                return
        metronome = self.metronome
        if not (self.paused or self.idle) and metronome.poll(ticks):
            self._beat(ticks, metronome)
        if self.alarm.state and self.alarm.poll(self.ms):
            self.tell(events.SIREN, 0, 0, 0)
            self._cue(cues.SIREN, ticks)
            self.log.seal()
        if self.ms >= self._summary_at:
            self._summary_at += summaries.EVERY_MS
            if not self.idle:
                self.summaries.write(self.ms, self.body, self)
                self._rest_if_still(ticks)
        if not (self.paused or self.idle) and self.alarm.state == alarm.IDLE:
            glance = self.coach.poll(self.ms)
            if glance:
                self._cue(cues.GLANCE_LEFT if glance == coach.LEFT else cues.GLANCE_RIGHT, ticks)

    def button(self, ticks, pressed):
        """Follow the button."""
        self._advance(ticks)
        if self.alarm.button(self.ms, pressed):
            self._cancelled(ticks, events.BY_PRESS)
            self.gestures.spend()
        if self.alarm.state != alarm.IDLE:
            self.gestures.poll(self.ms, pressed)
            self.gestures.spend()
            return
        meant = self.gestures.poll(self.ms, pressed)
        if self.gestures.pressing():
            self._moved_at = self.ms
            if self.idle:
                self.gestures.spend()  # it wakes, and means nothing else
                self.wake(ticks)
            elif self.ms < self._service_until:
                self.service = True
                self.end(ticks, events.BY_SERVICE)
                return
        if meant == gesture.SHORT:
            self._pause_or_resume(ticks)
        elif meant == gesture.DOUBLE:
            self.tell(events.MARK, 0, 0, 0)
            self._cue(cues.MARK, ticks)
        elif meant == gesture.LONG:
            self._end_at = self.ms + _SURE_MS
            self._due = 0

    def battery(self, ticks, battery):
        """Note what was read; the wearer is warned once, and an empty battery ends the session while it still can, but
        no alarm."""
        self._advance(ticks)
        percent = battery.percent
        self.log.battery(self.ms, percent, battery.millivolts)
        if battery.low:
            self.tell(events.LOW_BATTERY, percent, 0, 0)
            self._cue(cues.LOW_BATTERY, ticks)
        if battery.empty and self.alarm.state == alarm.IDLE and not self._doubtful():
            self.end(ticks, events.BY_BATTERY)

    def fault(self, ticks, what):
        """Something went wrong that does not stop a run."""
        self._advance(ticks)
        self.tell(events.FAULT, what, 0, 0)
        self._cue(cues.OF_FAULTS[what], ticks)

    def note(self, ticks, code, a, b):
        """Put a fact about the board into the log."""
        self._advance(ticks)
        self.tell(code, a, b, 0)

    def cue(self, ticks, cue):
        """Let the wearer hear something that is no event of the session; NONE is nothing."""
        if cue != cues.NONE:
            self._advance(ticks)
            self._cue(cue, ticks)

    def wake(self, ticks):
        """The wearer moves again, or has pressed: the beats come back."""
        if self.idle:
            self._advance(ticks)
            self.idle = False
            self._moved_at = self.ms
            self.tell(events.AWAKE, 0, 0, 0)
            self._cue(cues.AWAKE, ticks)
            if not self.paused:
                self.coach.restart(self.ms)
                self._begin_beats(ticks)

    def due_in(self, ticks):
        """Give the ms until the next beat, change of a tone, siren or reminder, at most 1000; 0 when it is due."""
        return max(self._due - self.ms - diff(ticks, self._ticks), 0)

    # What goes on inside

    def _wait(self, ticks):
        """Give the ms until `poll` has something to do, at most 1000. What brings it nearer sets `_due` to 0."""
        ms = self.ms
        player = self.player
        least = min(_LONGEST_WAIT_MS, player.turn_in(ticks))
        if player.busy:
            least = min(least, diff(player.due, ticks))
        if self.open:
            least = min(least, self._summary_at - ms)
            if self._end_at >= 0:
                least = min(least, self._end_at - ms)
            state = self.alarm.state
            silent = self.paused or self.idle
            if not silent and state != alarm.SIREN:  # no beat sounds in a siren
                least = min(least, diff(self.metronome.due, ticks))
            if state == alarm.COUNTDOWN:
                least = min(least, self.alarm.siren_at - ms)
            elif state == alarm.IDLE and self.coach.every and not silent:
                least = min(least, self.coach.due - ms)
        return max(least, 0)

    def _advance(self, ticks):
        if ticks != self._ticks:
            self.ms += diff(ticks, self._ticks)
            self._ticks = ticks
        self._at = self.ms

    def suspected(self):
        """A fall may be told soon."""
        self._suspect_at = self._at

    def tell(self, code, a, b, c):
        """Put an event into the log, and let who listens hear it."""
        self.log.event(self._at, code, a, b, c)
        if self.monitor is not None:
            self.monitor.hear(self._at, code, a, b, c)
        if self.listener is not None:
            self.listener(self._at, code, a, b, c)

    def _cue(self, cue, ticks):
        self._due = 0
        if self.player.play(cue, ticks):
            self.tell(events.CUE, cue, 0, 0)

    def _begin_beats(self, ticks):
        self._due = 0
        self.summaries.begin_beats(self.metronome)
        self.metronome.start(ticks)
        self._note_beats(ticks)

    def _note_beats(self, ticks):
        metronome = self.metronome
        self.log.metronome(self.ms, metronome.cadence, metronome.accent, self.ms + diff(metronome.due, ticks))

    def _beat(self, ticks, metronome):
        accent = metronome.accented()
        if not self.player.beat(ticks, accent):
            return
        self.beats += 1
        if self.listener is not None:
            due = self.ms - diff(ticks, metronome.sounded)
            self.listener(self.ms, events.BEAT, metronome.count - 1, due, 1 if accent else 0)

    def _hear(self, ticks, news):
        sense = self.body
        if news & body.STEP:
            step = self.clock.back(sense.step_at)
            self._step(step)
            if self.alarm.state != alarm.IDLE and sense.falls.trunk.stands() and self.alarm.step(step):
                self._cancelled(ticks, events.BY_STEPS)
        if news & body.MOUNT:
            self.mounted = True
            tells.mount(self)
            self._cue(cues.MOUNTED, ticks)
        if news & body.GAIT:
            self.tell(events.GAIT, sense.gait.gait, 0, 0)
            if sense.gait.gait > events.STILL:
                self.wake(ticks)
        if news & body.TRAVEL:
            tells.travel(self)
        verdict = news & body.VERDICT
        if verdict:
            self._judge(ticks, verdict)

    def _step(self, step):
        """A step was at `step` ms: hold it against the beats."""
        lag = events.NO_LAG
        if not (self.paused or self.idle):
            metronome = self.metronome
            self.timing.step(step - self.ms - diff(metronome.due, self._ticks), metronome.cadence)
            lag = self.timing.lag
        if self.listener is not None:
            sense = self.body
            self.listener(self._at, events.STEP, step, sense.load.last << 2 | sense.feet.foot & 3, lag)

    def _judge(self, ticks, verdict):
        tells.verdict(self, verdict)
        if verdict == falls.FELL:
            self.wake(ticks)
            self._call_for_help(ticks)
            self.log.seal()
        elif verdict == falls.ROLLED:
            self._cue(cues.ROLL, ticks)

    def _call_for_help(self, ticks):
        if self.alarm.begin(self._at):
            self.tell(events.ALARM, self.alarm.countdown_ms, 0, 0)
            self._cue(cues.COUNTDOWN, ticks)

    def _cancelled(self, ticks, by):
        self.player.stop()
        self.tell(events.ALARM_CANCELLED, by, 0, 0)
        self.coach.restart(self.ms)
        self._cue(cues.CANCELLED, ticks)
        self.log.seal()

    def _end_if_sure(self, ticks):
        """End as asked, but not while the press may come of lying on the button after a fall."""
        self._end_at = self.ms + _SURE_MS
        if self.alarm.state != alarm.IDLE:
            self._end_at = _NEVER
        elif not self._doubtful():
            self.end(ticks, events.BY_BUTTON)

    def _doubtful(self):
        """Tell whether a fall or a roll may yet be told; a lost chip tells none."""
        return self.sensing and (self.body.falls.rolling() or self.ms - self._suspect_at < _DOUBT_MS)

    def _pause_or_resume(self, ticks):
        self.paused = not self.paused
        self.tell(events.PAUSE if self.paused else events.RESUME, 0, 0, 0)
        self.player.drop(cues.RESUME if self.paused else cues.PAUSE)
        self._cue(cues.PAUSE if self.paused else cues.RESUME, ticks)
        if not self.paused:
            self.coach.restart(self.ms)
            self._begin_beats(ticks)

    def _rest_if_still(self, ticks):
        """Five still minutes: beats only cost power. Without a sensor nobody knows, and an alarm is no rest."""
        if self.body.gait.gait > events.STILL or not self.sensing or self.alarm.state != alarm.IDLE:
            self._moved_at = self.ms
        elif self.ms - self._moved_at >= _IDLE_MS:
            self.idle = True
            self.tell(events.IDLE, 0, 0, 0)
            self._cue(cues.IDLE, ticks)
            self.log.seal()
