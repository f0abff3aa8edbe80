"""Was it a stumble? A stride far harder than those before it, the trunk thrown about, and on goes the walk or run.

Asked 2.5 s after an impact that was no fall.
"""

from micropython import const

from backbeat.sense.trunk import UPRIGHT

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
_HARDER = const(13)  # quarters of |a| squared: 1.8 times the hardest stride; 99 % of strides are below 1.6 (SisFall)
_GOING_MG = const(20)  # unrest: the softest walking makes 30, standing and sitting 6
_SWAY_LEAST = const(20)  # degrees
_SWAY_MORE = const(13)  # tenths of the sway before
# Running, each stride is hard; then it takes a trunk that is thrown about, by degrees and against the sway before.
_HARD = const(2)  # quarters of |a| squared: no softer than most
_THROWN_LEAST = const(45)
_THROWN_MORE = const(4)


def caught(trunk, block, mg):
    """Tell whether an impact of so many mg in `block` was a stumble; costs little where it does not stand out."""
    if mg < _HARD_MG or block < _STRIDES_FROM:
        return False
    begin = block - _STRIDES_FROM
    going = block - _GOING_TO
    end = block + _AFTER_TO
    strides = trunk.hardest(begin, block - _STRIDES_TO)
    stride = trunk.hardest(block, block + 1) << 2
    if (
        stride <= strides * _HARD
        or trunk.unrest(begin, going) < _GOING_MG
        or trunk.unrest(block + _AFTER_FROM, end) < _GOING_MG
        or trunk.leans(begin, going) < UPRIGHT
        or trunk.leans(block + _GOING_TO, end) < UPRIGHT
    ):
        return False
    sway = trunk.sway(block - _SWAY_FROM, block + _SWAY_TO)
    before = trunk.sway(begin, block - _CALM_TO)
    if stride > strides * _HARDER:
        return sway > _SWAY_LEAST and sway * 10 > before * _SWAY_MORE
    return sway > _THROWN_LEAST and sway > before * _THROWN_MORE
