"""The clock that is held to real time, with a wall's clock of the test's own."""

import pytest

from backbeat_host.lab.endings import PowerCut
from backbeat_host.lab.serve.clock import RealClock

MS = 1_000_000


@pytest.fixture
def wall(monkeypatch):
    """`wall[0]` is the time on the wall, ns; `wall[1:]` the waits, s."""
    told = [1000 * MS]
    monkeypatch.setattr("backbeat_host.lab.serve.clock.time.monotonic_ns", lambda: told[0])
    return told


@pytest.fixture
def clock(wall):
    def make(speed=1.0):
        made = RealClock(speed)

        def wait(seconds):
            wall[0] += round(seconds * 1e9)
            wall.append(seconds)

        made.wait = wait
        return made

    return make


def test_what_takes_long_is_waited_for_and_what_is_short_is_not(clock, wall):
    one = clock()
    one.advance(25 * MS)
    assert one.ns == 25 * MS and sum(wall[1:]) == pytest.approx(0.025)
    one.advance(MS // 2)
    assert sum(wall[1:]) == pytest.approx(0.025)
    for _ in range(1000):
        one.advance(10_000)
    assert 0.034 <= sum(wall[1:]) <= 0.0356


def test_a_faster_clock_waits_less(clock, wall):
    one = clock(speed=10)
    one.advance(100 * MS)
    assert one.ns == 100 * MS and sum(wall[1:]) == pytest.approx(0.01)


def test_what_was_scheduled_happens_on_the_way(clock):
    one = clock()
    happened = []
    for at in (3, 12, 30):
        one.schedule(at * MS, lambda at=at: happened.append((at, one.ns // MS)))
    one.advance(20 * MS)
    assert [at for at, _ in happened] == [3, 12]
    assert all(at <= ns <= at + 10 for at, ns in happened)


def test_time_that_this_machine_needed_is_not_waited_for_again(clock, wall):
    one = clock()
    wall[0] += 40 * MS
    one.advance(30 * MS)
    assert one.ns == 30 * MS and wall[1:] == []
    one.catch_up()
    assert one.ns == 40 * MS


def test_a_machine_that_was_held_up_goes_on_from_where_it_was(clock, wall):
    one = clock()
    one.advance(10 * MS)
    wall[0] += 3600 * 1000 * MS
    one.catch_up()
    assert one.ns == 10 * MS
    one.advance(10 * MS)
    assert one.ns == 20 * MS and sum(wall[1:]) == pytest.approx(0.02)


def test_an_interrupt_ends_a_wait_and_a_halt_every_one(clock, wall):
    one = clock()
    one.broken = lambda: True
    one.advance(1000 * MS)
    assert one.ns < 20 * MS and sum(wall[1:]) < 0.02
    one.broken = lambda: False
    one.schedule(one.ns + 5 * MS, lambda: one.halt(PowerCut()))
    with pytest.raises(PowerCut):
        one.advance(1000 * MS)
    with pytest.raises(PowerCut):
        one.idle_to(one.ns + MS)


def test_idling_ends_when_something_comes(clock, wall):
    one = clock()
    one.wait = lambda seconds: wall.__setitem__(0, wall[0] + MS)
    one.idle_to(50 * MS)
    assert one.ns == MS
