"""Writing files so that nobody ever sees half of one: beside the target first, then renamed over it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backbeat_host.errors import WorkError

_SHOWN = 16  # characters of the name that the file beside begins with: it must not be too long where the name is not


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path in `path`'s folder; rename it to `path` on success, remove it on any failure.

    Missing folders are made. The temporary file keeps `path`'s suffix, for writers that go by it.

    Raises:
        WorkError: the folder cannot be made or the file cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.parent / f".{path.stem[:_SHOWN]}.{secrets.token_hex(4)}{path.suffix}"
        beside.touch(exist_ok=False)  # with the rights of the user's ordinary files; tempfile's are private
    except OSError as error:
        raise WorkError(f"{path}: cannot be written ({error.strerror}); choose another place.") from error
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise WorkError(f"{path}: cannot be written ({error.strerror}); choose another place.") from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
