"""UMAFall's own files: the sensor wanted, its axes, instants that are even though the stamps are not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT
from backbeat_host.lab.recordings.umafall_file import read_umafall, umafall_id

Text = Callable[..., str]


def written(folder: Path, text: str) -> Path:
    path = folder / "UMAFall_x.csv"
    path.write_text(text)
    return path


def test_axes_become_the_bodys_and_the_accelerations_y_is_turned_round(tmp_path: Path, umafall_text: Text) -> None:
    rows = read_umafall(written(tmp_path, umafall_text()))
    acceleration, rotation = rows[200, :3] * G_PER_COUNT, rows[200, 3:] * DPS_PER_COUNT
    # The sensor's x is up, z forward, y right; but the file's acceleration has y to the left.
    assert acceleration == pytest.approx([0.2, 0.1, 1.0], abs=0.001)
    assert rotation == pytest.approx([30, -20, 10], abs=0.1)
    assert read_umafall(tmp_path / "UMAFall_x.csv", "chest")[200, 2] == round(0.9 / G_PER_COUNT)


def test_late_packets_do_not_bend_what_was_felt(tmp_path: Path, umafall_text: Text) -> None:
    def swaying(at: float) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        return (1.0, 0.0, float(np.sin(2 * np.pi * at))), (0.0, 0.0, 0.0)

    rows = read_umafall(written(tmp_path, umafall_text(20, swaying)))
    assert len(rows) == pytest.approx(20 * 104, abs=10)
    forward = rows[100:-100, 0] * G_PER_COUNT
    t = np.arange(len(rows))[100:-100] / 104
    fit = np.linalg.lstsq(np.stack([np.sin(2 * np.pi * t), np.cos(2 * np.pi * t)], axis=1), forward, rcond=None)
    assert float(np.hypot(*fit[0])) == pytest.approx(1.0, abs=0.01)
    assert float(np.sqrt(fit[1][0] / len(t))) < 0.03  # as stamped it would be 0.1


def test_the_header_names_the_trial(tmp_path: Path, umafall_text: Text) -> None:
    assert umafall_id(written(tmp_path, umafall_text())) == "Subject_02_ADL_Jogging_1"
    with pytest.raises(InputError, match="no line '% ID"):
        umafall_id(written(tmp_path, "% a file\n"))


def without(text: str, start: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(start))


def without_samples(text: str, numbers: range) -> str:
    """Leave out these numbers."""
    lines = (line.split(";") for line in text.split("\n"))
    return "\n".join(";".join(words) for words in lines if not words[0].isdigit() or int(words[1]) not in numbers)


def shifted(text: str, number: int) -> str:
    """Let every sample from `number` on come two seconds later, as after a lost connection."""
    lines = []
    for line in text.split("\n"):
        words = line.split(";")
        if words[0].isdigit() and int(words[1]) >= number:
            words[0] = str(int(words[0]) + 2000)
        lines.append(";".join(words))
    return "\n".join(lines)


def test_a_fault_is_one_sentence(tmp_path: Path, umafall_text: Text) -> None:
    good = umafall_text()
    first = good.split("\n").index(next(line for line in good.split("\n") if line.endswith(";0;2"))) + 1
    broken = good.split("\n")
    broken[first - 1] = broken[first - 1].replace("1.0;0.1", "1.0;x")
    for text, said in (
        ("% only\n% a header\n", "no samples in it"),
        (without(good, "%C4:BE:84:71"), "no sensor at the waist; there are rightpocket, chest."),
        ("\n".join(broken), f"line {first}, column Y-Axis: 'x' is not a number"),
        (good.rstrip("\n") + "\n1;2;3\n", "3 columns; expected 7"),
        (good.replace(";1;2\n", ";1;9\n"), "0 samples of the rotation of the sensor at the waist"),
        (good + good.split("\n")[first - 1] + "\n", "comes twice"),
        (without_samples(good, range(60, 90)), "samples are missing after"),
        (shifted(good, 60), "samples are missing after 3"),
    ):
        with pytest.raises(InputError, match=said.replace("(", r"\(")) as caught:
            read_umafall(written(tmp_path, text))
        assert "\n" not in caught.value.message and caught.value.message.endswith(".")


@pytest.mark.corpus
def test_the_originals_jog_forward_upright(shared_corpora: Path) -> None:
    files = sorted((shared_corpora.parent / "originals" / "umafall").glob("*.csv"))
    assert files
    for path in files:
        rows = read_umafall(path).astype(float)
        assert rows[:100, 2].mean() * G_PER_COUNT == pytest.approx(1.0, abs=0.1)
        up = rows[:, 2] - rows[:, 2].mean()
        velocity = np.cumsum(up)
        velocity -= np.convolve(velocity, np.ones(104) / 104, mode="same")
        sway = rows[:, 0] - np.convolve(rows[:, 0], np.ones(104) / 104, mode="same")
        assert np.corrcoef(velocity[150:-150], sway[150:-150])[0, 1] > 0.2  # a runner's spring: forward with up
