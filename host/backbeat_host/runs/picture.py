"""One picture of a run: what the device felt and told, along one time axis, with the falls and rolls close up.

From a recording and its events to a PNG or SVG, by the path's suffix; needs the extra `draw`.
"""

from pathlib import Path
from typing import Final

from backbeat_host.errors import InputError, from_extra
from backbeat_host.files import written_whole
from backbeat_host.runs.drawing.subject import RunPicture

__all__ = ["SUFFIXES", "RunPicture", "draw"]

SUFFIXES: Final = (".png", ".svg")


def draw(run: RunPicture, path: Path) -> None:
    """Draw the run into `path`, a PNG (1680 points wide) or an SVG; the same run gives the same file.

    Raises:
        InputError: the path's suffix is neither .png nor .svg.
        MissingExtraError: matplotlib is not installed.
        WorkError: the file cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}: a picture is a .png or a .svg file; name one of these.")
    with from_extra("drawing", "matplotlib", "draw"):
        from backbeat_host.runs.drawing.sheet import drawn
    with written_whole(path) as beside:
        drawn(run, beside)
