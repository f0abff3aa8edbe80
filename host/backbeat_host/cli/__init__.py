"""The command `backbeat`: one small file a group of commands; they present, they never decide."""

import errno
import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from backbeat import __version__
from backbeat_host.cli.calibrate import calibrate
from backbeat_host.cli.config import config
from backbeat_host.cli.corpus import corpus
from backbeat_host.cli.demo import demo
from backbeat_host.cli.desk import desk
from backbeat_host.cli.devices import devices_command
from backbeat_host.cli.doctor import doctor_command
from backbeat_host.cli.evaluate import evaluate
from backbeat_host.cli.inspect import inspect
from backbeat_host.cli.install import install_command, uninstall_command
from backbeat_host.cli.lab import lab
from backbeat_host.cli.logs import logs
from backbeat_host.cli.monitor import monitor_command
from backbeat_host.cli.service import reset, service
from backbeat_host.cli.simulate import simulate
from backbeat_host.cli.sync import sync
from backbeat_host.cli.train import train
from backbeat_host.errors import WorkError

__all__ = ["main"]


class _Commands(click.Group):
    """The group of all commands, which says so when standard output takes no more."""

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


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="backbeat")
def main() -> None:
    """Backbeat: cadence, fall detection and a log for people who run backward.

    Without a board: `backbeat demo` shows a whole run, `backbeat simulate` runs the firmware on a recording.

    Exit status: 0; 2 when the command line or an input file is not what it must be; 1 when the work itself failed.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name of a file or trial may hold what a terminal cannot


main.add_command(calibrate)
main.add_command(config)
main.add_command(corpus)
main.add_command(demo)
main.add_command(desk)
main.add_command(devices_command)
main.add_command(doctor_command)
main.add_command(evaluate)
main.add_command(inspect)
main.add_command(install_command)
main.add_command(lab)
main.add_command(logs)
main.add_command(monitor_command)
main.add_command(reset)
main.add_command(service)
main.add_command(simulate)
main.add_command(sync)
main.add_command(train)
main.add_command(uninstall_command)
