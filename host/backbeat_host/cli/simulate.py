"""`backbeat simulate`: the firmware on recordings, without a board."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from backbeat_host.cli.console import messages, output, progress
from backbeat_host.cli.options import jobs_option, settings_option, trial_option
from backbeat_host.cli.outputs import check_outputs, write_together
from backbeat_host.cli.paths import InputPath, OutputPath
from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.inputs import all_trials
from backbeat_host.lab.recordings.trial import TrialRef
from backbeat_host.lab.simulate import Options, Outcome, simulate_all, write_log, write_sound
from backbeat_host.lab.simulate import simulate as simulate_one
from backbeat_host.profile import chosen
from backbeat_host.runs.jsonl import write_events
from backbeat_host.runs.timeline import print_summary, print_timeline, summarise

_TIMELINES = 3  # of more trials the table says enough


@click.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True, type=InputPath())
@trial_option
@settings_option
@click.option("--from", "from_s", metavar="S", type=float, help="Begin at this second of the recording.")
@click.option("--to", "to_s", metavar="S", type=float, help="End at this second of the recording.")
@click.option("--events", metavar="FILE", help="Write the events as JSON lines; - is standard output.")
@click.option("--steps", is_flag=True, help="Let --events hold every step.")
@click.option("--beats", is_flag=True, help="Let --events hold every beat.")
@click.option("--wav", metavar="FILE", type=OutputPath(), help="Write what the wearer hears (one trial).")
@click.option("--log", "log_folder", metavar="DIR", type=OutputPath(), help="Leave each log as DIR/TRIAL.bbl.")
@click.option("--core", is_flag=True, help="The core alone, without the virtual board: the same events, sooner.")
@click.option("--no-pad", is_flag=True, help="Leave out the 2 s of stillness before and the 5 s after.")
@jobs_option
def simulate(
    inputs: tuple[Path, ...],
    trial: str | None,
    sources: tuple[str, ...],
    from_s: float | None,
    to_s: float | None,
    events: str | None,
    steps: bool,
    beats: bool,
    wav: Path | None,
    log_folder: Path | None,
    core: bool,
    no_pad: bool,
    jobs: int | None,
) -> None:
    """Run the firmware on recordings, on a virtual board and in virtual time.

    INPUT is a corpus folder, a CSV recording (time_s,acc_x_g,acc_y_g,acc_z_g,gyro_x_dps,gyro_y_dps,gyro_z_dps; also
    .gz), an original SisFall file, or a Backbeat log (.bbl), whose raw windows are the trials.
    """
    settings = chosen(sources)
    refs = all_trials(inputs, trial)
    if wav is not None and len(refs) > 1:
        raise InputError(f"--wav takes one trial, and {len(refs)} are given; choose one with --trial.")
    logs = [log_path(log_folder, ref.id) for ref in refs] if log_folder is not None else []
    lines = Path(events) if events not in (None, "-") else None
    check_outputs([path for path in (*logs, wav, lines) if path is not None], inputs)
    told = len(refs) <= _TIMELINES
    options = Options(
        values=settings.values,
        given=frozenset(settings.given),
        from_s=from_s,
        to_s=to_s,
        pad=not no_pad,
        core=core,
        steps=steps or told,
        beats=beats or told,
        keep_log=log_folder is not None,
        keep_sound=wav is not None,
    )
    outcomes = _run(refs, options, jobs)
    hidden = ({"step"} if not steps else set()) | ({"beat"} if not beats else set())
    wanted = [event for one in outcomes for event in one.events if event["event"] not in hidden]
    writers: dict[Path, Callable[[Path], object]] = {}
    if log_folder is not None:
        writers.update({log_path(log_folder, one.trial): partial(write_log, one) for one in outcomes})
    if wav is not None:
        writers[wav] = partial(write_sound, outcomes[0])
    if lines is not None:
        writers[lines] = partial(write_events, wanted)
    write_together(writers)
    if events == "-":
        write_events(wanted, "-")
    console = messages() if events == "-" else output()
    if told:
        for outcome in outcomes:
            print_timeline(console, outcome.trial, outcome.events)
    print_summary(console, [summarise(one.trial, one.events, one.seconds, from_s or 0.0) for one in outcomes])


def log_path(folder: Path, trial: str) -> Path:
    """Where a trial's log goes: its id as a path below `folder`, whatever the id holds."""
    parts = [part for part in trial.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return folder.joinpath(*parts[:-1], f"{parts[-1] if parts else 'trial'}.bbl")


def _run(refs: list[TrialRef], options: Options, jobs: int | None) -> list[Outcome]:
    if len(refs) == 1:
        trial = refs[0].load()
        with progress(trial.id, 1) as bar:
            return [simulate_one(trial, options, bar.done)]
    outcomes = []
    with progress("trials", len(refs)) as bar:
        for outcome in simulate_all(refs, options, jobs):
            outcomes.append(outcome)
            bar.done(len(outcomes))
    return outcomes
