"""The last seconds of samples as the chip gave them, for the log's raw windows.

They lie in chunks, each copied into the log by one call.
"""

import struct

from micropython import const

CHUNK = const(20)  # samples
CHUNK_BYTES = const(240)  # six little-endian i16 a sample
CHUNKS = const(40)  # 7.5 s: 4 s before an impact are still there when a decision comes 3 s after it and flash is slow


class Ring:
    """Raw samples by their number since the session began; `count` is that of the next one."""

    def __init__(self):
        self.count = 0
        self._chunks = [bytearray(CHUNK_BYTES) for _ in range(CHUNKS)]
        self._chunk = self._chunks[0]
        self._at = 0

    def put(self, ax, ay, az, gx, gy, gz, bx, by, bz, hx, hy, hz):
        """Keep two samples (counts, chip's axes): a, g and b, h."""
        struct.pack_into("<12h", self._chunk, self._at, ax, ay, az, gx, gy, gz, bx, by, bz, hx, hy, hz)
        self.count += 2
        self._at += 24
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
