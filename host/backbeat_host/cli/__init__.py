"""The command `backbeat`: one small file a group of commands; they present, they never decide."""

import io
import sys

import click

from backbeat import __version__
from backbeat_host.cli.demo import demo
from backbeat_host.cli.logs import logs
from backbeat_host.cli.simulate import simulate

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="backbeat")
def main() -> None:
    """Backbeat: cadence, fall detection and a log for people who run backward.

    Without a board: `backbeat demo` shows a whole run, `backbeat simulate` runs the firmware on a recording.

    Exit status: 0; 2 when the command line or an input file is not what it must be; 1 when the work itself failed.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name of a file or trial may hold what a terminal cannot


main.add_command(demo)
main.add_command(logs)
main.add_command(simulate)
