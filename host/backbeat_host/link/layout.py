"""The firmware laid out in a folder as it goes onto a board's drive: lean, and what starts it last."""

from collections.abc import Callable
from pathlib import Path

from backbeat_host.errors import WorkError
from backbeat_host.files import written_whole
from backbeat_host.link import firmware
from backbeat_host.link.lean import lean


def contents() -> dict[str, bytes]:
    """Map each path on the drive (no leading slash) to the bytes that go there; what starts the firmware comes last.

    Raises:
        WorkError: a file of the firmware is missing on this machine, or cannot be read.
    """
    tree = firmware.tree()
    order = sorted(tree, key=lambda place: (place in firmware.ROOT_FILES, place))
    try:
        return {place: lean(tree[place].read_text(encoding="utf-8")).encode() for place in order}
    except (OSError, SyntaxError, ValueError) as error:
        raise WorkError(f"a file of the firmware cannot be read ({error}); install backbeat again.") from error


def lay_out(folder: Path, each: Callable[[str, int], object] = lambda place, size: None) -> int:
    """Write the firmware into a folder, other files there untouched; `each` hears of every file. Gives the bytes.

    Raises:
        WorkError: it cannot be written; what was written is whole, and the same again finishes.
    """
    files = contents()
    for place, raw in files.items():
        with written_whole(folder / place) as beside:
            beside.write_bytes(raw)
        each(place, len(raw))
    return sum(map(len, files.values()))
