from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.metronome import Metronome
from backbeat.ticks import PERIOD, add, diff

CADENCES = st.integers(400, 2400)
NEAR_THE_WRAP = st.integers(PERIOD - 200_000, PERIOD - 1) | st.integers(0, PERIOD - 1)
DAY_MS = 24 * 3600 * 1000


def due_after(number, cadence):
    """The instant that is promised for a beat, in ms after the first."""
    return (2 * 600_000 * number + cadence) // (2 * cadence)


def started(cadence, at=0, accent=0):
    metronome = Metronome(cadence, accent)
    metronome.start(at)
    return metronome


def beats(metronome, count):
    """Poll at each due instant; give the instants."""
    instants = []
    for _ in range(count):
        instants.append(metronome.due)
        assert metronome.poll(metronome.due)
    return instants


def phase(metronome, now):
    """How many beats until the next one, exactly as it is carried."""
    ahead = diff(metronome.due, now) + Fraction(metronome._left - metronome.cadence, 2 * metronome.cadence)
    return ahead * metronome.cadence / 600_000


@given(CADENCES, NEAR_THE_WRAP, st.integers(1, 3000))
def test_every_beat_is_due_where_its_number_says(cadence, start, count):
    instants = beats(started(cadence, start), count)
    assert [diff(at, start) for at in instants] == [due_after(number, cadence) for number in range(count)]


@pytest.mark.parametrize("cadence", [1683, 1799])
def test_a_day_of_beats_across_the_wrap_of_the_clock_has_no_drift(cadence):
    start = PERIOD - 65_536
    metronome = started(cadence, start)
    number = 0
    while number * 600_000 < DAY_MS * cadence:
        assert metronome.poll(metronome.due)
        number += 1
        if number % 1000 == 0 or number < 1000:
            assert diff(metronome.due, start) == due_after(number, cadence)
    assert metronome.count == number
    assert metronome.skipped == 0
    assert diff(metronome.due, start) == due_after(number, cadence)


def test_a_beat_sounds_once_and_never_early():
    metronome = started(1200, PERIOD - 100)
    assert not metronome.poll(PERIOD - 101)
    assert metronome.poll(PERIOD - 100)
    assert not metronome.poll(PERIOD - 100)
    assert not metronome.poll(399)
    assert metronome.poll(400)
    assert metronome.sounded == 400


@given(CADENCES, NEAR_THE_WRAP, st.lists(st.integers(0, 3000), min_size=1, max_size=60))
def test_late_polls_make_no_burst_and_every_beat_is_sounded_or_counted_as_skipped(cadence, start, waits):
    metronome = started(cadence, start)
    elapsed = sounded = 0
    for wait in waits:
        elapsed += wait
        now = add(start, elapsed)
        if metronome.poll(now):
            sounded += 1
            late = diff(now, metronome.sounded)
            assert 0 <= late * 2 * cadence <= 600_000, "over half a period late"
            assert diff(metronome.sounded, start) == due_after(metronome.count - 1, cadence)
        assert not metronome.poll(now), "a burst"
        assert diff(metronome.due, now) > 0
        assert sounded + metronome.skipped == metronome.count
    assert diff(metronome.due, start) == due_after(metronome.count, cadence), "the grid stays"


@pytest.mark.parametrize(
    ("late", "sounds", "skipped"), [(0, True, 0), (250, True, 0), (251, False, 1), (499, False, 1)]
)
def test_a_beat_more_than_half_a_period_late_is_left_out(late, sounds, skipped):
    metronome = started(1200)
    assert metronome.poll(late) is sounds
    assert metronome.skipped == skipped
    assert metronome.due == 500


def test_after_a_long_stall_the_latest_beat_sounds_if_it_is_still_in_time():
    metronome = started(1200)
    assert metronome.poll(10_100)
    assert (metronome.sounded, metronome.count, metronome.skipped) == (10_000, 21, 20)


@given(st.integers(2, 16), st.lists(st.integers(0, 4000), min_size=1, max_size=60))
def test_the_accent_stays_on_every_kth_beat_through_skips(accent, waits):
    metronome = started(1200, accent=accent)
    now = 0
    for wait in waits:
        now += wait
        if metronome.poll(now):
            assert metronome.accented() == (metronome.sounded // 500 % accent == 0)


def test_without_an_accent_no_beat_has_one():
    metronome = started(1200)
    for _ in range(5):
        assert metronome.poll(metronome.due)
        assert not metronome.accented()


@given(CADENCES, CADENCES, NEAR_THE_WRAP, st.integers(0, 1500), st.integers(0, 50))
def test_a_change_of_cadence_keeps_the_phase_of_the_beat(old, new, start, after, count):
    metronome = started(old, start)
    beats(metronome, count)
    now = add(start, due_after(count, old) - min(after, 600_000 // old))
    before = phase(metronome, now)
    metronome.change(new, now)
    assert abs(phase(metronome, now) - before) <= Fraction(1, 1_200_000), "a jump in phase"
    ahead = before * 600_000 / new
    assert abs(diff(metronome.due, now) - ahead) <= 1, "more than a ms from where the phase says"


@given(CADENCES, st.lists(st.tuples(CADENCES, st.integers(1, 250)), min_size=1, max_size=200))
def test_chains_of_changes_add_up_to_the_beats_they_make_and_no_error_grows(first, changes):
    metronome = started(first)
    now, cadence, passed = 0, first, Fraction(0)
    for new, wait in changes:
        now += wait
        passed += Fraction(wait * cadence, 600_000)
        metronome.poll(now)
        metronome.change(new, now)
        cadence = new
    until_next = (metronome.count - passed) * 600_000 / cadence
    # Each change rounds the phase down by less than 1 / 1,200,000 of a beat.
    rounding = Fraction(len(changes), 1_200_000) * 600_000 / cadence
    assert abs(diff(metronome.due, now) - until_next) <= Fraction(1, 2) + rounding


def test_a_change_to_the_same_cadence_changes_nothing():
    metronome, other = started(1683), started(1683)
    for _ in range(1000):
        metronome.change(1683, add(metronome.due, -100))
        assert metronome.poll(metronome.due)
        assert other.poll(other.due)
    assert (metronome.due, metronome._left) == (other.due, other._left)
