"""What the soak knows of the count of broken starts, and when it doubts."""

from types import SimpleNamespace

import pytest

from .broken import BrokenStarts


@pytest.fixture
def world():
    held_up = SimpleNamespace(now=False)
    watch = SimpleNamespace(started_ns=0, held_up=lambda seconds: held_up.now)
    return SimpleNamespace(ns=0, watch=watch, held_up=held_up)


def brown_out(world, broken, seconds):
    world.ns += round(seconds * 1e9)
    broken.stops()
    world.watch.started_ns = world.ns


def short_ones(world, broken, number):
    """What is said before each of so many sessions that a brown-out breaks off."""
    said = []
    for _ in range(number):
        said.append(broken.go_on())
        broken.begins()
        brown_out(world, broken, 10)
    return said


def test_after_five_broken_starts_a_session_goes_on_and_after_more_it_does_not(world):
    assert short_ones(world, BrokenStarts(world), 8) == [True] * 5 + [None] * 2 + [False]


def test_an_end_cut_off_before_it_was_noted_may_leave_the_count_as_it_was(world):
    broken = BrokenStarts(world)
    short_ones(world, broken, 3)
    broken.ends()
    brown_out(world, broken, 0.1)
    assert not broken.noted()
    assert short_ones(world, broken, 8) == [True] * 2 + [None] * 5 + [False]


@pytest.mark.parametrize("held_up", [False, True])
def test_a_noted_end_leaves_no_doubt(world, held_up):
    broken = BrokenStarts(world)
    short_ones(world, broken, 3)
    broken.ends()
    world.held_up.now = held_up
    brown_out(world, broken, 12 if held_up else 3)
    assert broken.noted()
    assert short_ones(world, broken, 6) == [True] * 5 + [None]


def test_a_stall_after_the_end_leaves_doubt_for_longer(world):
    broken = BrokenStarts(world)
    short_ones(world, broken, 3)
    broken.ends()
    world.held_up.now = True
    brown_out(world, broken, 11)
    assert short_ones(world, broken, 3) == [True, True, None]


def test_a_session_begun_after_the_end_in_the_same_start_leaves_no_doubt(world):
    broken = BrokenStarts(world)
    short_ones(world, broken, 4)
    broken.ends()
    world.ns += 10**9
    broken.begins()
    brown_out(world, broken, 0.1)
    assert short_ones(world, broken, 5) == [True] * 4 + [None]


def test_a_count_that_is_known_ends_the_doubt(world):
    broken = BrokenStarts(world)
    short_ones(world, broken, 4)
    broken.ends()
    brown_out(world, broken, 0.1)
    broken.is_now(0)
    assert short_ones(world, broken, 6) == [True] * 5 + [None]
