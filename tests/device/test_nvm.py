import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import nvm

NUMBERS = st.integers(1, 99_999)


@given(NUMBERS, st.binary(min_size=32, max_size=32))
def test_the_last_sessions_number_is_kept_and_touches_nothing_else(number, before):
    memory = bytearray(before)
    nvm.keep_session(memory, number)
    assert nvm.last_session(memory) == number
    assert memory[:4] == before[:4]
    assert memory[12:] == before[12:]


@pytest.mark.parametrize("fresh", [b"\xff" * 32, b"\0" * 32, bytes(range(32))])
def test_a_memory_never_written_counts_as_no_session(fresh):
    assert nvm.last_session(fresh) == 0


@given(NUMBERS, st.integers(4, 11), st.integers(1, 255))
def test_a_damaged_number_is_known_for_what_it_is(number, at, flip):
    memory = bytearray(16)
    nvm.keep_session(memory, number)
    memory[at] ^= flip
    assert nvm.last_session(memory) == 0


def test_the_flag_says_who_owns_the_drive():
    assert nvm.service(b"\x01" + b"\0" * 15)
    assert not nvm.service(b"\0" * 16)
    assert not nvm.service(b"\xff" * 16)


def test_a_board_without_such_memory_gets_along():
    nvm.keep_session(None, 7)
    assert nvm.last_session(None) == 0
    assert not nvm.service(None)
