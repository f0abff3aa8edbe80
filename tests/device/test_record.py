import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbeat import record
from backbeat.record import BLOCK, Writer
from backbeat.record_reader import Damage, read
from backbeat.sense.ring import CHUNK, CHUNKS, Ring

U8, U16, U32 = st.integers(0, 255), st.integers(0, 65_535), st.integers(0, 2**30 - 1)
I8, I16, I32 = st.integers(-128, 127), st.integers(-(2**15), 2**15 - 1), st.integers(-(2**31), 2**31 - 1)
RECORDS = st.one_of(
    st.tuples(st.just("event"), U32, st.integers(0, 20), I32, I32, I32),
    st.tuples(st.just("summary"), U32, U16, U16, U16, U16, I8, U8, I16, U8, U16, U16, U16),
    st.tuples(st.just("metronome"), U32, U16, U8, U32),
    st.tuples(st.just("battery"), U32, U8, U16),
    st.tuples(st.just("header"), U32, U32, st.text(max_size=60)),
    st.tuples(st.just("settings"), st.text(min_size=1, max_size=700)),
    st.tuples(st.just("seal")),
)
KINDS = {
    "event": (record.EVENT, record.EVENT_FORMAT),
    "summary": (record.SUMMARY, record.SUMMARY_FORMAT),
    "metronome": (record.METRONOME, record.METRONOME_FORMAT),
    "battery": (record.BATTERY, record.BATTERY_FORMAT),
}


def drain(writer):
    blocks = []
    while writer.waiting:
        blocks.append(bytes(writer.block()))
        writer.written()
    return blocks


def expected(what, session=7):
    """The records that a call of the writer makes."""
    name, *values = what
    if name in KINDS:
        kind, form = KINDS[name]
        return [(kind, values[0], struct.pack(form, *values[1:]))]
    if name == "header":
        text = values[2].encode()[:240]
        return [(record.HEADER, 0, struct.pack(record.HEADER_FORMAT, record.FORMAT, session, *values[:2]) + text)]
    if name == "settings":
        raw = values[0].encode()
        parts = [raw[at : at + 240] for at in range(0, len(raw), 240)]
        return [(record.SETTINGS, 0, bytes([n, len(parts)]) + part) for n, part in enumerate(parts)]
    return []


def events_log(count, session=7, first=0):
    """Blocks of numbered events, and the numbers each block holds."""
    writer = Writer(session)
    blocks = []
    for number in range(first, first + count):
        writer.event(number * 10, number % 21, number, -number, 1)
        blocks += drain(writer)
    writer.seal()
    return blocks + drain(writer)


def numbers(data):
    """The events' numbers that a reader finds; every record is checked to be one that was written."""
    found = []
    for what in read(data):
        if not isinstance(what, Damage):
            kind, ms, payload = what
            code, number, negative, one = struct.unpack(record.EVENT_FORMAT, payload)
            assert (kind, ms, code, negative, one) == (record.EVENT, number * 10, number % 21, -number, 1)
            found.append(number)
    return found


def damages(data):
    return [what for what in read(data) if isinstance(what, Damage)]


def missing(data):
    return sum(damage.blocks for damage in damages(data))


LOG = events_log(240)  # ten blocks and a bit
IN_BLOCK = [
    numbers(b"".join(LOG[:at] + LOG[at : at + 1]))[len(numbers(b"".join(LOG[:at]))) :] for at in range(len(LOG))
]
WHOLE = b"".join(LOG)


def all_but(*blocks):
    return [number for at, block in enumerate(IN_BLOCK) if at not in blocks for number in block]


@given(st.lists(RECORDS, max_size=60))
def test_any_records_written_come_back_equal_and_in_order(calls):
    writer = Writer(7)
    blocks = []
    for name, *values in calls:
        getattr(writer, name)(*values)
        blocks += drain(writer)
    writer.seal()
    blocks += drain(writer)
    assert list(read(b"".join(blocks))) == [one for call in calls for one in expected(call)]
    assert all(len(block) == BLOCK for block in blocks)
    assert writer.lost == 0


def test_nothing_written_makes_no_block():
    writer = Writer(1)
    writer.seal()
    assert writer.waiting == 0
    assert list(read(b"")) == []


def test_a_block_says_whose_it_is_and_where_it_belongs():
    writer = Writer(70_000)
    for _ in range(2):
        writer.battery(1000, 50, 3700)
        writer.seal()
    first, second = drain(writer)
    assert struct.unpack_from("<2sHHH", first) == (b"BB", 70_000 & 0xFFFF, 0, 9)
    assert struct.unpack_from("<2sHHH", second) == (b"BB", 70_000 & 0xFFFF, 1, 9)


def test_a_power_cut_at_any_byte_loses_at_most_the_open_block():
    assert numbers(WHOLE) == list(range(240))
    for cut in range(5 * BLOCK + 1):
        blocks, rest = divmod(cut, BLOCK)
        data = WHOLE[:cut]
        assert numbers(data) == [number for block in IN_BLOCK[:blocks] for number in block]
        tail = [(blocks * BLOCK, rest, 0)] if rest else []
        assert [(d.offset, d.length, d.blocks) for d in damages(data)] == tail


