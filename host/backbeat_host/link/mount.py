"""How the chip sits on its wearer, in words: which of its axes points forward, left and up, and how far off."""

import math
from collections.abc import Sequence

_AXES = "xyz"
_STRAIGHT = 3.0  # degrees: less is not worth a word


def described(forward: Sequence[int], up: Sequence[int]) -> list[str]:
    """Say it, a line a direction, from the wearer's forward and up in the chip's axes."""
    if not any(forward):
        return ["How the chip sits is not known; a session that begins with ten steps forward finds it."]
    left = [up[1] * forward[2] - up[2] * forward[1], up[2] * forward[0] - up[0] * forward[2]]
    left.append(up[0] * forward[1] - up[1] * forward[0])
    return [_line(name, axes) for name, axes in (("Forward", forward), ("Left", left), ("Up", up))]


def _line(name: str, axes: Sequence[int]) -> str:
    size = math.hypot(*axes) or 1.0
    axis = max(range(3), key=lambda axis: abs(axes[axis]))
    off = math.degrees(math.acos(min(abs(axes[axis]) / size, 1.0)))
    sign = "-" if axes[axis] < 0 else "+"
    return f"{name} is the chip's {sign}{_AXES[axis]}" + (f", {off:.0f} degrees off." if off >= _STRAIGHT else ".")
