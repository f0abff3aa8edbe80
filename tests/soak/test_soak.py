"""Half an hour of the soak on each of two boards, and that it would notice; `make soak` runs a day of it."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from backbeat import events
from backbeat.cues import Player
from backbeat.metronome import Metronome
from backbeat.record import Writer
from backbeat.session import Session

from .faults import GROUPS
from .program import soak, summary

ROOT = Path(__file__).parents[2]
EVENT = Writer.event
HOURS, LIVED, SEED = 0.5, 2, 6
BOARDS = ("Seeed_XIAO_nRF52840_Sense", "raspberry_pi_pico")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    return [soak(tmp_path_factory.mktemp(board), HOURS, LIVED, board) for board in BOARDS]


@pytest.mark.parametrize("number", range(len(BOARDS)), ids=BOARDS)
def test_half_an_hour_in_which_everything_goes_wrong_leaves_every_invariant_standing(worlds, number):
    assert worlds[number].failure == ""
    assert worlds[number].ns >= HOURS * 3600e9


def test_that_time_was_not_too_quiet_to_mean_anything(worlds):
    assert {fault.group for world in worlds for fault in world.lately} >= set(GROUPS) - {"cable"}
    told = sum((world.watch.told for world in worlds), Counter())
    assert all(told[name] for name in ("fall", "siren", "alarm_cancelled", "roll", "pause", "mark", "sensor_lost"))
    for world in worlds:
        beats = world.watch.beats
        assert world.watch.sessions > 10
        assert world.watch.drive.logs > 10
        assert beats.heard > 1500
        assert beats.good > 0.99 * (beats.heard - beats.stalled)


def test_the_same_seed_is_the_same_story(tmp_path):
    first, again, other = (summary(soak(tmp_path / str(run), 0.06, seed)) for run, seed in enumerate((5, 5, 6)))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("owner", "name", "broken", "said"),
    [
        (Player, "_poll_beat", lambda self, now: self._sounder.off() or setattr(self, "busy", False), "haptic was on"),
        (Metronome, "accented", lambda self: setattr(self, "due", self.due + 1) or False, "was due at"),
        (Metronome, "accented", lambda self: setattr(self, "kept", [*getattr(self, "kept", []), 0]) or False, "grows"),
        (
            Writer,
            "event",
            lambda self, ms, code, *abc: code == events.MARK or EVENT(self, ms, code, *abc),
            "is another",
        ),
        (Session, "_cancelled", lambda self, ticks, by: None, "cancel"),
        (Session, "sensor", lambda self, ticks, works: None, "the sensor's loss is told"),
        (Session, "_pause_or_resume", lambda self, ticks: None, "a press pauses or resumes"),
    ],
    ids=[
        "a stuck tone",
        "beats out of time",
        "a growing heap",
        "a record left out",
        "an alarm that goes on",
        "an untold loss",
        "a deaf button",
    ],
)
def test_the_soak_notices(tmp_path, monkeypatch, owner, name, broken, said):
    monkeypatch.setattr(owner, name, broken)
    failure = soak(tmp_path, 1, SEED).failure
    assert said in failure
    assert f"--seed {SEED}" in failure


def test_the_command_line_tells_what_happened_and_how_it_ended(tmp_path):
    command = [sys.executable, "-m", "tests.soak.program", "--hours", "0.02", "--seed", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("0.02 virtual hours, seed 4, Seeed XIAO nRF52840 Sense")
