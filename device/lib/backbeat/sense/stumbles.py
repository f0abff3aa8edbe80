"""Was it a stumble? A stride far harder than those before it, the trunk thrown about, and on goes the walk or run.

Asked 2.5 s after an impact that was no fall.
"""

from micropython import const

from backbeat.sense.blocks import RING, total
from backbeat.sense.trunk import RATE, UPRIGHT
from backbeat.sense.whole import root

# In blocks of 8 samples (77 ms) from that of the impact on
_STRIDES_FROM = const(33)  # from 2.5 s ...
_STRIDES_TO = const(7)  # ... to 0.5 s before: the strides to hold it against
_GOING_TO = const(13)
_AFTER_FROM = const(20)  # from 1.5 s ...
_AFTER_TO = const(34)  # ... to 2.5 s after: caught
_SWAY_FROM = const(8)
_SWAY_TO = const(14)
_CALM_TO = const(11)

_HARD_MG = const(2000)
_GOING_MG = const(20)  # unrest: the softest walking makes 30, standing and sitting 6
_FASTER = const(3)  # times as restless: so one sets off to run; after a stumble none of SisFall's is above 2
# How hard: |a|, 64 being that of the hardest stride
_HARDER = const(100)  # 99 % of strides are below 102 (SisFall)
# The harder, the less the trunk need be thrown about. Degrees of sway times hardness: ...
_THROWN = const(2240)  # ... 17 degrees where it was twice as hard (SisFall's stumbles go down to 18 degrees), ...
_THROWN_MORE = const(172)  # ... and against the sway before
# Running, each stride is hard; then it takes a trunk that is thrown far, by degrees and against the sway before.
_HARD = const(46)  # no softer than most
_FAR = const(45)
_FAR_MORE = const(15)  # quarters


def caught(trunk, block, mg):
    """Tell whether an impact of so many mg in `block` was a stumble; costs little where it does not stand out."""
    if mg < _HARD_MG or block < _STRIDES_FROM:
        return False
    begin = block - _STRIDES_FROM
    going = block - _GOING_TO
    end = block + _AFTER_TO
    usual = trunk.hardest(begin, block - _STRIDES_TO) or 1
    harder = root((trunk.hardest(block, block + 1) << 12) // usual)
    unrest = trunk.unrest(begin, going)
    after = trunk.unrest(block + _AFTER_FROM, end)
    if (
        harder < _HARD
        or unrest < _GOING_MG
        or not _GOING_MG <= after < unrest * _FASTER
        or trunk.leans(begin, going) < UPRIGHT
        or trunk.leans(block + _GOING_TO, end) < UPRIGHT
    ):
        return False
    sway = _sway(trunk, block - _SWAY_FROM, block + _SWAY_TO, begin, end)
    before = _sway(trunk, begin, block - _CALM_TO, begin, end)
    if sway > _FAR and sway << 2 > before * _FAR_MORE:
        return True
    sway *= harder
    return harder >= _HARDER and sway > _THROWN and sway > before * _THROWN_MORE


def _sway(trunk, begin, end, first, last):
    """Give by how many degrees the trunk swung to and fro about x and y in blocks begin..end-1.

    It was upright in `first` and in `last`: what it seems to have turned in between is what the gyro reads at rest.
    """
    past = trunk.past
    p = _swing(past.p, begin, end, first, last)
    q = _swing(past.q, begin, end, first, last)
    return root(p * p + q * q)


def _swing(values, begin, end, first, last):
    rest = total(values, first, last)
    span = last - first
    turn = most = least = 0
    for block in range(begin + 1, end):
        turn += values[block & RING] * span - rest
        most = max(most, turn)
        least = min(least, turn)
    return (most - least) // (RATE * span)
