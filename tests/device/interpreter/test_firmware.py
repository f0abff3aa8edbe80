"""All that lies on a board's drive, in MicroPython on faked hardware: a minute from power-on, and the heap it takes."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from backbeat import events, names
from backbeat_host.lab.runner.acts import BackwardRoll, Fall, Lie, Run, Stand, Stumble, Walk
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.link import layout
from backbeat_host.link.firmware import tree
from backbeat_host.runs.decode import Log, decode_bytes

from . import fake_board

MINUTE_S = 60
CADENCE = 168
CHIP_DRIVER = "adafruit_lsm6ds.lsm6dsox"

PICO_HEAP = 195 * 1024  # bytes that CircuitPython leaves free on a Pico
IN_USE = 150 * 1024  # of these, after the start: the rest is for garbage between collections
FAKES = 25 * 1024  # what the fakes take themselves
BIG_CRC = 32  # the one heap object a finished block may cost

OUT_AND_BACK = [Stand(4), Walk("forward", 14), Run("backward", MINUTE_S - 10)]
THE_DEEPEST = [Stand(4), Run("backward", 8), Stumble(), Run("backward", 4), BackwardRoll(), Run("backward", 6)]
THE_DEEPEST += [Fall("backward"), Lie(10)]

SETTINGS = b'{"start": "power"}'

SET_UP = """
import fake_board
from array import array
fake_board.install()
with fake_board.open_file("/rows.bin", "rb") as file:
    fake_board.chip.rows = array("h", file.read())
"""

# boot.py and code.py, as a board runs them; the session is kept in sight.
BOOT = "import boot"
RUN = """
import gc
import backbeat.main
kept = []
run = backbeat.main.run
def run_in_sight(board, session, *more):
    kept.append((board, session))
    run(board, session, *more)
backbeat.main.run = run_in_sight
clock = fake_board.clock
clock.stop_at = clock.us + SECONDS * 1_000_000
clock.from_us = clock.stop_at // 3
clock.to_us = clock.stop_at * 5 // 6
try:
    import code
except KeyboardInterrupt:
    gc.collect()
"""

TELL = """
import os
for at in range(fake_board.Pwm.count):
    print("tone", fake_board.Pwm.began[at])
print("samples", fake_board.chip.taken, fake_board.chip.lost)
print("grown", clock.grown, clock.floats)
for name in os.listdir("/"):
    if name == "crash.txt":
        with open("/crash.txt", "rb") as file:
            print("crash", file.read())
for name in os.listdir("/logs"):
    with fake_board.open_file("/logs/" + name, "rb") as file:
        print("log", "".join(["%02x" % byte for byte in file.read()]))
