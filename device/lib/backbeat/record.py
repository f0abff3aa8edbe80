"""The log: records in self-checking blocks; `record_reader` tells why, and reads them on the laptop.

A file is a row of 512-byte blocks, only ever appended to:

    0  "BB"     2  session (u16)     4  sequence (u16)     6  bytes used (u16)     8  records     508  CRC-32 (u32)

The CRC covers bytes 0 to 507; numbers are little-endian; no record crosses a block.
A record is type (u8), length of its payload (u8), ms since the session began (u32), payload.
"""

import struct
from binascii import crc32

from micropython import const

from backbeat.sense.ring import CHUNK, CHUNK_BYTES

FORMAT = const(1)
BLOCK = const(512)
HEAD = const(8)
END = const(508)
RECORD_HEAD = const(6)
MAGIC = b"BB"

# Types of records, for ever
HEADER = const(1)  # HEADER_FORMAT: format, session, unix time (0 unknown), session continued (0 none); then text
SETTINGS = const(2)  # piece u8, pieces u8, part of the settings' JSON text
EVENT = const(3)  # EVENT_FORMAT: code, a, b, c as in events.py
SUMMARY = const(4)  # SUMMARY_FORMAT, every 5 s
METRONOME = const(5)  # METRONOME_FORMAT: cadence (tenths of spm), accent, ms of the next beat
BATTERY = const(6)  # BATTERY_FORMAT: percent, mV
RAW = const(7)  # RAW_FORMAT: number of the first sample; then 20 samples of six i16, in counts and the chip's axes
STEPS = const(8)  # STEPS_FORMAT, with the summary where there were steps

HEADER_FORMAT = "<BIII"
EVENT_FORMAT = "<Biii"
# steps, cadence and target (tenths of spm), beats, gait, travel, heading (degrees), confidence (percent), largest
# acceleration (mg), sample period (1/256 ms), beats left out for being late
SUMMARY_FORMAT = "<HHHHbBhBHHH"
METRONOME_FORMAT = "<HBI"
BATTERY_FORMAT = "<BH"
RAW_FORMAT = "<I"
# mean and largest load of a step (mg), steps in each eighth of a beat's period
STEPS_FORMAT = "<HH8s"
RECORD_FORMAT = "<BBI"
BLOCK_FORMAT = "<2sHHH"
CRC_FORMAT = "<I"
_CHUNK_FORMAT = "240s"
_TEXT = const(240)

_POOL = const(18)  # blocks in memory: a fall's first 4 s make 11 at once, and flash is written only between beats
_SPARE = const(4)  # of these raw samples leave free


class Writer:
    """Collects records into blocks; the main loop puts finished ones on flash when there is time.

    `waiting` are finished; for `lost` there was no memory. `thin`: leave out 1 raw samples, 2 also the records of every
    5 s.
    """

    def __init__(self, session):
        self.session = session
        self.sequence = self.waiting = self.lost = self.thin = 0
        self._blocks = [bytearray(BLOCK) for _ in range(_POOL)]
        self._checked = [memoryview(block)[:END] for block in self._blocks]
        self._open = 0
        self._block = self._blocks[0]  # the open one
        self._used = 0  # bytes of the open block, 0 when it holds nothing

    def block(self):
        """Give the oldest finished block; valid until `written`."""
        return self._blocks[(self._open - self.waiting) % _POOL]

    def written(self):
        """That block is on flash, or given up: its memory is free again."""
        self.waiting -= 1

    def seal(self):
        """Finish the open block though it has room: what is in it must not wait."""
        if self._used:
            self._finish()

    def header(self, clock, continued, text):
        """Write the file's first record; `text` is "firmware version,board id,unique id"."""
        raw = text.encode()[:_TEXT]
        at = self._room(HEADER, 0, 13 + len(raw))
        struct.pack_into(HEADER_FORMAT, self._block, at, FORMAT, self.session, clock, continued)
        self._block[at + 13 : at + 13 + len(raw)] = raw

    def settings(self, text):
        """Write the settings that hold in this session, in as many pieces as it takes."""
        raw = text.encode()
        pieces = (len(raw) + _TEXT - 1) // _TEXT
        for piece in range(pieces):
            part = raw[piece * _TEXT : (piece + 1) * _TEXT]
            at = self._room(SETTINGS, 0, 2 + len(part))
            self._block[at : at + 2 + len(part)] = bytes((piece, pieces)) + part

    def event(self, ms, code, a, b, c):
        """Write one event."""
        at = self._room(EVENT, ms, 13)
        struct.pack_into(EVENT_FORMAT, self._block, at, code, a, b, c)

    def summary(self, ms, steps, cadence, target, beats, gait, travel, heading, confidence, peak, period, skipped):
        """Write what the last 5 s were like, see SUMMARY_FORMAT."""
        if self.thin > 1:
            return
        at = self._room(SUMMARY, ms, 19)
        struct.pack_into(
            SUMMARY_FORMAT,
            self._block,
            at,
            steps,
            cadence,
            target,
            beats,
            gait,
            travel,
            heading,
            confidence,
            peak,
            period,
            skipped,
        )

    def steps(self, ms, load, top, counts):
        """Write how the steps since the last summary hit and fell on the beats, see STEPS_FORMAT."""
        if self.thin > 1:
            return
        at = self._room(STEPS, ms, 12)
        struct.pack_into(STEPS_FORMAT, self._block, at, load, top, counts)

    def metronome(self, ms, cadence, accent, due):
        """Write that the beats begin or change: from here every beat's instant can be worked out."""
        at = self._room(METRONOME, ms, 7)
        struct.pack_into(METRONOME_FORMAT, self._block, at, cadence, accent, due)

    def battery(self, ms, percent, millivolts):
        """Write the battery's state."""
        at = self._room(BATTERY, ms, 3)
        struct.pack_into(BATTERY_FORMAT, self._block, at, percent, millivolts)

    def raw(self, ms, ring, chunk):
        """Write one chunk of a ring. False when there is no memory for it just now."""
        if self.thin:
            return True
        if self.waiting >= _POOL - 1 - _SPARE:
            return False
        at = self._room(RAW, ms, 4 + CHUNK_BYTES)
        struct.pack_into(RAW_FORMAT, self._block, at, chunk * CHUNK)
        struct.pack_into(_CHUNK_FORMAT, self._block, at + 4, ring.chunk(chunk))
        return True

    def _room(self, kind, ms, length):
        """Make room for a record and write its head; give where its payload goes."""
        if self._used + RECORD_HEAD + length > END:
            self._finish()
        at = self._used or HEAD
        struct.pack_into(RECORD_FORMAT, self._block, at, kind, length, ms)
        at += RECORD_HEAD
        self._used = at + length
        return at

    def _finish(self):
        used = self._used - HEAD
        struct.pack_into(BLOCK_FORMAT, self._block, 0, MAGIC, self.session & 0xFFFF, self.sequence & 0xFFFF, used)
        struct.pack_into(CRC_FORMAT, self._block, END, crc32(self._checked[self._open]))
        self.sequence += 1
        self._used = 0
        if self.waiting < _POOL - 1:
            self.waiting += 1
            self._open = (self._open + 1) % _POOL
            self._block = self._blocks[self._open]
        else:
            self.lost += 1  # the reader sees it: a sequence number is missing
