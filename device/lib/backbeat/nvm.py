"""The few bytes that outlast everything: who owns the drive next time, and the number of the last session."""

import struct

_SERVICE = 0  # 1: the laptop owns the drive at the next start
_SESSION = 4  # u32, and its complement, so that garbage is known for what it is
_FORMAT = "<II"
_MOST = 99_999_999


def service(memory):
    """Tell whether the laptop is to own the drive."""
    return memory is not None and memory[_SERVICE] == 1


def last_session(memory):
    """Give the last session's number, 0 when there was none or the memory holds garbage."""
    if memory is None:
        return 0
    number, check = struct.unpack(_FORMAT, bytes(memory[_SESSION : _SESSION + 8]))
    return number if number ^ check == 0xFFFFFFFF and number <= _MOST else 0


def keep_session(memory, number):
    """Remember the last session's number."""
    if memory is not None:
        memory[_SESSION : _SESSION + 8] = struct.pack(_FORMAT, number, number ^ 0xFFFFFFFF)
