"""`backbeat train`: the same bytes from the same data, a score by subject, and refusals that write nothing."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from backbeat_host.cli.train import train
from backbeat_host.lab.runner.acts import Act, Fall, Lie, Run, Stand
from backbeat_host.lab.runner.synthetic import synthetic

PEOPLE = ("anna", "ben", "cleo", "dan")
WAYS = ("backward", "forward", "left")


def lie_down() -> np.ndarray:
    """Counts of someone who sits, lets himself down on his back with a bump, and lies."""
    rows = np.zeros((1000, 6))
    rows[:, 2] = 2049
    turn = slice(500, 560)
    angle = np.linspace(0, np.pi / 2, 60)
    rows[turn, 0], rows[turn, 2] = 2049 * np.sin(angle), 2049 * np.cos(angle)
    rows[turn, 4] = -90 / 60 * 104 / 0.07
    rows[560:, 0], rows[560:, 2] = 2049, 0
    rows[556:562, 0] = 3500
    return rows.round().astype(np.int16)


def trials() -> list[tuple[dict[str, str], np.ndarray]]:
    made = []
    for number, person in enumerate(PEOPLE):
        for way in WAYS:
            script: list[Act] = [Stand(3), Run("backward", 4), Fall(way), Lie(4)]
            labels = {"kind": "fall", "fall_direction": way}
            made.append(({**labels, "subject": person}, synthetic(script, 10 * number + len(way)).rows))
        noise = np.random.default_rng(number).normal(0, 12, (1000, 6))
        made.append(({"kind": "daily", "subject": person}, (lie_down() + noise).round().astype(np.int16)))
    return made


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_down(tmp_path_factory.mktemp("train") / "ours", trials())


def laid_down(folder: Path, parts: list[tuple[dict[str, str], np.ndarray]]) -> Path:
    folder.mkdir()
    np.save(folder / "samples.npy", np.concatenate([rows for _, rows in parts]))
    lines, start = [], 0
    for number, (labels, rows) in enumerate(parts):
        lines.append(json.dumps({"id": f"t{number}", "start": start, "length": len(rows), **labels}))
        start += len(rows)
    (folder / "trials.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def run(*words: object) -> Result:
    result = CliRunner().invoke(train, [str(word) for word in words], prog_name="backbeat train")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refusal(result: Result, code: int = 2) -> str:
    assert result.exit_code == code, result.stderr
    said = result.stderr.strip().rpartition("Error: ")[2]
    assert "Traceback" not in result.stderr and "\n" not in said and said.endswith("."), result.stderr
    return said


def test_the_same_data_gives_the_same_bytes_however_many_processes(corpus: Path, tmp_path: Path) -> None:
    for name, jobs in (("one", 1), ("two", 2)):
        assert run(corpus, "--folds", 3, "--jobs", jobs, "-o", tmp_path / f"{name}.py").exit_code == 0
    one = (tmp_path / "one.py").read_bytes()
    assert one == (tmp_path / "two.py").read_bytes()
    names: dict[str, object] = {}
    exec(compile(one, "weights.py", "exec"), names)
    assert len(names["WEIGHTS"]) == 7  # type: ignore[arg-type]
    assert f"Data: ours, {len(trials())} trials of {len(PEOPLE)} people" in one.decode()
    assert "--folds 3 --seed 1" in one.decode()


def test_it_prints_the_score_by_subject(corpus: Path) -> None:
    result = run(corpus, "--folds", 2, "--jobs", 1)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].strip() == "By subject, 2 folds"
    assert [line.split()[0] for line in lines[2:5]] == ["low", "normal", "high"]
    assert "100.00 %" in lines[3]


def test_the_date_is_the_newest_datas_or_what_is_given(corpus: Path, tmp_path: Path) -> None:
    for name in ("samples.npy", "trials.jsonl"):
        os.utime(corpus / name, (0, 86_400 * 365))
    target = tmp_path / "weights.py"
    run(corpus, "--folds", 2, "--jobs", 1, "-o", target)
    assert "Date: 1971-01-01" in target.read_text()
    run(corpus, "--folds", 2, "--jobs", 1, "-o", target, "--date", "2026-05-04")
    assert "Date: 2026-05-04" in target.read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--date", "soon"], "expected YYYY-MM-DD"),
        (["--folds", "1"], "not in the range"),
        (["--folds", "9"], "--folds 9 needs 9; give fewer folds"),
        (["--jobs", "1", "--dask", "tcp://x:1"], "exclude each other"),
        (["-o", "{corpus}/samples.npy"], "would be written over"),
    ],
)
def test_what_makes_no_sense_is_refused(corpus: Path, words: list[str], said: str) -> None:
    before = (corpus / "samples.npy").read_bytes()
    assert said in refusal(run(corpus, *(word.format(corpus=corpus) for word in words)))
    assert (corpus / "samples.npy").read_bytes() == before


def test_falls_alone_teach_nothing_and_nothing_is_written(tmp_path: Path) -> None:
    folder = laid_down(tmp_path / "falls", [part for part in trials() if part[0]["kind"] == "fall"])
    assert "too little to learn from" in refusal(run(folder, "--jobs", 1, "--folds", 2, "-o", tmp_path / "w.py"))
    assert not (tmp_path / "w.py").exists()


def test_a_trial_without_a_subject_is_named(tmp_path: Path) -> None:
    parts = [({"kind": "daily"}, lie_down())]
    said = refusal(run(laid_down(tmp_path / "nobody", parts), "--jobs", 1))
    assert "trials.jsonl, line 1, trial t0: no 'subject'" in said


def test_a_place_that_cannot_be_written_is_told_before_the_work(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refusal(run(corpus, "-o", tmp_path / "file" / "w.py"))
