"""The few bytes that outlast everything. A write takes 51 to 127 ms and wears a page: the same is not written again."""

import struct

from micropython import const

SERVICE = const(0)  # 1: the laptop is to own the drive at the next start
RUNNING = const(1)  # 1: a session runs
BEGUN = const(2)  # sessions in a row that did not last a minute; an erased byte, 255, counts as none
_SAFE = const(3)  # starts out of safe mode among them, alike
_SESSION = const(4)  # u32, and its complement, so that garbage is known for what it is
AT_ONCE = const(12)  # 1: a session is to begin without a press
ALARM = const(13)  # 1: the session that runs has an alarm on
_CONTINUED = const(5)  # BEGUN so often, only a press begins the next
_BACK = const(8)  # starts out of safe mode, which then stays


def asked(memory, at):
    """Tell whether a byte says yes."""
    return memory is not None and memory[at] == 1


def ask(memory, at):
    """Make a byte say yes; as `put`."""
    return put(memory, at, b"\1")


def put(memory, at, raw):
    """Keep bytes. False where there is no memory, or it is worn out."""
    try:
        if bytes(memory[at : at + len(raw)]) != raw:
            memory[at : at + len(raw)] = raw
    except (TypeError, OSError, RuntimeError):
        return False
    return True


def last_session(memory):
    """Give the last session's number, 0 when there was none or the memory holds garbage."""
    if memory is None:
        return 0
    number, check = struct.unpack("<II", bytes(memory[_SESSION:AT_ONCE]))
    return number if number ^ check == 0xFFFFFFFF else 0


def begin(memory, number, alarmed=False):
    """A session begins, with an alarm on or without."""
    if memory is not None:
        raw = bytes((1, (memory[BEGUN] + 1) & 255, memory[_SAFE]))
        put(memory, RUNNING, raw + struct.pack("<IIBB", number, number ^ 0xFFFFFFFF, 0, alarmed))


def broken_off(memory):
    """Give the number of the session that was broken off and is to go on, else 0."""
    return last_session(memory) if asked(memory, RUNNING) and memory[BEGUN] <= _CONTINUED else 0


def come_back(memory):
    """Count a start out of safe mode; False when there were too many."""
    count = 0 if memory is None else (memory[_SAFE] + 1) & 255
    put(memory, _SAFE, bytes((count,)))
    return count <= _BACK
