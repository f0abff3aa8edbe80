"""The whole core in MicroPython: the same to the bit as on the laptop, and nothing allocated while it runs."""

import ast
from pathlib import Path

import numpy as np
import pytest

from backbeat_host.lab.recordings.corpus import open_corpus
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, Glance, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic

from . import core_program
from .engine import CORE, core_files

BLOCK_HEX = 1024  # characters a 512-byte block makes
BIG_CRC = 32  # bytes: the one heap object a finished block may cost

EVERYTHING = [
    Stand(3),
    Walk("forward", 8),
    Run("backward", 12),
    Glance("left"),
    Run("backward", 6),
    Stumble(),
    Run("backward", 4),
    Stand(4),
    BackwardRoll(),
    Stand(4),
    Walk("left", 6),
    Run("forward", 8),
    Fall("backward"),
    Lie(20),
]


@pytest.fixture(scope="module")
def everything():
    return synthetic(EVERYTHING, seed=7).rows


@pytest.fixture(scope="module")
def long_run():
    """A run of over four minutes: 26,000 samples, 1,000 beats at 240 spm."""
    return synthetic([Stand(3), Run("backward", 130), Run("forward", 60), Walk("backward", 70)], seed=3).rows


def raw(rows):
    return rows.astype("<i2").tobytes()


def in_micropython(micropython, program, rows):
    files = {**core_files(), "/lib/core_program.py": Path(core_program.__file__), "/rows.bin": raw(rows)}
    start = 'from core_program import *\nwith open("/rows.bin", "rb") as file:\n    raw = file.read()\n'
    return micropython(start + program, files).splitlines()


def on_the_laptop(rows, changes):
    said = []
    core_program.whole_session(raw(rows), changes, said.append)
    return said


def names(said):
    return {line.split()[1] for line in said if len(line) < BLOCK_HEX}


# ---- the same to the bit ----


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "cadence": 168.3,
            "accent": 4,
            "glance.every": 7,
            "alarm.countdown": 5,
            "fall.sensitivity": "high",
            "mount.forward": [600, -300, 140],
            "mount.up": [-120, 200, 970],
        },
    ],
    ids=["defaults", "settings"],
)
def test_a_session_tells_and_logs_the_same_to_the_bit(micropython, everything, changes):
    expected = on_the_laptop(everything, changes)
    assert in_micropython(micropython, f"whole_session(raw, {changes!r}, print)", everything) == expected
    assert {"step", "beat", "suspect", "roll", "fall", "alarm", "siren", "gait", "travel", "pause"} <= names(expected)
    assert {"resume", "mark", "low_battery", "gap", "sensor_lost", "sensor_back", "fault"} <= names(expected)
    assert sum(len(line) == BLOCK_HEX for line in expected) > 20
    assert expected[-1] == f"samples {len(everything)}, wrapped True"


def test_wild_samples_are_judged_the_same_to_the_bit(micropython):
    rng = np.random.default_rng(11)
    wild = rng.integers(-32_768, 32_768, (3000, 6), dtype=np.int16)
    wild[::7] = rng.choice([-32_768, 32_767], (len(wild[::7]), 6))
    expected = on_the_laptop(wild, {})
    assert in_micropython(micropython, "whole_session(raw, {}, print)", wild) == expected


@pytest.mark.corpus
@pytest.mark.parametrize("code", ["F02", "D04", "D01"])
def test_a_recorded_trial_is_judged_the_same_to_the_bit(micropython, shared_corpora, code):
    trial = next(ref for ref in open_corpus(shared_corpora / "sisfall-a") if ref.id.startswith(f"{code}_"))
    rows = trial.load().rows[:2600]
    expected = on_the_laptop(rows, {})
    assert in_micropython(micropython, "whole_session(raw, {}, print)", rows) == expected
    assert ("fall" in names(expected)) == (code == "F02")


def test_the_main_loop_leaves_the_same_log_to_the_bit(micropython, everything):
    said = []
    board = core_program.LoopBoard(core_program.array("h", raw(everything)), said.append)
    board_program = 'whole_loop(LoopBoard(array("h", raw), print))'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core_program.gc, "mem_alloc", lambda: 0, raising=False)
        core_program.whole_loop(board)
    assert in_micropython(micropython, board_program, everything) == said
    assert len(said) > 20


# ---- nothing allocated ----

STEADY = """
gc.disable()
run = Run(array("h", raw), {"cadence": 240})
run.begin()
while run.ms < 10_000:
    run.step()

def stretch(run, end):
    run.log.seal()
    run.take()
    blocks = run.blocks
    before = gc.mem_alloc()
    while run.ms < end:
        run.step()
    grown = gc.mem_alloc() - before
    assert run.blocks == blocks
    return grown

grown = 0
samples, beats = run.session.body.count, run.session.beats
for end in range(35_000, 261_000, 25_000):
    grown += stretch(run, end)
print(grown, run.session.body.count - samples, run.session.beats - beats)
"""

