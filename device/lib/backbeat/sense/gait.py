"""Still, walk or run, from how quickly and how hard the body bounces; without steps it is still, or walks softly.

A runner bounces quicker than a walker who bounces as hard. The square of the bounce's rate is `swing / lift` (vertical
acceleration against velocity), its hardness the acceleration itself. A walker, who always has a foot on the ground, is
besides pushed up for longer. Neither needs counted steps, nor impacts; both are the same whichever way the body moves.

Steps too soft to count still move the body evenly, and no quicker than steps come. Who sits down, rises or gets into a
car moves by fits and starts; who rides is shaken more quickly.
"""

from micropython import const

from backbeat import events
from backbeat.sense.clock import NOMINAL

# Where walking ends, in log2 / 64: 7 swing - 5 lift - 2 felt (5 log2 of the squared rate times hardness to the 0.8),
# less the share of time the body is pushed up, plus the accord of sway and bounce, one movement in a spring, plus how
# far feet brake the way that a spring would go: a walker's brake against it, a runner's hardly. Fewest 4 s of SisFall
# and motion capture, forward and played backward, are told wrong here; halves of people and styles give 1600 to 1620
# and are right in 98 to 99 % of the other. The weights are from all.
_RUN = const(1640)
_HEAVY = const(462)  # for all of the time
_HALF = const(231)
_ACCORD = const(3)  # for a percent
_HOLD_GAIN = const(200)  # for all of it
_FADE = const(3)  # percent of accord in half a second: turning round has none for a moment
_PERIOD = const(3)  # eighths: a sample that lasts longer than nominal makes the true rate lower
_SLOW = const(1250)  # tenths of spm: few run with slower steps (0.5 % of SisFall's jogging),
_HARDER = const(350)  # so it takes more then; hard heels alone come near 220 (gait-a)
_ENOUGH = const(39)  # values, 1.5 s: fewer accord by chance
_FULL = const(104)  # 4 s: what fewer say binds nobody
_SET_OFF = const(78)  # values, 3 s of the last 4 in movement: so one sets off softly,
_EVEN = const(3)  # none of them with over a third of it all (so move 64 of SisFall's 1175 other daily trials)
_QUICK = const(2)  # a swing of so many lifts is 2.9 Hz: 97 % of walking bounces slower (all corpora), a ride quicker
_BETWEEN = const(30)  # on either side the gait stays what it was
_FIRST = const(2)  # half seconds in a row that agree, to set off or while little is felt,
_AGREE = const(3)  # and to change once 4 s are felt


class Gait:
    """Ask `tell` once each half second."""

    def __init__(self):
        self.gait = events.NO_GAIT
        self._accord = 0
        self._next = events.NO_GAIT
        self._agreed = 0

    def tell(self, travel, cadence, period):
        """Take the bounce that `travel` felt, the cadence (tenths of spm; 0: none, -1: lying) and the true period of
        a sample (1/256 ms). True when the gait changed.
        """
        felt = travel.felt
        self._accord = travel.accord if felt < _ENOUGH else max(self._accord - _FADE, travel.accord)
        line = _RUN + (period - NOMINAL) * _PERIOD // 8
        if self.gait > events.STILL:
            if felt == _FULL:
                line += _BETWEEN if self.gait == events.WALK else -_BETWEEN
            if cadence < _SLOW:  # the first steps tell no cadence yet
                line += _HARDER
        if cadence < 0 or (cadence == 0 and not self._walks_softly(travel)):
            gait = events.STILL
        elif felt == 0:
            gait = self.gait
        else:
            gait = events.RUN if self._bounce(travel) > line else events.WALK
        if gait == self.gait:
            self._agreed = 0
            return False
        self._agreed = self._agreed + 1 if gait == self._next else 1
        self._next = gait
        if self.gait == events.STILL:
            least = _FIRST if cadence else 1  # who is felt to walk softly has been felt for long
        else:
            least = _FIRST if felt < _FULL else _AGREE
        if self._agreed < least and self.gait != events.NO_GAIT:
            return False
        self._agreed = 0
        self.gait = gait
        return True

    def _walks_softly(self, travel):
        if travel.swing * _QUICK > travel.lift:
            return False
        if self.gait > events.STILL:
            return travel.going > 0
        return travel.felt >= _SET_OFF and travel.going >= _FIRST and travel.most() * _EVEN <= travel.swing

    def _bounce(self, travel):
        felt = travel.felt
        hard = 7 * _log2(travel.swing) - 5 * _log2(travel.lift) - 2 * _log2(felt)
        hard -= _HEAVY * travel.heavy // felt - _HALF
        return hard + _ACCORD * self._accord + (travel.held * _HOLD_GAIN >> 10)


def _log2(value):
    """Give log2 in 1/64, good to a fortieth; 0 for less than 1."""
    bits = 0
    while value >= 2048:
        value >>= 1
        bits += 64
    while value > 1 and value < 1024:
        value <<= 1
        bits -= 64
    part = value - 1024  # log2(1 + f) is about f + 0.344 f (1 - f)
    return bits + 640 + ((part + (part * (1024 - part) * 352 >> 20)) >> 4) if value > 1 else 0
