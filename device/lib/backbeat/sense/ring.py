"""The last ten seconds of samples as the chip gave them, for the log's raw windows.

Samples lie in chunks that are copied into the log whole, so keeping and copying cost one call each.
"""

import struct

from micropython import const

CHUNK = const(20)  # samples
CHUNK_BYTES = const(240)  # six little-endian i16 a sample
CHUNKS = const(52)  # 10 s: 4 s before an impact are still there when a slow decision comes 3 s after it
_SAMPLE = "<6h"


class Ring:
    """Raw samples by their number since the session began; `count` is the number of the next one."""

    def __init__(self):
        self.count = 0
        self._chunks = [bytearray(CHUNK_BYTES) for _ in range(CHUNKS)]
        self._chunk = self._chunks[0]
        self._at = 0

    def put(self, ax, ay, az, gx, gy, gz):
        """Keep one sample (counts, chip's axes)."""
        struct.pack_into(_SAMPLE, self._chunk, self._at, ax, ay, az, gx, gy, gz)
        self.count += 1
        self._at += 12
        if self._at == CHUNK_BYTES:
            self._at = 0
            self._chunk = self._chunks[self.count // CHUNK % CHUNKS]

    def oldest(self):
        """Give the number of the oldest chunk that is still whole."""
        return max(self.count // CHUNK - CHUNKS + 1, 0)

    def whole(self, chunk):
        """Tell whether a chunk has been filled."""
        return chunk < self.count // CHUNK

    def chunk(self, number):
        """Give a chunk's bytes; valid until the next sample."""
        return self._chunks[number % CHUNKS]
