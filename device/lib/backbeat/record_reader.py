"""A log read back, whole or damaged, by the formats of `record`: for the laptop; a board never loads this.

A power cut costs the block that was open, damage costs the blocks it touches, for no record crosses a block; a stale
sector of an older file gives itself away by its session; and a reader that has lost its place tries every byte until
magic and CRC fit. What lies beyond a block's bytes used means nothing, and records of an unknown type are skipped.
Blocks do this without the work a byte that COBS framing would ask of an interpreter: one CRC a block, made in C.
"""

import struct
from binascii import crc32

from backbeat import record


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
        at = offset + record.BLOCK
        expected = max(expected, number + 1)
        offset += record.HEAD
        end = offset + struct.unpack_from(record.BLOCK_FORMAT, data, offset - record.HEAD)[3]
        while offset + record.RECORD_HEAD <= end:
            kind, length, ms = struct.unpack_from(record.RECORD_FORMAT, data, offset)
            offset += record.RECORD_HEAD
            yield kind, ms, bytes(data[offset : offset + length])
            offset += length
    if at < len(data):
        yield Damage(at, len(data) - at, 0)


def good_blocks(data):
    """Give (offset, number) of the good blocks of the file's session; numbers go on beyond the sequence's 16 bits."""
    by_session = {}
    at = _next_good(data, 0)
    while at >= 0:
        _, session, sequence, _ = struct.unpack_from(record.BLOCK_FORMAT, data, at)
        found = by_session.setdefault(session, [])
        number = sequence
        if found:
            last = found[-1][1]
            number = last + (sequence - last + 0x8000 & 0xFFFF) - 0x8000
        found.append((at, number))
        at = _next_good(data, at + record.BLOCK)
    return max(by_session.values(), key=len, default=[])


def _next_good(data, at):
    at = data.find(record.MAGIC, at)
    while at >= 0 and not _good(data, at):
        at = data.find(record.MAGIC, at + 1)
    return at


def _good(data, at):
    if at + record.BLOCK > len(data) or struct.unpack_from(record.BLOCK_FORMAT, data, at)[3] > record.END - record.HEAD:
        return False
    return struct.unpack_from(record.CRC_FORMAT, data, at + record.END)[0] == crc32(data[at : at + record.END])
