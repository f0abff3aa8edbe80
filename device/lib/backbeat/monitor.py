"""What a laptop sees of a run: a byte that it sends asks for one frame, and no frame is ever waited for.

Nobody asks: a look at the port every 0.2 s. Nobody reads: what does not fit at once is not sent.
"""

import struct

from micropython import const

from backbeat import events

# Session, ms; cadence and target (tenths of spm), beats; gait, travel, heading (degrees), confidence (percent), lag of
# the last step behind its beat (ms); flags; battery (percent, or NO_BATTERY, and mV); events told since the first
# frame that was asked for, and how many of them are in this one
FRAME_FORMAT = "<4sIIHHHbBhBhBBHHB"
EVENT_FORMAT = "<IBiii"  # ms, code, a, b, c
MAGIC = b"\x16BBm"
ENDING = b"\r\n"
SIZE = const(119)  # the port holds 256
EVENTS = const(5)  # that fit into a frame
EVENTS_AT = const(32)
NO_BATTERY = const(255)

# Flags; the state of the alarm stands above them
OPEN = const(1)
PAUSED = const(2)
IDLE = const(4)
SENSING = const(8)
ALARM = const(4)  # bits to the right

_EVENT = const(17)  # bytes
_U16 = const(65535)


class Monitor:
    """`tell` a frame where one was `asked` for; `hear` takes the session's events, and those too many are counted."""

    def __init__(self, board):
        self._console = board.console
        self._battery = board.battery
        self._frame = bytearray(SIZE - len(ENDING)) + ENDING
        self._told = self._held = 0

    def asked(self):
        """Tell whether something came in, and forget it."""
        console = self._console
        if console is None or not console.in_waiting:
            return False
        console.reset_input_buffer()
        return True

    def hear(self, ms, code, a, b, c):
        """Take an event; the cue that follows it is no news."""
        if code == events.CUE:
            return
        self._told += 1
        if self._held < EVENTS:
            struct.pack_into(EVENT_FORMAT, self._frame, EVENTS_AT + self._held * _EVENT, ms, code, a, b, c)
            self._held += 1

    def tell(self, session):
        """Send how a session stands, unless the last frame still waits to be read."""
        console = self._console
        if console.out_waiting:
            return
        battery = self._battery
        body = session.body
        travel = body.travel
        flags = (session.open and OPEN) | (session.paused and PAUSED) | (session.idle and IDLE)
        flags |= (session.sensing and SENSING) | session.alarm.state << ALARM
        struct.pack_into(
            FRAME_FORMAT,
            self._frame,
            0,
            MAGIC,
            session.log.session,
            session.ms,
            min(body.spm(), _U16),
            session.cadence,
            session.beats & _U16,
            body.gait.gait,
            travel.travel,
            travel.heading,
            travel.confidence,
            session.timing.lag,
            flags,
            NO_BATTERY if battery is None else battery.percent,
            0 if battery is None else battery.millivolts,
            self._told & _U16,
            self._held,
        )
        console.write(self._frame)
        self._held = 0
