"""The firmware as it goes onto a board's drive: lean, and what starts it last."""

from backbeat_host.errors import WorkError
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
