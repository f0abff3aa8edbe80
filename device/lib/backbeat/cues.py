"""Every sound and touch with its one meaning, and the playing of them.

A cue is a row of pieces, each of ms, Hz and touch; 0 Hz is silence. One thing sounds at a time: a cue outranks the
beat, and the alarm outranks every other cue, which then waits for its end. Beats that fall into a cue are left out
and come back on their own grid.
"""

from micropython import const

from backbeat.ticks import add, diff

# The cues' numbers are for ever: the log holds them.
START = const(0)
END = const(1)
PAUSE = const(2)
RESUME = const(3)
MARK = const(4)
GLANCE_LEFT = const(5)
GLANCE_RIGHT = const(6)
COUNTDOWN = const(7)
SIREN = const(8)
CANCELLED = const(9)
ROLL = const(10)
LOW_BATTERY = const(11)
FAULT = const(12)
SENSOR_LOST = const(13)
SENSOR_BACK = const(14)
MOUNTED = const(15)
READY = const(16)
SERVICE = const(17)
IDLE = const(18)
AWAKE = const(19)
SPACE_HOUR = const(20)
SPACE_HALF_HOUR = const(21)
SPACE_LITTLE = const(22)
NO_LOG = const(23)
NO_SOUND = const(24)
NO_TOUCH = const(25)
NO_LIGHT = const(26)
NO_BUTTON = const(27)
NO_BATTERY = const(28)
NONE = const(-1)

BEAT_MS = const(25)
BEAT_HZ = const(2000)
ACCENT_HZ = const(2700)
TOUCH_MS = const(40)  # an eccentric motor needs about 30 ms to be felt

_PATTERNS = (
    (90, 1000, 1, 40, 0, 0, 90, 1400, 1, 40, 0, 0, 160, 2000, 1),  # start: three up
    (90, 2000, 1, 40, 0, 0, 90, 1400, 0, 40, 0, 0, 160, 1000, 1),  # end: three down
    (120, 1400, 1, 60, 0, 0, 120, 900, 0),  # pause: two down
    (120, 900, 1, 60, 0, 1, 120, 1400, 0),  # resume: two up
    (40, 3200, 1, 40, 0, 0, 40, 3200, 0, 40, 0, 0, 40, 3200, 1),  # mark: a trill
    (320, 620, 1),  # glance left: one long low
    (130, 620, 1, 60, 0, 0, 130, 620, 1),  # glance right: two low
    (120, 2500, 1, 60, 0, 0, 120, 1700, 1, 120, 0, 0, 120, 0, 1, 460, 0, 0),  # countdown: cuckoo each second, goes on
    (250, 2700, 1, 250, 3300, 0),  # siren: goes on
    (80, 1700, 1, 40, 0, 0, 80, 1300, 0, 40, 0, 0, 300, 900, 1),  # cancelled: down to a long low
    (60, 1200, 1, 60, 1600, 0, 60, 2000, 0, 180, 2400, 1),  # roll, well rolled: a run upward
    (300, 420, 1, 150, 0, 0, 300, 420, 1),  # low battery: two long very low
    (100, 300, 1, 80, 0, 0, 100, 300, 1, 80, 0, 0, 100, 300, 1, 80, 0, 0, 100, 300, 1),  # settings at fault: four
    (400, 500, 1, 80, 0, 0, 100, 300, 1),  # sensor lost: long, short below
    (100, 300, 1, 80, 0, 0, 400, 500, 1),  # sensor back: short, long above
    (60, 800, 1, 60, 1200, 0, 60, 800, 0, 60, 1200, 0, 240, 1600, 1),  # mounted: to and fro, then up
    (80, 1400, 1, 90, 1400, 0, 80, 1400, 1),  # ready: one
    (150, 1000, 1, 150, 1500, 0, 150, 1000, 1, 150, 1500, 0),  # service: to and fro, twice
    (200, 700, 1, 60, 0, 0, 400, 450, 1),  # idle: low, then long and lower
    (100, 450, 1, 60, 0, 0, 100, 700, 0, 60, 0, 0, 100, 1100, 1),  # awake: three up from low
    (150, 800, 1, 200, 0, 0, 150, 800, 1, 200, 0, 0, 150, 800, 1),  # space for an hour at most: three, slow
    (150, 800, 1, 200, 0, 0, 150, 800, 1),  # for half an hour at most: two
    (600, 800, 1),  # for ten minutes at most: one, long
    (100, 300, 1, 80, 0, 0, 100, 300, 1, 80, 0, 0, 500, 300, 1),  # no log: short, short, long
    (250, 300, 1, 100, 0, 0, 250, 300, 1, 100, 0, 0, 250, 300, 1),  # no sound: three long, to be felt
    (500, 300, 1, 80, 0, 0, 100, 300, 1, 80, 0, 0, 100, 300, 1),  # no touch: long, short, short
    (100, 300, 1, 80, 0, 0, 500, 300, 1, 80, 0, 0, 100, 300, 1),  # no light: short, long, short
    (100, 300, 1, 60, 0, 0, 350, 300, 1, 60, 0, 0, 350, 300, 1),  # no button: short, long, long
    (300, 420, 1, 150, 0, 0, 100, 420, 1),  # battery cannot be measured: very low, long, short
)
OF_FAULTS = (FAULT, NO_LOG, NO_SOUND, NO_TOUCH, NO_LIGHT, NO_BUTTON, NO_BATTERY)  # in the order of `events`
_PIECE = const(3)
_GOES_ON = (COUNTDOWN, SIREN)
_FULL = const(100)
_PAUSE_MS = const(250)
_A_DAY = const(86_400_000)


