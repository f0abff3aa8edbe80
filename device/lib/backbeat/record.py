"""The log: records in self-checking blocks, written here and read on the laptop with the same code.

A file is a row of 512-byte blocks, only ever appended to:

    0  "BB"     2  session (u16)     4  sequence (u16)     6  bytes used (u16)     8  records     508  CRC-32 (u32)

The CRC covers bytes 0 to 507; what lies beyond the bytes used means nothing; numbers are little-endian. No record
crosses a block. So a power cut costs the block that was open, damage costs the blocks it touches, a stale sector of
an older file gives itself away by its session, and a reader that has lost its place tries every byte until magic and
CRC fit. Blocks do this without the work a byte that COBS framing would ask of an interpreter: one CRC a block, made
in C.

A record is type (u8), length of its payload (u8), ms since the session began (u32), payload.
"""

import struct
from binascii import crc32

from micropython import const

from backbeat.sense.ring import CHUNK, CHUNK_BYTES

FORMAT = const(1)
BLOCK = const(512)
_HEAD = const(8)
_END = const(508)
_RECORD_HEAD = const(6)
_MAGIC = b"BB"

# Types of records, for ever. Readers skip the ones they do not know.
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
_RECORD_FORMAT = "<BBI"
_BLOCK_FORMAT = "<2sHHH"
_CRC_FORMAT = "<I"
_CHUNK_FORMAT = "240s"
_TEXT = const(240)

_POOL = const(24)  # blocks in memory: a fall's first 4 s make 11 at once, and flash is written only between beats
_SPARE = const(4)  # of these raw samples leave free


