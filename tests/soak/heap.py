"""How much memory the device's own objects hold: what can be reached from the main loop, and is not the laptop's."""

import sys
from array import array
from typing import Any

from .turns import turn_frame

_BUFFERS = (bytes, bytearray, array)
_CONTAINERS = (list, tuple, set, frozenset)


def device_bytes() -> int:
    """Bytes of all lists, buffers and objects that the main loop reaches; 0 while it does not run.

    Numbers do not count: a board keeps small ones without memory.
    """
    frame = turn_frame()
    if frame is None:
        return 0
    seen: set[int] = set()
    waiting: list[Any] = [frame.f_locals["self"]]
    total = 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        kind = type(thing)
        if isinstance(thing, _BUFFERS):
            total += sys.getsizeof(thing)
        elif isinstance(thing, _CONTAINERS):
            total += sys.getsizeof(thing)
            waiting.extend(thing)
        elif isinstance(thing, dict):
            total += sys.getsizeof(thing)
            waiting.extend(thing.values())
        elif kind.__module__ == "backbeat" or kind.__module__.startswith("backbeat."):
            total += sys.getsizeof(thing)
            waiting.extend(vars(thing).values())
    return total
