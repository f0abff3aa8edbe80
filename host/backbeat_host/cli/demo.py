"""`backbeat demo`: a whole run, without a board and without a recording."""

from functools import partial
from pathlib import Path

import click

from backbeat_host.cli.console import messages, output, progress
from backbeat_host.cli.outputs import check_outputs, write_together
from backbeat_host.cli.paths import InputPath
from backbeat_host.errors import MissingExtraError
from backbeat_host.lab import demo as lab
from backbeat_host.runs.timeline import print_summary, print_timeline, summarise
from backbeat_host.runs.words import clock, words


@click.command()
@click.option(
    "--out",
    metavar="DIR",
    default="backbeat-demo",
    show_default=True,
    type=InputPath(file_okay=False),
    help="Where the files go.",
)
@click.option("--seed", type=click.IntRange(0), default=lab.SEED, show_default=True, help="Another runner.")
def demo(out: Path, seed: int) -> None:
    """Wear the virtual board for ten minutes of a synthetic run: walk, run both ways, glance, stumble, roll, fall.

    Prints the timeline and leaves a sound file, the log, the events and a picture.
    """
    places = {what: out / name for what, (name, _) in lab.FILES.items()}
    check_outputs(places.values(), [])
    with progress("ten minutes of running", 1) as bar:
        run = lab.perform(seed, bar.done)
    writers = {out / name: partial(write, run) for name, write in lab.FILES.values()}
    trouble = None
    try:
        write_together(writers)
    except MissingExtraError as error:
        trouble = error.message
        del writers[places.pop(lab.PICTURE)]
        write_together(writers)
    console = output()
    print_timeline(console, run.outcome.trial, run.outcome.events)
    print_summary(console, [summarise(run.outcome.trial, run.outcome.events, run.outcome.seconds)])
    checks, besides = lab.compare(run)
    for check in checks:
        said = f"told {check.told['t'] - check.at:.1f} s later" if check.told else "not told"
        console.print(f"{clock(check.at):>9} really a {check.what}: {said}", markup=False)
    for event in besides:
        console.print(f"{clock(event['t']):>9} really nothing, but told: {words(event)}", markup=False)
    for what, path in places.items():
        console.print(f"{what}: {path}", markup=False, soft_wrap=True)
    if trouble is not None:
        messages().print(trouble, markup=False)
