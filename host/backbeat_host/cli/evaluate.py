"""`backbeat evaluate`: how good the detection is, on corpora with labels."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from backbeat_host.cli.console import messages, output, progress
from backbeat_host.cli.options import dask_option, jobs_option, settings_option, trial_option
from backbeat_host.cli.outputs import check_outputs, write_together
from backbeat_host.cli.paths import InputPath, OutputPath
from backbeat_host.complaints import listed
from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.evaluate import Bench, Report, lay_out
from backbeat_host.lab.evaluate import evaluate as evaluate_all
from backbeat_host.lab.peers import low_pass_steps
from backbeat_host.lab.report.page import jinja, write_page
from backbeat_host.lab.report.plain import write_json
from backbeat_host.lab.report.terminal import print_report
from backbeat_host.lab.simulate import Options
from backbeat_host.profile import chosen
from backbeat_host.runs.jsonl import write_events

_NAMED = 10  # failed trials, in the last sentence


@click.command()
@click.argument("corpora", metavar="CORPUS...", nargs=-1, required=True, type=InputPath())
@trial_option
@settings_option
@click.option("--core", is_flag=True, help="The core alone; so it is by default.")
@click.option(
    "--board", is_flag=True, help="The whole virtual board: the same events within 30 ms, four times as long."
)
@click.option("--peers", is_flag=True, help="Other people's rules beside ours.")
@click.option("--events", metavar="FILE", help="Write all events, steps included, as JSON lines; - is standard output.")
@click.option("--json", "json_file", metavar="FILE", type=OutputPath(), help="Write every figure as JSON.")
@click.option("--html", "html_file", metavar="FILE", type=OutputPath(), help="Write the report as a page.")
@jobs_option
@dask_option
def evaluate(
    corpora: tuple[Path, ...],
    trial: str | None,
    sources: tuple[str, ...],
    core: bool,
    board: bool,
    peers: bool,
    events: str | None,
    json_file: Path | None,
    html_file: Path | None,
    jobs: int | None,
    address: str | None,
) -> None:
    """Score the firmware on labelled recordings: falls, false alarms, steps, cadence, travel, rolls, stumbles.

    CORPUS is a folder of recordings with labels; several are scored each and together, made recordings always apart
    from real ones. A trial that fails does not stop the others: it is named at the end.
    """
    if address is not None and jobs is not None:
        raise InputError("--jobs and --dask exclude each other: a cluster has its own workers; leave one out.")
    if core and board:
        raise InputError(
            "--core and --board exclude each other: the core alone, or the whole virtual board; leave one out."
        )
    settings = chosen(sources)
    if address is not None:
        corpora = tuple(path.absolute() for path in corpora)  # a worker may stand in another folder
    entries = lay_out(corpora, trial)
    lines = Path(events) if events not in (None, "-") else None
    inputs = [path / name for path in corpora for name in ("samples.npy", "trials.jsonl", "travel.npy")]
    check_outputs([path for path in (lines, json_file, html_file) if path is not None], inputs)
    if html_file is not None:
        jinja()
    if peers:
        low_pass_steps.signal()
    options = Options(values=settings.values, given=frozenset(settings.given), core=not board)
    bench = Bench(options, peers=peers, events=events is not None)
    with progress("trials", len(entries)) as bar:
        report, told = evaluate_all(entries, bench, jobs, address, bar.done)
    writers: dict[Path, Callable[[Path], object]] = {}
    if lines is not None:
        writers[lines] = partial(write_events, told)
    if json_file is not None:
        writers[json_file] = partial(write_json, report)
    if html_file is not None:
        writers[html_file] = partial(write_page, report)
    print_report(messages() if events == "-" else output(), report)  # first: what took long is not lost to a full disk
    write_together(writers)
    if events == "-":
        write_events(told, "-")
    _tell_failures(report, len(entries))


def _tell_failures(report: Report, trials: int) -> None:
    if not report.failed:
        return
    named = listed([trial for trial, _ in report.failed], _NAMED)
    why = "; ".join(dict.fromkeys(why.rstrip(".") for _, why in report.failed[:3]))
    raise WorkError(f"{len(report.failed)} of {trials} trials failed and are not scored: {named} ({why}).")
