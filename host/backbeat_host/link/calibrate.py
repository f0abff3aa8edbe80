"""A session that finds how the chip sits: begun for it, watched, ended, and what it found read back.

The firmware does the finding (`mount.forward` of zeros asks for it) and keeps the result in its settings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backbeat_host.errors import InputError, WorkError
from backbeat_host.link import service
from backbeat_host.link.monitor import Frame, Silence
from backbeat_host.link.serial_files import SerialFiles
from backbeat_host.link.settings import BoardSettings

Vector = tuple[int, ...]
UNKNOWN: Vector = (0, 0, 0)

STAND, WALK, FOUND, SILENT = "stand", "walk", "found", "silent"
_STAND_S = 4.0  # after the start cue a still second is needed, and people need longer to stand


class NothingFoundError(WorkError):
    """The session that was to find it did not, and the board is still there to be told what was believed before."""


@dataclass(frozen=True)
class Mount:
    """The wearer's forward and up in the chip's axes, thousandths."""

    forward: Vector
    up: Vector

    @property
    def known(self) -> bool:
        """Whether forward has been found."""
        return any(self.forward)


def mount(board: BoardSettings) -> Mount:
    """Read how the board believes to sit."""
    values = board.held().values
    return Mount(tuple(values["mount.forward"]), tuple(values["mount.up"]))


def begin(files: SerialFiles, where: str) -> None:
    """Have the firmware's next start be a session that finds it; what was believed before is forgotten.

    Raises:
        InputError: the laptop owns the drive, so no session could keep what it finds.
        WorkError: the board remembers nothing over a start.
    """
    if not files.writable:
        raise InputError(f"{where}: the laptop owns the drive; give it back first (`backbeat service off`).")
    BoardSettings(files, where).put({"mount.forward": UNKNOWN})
    service.ask_for_session(files.console)


def followed(frames: Iterable[Frame | Silence], seconds: float) -> Iterator[str]:
    """Say what the wearer has to do now, each once, and FOUND when it is found; it ends by itself after `seconds`.

    Raises:
        NothingFoundError: no session began, or it ended before anything was found.
    """
    stage = ""
    silences = 0
    for frame in frames:
        if isinstance(frame, Silence):
            silences += 1
            if frame.prompt or silences > 3:
                raise NothingFoundError(
                    "no session answers on the board; is Backbeat installed, and as new as this one "
                    "(`backbeat devices`)?"
                )
            continue
        silences = 0
        if any(event["event"] == "mount_forward" for event in frame.events):
            yield FOUND
            return
        if frame.state == "ended":
            raise NothingFoundError("the session ended before ten steps showed how the chip sits; begin again.")
        now = STAND if frame.t < _STAND_S else WALK
        if now != stage:
            stage = now
            yield stage
        if frame.t >= seconds:
            return


def finish(files: SerialFiles, where: str, before: Mount) -> Mount:
    """Read what was found; where nothing was, have again what was believed before."""
    board = BoardSettings(files, where)
    found = mount(board)
    if not found.known and before.known:
        board.put({"mount.forward": before.forward, "mount.up": before.up})
    return found