"""

HEAP = "import gc\nprint('heap', gc.mem_alloc(), gc.mem_alloc() + gc.mem_free())"
COLLECT = "import gc\ngc.collect()"


def drive(rows) -> dict[str, Path | bytes]:
    files: dict[str, Path | bytes] = {f"/{place}": raw for place, raw in layout.contents().items()}
    files["/lib/fake_board.py"] = Path(fake_board.__file__)
    files["/rows.bin"] = rows.astype("<i2").tobytes()
    files["/settings.json"] = SETTINGS
    return files


@dataclass(frozen=True)
class Minute:
    """What a minute of the firmware left behind. `tones` are when each tone began, in ms since power-on."""

    tones: list[int]
    taken: int
    lost: int
    grown: int
    floats: int
    crashes: list[str]
    logs: list[Log]
    steps: int  # that were made

    def told(self, code: int) -> list[tuple[int, int, int, int, int]]:
        return [event for event in self.logs[0].told if event[1] == code]


@pytest.fixture(scope="module")
def minute(micropython) -> Minute:
    return run(micropython, MINUTE_S)


def run(micropython, seconds: int, script=OUT_AND_BACK, fault: str = "") -> Minute:
    """Run the firmware from power-on to ctrl-C. A `fault` is done to the fakes before."""
    walked = synthetic(script, seed=1)
    parts = [SET_UP, fault, BOOT, RUN.replace("SECONDS", str(seconds)), TELL]
    said = micropython(parts, drive(walked.rows))
    lines = [line.partition(" ")[::2] for line in said.splitlines()]
    of = {word: [rest for other, rest in lines if other == word] for word, _ in lines}
    taken, lost = map(int, of["samples"][0].split())
    grown, floats = map(int, of["grown"][0].split())
    return Minute(
        [int(ms) for ms in of["tone"]],
        taken,
        lost,
        grown,
        floats,
        of.get("crash", []),
        [decode_bytes(bytes.fromhex(raw), "00001.bbl") for raw in of["log"]],
        int(np.count_nonzero(walked.steps < seconds)),
    )


def test_a_minute_from_power_on_is_one_whole_session(minute):
    assert minute.crashes == []
    (log,) = minute.logs
    assert log.lost == []
    assert log.board == "raspberry_pi_pico"
    assert log.settings()["start"] == "power"
    assert [names.REASONS[event[2]] for event in minute.told(events.SESSION_END)] == ["console"]
    assert minute.told(events.FAULT) == []
    assert len(log.summaries) == log.last_ms // 5000 + 1  # the end's


def test_every_beat_sounds_on_time(minute):
    (log,) = minute.logs
    beats = [tone for tone in minute.tones if tone > 5000]  # after the cue of the start
    period = 60_000 / CADENCE
    late = np.asarray(beats) - beats[0] - np.arange(len(beats)) * period
    assert np.abs(late).max() < 4
    assert len(beats) == pytest.approx((MINUTE_S * 1000 - beats[0]) / period, abs=1)
    assert sum(summary.skipped for summary in log.summaries) == 0
    assert sum(summary.beats for summary in log.summaries) == pytest.approx(len(minute.tones), abs=20)


def test_no_sample_is_lost_and_the_steps_are_found(minute):
    (log,) = minute.logs
    assert minute.lost == 0
    assert minute.told(events.GAP) == minute.told(events.SENSOR_LOST) == []
    assert minute.taken == pytest.approx(log.last_ms * 1000 / fake_board.SAMPLE_US, abs=5)
    assert sum(summary.steps for summary in log.summaries) == pytest.approx(minute.steps, rel=0.1)


def test_half_a_minute_allocates_nothing_but_the_crcs_of_the_logs_blocks(minute):
    """With beats, steps, looks at the chip and blocks on flash: of the laptop's interpreter only the floats that make
    a rest are left out, which take no heap on a board."""
    (log,) = minute.logs
    print(f"{minute.grown} bytes, {log.bytes // 512} blocks in the minute, {minute.floats} floats")
    assert minute.grown <= BIG_CRC * log.bytes // 512


def test_the_calls_that_a_roll_and_a_fall_make_fit_a_boards_stack(micropython):
    seconds = round(synthetic(THE_DEEPEST, seed=1).seconds)
    fallen = run(micropython, seconds, THE_DEEPEST)
    assert fallen.crashes == []
    assert fallen.told(events.ROLL)
    assert fallen.told(events.FALL)


def test_a_list_built_at_each_look_at_the_button_would_be_seen(micropython):
    leak = "fake_board.Keys.get_into = lambda keys, event: len([event]) == 0"
    assert run(micropython, 20, fault=leak).grown > 32 * 100


def test_samples_that_the_chip_could_not_keep_would_be_seen(micropython):
    slow = "fake_board.SYNC_US = 3_000_000"
    assert run(micropython, 40, fault=slow).lost > 0


def test_the_firmware_is_imported_and_begins_within_a_picos_heap(micropython):
    """Between two modules garbage is collected, as a board does it by itself when the heap is full."""
    modules = list(in_order(tree()))
    imports = [part for module in modules for part in (f"__import__({module!r})\n{COLLECT}", HEAP)]
    rows = synthetic([Stand(2)], seed=1).rows
    run = RUN.replace("SECONDS", "1")
    parts = [f"{SET_UP}\n{COLLECT}", HEAP, f"{BOOT}\n{COLLECT}", HEAP, *imports, run, HEAP]
    said = micropython(parts, drive(rows), heap_bytes=PICO_HEAP + FAKES).splitlines()
    alloc, total = zip(*(map(int, line.split()[1:]) for line in said if line.startswith("heap ")), strict=True)
    bare = alloc[0]
    assert bare <= FAKES
    print(f"{alloc[-2] - bare} bytes after {len(modules)} imports, {alloc[-1] - bare} after the start")
    stages = zip(["boot", *modules, "code"], total[:-1], total[1:], strict=True)
    grew = [stage for stage, before, after in stages if after > before]
    assert grew == [], "the heap had to grow while this was imported"
    assert alloc[-1] - bare < IN_USE


def in_order(files: Mapping[str, Path]) -> Iterator[str]:
    """Give the modules that a Pico imports, each after those that it imports itself; the chip's driver last."""
    known = {
        path.removeprefix("lib/").removesuffix(".py").removesuffix("/__init__").replace("/", "."): source
        for path, source in files.items()
    }
    done = set()

    def visit(module: str) -> Iterator[str]:
        if module in done or module not in known:
            return
        done.add(module)
        for found in imported(known[module], module):
            yield from visit(found)
        yield module

    for module in ("backbeat.main", "backbeat.board.raspberry_pi_pico", "backbeat.board.board", CHIP_DRIVER):
        yield from visit(module)


def imported(source: Path, module: str) -> Iterator[str]:
    """Every module that a file imports at its own level, its packages first; a name from a package may be one."""
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        match node:
            case ast.Import():
                found = [alias.name for alias in node.names]
            case ast.ImportFrom(module=base, level=0):
                found = [base or "", *(f"{base}.{alias.name}" for alias in node.names)]
            case _:
                continue
        for name in found:
            parts = name.split(".")
            yield from (".".join(parts[: end + 1]) for end in range(len(parts)))
