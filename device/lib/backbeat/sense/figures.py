"""The figures that tell a fall from lying down fast, dropping into a chair or turning over in bed.

Each is the physics of one impact. Taken only where the trunk lies another way after it, so they may cost something.
"""

from micropython import const

# In blocks of 8 samples (77 ms) from that of the impact on. A mg over a block is 0.75 mm/s.
EARLIEST = const(13)  # 1 s before: what falling takes
_PUSH_FROM = const(2)  # the ground pushes from 0.15 s before the highest peak ...
_PUSH_TO = const(6)  # ... to 0.5 s after it,
_HELD_TO = const(13)  # and has the body at rest 1 s after
_DROP_TO = const(1)
_LEAN_TO = const(3)  # 0.2 s before: the body is on its way
_BEFORE_FROM = const(46)  # from 3.5 s ...
_BEFORE_TO = const(20)  # ... to 1.5 s before, nothing has begun

_ONE_G = const(1000)
_PUSH_MOST = const(3000)  # 2.3 m/s, half of SisFall's falls: more is no surer, and swinging the device goes far beyond
_MOST = const(1500)
_TURN_LEAST = const(28)  # degrees: three of SisFall's 900 falls turn less, sliding off a chair
_TURN_MOST = const(60)  # degrees: who turns more is no surer to fall
_UPSET = const(-900)  # thousandths, 154 degrees: no trunk that stood comes to lie so (SisFall's falls: 145)
_STOOD = const(700)  # thousandths
_FLOAT = const(100)  # mg
_FLOATS = const(2)  # blocks: SisFall's falls, and its jumps but for one, float for one at the most

# Places in the array
PUSH = const(0)  # the momentum that the ground gave: what was felt above 1 g
HELD = const(1)  # likewise over a second, less what was felt below 1 g: bounces cancel out
DROP = const(2)  # the speed gained before: what was felt below 1 g
LEAN = const(3)  # vertical acceleration in the last second before, mg: who lies down has lain back by then
BEFORE = const(4)  # the trunk's cos to up before all that
CHANGE = const(5)  # cos between the trunk's directions before and after
TURN = const(6)  # degrees that the trunk turned about x and y
COUNT = const(7)


def take(figures, trunk, block):
    """Fill `figures` for an impact in `block`, after `trunk.compare`; tell whether a body can do that.

    Gravity changes its way only for a trunk that turns, and not upside down; and no body floats, for legs and arms push
    and swing it.
    """
    figures[CHANGE] = trunk.change
    push = held = drop = floats = 0
    alone = False  # the device fell without a body
    end = min(block + _HELD_TO, trunk.past.count)  # a turn that ends in lying is judged at once
    for at in range(block - EARLIEST, end):
        length = trunk.look(at, at + 1)
        floats = floats + 1 if length < _FLOAT else 0
        alone = alone or floats >= _FLOATS
        over = length - _ONE_G
        if at < block - _DROP_TO:
            drop -= over
        if at >= block - _PUSH_FROM:
            held += over
            if over > 0 and at < block + _PUSH_TO:
                push += over
    figures[PUSH] = min(push, _PUSH_MOST)
    figures[HELD] = min(max(held, -_PUSH_MOST), _PUSH_MOST)
    figures[DROP] = min(max(drop, -_MOST), _MOST)
    trunk.look(block - EARLIEST, block - _LEAN_TO)
    figures[LEAN] = min(max(trunk.z, -_MOST), _MOST)
    begin = max(block - _BEFORE_FROM, trunk.first)
    figures[BEFORE] = trunk.leans(begin, max(block - _BEFORE_TO, begin + 1))
    trunk.turned(block, end)
    figures[TURN] = min(trunk.turn, _TURN_MOST)
    if figures[CHANGE] < _UPSET and figures[BEFORE] > _STOOD:
        return False
    return trunk.turn > _TURN_LEAST and not alone
