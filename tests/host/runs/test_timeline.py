import io
import re

import pytest
from rich.console import Console

from backbeat import names
from backbeat_host.runs.summary import summarise
from backbeat_host.runs.timeline import print_summary, print_timeline
from backbeat_host.runs.words import clock, symbol, words

RUN = [
    {"t": -2.0, "event": "session_start", "session": 12},
    {"t": 2.0, "event": "gait", "gait": "walk"},
    {"t": 4.0, "event": "travel", "travel": "backward", "heading": 178, "confidence": 86},
    {"t": 10.0, "event": "beat", "n": 0, "due": 9.9996, "accent": True},
    {"t": 10.3, "event": "step"},
    {"t": 10.8, "event": "step"},
    {"t": 15.8, "event": "step"},
    {"t": 16.3, "event": "step"},
    {"t": 30.0, "event": "roll", "at": 27.5, "rotation": 358, "duration": 1.6},
    {"t": 60.0, "event": "gait", "gait": "run"},
    {"t": 65.0, "event": "fall", "at": 62.3, "direction": "backward", "peak_mg": 6200},
    {"t": 65.0, "event": "alarm", "countdown": 12.0},
    {"t": 77.0, "event": "siren"},
    {"t": 90.0, "event": "alarm_cancelled", "by": "steps"},
    {"t": 98.0, "event": "session_end", "reason": "button"},
]


def shown(action, *args, width=80, encoding="utf-8", **options):
    """Give what a console without colour shows, line by line."""
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding=encoding, write_through=True), width=width, **options)
    action(console, *args)
    return raw.getvalue().decode(encoding).splitlines()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0:00.0"), (545.3, "9:05.3"), (-1.25, "-0:01.2"), (59.96, "1:00.0"), (-0.04, "0:00.0"), (3725, "62:05.0")],
)
def test_times_are_minutes_and_seconds(seconds, told):
    assert clock(seconds) == told


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            {"event": "fall", "at": 545.3, "direction": "backward", "peak_mg": 6200},
            "fall backward, peak 6.2 g, at 9:05.3",
        ),
        ({"event": "fall", "direction": "unknown"}, "fall, direction unknown"),
        ({"event": "roll", "rotation": 358, "duration": 1.6}, "roll 358 degrees in 1.6 s"),
        (
            {"event": "travel", "travel": "backward", "heading": 178, "confidence": 86},
            "travel backward (heading 178, 86 % sure)",
        ),
        ({"event": "travel", "travel": "still"}, "travel still"),
        ({"event": "alarm", "countdown": 12.0}, "alarm: 12 s to cancel"),
        ({"event": "alarm_cancelled", "by": "steps"}, "cancelled by steady steps"),
        ({"event": "cue", "cue": "glance_left"}, "cue: glance left"),
        ({"event": "segment", "segment": 3}, "segment 3"),
        ({"event": "siren"}, "siren"),
        ({"event": "mount_forward", "axes": [0, -1000, 3]}, "mount found: forward is [0, -1000, 3]"),
        (
            {"event": "roll_score", "peak_mg": 2400, "straightness": 93, "upright": 1.9},
            "its score: 93 % straight, hardest 2.4 g, upright after 1.9 s",
        ),
    ],
)
def test_events_are_told_in_the_words_of_the_design(event, told):
    assert words({"trial": "a", "t": 0.0, **event}) == told


@pytest.mark.parametrize("name", names.EVENTS)
def test_every_event_has_words_and_symbols_even_without_its_fields(name):
    event = {"trial": "a", "t": 0.0, "event": name}
    assert words(event)
    assert len(symbol(event)) == 1
    assert symbol(event, ascii_only=True).isascii()


def test_the_timeline_is_plain_text_when_piped_and_fits_eighty_columns():
    lines = shown(print_timeline, "D17_[bold]_R01", RUN)
    assert lines[0] == "D17_[bold]_R01"
    assert "\x1b" not in "".join(lines)
    assert max(map(len, lines)) <= 80
    assert "  1:05.0 ▼ fall backward, peak 6.2 g, at 1:02.3" in [line.rstrip() for line in lines]
    assert " -0:02.0 ▸ session 12 starts" in [line.rstrip() for line in lines]


def test_steps_and_beats_are_counted_not_listed():
    lines = shown(print_timeline, "a", RUN)
    assert lines[-1].strip() == "4 steps, 1 beat"
    assert len(lines) == 2 + len(RUN) - 5


def test_a_terminal_gets_colour():
    assert any(
        "\x1b[" in line for line in shown(print_timeline, "a", RUN, force_terminal=True, color_system="standard")
    )


def test_a_console_without_unicode_is_told_in_ascii():
    assert all(line.isascii() for line in shown(print_timeline, "a", RUN, encoding="ascii"))
    many = [summarise(name, RUN, 100.0) for name in "ab"]
    assert all(line.isascii() for line in shown(print_summary, many, encoding="ascii"))


def test_a_run_without_events_is_told_as_such():
    assert "nothing happened" in shown(print_timeline, "a", [])[1]


def test_shares_of_time_are_those_between_changes_and_sum_to_one():
    run = summarise("a", RUN, 100.0)
    assert run.gait == pytest.approx({"walk": 0.58, "run": 0.40, "unknown": 0.02})
    assert run.travel == pytest.approx({"backward": 0.96, "unknown": 0.04})
    assert sum(run.gait.values()) == pytest.approx(1)


def test_a_change_in_the_lead_in_counts_from_the_recordings_beginning():
    run = summarise("a", [{"t": -1.0, "event": "gait", "gait": "still"}], 10.0)
    assert run.gait == {"still": 1.0}


def test_cadence_is_that_of_the_time_spent_stepping():
    run = summarise("a", RUN, 100.0)
    assert (run.steps, run.beats) == (4, 1)
    assert run.cadence_spm == pytest.approx(120)
    assert run.worst_beat_ms == pytest.approx(0.4)


def test_a_summary_without_steps_or_beats_has_no_cadence_and_no_lateness():
    run = summarise("a", [], 0.0)
    assert (run.cadence_spm, run.worst_beat_ms, run.travel, run.falls) == (None, None, {}, [])


def test_one_run_is_summed_up_in_a_few_lines():
    text = "\n".join(shown(print_summary, [summarise("a", RUN, 100.0)]))
    assert "1 fall, 1 roll, 1 alarm, 1 siren" in text
    assert "backward, peak 6.2 g, at 1:02.3" in text
    assert "walk 58, run 40, unknown 2 %" in text
    assert "4, 120.0 a minute" in text
    assert "1, the worst 0.4 ms off" in text


def test_several_runs_are_a_table_with_totals():
    quiet = summarise("D01_SA01_R01", [], 100.0)
    lines = shown(print_summary, [summarise("F10_SA01_R01", RUN, 100.0), quiet])
    assert max(map(len, lines)) <= 80
    rows = {line.split()[0]: re.split(r"\s{2,}|(?<=[-\d.]) (?=[-\d])", line.strip()) for line in lines if line.strip()}
    assert rows["F10_SA01_R01"][1:] == ["1:40.0", "1", "1", "-", "1", "1:02.3 backward"]
    assert rows["D01_SA01_R01"][1:] == ["1:40.0", "-", "-", "-", "-", "-"]
    assert rows["2"][:3] == ["2 trials", "3:20.0", "1"]
