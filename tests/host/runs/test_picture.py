import time

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from backbeat_host.errors import InputError, WorkError
from backbeat_host.runs.drawing.labels import Label, arrange
from backbeat_host.runs.picture import RunPicture, draw

RATE = 104


def walker(seconds, events=(), **more):
    """Make a run of steps at 120 a minute with a fall's impact at 40 % of its time."""
    t = np.arange(int(seconds * RATE)) / RATE - 2
    acc = np.zeros((len(t), 3), np.int16)
    acc[:, 2] = 1000 + 400 * np.sin(4 * np.pi * t)
    acc[int(0.4 * len(t)), 0] = 6000
    at = float(t[int(0.4 * len(t))])
    told = [
        {"t": 2.0, "event": "travel", "travel": "backward", "heading": 180, "confidence": 90},
        {"t": 3.0, "event": "gait", "gait": "walk"},
        *({"t": float(x), "event": "step"} for x in np.arange(0, seconds - 3, 0.5)),
        {"t": at + 0.5, "event": "suspect", "at": at, "peak_mg": 6000},
        {"t": at + 2.5, "event": "fall", "at": at, "direction": "backward", "peak_mg": 6000},
        {"t": at + 2.5, "event": "alarm", "countdown": 12.0},
    ]
    return RunPicture("A run", t, acc, np.zeros((len(t), 3)), [*told, *events], **more)


def test_ten_minutes_are_drawn_quickly_into_a_small_picture(tmp_path):
    truth = [{"kind": "walk", "travel": "backward", "from": 0, "to": 400}, {"kind": "fall", "from": 400, "to": 402}]
    draw(walker(60), tmp_path / "first.png")  # imports and fonts
    started = time.process_time()  # a busy machine is no fault
    draw(walker(600, target_spm=120.0, truth=truth, subtitle="walking"), tmp_path / "run.png")
    assert time.process_time() - started < 5
    picture = (tmp_path / "run.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 1680
    assert len(picture) < 400_000


def test_an_svg_is_self_contained_and_the_same_each_time(tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(walker(30), tmp_path / name)
    svg = (tmp_path / "a.svg").read_text()
    assert "</svg>" in svg
    assert "font-family" not in svg
    assert svg == (tmp_path / "b.svg").read_text()


@pytest.mark.parametrize("seconds", [0.05, 3, 20])
def test_a_run_without_events_is_drawn(tmp_path, seconds):
    bare = walker(seconds)
    draw(RunPicture("", bare.time_s, bare.acc_mg, bare.rate_dps, []), tmp_path / "run.png")
    assert (tmp_path / "run.png").exists()


def test_a_run_with_gaps_and_events_in_them_is_drawn(tmp_path):
    run = walker(60, [{"t": 31.0, "event": "roll", "at": 29.0, "rotation": 350, "duration": 1.5}])
    kept = (run.time_s < 25) | (run.time_s > 40)
    draw(RunPicture("", run.time_s[kept], run.acc_mg[kept], run.rate_dps[kept], run.events), tmp_path / "run.png")
    assert (tmp_path / "run.png").exists()


def test_every_cue_of_a_run_like_the_demos_is_named(tmp_path, monkeypatch):
    kinds = ["start", "glance_left", "glance_right", "roll", "countdown", "siren"]
    saved = []
    monkeypatch.setattr(Figure, "savefig", lambda self, path, **_: (saved.append(self), path.write_bytes(b"")))
    draw(
        walker(60, [{"t": 5.0 * at, "event": "cue", "cue": kind} for at, kind in enumerate(kinds)]), tmp_path / "a.png"
    )
    (legend,) = [found for axes in saved[0].axes if (found := axes.get_legend())]
    assert [text.get_text() for text in legend.get_texts()] == [kind.replace("_", " ") for kind in kinds]


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"\.png or a \.svg"):
        draw(walker(5), tmp_path / "run.gif")
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_it_says_what_to_install(tmp_path, no_matplotlib):
    with pytest.raises(WorkError, match=r"pip install 'backbeat\[draw\]'"):
        draw(walker(5), tmp_path / "run.png")
    assert not list(tmp_path.iterdir())


def test_samples_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="two samples or more"):
        RunPicture("", np.arange(3.0), np.zeros((2, 3)), np.zeros((3, 3)), [])


def panel() -> Axes:
    figure = Figure(figsize=(8, 2))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 100)
    return axes


@pytest.mark.parametrize("lean", [False, True])
def test_labels_never_overlap_and_what_matters_most_is_named_first(lean):
    labels = [Label(x, 1.0, f"stumble {x}", "#000000", rank=2) for x in range(0, 101, 2)]
    fall = Label(51, 1.0, "fall backward", "#000000", rank=0)
    placed = arrange(panel(), [*labels, fall], 3, lean=lean)
    assert placed[0].label is fall
    assert 5 < len(placed) < len(labels)
    for one in placed:
        assert 0 <= one.start < one.end <= 100
        for other in placed:
            if other is not one and other.lane == one.lane:
                assert one.end <= other.start or other.end <= one.start
            if other.lane < one.lane:
                assert not other.start < one.label.x < other.end