def of_space(minutes):
    """Give the cue for so many minutes of logging left, NONE when they are enough."""
    if minutes >= 60:
        return NONE
    return SPACE_LITTLE if minutes < 10 else SPACE_HALF_HOUR if minutes < 30 else SPACE_HOUR


class Player:
    """Turns beats and cues into tones, touches and blinks of a board's parts.

    Times are ticks. `due` tells when `poll` must be called next, while `busy`.
    """

    def __init__(self, board, volume, sound, haptic, light):
        self.cue = NONE
        self.busy = False
        self.due = 0
        self._sounder = board.sounder
        self._haptic = board.haptic
        self._light = board.light
        self._volume = volume
        self._sound = sound
        self._touch = haptic
        self._blink = light
        self._waiting = bytearray(len(_PATTERNS))  # 1 for each cue that waits for its turn
        self._wait = 0  # how many do
        self._pausing = False  # after a cue, so that the next one is told from it
        self._pause_end = 0
        self._piece = 0
        self._tone_end = self._touch_end = 0

    def beat(self, now, accent):
        """Sound, touch and blink one beat, unless a cue is playing. Tell whether it did."""
        if self.cue != NONE:
            return False
        if self._sound:
            self._sounder.on(ACCENT_HZ if accent else BEAT_HZ, self._volume)
        if self._touch:
            self._haptic.on()
        if self._blink:
            self._light.on()
        self._tone_end = add(now, BEAT_MS)
        self._touch_end = add(now, TOUCH_MS)
        self.busy = True
        self.due = self._tone_end
        return True

    def play(self, cue, now):
        """Begin a cue; True when it has begun. One that must not cut another short waits, see `next_cue`."""
        if self.cue != NONE and cue not in _GOES_ON:
            self._wait += 1 - self._waiting[cue]
            self._waiting[cue] = 1
            return False
        self._quiet()
        self.cue = cue
        self._piece = 0
        self._begin_piece(now)
        return True

    def settled(self):
        """Tell whether no cue plays and none waits."""
        return self.cue == NONE and not self._wait

    def turn_in(self, now):
        """Give the ms until a waiting cue's turn comes; a day where none waits, or one plays."""
        if not self._wait or self.cue != NONE:
            return _A_DAY
        return max(diff(self._pause_end, now), 0) if self._pausing else 0

    def next_cue(self, now):
        """Give the first of the cues that wait, and let go of it, when its turn has come; else NONE."""
        if not self._wait or self.cue != NONE:
            return NONE
        if self._pausing and diff(now, self._pause_end) < 0:
            return NONE
        self._pausing = False
        cue = 0
        while not self._waiting[cue]:
            cue += 1
        self.drop(cue)
        return cue

    def drop(self, cue):
        """Let a cue wait no longer: it is no news any more."""
        self._wait -= self._waiting[cue]
        self._waiting[cue] = 0

    def stop(self):
        """Silence everything."""
        self._quiet()
        self.cue = NONE
        self.busy = False

    def poll(self, now):
        """End what is over, begin what comes next."""
        if not self.busy or diff(now, self.due) < 0:
            return
        if self.cue == NONE:
            self._poll_beat(now)
            return
        self._piece += _PIECE
        if self._piece == len(_PATTERNS[self.cue]):
            if self.cue not in _GOES_ON:
                self._pausing = True
                self._pause_end = add(self.due, _PAUSE_MS)
                self.stop()
                return
            self._piece = 0
        self._begin_piece(self.due)

    def _poll_beat(self, now):
        if diff(now, self._tone_end) >= 0:
            self._sounder.off()
            self._light.off()
        if diff(now, self._touch_end) >= 0:
            self._quiet()
            self.busy = False
        self.due = self._touch_end

    def _begin_piece(self, now):
        pattern = _PATTERNS[self.cue]
        at = self._piece
        if pattern[at + 1]:
            self._sounder.on(pattern[at + 1], _FULL if self.cue in _GOES_ON else self._volume)
        else:
            self._sounder.off()
        if pattern[at + 2]:
            self._haptic.on()
            self._light.on()
        else:
            self._haptic.off()
            self._light.off()
        self.busy = True
        self.due = add(now, pattern[at])

    def _quiet(self):
        self._sounder.off()
        self._haptic.off()
        self._light.off()
