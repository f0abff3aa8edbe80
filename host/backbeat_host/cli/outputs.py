"""The files a command was asked for: looked at before the work, so that hours of it do not end in a refusal.

And written together after it: each beside its place first, renamed only when all are whole.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from backbeat_host.errors import InputError
from backbeat_host.files import written_whole

_LONGEST_NAME = 255  # bytes, on every usual file system; none would say so of a folder that is not there yet


def check_outputs(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """See that every output may become a file, without making anything.

    Raises:
        InputError: one is an input, the same file as another, no ordinary file, or lies where no folder can be.
    """
    read = {path.resolve() for path in inputs}
    taken: set[Path] = set()
    for path in outputs:
        try:
            place = path.resolve()
            ordinary = place.is_file() or not place.exists()
            above = next(folder for folder in place.parents if folder.exists())
        except (OSError, ValueError, RuntimeError) as error:  # too long a name, a null byte, links in a circle
            reason = getattr(error, "strerror", None) or error
            raise InputError(f"{path}: cannot be written ({reason}); choose another place.") from error
        if any(len(os.fsencode(name)) > _LONGEST_NAME for name in place.parts):
            raise InputError(f"{path}: a name in it is longer than {_LONGEST_NAME} bytes; choose a shorter one.")
        if place in read:
            raise InputError(f"{path}: this input would be written over; name another file for the output.")
        if place in taken:
            raise InputError(f"{path}: two outputs would go into this file; give each a name of its own.")
        if not ordinary:
            raise InputError(f"{path}: a folder or a device; name an ordinary file for the output.")
        if not above.is_dir():
            raise InputError(f"{path}: cannot be written, for {above} is a file; choose another place.")
        taken.add(place)


def write_together(writers: Mapping[Path, Callable[[Path], object]]) -> None:
    """Let each writer make the file it is to write; the files appear only when all have been written.

    Raises:
        WorkError: a file cannot be written.
    """
    with ExitStack() as files:
        besides = {path: files.enter_context(written_whole(path)) for path in writers}
        for path, write in writers.items():
            write(besides[path])
