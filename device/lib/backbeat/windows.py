"""Which raw samples go into the log: 4 s before to 6 s after each suspected fall, chunk by chunk as room allows."""

from micropython import const

from backbeat.sense.ring import CHUNK

_BEFORE = const(416)  # samples: 4 s
_AFTER = const(624)  # 6 s
_NONE = const(-1)


class Windows:
    """`next` is the chunk that goes next, negative when none is wanted."""

    def __init__(self, ring, log):
        self.next = _NONE
        self._end = 0  # sample
        self._ring = ring
        self._log = log

    def want(self, impact):
        """A fall is suspected at this sample."""
        if self.next < 0:
            self.next = max((impact - _BEFORE) // CHUNK, self._ring.oldest(), 0)
        self._end = impact + _AFTER

    def keep(self, ms):
        """Move one chunk into the log, if one is whole and there is memory."""
        chunk = max(self.next, self._ring.oldest())  # what the ring has lost is a gap in the sample numbers
        if self._ring.whole(chunk) and self._log.raw(ms, self._ring, chunk):
            self.next = chunk + 1
            if self.next * CHUNK > self._end:
                self.next = _NONE
