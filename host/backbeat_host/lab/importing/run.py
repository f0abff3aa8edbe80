"""Many original files into one corpus, on several processes; what cannot be read is named and stops nothing else."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab.core import Progress
from backbeat_host.lab.importing.originals import DataSet
from backbeat_host.lab.recordings.corpus_writer import NewTrial, check_place, write_corpus
from backbeat_host.lab.recordings.trial import RATE_HZ
from backbeat_host.lab.workers import on_processes

_FEW = 16  # fewer files are read sooner than another process begins


@dataclass
class Imported:
    """What an import brought: so many trials and rows, and a sentence for each file that is not among them."""

    trials: int = 0
    rows: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def hours(self) -> float:
        """How long all trials last together."""
        return self.rows / RATE_HZ / 3600


def import_files(
    data_set: DataSet, files: Sequence[Path], folder: Path, jobs: int | None = None, progress: Progress | None = None
) -> Imported:
    """Write a corpus of `files`, in their order; `progress` is told how many have been read.

    Raises:
        InputError: `folder` is taken.
        WorkError: not one file can be read (nothing is written then), or the corpus cannot be written.
    """
    check_place(folder)
    done = Imported()
    trials = _trials(data_set, files, done, jobs, progress)
    first = next(trials, None)
    if first is None:
        raise WorkError("\n".join([*done.failures, f"{folder}: not written, for none of the files could be read."]))

    def all_of_them() -> Iterator[NewTrial]:
        yield first
        yield from trials

    write_corpus(folder, all_of_them())
    return done


def _trials(
    data_set: DataSet, files: Sequence[Path], done: Imported, jobs: int | None, progress: Progress | None
) -> Iterator[NewTrial]:
    """Give the trials one after the other, and keep count in `done`."""
    taken: dict[str, Path] = {}
    read = on_processes(partial(_read_one, data_set.read), files, jobs if len(files) >= _FEW else 1)
    for number, (path, trial) in enumerate(zip(files, read, strict=True), 1):
        if isinstance(trial, str):
            done.failures.append(trial)
        elif trial.id in taken:
            done.failures.append(f"{path}: a trial of that name was read from {taken[trial.id]}; keep one of the two.")
        else:
            taken[trial.id] = path
            done.trials += 1
            done.rows += len(trial.rows)
            yield trial
        if progress is not None:
            progress(number)


def _read_one(read: Callable[[Path], NewTrial], path: Path) -> NewTrial | str:
    """Read a file; give a sentence where that fails."""
    try:
        trial = read(path)
        if len(trial.rows) < 2:
            raise InputError(f"{path}: shorter than two samples at 104 Hz; a trial needs at least 2.")
    except InputError as error:
        return error.message
    return trial
