"""`backbeat train`: the weights of a fall, from recordings of people who fall and people who do not."""

from datetime import date as day
from functools import partial
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from backbeat_host.cli.console import output, progress
from backbeat_host.cli.options import dask_option, jobs_option
from backbeat_host.cli.outputs import check_outputs, write_together
from backbeat_host.cli.paths import InputPath, OutputPath
from backbeat_host.errors import InputError
from backbeat_host.lab.evaluate import lay_out
from backbeat_host.lab.scores.intervals import Share
from backbeat_host.lab.train import module
from backbeat_host.lab.train.fit import ODDS
from backbeat_host.lab.train.training import THRESHOLDS, Learnt, data_of, learn, newest

_NAMES = ("low", "normal", "high")
_WORST = 10  # trials shown


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else day.fromisoformat(value).isoformat()
    except ValueError as error:
        raise click.BadParameter(f"'{value}' is not a day; expected YYYY-MM-DD.") from error


@click.command()
@click.argument("corpora", metavar="CORPUS...", nargs=-1, required=True, type=InputPath())
@click.option("--folds", metavar="N", type=click.IntRange(2), default=5, show_default=True, help="Folds of people.")
@click.option("--seed", metavar="N", type=click.IntRange(0), default=1, show_default=True, help="Shuffles the people.")
@click.option(
    "--date", callback=_day, metavar="YYYY-MM-DD", help="The date in the module [default: the newest data's]."
)
@jobs_option
@dask_option
@click.option(
    "-o", "--output", "target", metavar="FILE", type=OutputPath(), help="Write the module, for sense/weights.py."
)
def train(
    corpora: tuple[Path, ...],
    folds: int,
    seed: int,
    date: str | None,
    jobs: int | None,
    address: str | None,
    target: Path | None,
) -> None:
    """Learn what tells a fall from daily life, and score it on people left out.

    CORPUS is a folder of recordings with labels. The device's own code says what it weighs at each impact; a linear
    model is fitted to that. The same data, folds and seed give the same bytes.
    """
    if address is not None and jobs is not None:
        raise InputError("--jobs and --dask exclude each other: a cluster has its own workers; leave one out.")
    if address is not None:
        corpora = tuple(path.absolute() for path in corpora)  # a worker may stand in another folder
    entries = lay_out(corpora)
    if target is not None:
        check_outputs([target], [path / name for path in corpora for name in ("samples.npy", "trials.jsonl")])
    with progress("trials", len(entries)) as bar:
        learnt = learn(entries, folds, seed, jobs, address, bar.done)
    _show(learnt, folds)
    if target is not None:
        origin = module.Origin(data_of(entries), date or newest(entries), f"--folds {folds} --seed {seed}")
        text = module.text(learnt.weights, THRESHOLDS, learnt.scores, origin)
        write_together({target: partial(module.write, text)})


def _show(learnt: Learnt, folds: int) -> None:
    console = output()
    table = Table(title=f"By subject, {folds} folds", title_justify="left", box=None, pad_edge=False)
    table.add_column("sensitivity")
    for name in ("falls told", "falls backward told", "others left alone"):
        table.add_column(name, justify="right")
    for name, score in zip(_NAMES, learnt.scores, strict=True):
        table.add_row(name, _share(score.sensitivity), _share(score.backward), _share(score.specificity))
    console.print(table)
    wrong = learnt.wrong()
    for name, one in wrong[:_WORST]:
        what = "a fall not told" if one.case.fall else "called a fall"
        odds = f"log odds {one.odds / ODDS:.1f}" if len(one.case.figures) else "no impact weighed"
        console.print(f"{escape(name)}: {what} ({odds})")
    if len(wrong) > _WORST:
        console.print(f"... and {len(wrong) - _WORST} more")


def _share(share: Share) -> str:
    if share.rate is None or share.interval is None:
        return "-"
    low, high = share.interval
    return f"{100 * share.rate:.2f} % [{100 * low:.1f}, {100 * high:.1f}]"
