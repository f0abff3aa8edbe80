"""Whatever the order of looking, reading and waiting: samples come in order, each whole, and none twice."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbeat_host.lab.boards import Chip

from .imu_bench import DEPTHS, Bench, gapless, in_order

every_chip = pytest.mark.parametrize("chip", list(Chip), ids=lambda chip: chip.name)

WAITS = st.one_of(st.integers(1, 60), st.integers(1, 8000))  # ms; the deepest FIFO holds 6.6 s
STEPS = st.lists(st.tuples(st.sampled_from(("look", "read", "wait")), WAITS), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def benches(tmp_path_factory):
    """A board with each chip, started once."""
    made = {chip: Bench(tmp_path_factory.mktemp(chip.name), chip) for chip in Chip}
    for bench in made.values():
        bench.start()
    return made


def begin(bench):
    """Start numbering anew, with an empty FIFO."""
    bench.motion.begin(bench.clock.ns)
    bench.fifo.works = False
    bench.fifo.restart()


@every_chip
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_interleaving_gives_whole_samples_in_order(benches, chip, steps):
    bench = benches[chip]
    begin(bench)
    fifo, clock = bench.fifo, bench.clock
    rows, lost = [], False
    for step, number in steps:
        if clock.ns - bench.motion.begun > 280 * 10**9:
            break  # the rows end
        if step == "look":
            fifo.level()
            lost |= fifo.overrun
        elif step == "wait":
            bench.wait(number)
        else:
            for _ in range(number):
                if fifo.read():
                    rows.append(tuple(fifo.sample))
    for _ in range(3):  # the rest
        waiting = fifo.level()
        lost |= fifo.overrun
        for _ in range(waiting):
            if fifo.read():
                rows.append(tuple(fifo.sample))
    assert in_order(rows)
    assert lost or gapless(rows)


@every_chip
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=st.lists(st.integers(1, 1500), min_size=1, max_size=20))
def test_nothing_is_lost_while_the_fifo_is_read_before_it_is_full(benches, chip, looks):
    bench = benches[chip]
    begin(bench)
    rows = []
    for ms in looks:
        bench.wait(ms)
        rows += bench.rows()
        assert not bench.fifo.overrun
    assert gapless(rows)


@every_chip
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.integers(1, 40), more=st.integers(0, 12))
def test_sync_is_found_again_wherever_a_cut_falls(benches, chip, words, more):
    bench = benches[chip]
    begin(bench)
    bench.wait(150 + more)
    bench.chip.int1()  # it catches up with the clock
    bench.chip.fifo.take(words % (bench.chip.fifo.level - 1) + 1)
    rows = bench.rows() + bench.run(100)
    assert gapless(rows)


@every_chip
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(over=st.integers(-3, 30), pause_us=st.integers(100, 30_000))
def test_a_reader_that_is_too_slow_for_a_full_fifo_loses_and_mixes_nothing(benches, chip, over, pause_us):
    bench = benches[chip]
    begin(bench)
    bench.wait((DEPTHS[chip] + over) * 1000 / 104)
    rows = []
    for _ in range(3):
        for _ in range(min(bench.fifo.level(), 40)):
            bench.wait(pause_us / 1000)
            if bench.fifo.read():
                rows.append(tuple(bench.fifo.sample))
    assert rows  # few, when each read is cut by an overrun
    assert in_order(rows)
