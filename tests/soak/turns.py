"""Where the device's code is just now."""

import sys
from types import FrameType


def turn_frame() -> FrameType | None:
    """The frame of the main loop's `turn`, if the code is in one."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "turn" and frame.f_code.co_filename.endswith("run.py"):
            return frame
        frame = frame.f_back
    return None
