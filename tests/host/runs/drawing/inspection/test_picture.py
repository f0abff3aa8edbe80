"""The picture of an inspected trial: drawn of anything, quickly, the same each time."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawn

from backbeat_host.errors import InputError, WorkError
from backbeat_host.runs.drawing.inspection.picture import draw
from backbeat_host.runs.drawing.inspection.subject import Candidate, Figure, Steps, Subject

RATE = 104.0


def subject(seconds: float = 20.0, **more: Any) -> Subject:
    """Make a trial of steps at 120 a minute with a fall at half time."""
    t = np.arange(round(seconds * RATE)) / RATE
    acc = np.stack([np.sin(t), np.cos(t), 1000 + 400 * np.sin(4 * np.pi * t)], axis=1)
    blocks = np.tile([10.0, 0.0, 990.0, 5.0, -5.0, 0.0], (max(1, len(t) // 8 + 80), 1))
    steps = np.arange(0, seconds, 0.5)
    at = seconds / 2
    figures = [Figure("push", 4000, 6.0), Figure("upright after", 100, -4.7), Figure("bias", None, 0.3)]
    given: dict[str, Any] = {
        "title": "F01",
        "subtitle": "made for a test",
        "time_s": t,
        "acc_mg": acc,
        "rate_dps": acc / 10,
        "block_s": (np.arange(len(blocks)) + 1) * 8 / RATE - 2,
        "blocks": blocks,
        "rolling": np.arange(len(blocks)) % 50 > 45,
        "spm": np.full(len(blocks), 120.0),
        "heading": np.full(len(blocks), 170.0),
        "confidence": np.full(len(blocks), 30.0),
        "bounce": np.where(np.arange(len(blocks)) % 9, 0.3, np.nan),
        "events": [
            {"t": 1.0, "event": "travel", "travel": "backward", "heading": 180, "confidence": 90},
            {"t": 1.0, "event": "gait", "gait": "walk"},
            {"t": at + 0.2, "event": "suspect", "at": at, "peak_mg": 4000},
            {"t": at + 2.5, "event": "fall", "at": at, "direction": "backward", "peak_mg": 4000},
            {"t": at + 2.5, "event": "alarm", "countdown": 12.0},
        ],
        "candidates": [
            Candidate(at, at + 2.5, 4.0, figures, 1.6, "fall"),
            Candidate(1.0, 3.5, 2.0, [], None, "nothing"),
        ],
        "steps": Steps(steps, steps + 0.02, 0.02, [(n, n) for n in range(len(steps))]),
        "first": 0.0,
        "last": seconds,
        "rate": RATE,
        "labels": {"kind": "fall", "walking": [[0, 300]], "activity": "walking"},
        "speeds": np.column_stack([np.full(len(t), -1.2), np.zeros(len(t))]),
        "verdict": "fall told 2.5 s after the impact, backward",
        "right": True,
    }
    return Subject(**given | more)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_trial_gives_the_same_file(tmp_path: Path, suffix: str) -> None:
    for name in ("a", "b"):
        draw(subject(), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_a_hundred_seconds_are_drawn_quickly_into_a_small_picture(tmp_path: Path) -> None:
    draw(subject(5), tmp_path / "first.png")  # imports and fonts
    started = time.process_time()  # a busy machine is no fault
    draw(subject(100), tmp_path / "a.png")
    assert time.process_time() - started < 5
    picture = (tmp_path / "a.png").read_bytes()
    assert int.from_bytes(picture[16:20]) == 1680 and len(picture) < 1_500_000


def bare() -> Subject:
    none = np.empty(0)
    return subject(
        0.1, events=[], candidates=[], steps=Steps(none, none), labels={}, speeds=None, verdict="", right=None
    )


@pytest.mark.parametrize(
    "drawn",
    [
        bare(),
        subject(3, candidates=[], labels={"travel": "left"}, speeds=None),
        subject(20, first=4.0, last=6.0),
        subject(20, last=23.0),
        subject(20, speeds=np.full((2080, 2), np.nan)),
        subject(20, confidence=np.zeros(340), spm=np.zeros(340), bounce=np.full(340, np.nan)),
        replace(
            subject(200), candidates=[replace(c, at=at) for at in np.arange(0, 200, 0.7) for c in subject().candidates]
        ),
    ],
    ids=["bare", "no truth", "a part", "beyond the end", "speeds unknown", "nothing felt", "many impacts"],
)
def test_anything_is_drawn(tmp_path: Path, drawn: Subject) -> None:
    draw(drawn, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 10_000


@pytest.fixture
def figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Subject], Drawn]:
    """Draw a trial and give the figure that was saved."""

    def made(drawn: Subject) -> Drawn:
        saved: list[Drawn] = []
        monkeypatch.setattr(Drawn, "savefig", lambda self, path, **_: (saved.append(self), path.write_bytes(b"")))
        draw(drawn, tmp_path / "a.png")
        return saved[0]

    return made


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("length", [5, 60, 300])
def test_title_and_verdict_subtitle_and_note_never_overlap(figure: Callable[[Subject], Drawn], length: int) -> None:
    drawn = figure(subject(20, last=23.0, title="F" * length, subtitle="walking, " * (length // 5)))
    boxes = [text.get_window_extent() for text in drawn.texts[:4]]
    assert boxes[0].y0 > boxes[1].y1  # title, subtitle, verdict, note
    for left, right in ((0, 2), (1, 3)):
        assert boxes[left].x1 < boxes[right].x0 and boxes[left].width > 40


def test_what_was_told_is_marked_at_its_very_moment(figure: Callable[[Subject], Drawn]) -> None:
    events = [
        {"t": 5.04, "event": "fall", "at": 3.0, "direction": "backward", "peak_mg": 4000},
        {"t": 5.04, "event": "alarm", "countdown": 12.0},
    ]
    force = figure(subject(20, events=events)).axes[0]
    upright = [at for at, *others in (line.get_xdata() for line in force.lines) if others == [at]]
    assert "fall backward, alarm" in words(force)
    assert set(upright) == {3.0, 5.04}


def said_at_all(figure: Drawn) -> str:
    return "\n".join([*(text.get_text() for text in figure.texts), *(word for a in figure.axes for word in words(a))])


def test_a_panel_with_nothing_in_it_is_left_out_and_named(figure: Callable[[Subject], Drawn]) -> None:
    none = np.empty(0)
    still = {"confidence": np.zeros(340), "spm": np.zeros(340), "bounce": np.full(340, np.nan), "speeds": None}
    full, empty = figure(subject()), figure(subject(candidates=[], steps=Steps(none, none), **still))
    assert "left out" not in said_at_all(full)
    assert "left out, as there is nothing to show: how sure a fall, steps, cadence, bounce, heading" in said_at_all(
        empty
    )
    assert "Heading of travel" in said_at_all(full) and "Heading of travel" not in said_at_all(empty)
    part = figure(subject(first=2.0, last=6.0))  # the fall is later
    assert "left out, as there is nothing to show: how sure a fall" in said_at_all(part).splitlines()


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"kind": "fall", "fall_direction": "backward"}, ["fall backward, nobody marked when"]),
        ({"kind": "fall", "fall_direction": "unknown"}, ["fall, nobody marked when"]),
        ({"kind": "roll", "roll": {"from": 208, "to": 624}, "fall_direction": "forward"}, ["roll forward"]),
        ({"kind": "fall", "roll": {"from": 208, "to": 624}}, ["roll", "fall"]),
        ({"kind": "daily"}, None),
    ],
)
def test_the_first_row_says_what_a_trial_holds(
    figure: Callable[[Subject], Drawn], labels: dict[str, Any], said: list[str] | None
) -> None:
    decided = figure(subject(labels=labels, candidates=[])).axes[-1]
    rows = [label.get_text() for label in decided.get_yticklabels()]
    assert rows == ["truth"] * (said is not None) + ["travel", "gait", "alarm"]
    if said is not None:
        assert words(decided)[: len(said)] == said


@pytest.mark.parametrize(("known", "named"), [(np.nan, False), (-1.2, True)])
def test_a_true_speed_that_nobody_knows_is_not_named(
    figure: Callable[[Subject], Drawn], known: float, named: bool
) -> None:
    drawn = figure(subject(20, speeds=np.full((2080, 2), known)))
    assert any(word.startswith("true, up to") for axes in drawn.axes for word in words(axes)) is named


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.png, \.svg or \.pdf"):
        draw(subject(1), tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_it_says_what_to_install(tmp_path: Path, no_matplotlib: None) -> None:
    with pytest.raises(WorkError, match=r"pip install 'backbeat\[draw\]'"):
        draw(subject(1), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())
