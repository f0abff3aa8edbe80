"""`backbeat corpus`: labelled recordings to score detection on."""

import json
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from backbeat_host.cli.console import output, progress
from backbeat_host.cli.corpus_make import make
from backbeat_host.cli.options import jobs_option
from backbeat_host.cli.paths import InputPath, OutputPath
from backbeat_host.complaints import listed
from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.importing.originals import DataSet, found, sisfall, umafall
from backbeat_host.lab.importing.run import import_files
from backbeat_host.lab.recordings.corpus_writer import check_place
from backbeat_host.lab.recordings.survey import Survey, survey
from backbeat_host.lab.recordings.umafall_file import POSITIONS

_ACTIVITIES_SHOWN = 40  # where there are more, as in motion capture with its thousand, the longest few
_FEW = 10
_IDS_SHOWN = 3


@click.group()
def corpus() -> None:
    """Labelled recordings to score detection on."""


@corpus.command("import")
@click.argument("form", metavar="sisfall|umafall", type=click.Choice(["sisfall", "umafall"]))
@click.argument("source", metavar="SRC", type=InputPath())
@click.argument("folder", metavar="DST", type=OutputPath())
@click.option("--position", type=click.Choice(POSITIONS), help="Which of UMAFall's sensors [default: waist].")
@jobs_option
def import_command(form: str, source: Path, folder: Path, position: str | None, jobs: int | None) -> None:
    """Turn a published data set in the folder SRC into a corpus: a new folder DST.

    The files are read as they were published, in folders or not; their known defects are corrected. A file that cannot
    be read is named, the others are imported, and the exit status is 1.
    """
    data_set = _data_set(form, position)
    files = found(data_set, source)
    check_place(folder)
    with progress("files", len(files)) as bar:
        done = import_files(data_set, files, folder, jobs, bar.done)
    output().print(f"{folder}: {_number(done.trials, 'trial')}, {done.hours:.2f} h", markup=False, soft_wrap=True)
    if done.failures:
        left_out = f"{len(done.failures)} of {_number(len(files), 'file')} could not be read; the corpus lacks them."
        raise WorkError("\n".join([*done.failures, left_out]))


def _data_set(form: str, position: str | None) -> DataSet:
    if form == "umafall":
        return umafall(position or POSITIONS[0])
    if position is not None:
        raise InputError("--position is for umafall; SisFall has one sensor, on the belt.")
    return sisfall()


@corpus.command()
@click.argument("folders", metavar="CORPUS...", nargs=-1, required=True, type=InputPath())
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON, one object a corpus, in a list.")
def show(folders: tuple[Path, ...], as_json: bool) -> None:
    """Tell what is in a corpus: trials, hours, people, activities, labels, clipping, and what makes no sense."""
    surveys = []
    with progress("corpora", len(folders)) as bar:
        for folder in folders:
            surveys.append(survey(folder))
            bar.done(len(surveys))
    if as_json:
        click.echo(json.dumps([each.as_json() for each in surveys], ensure_ascii=False, indent=1))
        return
    console = output()
    for number, each in enumerate(surveys):
        if number:
            console.print()
        _print(console, each)


def _print(console: Console, found: Survey) -> None:
    console.print(Text(found.name, style="bold"))
    lines = Table.grid(padding=(0, 1))
    lines.add_column(justify="right", no_wrap=True, min_width=8)
    lines.add_column(overflow="fold")
    for name, text in _facts(found):
        lines.add_row(Text(name, style="dim"), Text(text))
    console.print(lines)
    console.print(_activities(found))
    if not found.odd:
        console.print(Text("nothing odd", style="dim"))
    for what, ids in found.odd.items():
        named = f"{what}: {len(ids)} ({listed(ids, _IDS_SHOWN)})"
        console.print(Text.assemble(("odd ", "yellow"), named), soft_wrap=True)


def _facts(found: Survey) -> list[tuple[str, str]]:
    kinds = ", ".join(f"{kind} {share.trials} ({_hours(share.seconds)})" for kind, share in found.kinds.items())
    fewest, most = min(found.people.values()), max(found.people.values())
    each = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    labels = ", ".join(
        f"{name}{'' if count == found.trials else f' ({count})'}" for name, count in found.labels.most_common()
    )
    clipped = (
        f"{100 * found.clipped_samples / (found.seconds * 104):.4f} % of samples, in "
        f"{_number(found.clipped_trials, 'trial')}"
    )
    facts = [
        ("trials", f"{found.trials}, {_hours(found.seconds)}"),
        ("people", f"{len(found.people)}, with {each} trial{'' if most == 1 else 's'} each"),
        ("kinds", kinds),
        ("mounts", ", ".join(found.mounts)),
        ("labels", labels),
        ("clipped", clipped if found.clipped_samples else "nothing"),
    ]
    if found.steps:
        facts.append(("steps", f"{found.steps}"))
    if found.travel_known is not None:
        facts.append(("travel", f"known of {100 * found.travel_known:.1f} % of samples"))
    return facts


def _activities(found: Survey) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("kind", "activity"):
        table.add_column(name, overflow="fold")
    for name in ("trials", "length"):
        table.add_column(name, justify="right", no_wrap=True)
    rows = sorted(found.activities.items(), key=lambda row: (-row[1].seconds, row[0]))
    few = len(rows) if len(rows) <= _ACTIVITIES_SHOWN else _FEW
    rows, rest = rows[:few], rows[few:]
    for (kind, activity), share in sorted(rows, key=lambda row: (row[0][0], -row[1].trials, row[0][1])):
        table.add_row(Text(kind), Text(activity), f"{share.trials}", _hours(share.seconds))
    if rest:
        more = sum(share.trials for _, share in rest), sum(share.seconds for _, share in rest)
        table.add_row("", Text(f"{len(rest)} more activities"), f"{more[0]}", _hours(more[1]), style="dim")
    return table


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.2f} h" if seconds >= 360 else f"{seconds:.0f} s"


def _number(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


corpus.add_command(make)