EVENTFUL = """
gc.disable()
run = Run(array("h", raw), {"glance.every": 5}, None, HAPPENINGS)
run.begin()

def grown(run):
    while run.ms < 1500:  # the first still second tells how the chip sits, once
        run.step()
    run.big = run.blocks = 0
    before = gc.mem_alloc()
    while run.more():
        run.step()
    return gc.mem_alloc() - before

print(grown(run), run.big, run.blocks)
"""


def test_no_byte_is_allocated_in_10_000_samples_and_1_000_beats(micropython, long_run):
    grown, samples, beats = map(int, in_micropython(micropython, STEADY, long_run)[0].split())
    assert samples >= 10_000
    assert beats >= 1_000
    assert grown == 0


def test_falls_cues_and_raw_windows_allocate_one_checksum_a_block_and_nothing_else(micropython, everything):
    grown, big, blocks = map(int, in_micropython(micropython, EVENTFUL, everything)[0].split())
    assert blocks > 20
    assert 0 < big <= blocks
    assert grown == big * BIG_CRC


def test_the_main_loop_allocates_nothing_of_its_own(micropython, everything):
    program = 'board = LoopBoard(array("h", raw), None, 5000)\nwhole_loop(board)\nprint(board.grown, board.blocks)'
    grown, blocks = map(int, in_micropython(micropython, program, everything)[0].split())
    assert blocks > 20
    assert grown == 0


WATCHED = """
class Port:
    in_waiting = 1
    out_waiting = frames = 0
    def reset_input_buffer(self):
        pass
    def write(self, raw):
        self.frames += 1

board = LoopBoard(array("h", raw), None, 5000, Port())
whole_loop(board)
print(board.grown, board.console.frames)
"""


def test_a_run_that_a_laptop_watches_allocates_nothing_either(micropython, everything):
    grown, frames = map(int, in_micropython(micropython, WATCHED, everything)[0].split())
    assert frames > 100
    assert grown == 0


# What runs once a session, waits for flash, or is the laptop's, may build what it likes.
FREE_TO_BUILD = ("settings.py", "store.py", "nvm.py", "blinka.py", "record_reader.py")
ONCE = {
    "board/board.py": {"_part"},
    "record.py": {"header", "settings"},
    "main.py": {"main", "_keep_mount"},
    "session.py": {"end"},
    "sense/frame.py": {"_settle", "_aim", "_unit"},
}
BUILDS = (
    *(ast.Tuple, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.GeneratorExp),
    *(ast.Lambda, ast.JoinedStr, ast.Starred, ast.Slice),
)


def built_in(function):
    """What a function builds on the heap. Two names may be set at once: that alone the compiler does on the stack, in
    CircuitPython; three or more make a tuple there, though not in the MicroPython that these tests run in."""
    pairs = set()
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=[_, _]) as left], value=ast.Tuple(elts=[_, _]) as right):
                pairs |= {left, right}
    return [node for part in function.body for node in ast.walk(part) if isinstance(node, BUILDS) and node not in pairs]


def functions(path):
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(CORE.rglob("*.py")) if path.name not in FREE_TO_BUILD],
    ids=lambda path: path.relative_to(CORE).as_posix(),
)
def test_nothing_that_runs_again_and_again_builds_a_heap_object(path):
    once = {"__init__", *ONCE.get(path.relative_to(CORE).as_posix(), ())}
    if path.parent.name == "board":
        once |= {"__init__", "find", "_set_up", "_introduce"}
    found = [
        f"{function.name}:{node.lineno}: {ast.unparse(node)}"
        for function in functions(path)
        if function.name not in once
        for node in built_in(function)
    ]
    assert found == []


def test_setting_three_names_at_once_would_be_found():
    source = "def f(a, b, c):\n    a, b = b, a\n    a, b, c = b, c, a\n    return a, b"
    assert len(built_in(ast.parse(source).body[0])) == 3


# ---- room ----

COLLECT = "import gc\ngc.collect()"

SENSES = """
from backbeat.sense.body import Body
from backbeat.sense.clock import SampleClock
kept = Body((1000, 0, 0), (0, 0, 1000), 1), SampleClock()
"""

WHOLE = """
import backbeat.run
from backbeat import settings
from backbeat.record import Writer
from backbeat.session import Session
class Parts:
    sounder = haptic = light = None
kept = Session(settings.defaults(), Parts(), Writer(1))
"""


@pytest.mark.parametrize(("program", "limit"), [(SENSES, 60 * 1024), (WHOLE, 114 * 1024)], ids=["senses", "whole"])
def test_the_core_fits_into_a_small_heap(micropython, program, limit):
    """Modules and objects, after a collection; the chip's driver and the board's parts come on top of the whole."""
    tell = "import gc\nprint(gc.mem_alloc())"
    empty, full = map(int, micropython([COLLECT, tell, program, COLLECT, tell], core_files()).split())
    assert full - empty < limit
