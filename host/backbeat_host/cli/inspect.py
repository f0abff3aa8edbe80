"""`backbeat inspect`: one trial in one picture, with what the device felt, decided and weighed."""

from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

import click

from backbeat_host.cli.console import output
from backbeat_host.cli.options import settings_option
from backbeat_host.cli.outputs import check_outputs
from backbeat_host.cli.paths import InputPath, OutputPath
from backbeat_host.complaints import listed, short
from backbeat_host.errors import InputError
from backbeat_host.lab.inspection import inspect as look_into
from backbeat_host.lab.recordings.inputs import open_input
from backbeat_host.lab.recordings.trial import TrialRef
from backbeat_host.profile import chosen
from backbeat_host.runs.drawing.inspection.picture import check_suffix, draw

_NEAR = 5  # ids shown in a message
_NEAR_ENOUGH = 0.5


@click.command()
@click.argument("source", metavar="CORPUS", type=InputPath())
@click.argument("trial", metavar="TRIAL")
@click.option(
    "-o", "--out", metavar="FILE", type=OutputPath(), help="The picture, .png, .svg or .pdf [default: TRIAL.png]."
)
@click.option("--from", "from_s", metavar="S", type=float, help="Show from this second of the recording.")
@click.option("--to", "to_s", metavar="S", type=float, help="Show to this second of the recording.")
@settings_option
def inspect(
    source: Path, trial: str, out: Path | None, from_s: float | None, to_s: float | None, sources: tuple[str, ...]
) -> None:
    """Draw one trial: what was felt, what was true, what was decided, and what spoke for it.

    CORPUS is a corpus folder or any recording that `simulate` reads; TRIAL an id in it, or a pattern that fits one
    ('F02_SA01*'). The whole trial is run, whatever part of it is shown.
    """
    settings = chosen(sources)
    ref = _found(open_input(source), trial, source)
    path = out if out is not None else picture_path(ref.id)
    check_suffix(path)
    check_outputs([path], [source])
    draw(look_into(ref, settings.values, frozenset(settings.given), from_s, to_s), path)
    output().print(str(path), markup=False, soft_wrap=True)


def picture_path(trial: str) -> Path:
    """Name a trial's picture in the present folder, whatever the id holds."""
    name = "_".join(part for part in trial.replace("\\", "/").split("/") if part not in ("", ".", ".."))
    return Path(f"{name or 'trial'}.png")


def _found(refs: list[TrialRef], wanted: str, source: Path) -> TrialRef:
    """Find the one trial meant.

    Raises:
        InputError: there is none, or more than one; the message names some.
    """
    for ref in refs:
        if ref.id == wanted:
            return ref
    fitting = [ref for ref in refs if fnmatchcase(ref.id, wanted)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        shown = listed([ref.id for ref in fitting], _NEAR)
        raise InputError(f"{source}: {len(fitting)} trials fit '{short(wanted)}' ({shown}); name one of them.")
    ids = [ref.id for ref in refs]
    near = get_close_matches(wanted, ids, _NEAR, _NEAR_ENOUGH) or [*(i for i in ids if wanted in i), *ids][:_NEAR]
    shown = listed(near, len(near))
    raise InputError(f"{source}: no trial '{short(wanted)}'; near it are {shown} ({len(ids)} in all).")
