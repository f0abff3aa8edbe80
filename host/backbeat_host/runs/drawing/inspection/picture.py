"""An inspected trial to a PNG, SVG or PDF, by the path's suffix; needs the extra `draw`."""

from pathlib import Path
from typing import Final

from backbeat_host.errors import InputError, from_extra
from backbeat_host.files import written_whole
from backbeat_host.runs.drawing.inspection.subject import Subject

SUFFIXES: Final = (".png", ".svg", ".pdf")


def check_suffix(path: Path) -> None:
    """See that a picture can be made for the path.

    Raises:
        InputError: the path's suffix is none of SUFFIXES.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}: a picture is a .png, .svg or .pdf file; name one of these.")


def draw(subject: Subject, path: Path) -> None:
    """Draw the trial into `path`; the same trial gives the same file.

    Raises:
        InputError: the path's suffix is none of SUFFIXES.
        MissingExtraError: matplotlib is not installed.
        WorkError: the file cannot be written.
    """
    check_suffix(path)
    with from_extra("drawing", "matplotlib", "draw"):
        from backbeat_host.runs.drawing.inspection.sheet import drawn
    with written_whole(path) as beside:
        drawn(subject, beside)
