import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import nvm

NUMBERS = st.integers(1, 99_999)
GARBAGE = st.binary(min_size=32, max_size=32)


class Counting(bytearray):
    """Memory that counts how often it is written."""

    writes = 0

    def __setitem__(self, place, value):
        self.writes += 1
        super().__setitem__(place, value)


class WornOut(bytearray):
    """Memory that cannot be written any more."""

    def __setitem__(self, place, value):
        raise RuntimeError("NVM write failed")


def ended(memory):
    nvm.put(memory, nvm.RUNNING, b"\0\0\0")


@given(NUMBERS, GARBAGE, st.booleans())
def test_a_session_that_begins_leaves_its_number_and_touches_no_wish_for_service(number, before, alarmed):
    memory = bytearray(before)
    nvm.begin(memory, number, alarmed)
    assert nvm.last_session(memory) == number
    assert nvm.asked(memory, nvm.RUNNING)
    assert not nvm.asked(memory, nvm.AT_ONCE)
    assert nvm.asked(memory, nvm.ALARM) == alarmed
    assert memory[0] == before[0]
    assert memory[14:] == before[14:]


@pytest.mark.parametrize("fresh", [b"\xff" * 32, b"\0" * 32, bytes(range(32))])
def test_a_memory_never_written_counts_as_no_session(fresh):
    assert nvm.last_session(fresh) == 0
    assert nvm.broken_off(fresh) == 0


@given(NUMBERS, st.integers(4, 11), st.integers(1, 255))
def test_a_damaged_number_is_known_for_what_it_is(number, at, flip):
    memory = bytearray(16)
    nvm.begin(memory, number)
    memory[at] ^= flip
    assert nvm.last_session(memory) == 0
    assert nvm.broken_off(memory) == 0


@pytest.mark.parametrize("wish", [nvm.SERVICE, nvm.AT_ONCE])
def test_a_wish_is_heard_only_when_it_was_made(wish):
    for fresh in (b"\xff" * 32, b"\0" * 32, b"\x02" * 32):
        memory = bytearray(fresh)
        assert not nvm.asked(memory, wish)
        assert nvm.ask(memory, wish)
        assert nvm.asked(memory, wish)
        assert sum(a != b for a, b in zip(memory, fresh, strict=True)) == 1


def test_what_is_there_already_is_not_written_again():
    memory = Counting(b"\xff" * 32)
    nvm.ask(memory, nvm.SERVICE)
    nvm.ask(memory, nvm.SERVICE)
    assert memory.writes == 1
    nvm.begin(memory, 7)
    assert memory.writes == 2, "number, mark and count go down in one write"
    ended(memory)
    ended(memory)
    assert memory.writes == 3


def test_a_session_that_ended_well_is_not_gone_on_with_and_one_broken_off_is():
    memory = bytearray(b"\xff" * 32)
    nvm.begin(memory, 7)
    assert nvm.broken_off(memory) == 7
    ended(memory)
    assert nvm.broken_off(memory) == 0


def begun_in_a_row(memory):
    """How many sessions begin by themselves, each broken off within its first minute."""
    number = 1
    nvm.begin(memory, number)
    while nvm.broken_off(memory) == number and number < 50:
        number += 1
        nvm.begin(memory, number)
    return number - 1


def test_after_five_broken_starts_a_session_begins_only_by_a_press():
    memory = bytearray(b"\xff" * 32)
    ended(memory)
    assert begun_in_a_row(memory) == 5
    nvm.begin(memory, 8)  # the press
    assert nvm.broken_off(memory) == 0
    nvm.put(memory, nvm.BEGUN, b"\0\0")  # it settled
    assert nvm.broken_off(memory) == 8
    assert begun_in_a_row(memory) == 5


@pytest.mark.parametrize("fresh", [b"\xff" * 32, b"\0" * 32])
def test_out_of_safe_mode_the_board_comes_back_eight_times_in_a_row(fresh):
    memory = bytearray(fresh)
    backs = [nvm.come_back(memory) for _ in range(12)]
    assert backs == [True] * (8 + (fresh[0] == 255)) + [False] * (4 - (fresh[0] == 255))
    nvm.begin(memory, 3)
    assert not nvm.come_back(memory), "a session that begins proves nothing yet"
    nvm.put(memory, nvm.BEGUN, b"\0\0")
    assert nvm.come_back(memory)


@given(GARBAGE)
def test_garbage_never_raises_and_ends_with_the_first_session(before):
    memory = bytearray(before)
    nvm.come_back(memory)
    nvm.broken_off(memory)
    ended(memory)
    nvm.begin(memory, 5)
    assert nvm.broken_off(memory) == 5
    assert nvm.come_back(memory)


@pytest.mark.parametrize("memory", [None, WornOut(b"\xff" * 32)])
def test_a_board_without_such_memory_or_with_a_worn_out_one_gets_along(memory):
    nvm.begin(memory, 7)
    assert nvm.last_session(memory) == 0
    assert not nvm.asked(memory, nvm.SERVICE)
    assert not nvm.ask(memory, nvm.SERVICE)
    assert nvm.broken_off(memory) == 0
    assert nvm.come_back(memory), "better for ever than never"