@pytest.mark.parametrize("filler", [b"\0", b"\xff", b"B"])
@pytest.mark.parametrize("cut", [0, 1, 2, 8, 100, 507, 508, 511])
def test_what_flash_leaves_after_a_cut_is_no_record(cut, filler):
    whole = 3 * BLOCK
    data = WHOLE[: whole + cut] + filler * (2 * BLOCK - cut)
    assert numbers(data) == all_but(*range(3, len(LOG)))
    assert [(d.offset, d.length) for d in damages(data)] == [(whole, 2 * BLOCK)]


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_flipped_byte_costs_its_block_and_no_other(at, flip):
    data = bytearray(WHOLE)
    data[at] ^= flip
    hit = at // BLOCK
    last = hit == len(LOG) - 1
    assert numbers(bytes(data)) == all_but(hit)
    assert [(d.offset, d.length, d.blocks) for d in damages(bytes(data))] == [(hit * BLOCK, BLOCK, 0 if last else 1)]


SPANS = st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(1, 1500))


@given(SPANS)
def test_bytes_taken_out_cost_the_blocks_they_were_of(span):
    begin, length = span
    end = min(begin + length, len(WHOLE))
    touched = range(begin // BLOCK, (end - 1) // BLOCK + 1)
    data = WHOLE[:begin] + WHOLE[end:]
    assert set(all_but(*touched)) == set(numbers(data))
    if touched[-1] < len(LOG) - 1:
        assert missing(data) == len(touched)


@given(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=1500))
def test_bytes_put_in_cost_at_most_the_block_they_are_put_into(at, junk):
    hit = [] if at % BLOCK == 0 else [at // BLOCK]
    data = WHOLE[:at] + junk + WHOLE[at:]
    assert set(all_but(*hit)) <= set(numbers(data))
    assert sum(damage.length for damage in damages(data)) == len(data) - len(set(numbers_blocks(data))) * BLOCK


def numbers_blocks(data):
    """Which blocks were read."""
    found = set(numbers(data))
    return [at for at, block in enumerate(IN_BLOCK) if set(block) <= found]


@given(SPANS)
def test_a_run_of_zeros_costs_the_blocks_it_touches(span):
    begin, length = span
    end = min(begin + length, len(WHOLE))
    data = WHOLE[:begin] + bytes(end - begin) + WHOLE[end:]
    changed = [at for at in range(len(LOG)) if data[at * BLOCK : (at + 1) * BLOCK] != LOG[at]]
    assert numbers(data) == all_but(*changed)
    lost = [at for at in changed if any(later not in changed for later in range(at, len(LOG)))]
    assert missing(data) == len(lost)


@given(st.integers(0, len(LOG)), st.integers(0, len(LOG) - 1))
def test_a_block_that_comes_twice_is_told_once_and_costs_no_other(at, copied):
    data = b"".join([*LOG[:at], LOG[copied], *LOG[at:]])
    assert sorted(numbers(data)) == list(range(240))
    assert missing(data) == 0
    assert sum(damage.length for damage in damages(data)) == BLOCK


@given(st.integers(0, len(LOG)), st.booleans())
def test_a_stale_block_of_another_session_is_never_taken_for_one_of_this(at, replaces):
    stale = events_log(200, session=6, first=1000)[1]
    data = b"".join([*LOG[:at], stale, *LOG[at + replaces :]])
    assert numbers(data) == all_but(*([at] if replaces and at < len(LOG) else []))
    assert [(d.offset, d.length) for d in damages(data)] == [(at * BLOCK, BLOCK)]


@given(st.binary(min_size=1, max_size=2000))
def test_garbage_in_front_costs_nothing(junk):
    assert numbers(junk + WHOLE) == list(range(240))
    assert [(d.offset, d.length, d.blocks) for d in damages(junk + WHOLE)] == [(0, len(junk), 0)]


@given(st.binary(max_size=3000))
def test_garbage_alone_is_damage_and_nothing_else(junk):
    assert [(d.offset, d.length) for d in read(junk)] == ([(0, len(junk))] if junk else [])


@given(st.sets(st.integers(0, len(LOG) - 2), max_size=len(LOG) - 1))
def test_blocks_that_are_not_there_are_counted_by_their_numbers(gone):
    data = b"".join(block for at, block in enumerate(LOG) if at not in gone)
    assert numbers(data) == all_but(*gone)
    assert missing(data) == len(gone)
    assert all(damage.length == 0 for damage in damages(data))


@settings(max_examples=200)
@given(st.data())
def test_any_mixture_of_damage_never_raises_and_never_invents_a_record(data):
    log = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(log)))
        length = data.draw(st.integers(0, 800))
        piece = data.draw(
            st.binary(max_size=300)
            | st.integers(0, 800).map(bytes)
            | st.sampled_from(LOG)
            | st.sampled_from(LOG).map(lambda block: block[:100])
            | st.just(b"BB" * 40)
        )
        log[at : at + length] = piece
    found = numbers(bytes(log))
    assert len(found) == len(set(found))
    assert set(found) <= set(range(240))
    untouched = [at for at, block in enumerate(LOG) if block in log]
    assert set(found) == {number for at in untouched for number in IN_BLOCK[at]}


