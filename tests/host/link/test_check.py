import struct
import tracemalloc
import zlib

from backbeat import record
from backbeat_host.link.check import check, header
from backbeat_host.runs import decode

from .logs_made import NOON, made


def looked(tmp_path, raw):
    path = tmp_path / "log.bbl"
    path.write_bytes(raw)
    return check(path)


def test_a_good_log_has_nothing_wrong_and_tells_its_session_and_clock(tmp_path):
    found = looked(tmp_path, made(7))
    assert (found.session, found.clock, found.wrong) == (7, NOON, [])
    assert found.records > 60
    assert found.seconds == 6.007


def test_every_way_to_be_damaged_is_said_and_decode_says_something_as_well(tmp_path):
    whole = made(7)
    broken = bytearray(whole)
    broken[1030] ^= 1
    cases = {
        "1 damaged place, 1 blocks lost": bytes(broken),
        "its header is lost": whole[512:],
        "the session's end is missing": made(7, ended=False),
        "not one of its blocks is good": b"x" * 2000,
        "it is empty": b"",
    }
    for words, raw in cases.items():
        assert any(words in wrong for wrong in looked(tmp_path, raw).wrong), words
        if b"BB" in raw:
            assert decode.decode_bytes(raw, "log").missing()


def test_a_record_that_is_too_short_is_said_once(tmp_path):
    head = struct.pack(record.BLOCK_FORMAT, record.MAGIC, 7, 0, 18)
    records = 3 * struct.pack(record.RECORD_FORMAT, record.EVENT, 0, 0)
    block = (head + records).ljust(record.END, b"\0")
    found = looked(tmp_path, block + struct.pack(record.CRC_FORMAT, zlib.crc32(block)))
    assert [wrong for wrong in found.wrong if "too short" in wrong] == ["a record is too short"]


def test_a_first_block_tells_the_clock_and_no_block_tells_nothing():
    assert header(made(7)[:512]).clock == NOON
    assert header(b"").clock == 0
    assert header(b"BB" * 256).clock == 0


def test_a_large_log_is_checked_in_little_memory(tmp_path):
    small = made(7)
    count = 16_000_000 // len(small)
    path = tmp_path / "log.bbl"
    with path.open("wb") as file:
        for _ in range(count):
            file.write(small)
    tracemalloc.start()
    check(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < path.stat().st_size
