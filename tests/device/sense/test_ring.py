import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat.sense.ring import CHUNK, CHUNK_BYTES, CHUNKS, Ring


def row(number):
    return [(number * 7919 + axis * 104_729) % 65_536 - 32_768 for axis in range(6)]


def filled(count):
    ring = Ring()
    for number in range(0, count, 2):
        ring.put(*row(number), *row(number + 1))
    return ring


@given(st.integers(0, CHUNK * CHUNKS + 25).map(lambda pairs: 2 * pairs))
def test_every_chunk_that_is_still_there_holds_its_samples_to_the_bit(count):
    ring = filled(count)
    assert ring.count == count
    for chunk in (ring.oldest(), count // CHUNK - 1):
        if chunk >= 0 and ring.whole(chunk):
            samples = list(struct.iter_unpack("<6h", ring.chunk(chunk)))
            assert samples == [tuple(row(chunk * CHUNK + at)) for at in range(CHUNK)]


@pytest.mark.parametrize("count", [0, 2, CHUNK - 2, CHUNK, CHUNK + 2, 5 * CHUNK])
def test_a_chunk_is_whole_once_its_last_sample_is_in(count):
    ring = filled(count)
    assert [ring.whole(chunk) for chunk in range(6)] == [(chunk + 1) * CHUNK <= count for chunk in range(6)]


@pytest.mark.parametrize("count", [CHUNK * CHUNKS - 2, CHUNK * CHUNKS, CHUNK * CHUNKS + 2, 3 * CHUNK * CHUNKS + 8])
def test_the_oldest_chunk_is_not_being_written_over(count):
    ring = filled(count)
    assert ring.oldest() % CHUNKS != count // CHUNK % CHUNKS or count < CHUNK * CHUNKS
    assert count - ring.oldest() * CHUNK >= (CHUNKS - 1) * CHUNK


def test_it_reaches_back_4_s_before_a_fall_decided_3_s_after_it():
    assert (CHUNKS - 1) * CHUNK >= (4 + 3) * 104
    assert CHUNK_BYTES == CHUNK * 12
