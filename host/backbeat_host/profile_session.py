"""Editing a profile's text in the person's own editor, on a copy that stays until all of it is valid and in its place.

Whatever happens in between, what was typed is in a file.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from backbeat_host.complaints import Complaint, shown
from backbeat_host.errors import InputError, WorkError
from backbeat_host.files import written_whole
from backbeat_host.profile_text import look, read


@contextmanager
def edited(copy: Path, text: str, again: Callable[[str], bool], since: float = 0.0) -> Iterator[str | None]:
    """Give the text as the person leaves it, all valid; None when it was left as it was. What happens to it within
    the `with` must end well for the copy to go.

    A copy that an earlier time left behind is gone on with, unless what it was made from has changed `since`.
    `again` is shown what is wrong and asks whether to go back to the editor.

    Raises:
        InputError: it is not valid in the end; the copy is kept, and named.
        WorkError: the editor failed, or the copy cannot be written.
    """
    name = shown(str(copy))
    if not sys.stdin.isatty() and not (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise InputError("there is no terminal to edit in; set $EDITOR, or use `backbeat config set`.")
    if copy.exists():
        if copy.stat().st_mtime < since:
            raise InputError(
                f"{name}: left from an edit before the last change; take from it what you need, remove it."
            )
    else:
        with written_whole(copy) as beside:
            beside.write_bytes(text.encode())
    while True:
        _open(copy)
        try:
            typed = read(copy, "edit text")
            wrong = [complaint.at(name) for complaint in look(typed).complaints]
        except InputError as error:
            typed, wrong = "", [Complaint(error.message)]
        if not wrong or not again("\n".join(map(str, wrong))):
            break
    if wrong:
        kept = f"{name}: kept as you left it; `backbeat config edit` goes on with it, and nothing else was changed."
        raise InputError("\n".join([*map(str, wrong), kept]))
    yield None if typed == text else typed
    copy.unlink(missing_ok=True)


def _open(copy: Path) -> None:
    try:
        click.edit(filename=str(copy))
    except (click.ClickException, ValueError) as error:
        reason = error.message if isinstance(error, click.ClickException) else str(error)
        raise WorkError(
            f"the editor did not end well ({reason}); set $VISUAL or $EDITOR to one; {shown(str(copy))} is kept."
        ) from error