def test_the_number_of_a_block_wraps_at_16_bits_and_nothing_is_missing():
    writer = Writer(7)
    writer.sequence = 65_534
    blocks = []
    for number in range(140):
        writer.event(number * 10, number % 21, number, -number, 1)
        blocks += drain(writer)
    blocks = blocks[:5]
    data = b"".join(blocks)
    held = numbers(data)
    assert held == list(range(len(held)))
    assert [struct.unpack_from("<H", block, 4)[0] for block in blocks] == [65_534, 65_535, 0, 1, 2]
    (start,) = damages(data)
    assert (start.offset, start.length, start.blocks) == (0, 0, 65_534)
    assert [d.blocks for d in damages(b"".join(blocks[:1] + blocks[3:]))] == [65_534, 2]


def test_when_memory_is_full_blocks_are_lost_counted_and_missed_by_the_reader():
    writer = Writer(7)
    for number in range(1000):
        writer.event(number * 10, number % 21, number, -number, 1)
    assert writer.lost > 0
    held = writer.waiting
    blocks = drain(writer)
    for number in range(1000, 1060):
        writer.event(number * 10, number % 21, number, -number, 1)
        blocks += drain(writer)
    data = b"".join(blocks)
    found = numbers(data)
    assert found == sorted(set(found))
    assert found[0] == 0
    assert found[-1] > 1000
    assert missing(data) == writer.lost
    assert held < len(blocks)


def filled_ring(samples, seed=1):
    ring = Ring()
    rows = [[(n * 7919 + axis * 104_729 + seed) % 65_536 - 32_768 for axis in range(6)] for n in range(samples)]
    for number in range(0, samples, 2):
        ring.put(*rows[number], *rows[number + 1])
    return ring, rows


def test_raw_samples_come_back_to_the_bit():
    ring, rows = filled_ring(3 * CHUNK)
    writer = Writer(7)
    for chunk in range(3):
        assert writer.raw(123 + chunk, ring, chunk)
    writer.seal()
    found = list(read(b"".join(drain(writer))))
    assert [(kind, ms) for kind, ms, _ in found] == [(record.RAW, 123), (record.RAW, 124), (record.RAW, 125)]
    for chunk, (_, _, payload) in enumerate(found):
        assert struct.unpack_from(record.RAW_FORMAT, payload) == (chunk * CHUNK,)
        samples = list(struct.iter_unpack("<6h", payload[4:]))
        assert samples == [tuple(row) for row in rows[chunk * CHUNK : (chunk + 1) * CHUNK]]


def test_raw_samples_wait_rather_than_take_the_memory_that_events_need():
    ring, _ = filled_ring(CHUNKS * CHUNK)
    writer = Writer(7)
    while writer.raw(0, ring, 0):
        pass
    assert writer.waiting > 11, "the first 4 s of a fall fit"
    room = 0
    while writer.lost == 0:
        writer.event(0, 0, 0, 0, 0)
        room += 1
    assert room > 4 * 24, "and four blocks of events beside them"
    drain(writer)
    assert writer.raw(0, ring, 0)


def test_a_block_handed_out_stays_as_it_is_until_it_is_written():
    writer = Writer(7)
    for number in range(60):
        writer.event(number, 0, 0, 0, 0)
    before = bytes(writer.block())
    for number in range(60, 120):
        writer.event(number, 0, 0, 0, 0)
    assert bytes(writer.block()) == before
    writer.written()
    assert bytes(writer.block()) != before


def test_a_record_of_a_kind_not_known_here_is_handed_on_for_the_reader_to_skip():
    writer = Writer(7)
    at = writer._room(200, 5, 3)
    writer._blocks[writer._open][at : at + 3] = b"new"
    writer.event(6, 0, 0, 0, 0)
    writer.seal()
    assert [(kind, ms) for kind, ms, _ in read(b"".join(drain(writer)))] == [(200, 5), (record.EVENT, 6)]


@pytest.mark.parametrize(
    ("thin", "kept"),
    [
        (0, {record.EVENT, record.METRONOME, record.BATTERY, record.SUMMARY, record.STEPS, record.RAW}),
        (1, {record.EVENT, record.METRONOME, record.BATTERY, record.SUMMARY, record.STEPS}),
        (2, {record.EVENT, record.METRONOME, record.BATTERY}),
    ],
)
def test_for_want_of_room_raw_samples_go_first_then_the_records_of_every_5_s_and_never_events(thin, kept):
    ring, _ = filled_ring(2 * CHUNK)
    writer = Writer(7)
    writer.thin = thin
    writer.event(1, 0, 0, 0, 0)
    writer.metronome(2, 1680, 0, 3)
    writer.battery(3, 90, 4000)
    writer.summary(4, *[0] * 11)
    writer.steps(4, 0, 0, bytes(8))
    assert writer.raw(5, ring, 0), "who writes raw samples goes on to the next"
    writer.seal()
    assert {kind for kind, _, _ in read(b"".join(drain(writer)))} == kept
