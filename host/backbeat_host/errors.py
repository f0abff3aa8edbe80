"""The two ways a command can fail, each one clear sentence for the person at the terminal.

The command line turns them into exit status 2 (the input is not what it must be) and 1 (the work itself failed).
"""

import click


class InputError(click.ClickException):
    """The command line or an input file is not what it must be; nothing was written."""

    exit_code = 2


class WorkError(click.ClickException):
    """The input was right, the work itself failed."""

    exit_code = 1


class MissingExtraError(WorkError):
    """What was asked for needs an extra that is not installed; the message says how to get it."""
