"""What the self-test at the start found wanting: each part, the chip, the space, the battery has a cue of its own.

Motor, sounder and light cannot be felt, heard or seen by the board: whether they could be set up is checked here,
and the first cue, which uses all three, is the wearer's own check.
"""

from micropython import const

from backbeat import cues, events

_PARTS = const(5)  # bits of `Board.faults`


def buttonless(board):
    """Tell whether no press will ever come."""
    return board.faults >> events.BUTTON_FAULT - events.SOUND_FAULT & 1 != 0


def play(board, player, cue, now):
    """Let a player play a cue and then what was found, before a session; it plays one after the other."""
    battery = board.battery
    if battery is not None:
        battery.begin()
        battery.read()  # before the first cue: the motor pulls
    player.play(cue, now)
    for bit in range(_PARTS):
        if board.faults >> bit & 1:
            player.play(cues.OF_FAULTS[events.SOUND_FAULT + bit], now)
    if not board.fifo.works:
        player.play(cues.SENSOR_LOST, now)
    space = cues.of_space(board.store.minutes)
    if space != cues.NONE:
        player.play(space, now)
    if battery is not None and (battery.low or battery.bad):
        player.play(cues.NO_BATTERY if battery.bad else cues.LOW_BATTERY, now)


def tell(board, session, now):
    """Put what was found into a session's log, and what a session must know into the wearer's ear."""
    store = board.store
    session.note(now, events.CHIP, board.fifo.who, 0)
    session.note(now, events.PARTS, board.faults, 0)
    session.note(now, events.SPACE, store.minutes, store.free >> 10)
    session.cue(now, cues.of_space(store.minutes))
    session.alarm.buttonless = buttonless(board)
    for bit in range(_PARTS):
        if board.faults >> bit & 1:
            session.fault(now, events.SOUND_FAULT + bit)
