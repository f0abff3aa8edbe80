import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.clock import NOMINAL, SampleClock

LOOK_MS = 19


def followed(rate, seconds, clock=None, late=lambda now: 0):
    """A chip at `rate` from 0 on, looked at every 19 ms. Gives (the clock, [(told, true) ms of each sample])."""
    clock = clock or SampleClock()
    taken, told = 0, []
    now = 0
    while now < seconds * 1000:
        now += LOOK_MS + late(now)
        there = int(now * rate / 1000)
        clock.seen(now, there - taken)
        while taken < there:
            taken += 1
            told.append((clock.take(taken), taken * 1000 / rate))
    return clock, told


@pytest.mark.parametrize("rate", [98.0, 101.3, 104.0, 104.17, 107.0, 110.0])
def test_the_true_period_is_found_within_half_a_minute_and_kept(rate):
    clock, _ = followed(rate, 30)
    assert 256_000 / clock.period == pytest.approx(rate, rel=0.001)
    clock, _ = followed(rate, 1300)
    assert 256_000 / clock.period == pytest.approx(rate, rel=0.0005)


@pytest.mark.parametrize("rate", [98.0, 104.0, 110.0])
def test_each_sample_is_dated_to_about_a_sample_for_as_long_as_it_goes_on(rate):
    _, told = followed(rate, 1300)
    assert max(abs(at - true) for at, true in told) < 21
    settled = [abs(at - true) for at, true in told[2000:]]
    assert max(settled) < 12


def test_samples_that_waited_for_the_flash_are_dated_when_they_were_taken():
    _, told = followed(104.0, 200, late=lambda now: 200 if now % 1900 < LOOK_MS else 0)
    assert max(abs(at - true) for at, true in told[2000:]) < 15


@given(st.floats(94, 114))
def test_no_period_is_believed_that_no_chip_has(rate):
    clock, _ = followed(rate, 15)
    assert 2234 < clock.period < 2712


@pytest.mark.parametrize("rate", [98.8, 109.2])
def test_a_chip_five_per_cent_off_is_known_after_two_seconds(rate):
    clock, _ = followed(rate, 1.9)
    assert clock.period == NOMINAL
    clock, _ = followed(rate, 2.1)
    assert 256_000 / clock.period == pytest.approx(rate, rel=0.01)


def test_a_pause_before_the_clock_is_read_makes_no_chip_slow_within_ten_seconds():
    """25 ms between the FIFO's count and the clock's time, once."""
    clock = SampleClock()
    for look in range(9000 // LOOK_MS):
        now = look * LOOK_MS
        clock.seen(now + (25 if 2500 <= now < 2500 + LOOK_MS else 0), int(now * 0.10417) - clock.count)
        clock.take(int(now * 0.10417))
        assert clock.period == NOMINAL


def test_a_gap_is_told_in_ms_and_dates_go_on_after_it():
    clock, _ = followed(104.0, 20)
    before = clock.at
    missing = clock.lost(before + 5000, 10)
    assert missing == pytest.approx(5000 - 10 * 9.6, abs=11)
    newest = clock.take(clock.count + 10)
    assert newest == pytest.approx(before + 5000, abs=2)


def test_a_gap_does_not_spoil_the_period():
    clock, _ = followed(104.0, 20)
    period = clock.period
    now, taken = clock.at, 0
    clock.lost(now + 60_000, 0)
    for look in range(1, 2000):
        at = now + 60_000 + look * LOOK_MS
        there = int(look * LOOK_MS * 0.104)
        clock.seen(at, there - taken)
        clock.take(clock.count + there - taken)
        taken = there
    assert clock.period == pytest.approx(period, abs=3)


@given(st.lists(st.integers(0, 400), max_size=20))
def test_it_matters_not_how_often_it_is_asked(counts):
    asked, once = SampleClock(), SampleClock()
    count = 0
    for more in counts:
        count += more
        asked.take(count)
    assert asked.at == once.take(count)


def test_nothing_lost_is_no_gap():
    clock, _ = followed(104.0, 20)
    assert clock.lost(clock.at, 0) == 0


@given(st.integers(0, 1500))
def test_a_sample_further_back_is_dated_by_its_number(number):
    clock, told = followed(104.0, 15)
    if number < len(told):
        assert clock.back(number) == pytest.approx(told[number][1], abs=25)
    assert clock.back(len(told) - 1) == clock.at