class Writer:
    """Collects records into blocks; the main loop takes finished ones and puts them on flash when there is time.

    `waiting` is the number of finished blocks, `lost` of those that no memory was left for.
    """

    def __init__(self, session):
        self.session = session
        self.sequence = 0
        self.waiting = 0
        self.lost = 0
        self._blocks = [bytearray(BLOCK) for _ in range(_POOL)]
        self._checked = [memoryview(block)[:_END] for block in self._blocks]
        self._open = 0
        self._used = 0  # bytes of the open block, 0 when it holds nothing

    def block(self):
        """Give the oldest finished block; valid until `written`."""
        return self._blocks[(self._open - self.waiting) % _POOL]

    def written(self):
        """The oldest finished block is on flash, or given up: its memory is free again."""
        self.waiting -= 1

    def seal(self):
        """Finish the open block though it has room: what is in it must not wait."""
        if self._used:
            self._finish()

    def header(self, clock, continued, text):
        """Write the file's first record; `text` is "firmware version,board id,unique id"."""
        raw = text.encode()[:_TEXT]
        at = self._room(HEADER, 0, 13 + len(raw))
        block = self._blocks[self._open]
        struct.pack_into(HEADER_FORMAT, block, at, FORMAT, self.session, clock, continued)
        block[at + 13 : at + 13 + len(raw)] = raw

    def settings(self, text):
        """Write the settings that hold in this session, in as many pieces as it takes."""
        raw = text.encode()
        pieces = (len(raw) + _TEXT - 1) // _TEXT
        for piece in range(pieces):
            part = raw[piece * _TEXT : (piece + 1) * _TEXT]
            at = self._room(SETTINGS, 0, 2 + len(part))
            block = self._blocks[self._open]
            block[at] = piece
            block[at + 1] = pieces
            block[at + 2 : at + 2 + len(part)] = part

    def event(self, ms, code, a, b, c):
        """Write one event."""
        at = self._room(EVENT, ms, 13)
        struct.pack_into(EVENT_FORMAT, self._blocks[self._open], at, code, a, b, c)

    def summary(self, ms, steps, cadence, target, beats, gait, travel, heading, confidence, peak, period, skipped):
        """Write what the last 5 s were like, see SUMMARY_FORMAT."""
        at = self._room(SUMMARY, ms, 19)
        block = self._blocks[self._open]
        struct.pack_into(
            SUMMARY_FORMAT,
            block,
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
        """Write how the steps since the last summary hit, and how they fell on the beats, see STEPS_FORMAT."""
        at = self._room(STEPS, ms, 12)
        struct.pack_into(STEPS_FORMAT, self._blocks[self._open], at, load, top, counts)

    def metronome(self, ms, cadence, accent, due):
        """Write that the beats begin or change: from here every beat's instant can be worked out."""
        at = self._room(METRONOME, ms, 7)
        struct.pack_into(METRONOME_FORMAT, self._blocks[self._open], at, cadence, accent, due)

    def battery(self, ms, percent, millivolts):
        """Write the battery's state."""
        at = self._room(BATTERY, ms, 3)
        struct.pack_into(BATTERY_FORMAT, self._blocks[self._open], at, percent, millivolts)

    def raw(self, ms, ring, chunk):
        """Write one chunk of a ring. False when there is no memory for it just now."""
        if self.waiting >= _POOL - 1 - _SPARE:
            return False
        at = self._room(RAW, ms, 4 + CHUNK_BYTES)
        block = self._blocks[self._open]
        struct.pack_into(RAW_FORMAT, block, at, chunk * CHUNK)
        struct.pack_into(_CHUNK_FORMAT, block, at + 4, ring.chunk(chunk))
        return True

    def _room(self, kind, ms, length):
        """Make room for a record and write its head; give where in the open block the payload goes."""
        if self._used + _RECORD_HEAD + length > _END:
            self._finish()
        at = self._used or _HEAD
        struct.pack_into(_RECORD_FORMAT, self._blocks[self._open], at, kind, length, ms)
        at += _RECORD_HEAD
        self._used = at + length
        return at

    def _finish(self):
        block = self._blocks[self._open]
        used = self._used - _HEAD
        struct.pack_into(_BLOCK_FORMAT, block, 0, _MAGIC, self.session & 0xFFFF, self.sequence & 0xFFFF, used)
        struct.pack_into(_CRC_FORMAT, block, _END, crc32(self._checked[self._open]))
        self.sequence += 1
        self._used = 0
        if self.waiting < _POOL - 1:
            self.waiting += 1
            self._open = (self._open + 1) % _POOL
        else:
            self.lost += 1  # the reader sees it: a sequence number is missing


class Damage:
    """A stretch of a file that holds no good block: `offset` and `length` in bytes, `blocks` missing by number."""

    def __init__(self, offset, length, blocks):
        self.offset = offset
        self.length = length
        self.blocks = blocks


def read(data):
    """Read a log file's bytes, whole or damaged: yield its records and damages in the order of the file.

    A record comes as (type, ms, payload), a stretch without good blocks as a Damage. The file's session is the one most
    of its good blocks are of; a block of another session is stale, one that came before a copy: both count as damage.
    """
    found = good_blocks(data)
    untold = {number for _, number in found}
    at = expected = 0
    for offset, number in found:
        if number not in untold:
            continue
        missing = 0
        for other in range(expected, number):
            if other not in untold:
                missing += 1
        if offset > at or missing:
            yield Damage(at, offset - at, missing)
        untold.remove(number)
        at = offset + BLOCK
        expected = max(expected, number + 1)
        offset += _HEAD
        end = offset + struct.unpack_from(_BLOCK_FORMAT, data, offset - _HEAD)[3]
        while offset + _RECORD_HEAD <= end:
            kind, length, ms = struct.unpack_from(_RECORD_FORMAT, data, offset)
            offset += _RECORD_HEAD
            yield kind, ms, bytes(data[offset : offset + length])
            offset += length
    if at < len(data):
        yield Damage(at, len(data) - at, 0)


def good_blocks(data):
    """Give (offset, number) of the good blocks of the file's session; numbers go on beyond the sequence's 16 bits."""
    by_session = {}
    at = _next_good(data, 0)
    while at >= 0:
        _, session, sequence, _ = struct.unpack_from(_BLOCK_FORMAT, data, at)
        found = by_session.setdefault(session, [])
        number = sequence
        if found:
            last = found[-1][1]
            number = last + (sequence - last + 0x8000 & 0xFFFF) - 0x8000
        found.append((at, number))
        at = _next_good(data, at + BLOCK)
    return max(by_session.values(), key=len, default=[])


def _next_good(data, at):
    at = data.find(_MAGIC, at)
    while at >= 0 and not _good(data, at):
        at = data.find(_MAGIC, at + 1)
    return at


def _good(data, at):
    if at + BLOCK > len(data) or struct.unpack_from(_BLOCK_FORMAT, data, at)[3] > _END - _HEAD:
        return False
    return struct.unpack_from(_CRC_FORMAT, data, at + _END)[0] == crc32(data[at : at + _END])
