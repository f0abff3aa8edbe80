"""The two ways a command can fail, each one clear sentence for the person at the terminal.

The command line turns them into exit status 2 (the input is not what it must be) and 1 (the work itself failed).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click


class InputError(click.ClickException):
    """The command line or an input file is not what it must be; nothing was written."""

    exit_code = 2


class WorkError(click.ClickException):
    """The input was right, the work itself failed."""

    exit_code = 1


class MissingExtraError(WorkError):
    """What was asked for needs an extra that is not installed; the message says how to get it."""


@contextmanager
def from_extra(doing: str, package: str, extra: str) -> Iterator[None]:
    """Import within this what only an extra brings; `doing` is what needs the package.

    Raises:
        MissingExtraError: the package is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != package:
            raise
        raise MissingExtraError(f"{doing} needs {package}: pip install 'backbeat[{extra}]'") from error
