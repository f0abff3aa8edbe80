"""The command `backbeat`: one small file a group of commands; they present, they never decide."""

import errno
import io
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from backbeat import __version__
from backbeat_host.errors import WorkError

__all__ = ["main"]

# Where each command is: loaded when it is wanted, for some bring much along.
_PLACES = {
    "calibrate": "calibrate:calibrate",
    "config": "config:config",
    "corpus": "corpus:corpus",
    "demo": "demo:demo",
    "desk": "desk:desk",
    "devices": "devices:devices_command",
    "doctor": "doctor:doctor_command",
    "evaluate": "evaluate:evaluate",
    "inspect": "inspect:inspect",
    "install": "install:install_command",
    "lab": "lab:lab",
    "logs": "logs:logs",
    "monitor": "monitor:monitor_command",
    "reset": "service:reset",
    "service": "service:service",
    "simulate": "simulate:simulate",
    "sync": "sync:sync",
    "train": "train:train",
    "uninstall": "install:uninstall_command",
}


class _Commands(click.Group):
    """The group of all commands, which says so when standard output takes no more."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; `commands` holds the names alone."""
        if cmd_name not in _PLACES:
            return None
        module, _, name = _PLACES[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"backbeat_host.cli.{module}"), name)
        return command

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line; a reader that went away (a closed pipe) needs no sentence."""
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:  # closed by whoever called: nothing comes from there, or is wanted there
                setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (to the end)
        try:
            try:
                return super().main(*args, **options)
            finally:
                print(end="", flush=True)  # here, not when Python ends: there a failure could not be told
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or what is left would fail once more
            if error.errno != errno.EPIPE:
                where = error.filename or "standard output"
                WorkError(f"{where}: cannot be written ({error.strerror}); choose another place.").show()
            sys.exit(WorkError.exit_code)


@click.group(
    cls=_Commands,
    commands={name: click.Command(name) for name in _PLACES},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="backbeat")
def main() -> None:
    """Backbeat: cadence, fall detection and a log for people who run backward.

    Without a board: `backbeat demo` shows a whole run, `backbeat simulate` runs the firmware on a recording.

    Exit status: 0; 2 when the command line or an input file is not what it must be; 1 when the work itself failed.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name of a file or trial may hold what a terminal cannot
