"""`backbeat corpus make`: motion that nobody recorded, as a corpus."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from backbeat_host.cli.console import Bar, output, progress
from backbeat_host.cli.paths import InputPath, OutputPath
from backbeat_host.errors import InputError
from backbeat_host.lab.made.changes import CHANGES, changed, recorded
from backbeat_host.lab.made.library import FAMILIES, SEED, families, made_trials
from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.recordings.corpus_writer import NewTrial, check_place, write_corpus
from backbeat_host.lab.recordings.trial import RATE_HZ
from backbeat_host.lab.scores.labels import check_labels


@click.command()
@click.argument("folder", metavar="[DST]", required=False, type=OutputPath())
@click.option("--only", metavar="FAMILY", multiple=True, help="Only this family of made motion; may repeat.")
@click.option("--count", metavar="N", type=click.IntRange(1), help="So many of each family, or of the corpus's trials.")
@click.option("--seed", metavar="N", type=click.IntRange(0), default=SEED, show_default=True, help="Another library.")
@click.option("--from", "source", metavar="CORPUS", type=InputPath(), help="Change this corpus instead of making one.")
@click.option("--change", "names", metavar="CHANGE", multiple=True, help="What to do to it; may repeat, in this order.")
@click.option("--list", "listing", is_flag=True, help="List the families and the changes.")
def make(
    folder: Path | None,
    only: tuple[str, ...],
    count: int | None,
    seed: int,
    source: Path | None,
    names: tuple[str, ...],
    listing: bool,
) -> None:
    """Make a corpus of motion that nobody recorded: a new folder DST.

    By physics: rolls, the device alone, long runs (`--only`). Or by honest change of a corpus: `--from CORPUS --change
    reversed`; made motion can be changed too. The same seed makes the same corpus.
    """
    if listing:
        _list()
        return
    if folder is None:
        raise InputError("no folder is named; give DST, the new folder for the corpus, or --list.")
    if source is not None and only:
        raise InputError("--only chooses among made motion, --from takes a corpus; give one of them.")
    if source is not None and not names:
        raise InputError(f"--from {source} needs a --change; there are {', '.join(CHANGES)}.")
    check_place(folder)
    if source is not None:
        refs = open_corpus(source)[:count]
        for ref in refs:
            check_labels(ref)
        total, trials = len(refs), recorded(refs)
    else:
        chosen = families(only)
        total, trials = sum(count or family.count for family in chosen), made_trials(only, seed, count)
    with progress("trials", total) as bar:
        shown = _shown(trials, bar)
        tally = _Tally()
        write_corpus(folder, tally.over(changed(shown, names, seed) if names else shown))
    output().print(f"{folder}: {tally.words()}", markup=False, soft_wrap=True)


class _Tally:
    """Counts what is written."""

    def __init__(self) -> None:
        self.trials, self.rows = 0, 0

    def over(self, trials: Iterable[NewTrial]) -> Iterator[NewTrial]:
        """Pass the trials on, counted."""
        for trial in trials:
            self.trials += 1
            self.rows += len(trial.rows)
            yield trial

    def words(self) -> str:
        """Say how many there were."""
        return f"{self.trials} trial{'' if self.trials == 1 else 's'}, {self.rows / RATE_HZ / 3600:.2f} h"


def _shown(trials: Iterable[NewTrial], bar: Bar) -> Iterator[NewTrial]:
    for number, trial in enumerate(trials, 1):
        yield trial
        bar.done(number)


def _list() -> None:
    console = output()
    console.print("families of made motion, and how many trials of each:")
    for family in FAMILIES:
        console.print(f"  {family.name:<16}{family.count:>4}  {family.what}", markup=False)
    console.print("changes of a corpus:")
    for name, change in CHANGES.items():
        console.print(f"  {name:<20}  {change.what}", markup=False)
