import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import events, record, settings
from backbeat.record import BLOCK, Writer
from backbeat.sense.ring import CHUNK, Ring
from backbeat_host.errors import InputError
from backbeat_host.runs.decode import decode, decode_bytes

VALUES = {**settings.defaults(), "cadence": 1705, "mount.up": (0, 1000, 0)}
ROWS = np.random.default_rng(1).integers(-32768, 32767, (20 * CHUNK, 6), dtype=np.int16)


def drain(writer):
    blocks = []
    while writer.waiting:
        blocks.append(bytes(writer.block()))
        writer.written()
    return blocks


def written():
    """A session of a minute: an event and a summary every 5 s, raw chunks 3 to 8 and 12 to 15. Gives its blocks."""
    ring = Ring()
    for pair in ROWS.reshape(-1, 12).tolist():
        ring.put(*pair)
    writer = Writer(12)
    writer.header(1_760_000_000, 11, "0.1.0,raspberry_pi_pico,E66118")
    writer.settings(settings.dump(VALUES))
    writer.event(0, events.SESSION_START, 12, 0, 0)
    writer.seal()
    blocks = drain(writer)
    for ms in range(5000, 60_001, 5000):
        writer.event(ms, events.MARK, 0, 0, 0)
        writer.summary(ms, 14, 1702, 1705, 14, events.RUN, events.BACKWARD, -171, 62, 3100, 2470, 0)
        writer.steps(ms, 2400, 3100, bytes(range(8)))
        blocks += drain(writer)
    for chunk in (*range(3, 9), *range(12, 16)):
        writer.raw(60_100, ring, chunk)
        blocks += drain(writer)
    writer.battery(60_200, 81, 3920)
    writer.event(60_300, events.SESSION_END, events.BY_BUTTON, 0, 0)
    writer.seal()
    return blocks + drain(writer)


BLOCKS = written()
DATA = b"".join(BLOCKS)


@pytest.fixture
def log_file(tmp_path):
    def write(data):
        path = tmp_path / "00012.bbl"
        path.write_bytes(data)
        return path

    return write


def test_a_whole_log_gives_all_that_was_written(log_file):
    path = log_file(DATA)
    log = decode(path)
    assert (log.name, log.bytes, log.where) == ("00012", len(DATA), str(path))
    assert (log.format, log.session, log.clock, log.continued) == (record.FORMAT, 12, 1_760_000_000, 11)
    assert (log.firmware, log.board, log.uid) == ("0.1.0", "raspberry_pi_pico", "E66118")
    assert log.settings() == VALUES
    assert log.told[0] == (0, events.SESSION_START, 12, 0, 0)
    assert log.told[-1] == (60_300, events.SESSION_END, events.BY_BUTTON, 0, 0)
    assert len(log.told) == 14
    assert log.battery == [(60_200, 81, 3920)]
    assert log.last_ms == 60_300
    assert log.missing() == []


def test_a_summary_has_every_figure_in_its_place():
    summary = decode_bytes(DATA, "x").summaries[1]
    assert (summary.ms, summary.steps, summary.cadence, summary.target, summary.beats) == (10_000, 14, 1702, 1705, 14)
    assert (summary.gait, summary.travel, summary.heading) == (events.RUN, events.BACKWARD, -171)
    assert (summary.confidence, summary.peak_mg, summary.period) == (62, 3100, 2470)


def test_the_true_rate_is_the_one_the_board_measured_last():
    assert decode_bytes(DATA, "x").rate_hz == pytest.approx(256_000 / 2470)
    assert decode_bytes(BLOCKS[0], "x").rate_hz == pytest.approx(104.15, abs=0.01)


def test_chunks_in_a_row_are_one_window_to_the_bit():
    first, second = decode_bytes(DATA, "x").windows
    assert (first.first, second.first) == (3 * CHUNK, 12 * CHUNK)
    assert first.rows.dtype == np.int16
    assert np.array_equal(first.rows, ROWS[3 * CHUNK : 9 * CHUNK])
    assert np.array_equal(second.rows, ROWS[12 * CHUNK : 16 * CHUNK])


def test_events_are_told_in_seconds_under_the_logs_name_or_another():
    log = decode_bytes(DATA, "00012")
    assert log.events()[0] == {"trial": "00012", "t": 0.0, "event": "session_start", "session": 12}
    assert log.events("mine")[-1] == {"trial": "mine", "t": 60.3, "event": "session_end", "reason": "button"}


@pytest.mark.parametrize("gone", range(1, len(BLOCKS) - 1))
def test_a_damaged_block_costs_itself_alone_and_is_told_with_its_place_and_time(gone):
    data = b"".join([*BLOCKS[:gone], b"\0" * BLOCK, *BLOCKS[gone + 1 :]])
    log = decode_bytes(data, "x")
    (lost,) = log.lost
    assert (lost.damage.offset, lost.damage.length, lost.damage.blocks) == (gone * BLOCK, BLOCK, 1)
    assert lost.before_ms <= lost.after_ms
    (sentence,) = log.missing()
    assert sentence.startswith(f"x: bytes {gone * BLOCK} to {gone * BLOCK + BLOCK - 1} are damaged: 1 block is missing")
    assert "between" in sentence
    assert log.told[-1][1] == events.SESSION_END
    assert log.session == 12


def test_a_block_cut_out_is_told_at_its_place():
    log = decode_bytes(b"".join(BLOCKS[:1] + BLOCKS[3:]), "x")
    (sentence,) = log.missing()
    assert sentence.startswith(f"x: 2 blocks are missing (512 bytes each) at byte {BLOCK}, between 0.0 s and ")


def test_a_power_cut_is_told_as_one():
    log = decode_bytes(DATA[:-100], "x")
    sentence, end = log.missing()
    assert f"bytes {len(DATA) - BLOCK} to {len(DATA) - 101} hold no block of this log, after 60.1 s" in sentence
    assert "power was cut" in sentence
    assert log.lost[0].after_ms is None
    assert end == "x: the session's end is missing: the log stops after 60.1 s."


@pytest.mark.parametrize("kept", [2, len(BLOCKS) - 1])
def test_a_log_that_stops_between_two_blocks_says_that_its_end_is_missing(kept):
    log = decode_bytes(b"".join(BLOCKS[:kept]), "x")
    assert log.lost == []
    assert log.missing() == [f"x: the session's end is missing: the log stops after {log.last_ms / 1000:.1f} s."]


def test_without_its_first_block_the_session_is_told_from_the_others_and_what_is_lost_is_said():
    stale = Writer(77)
    stale.event(0, events.MARK, 0, 0, 0)
    stale.seal()
    log = decode_bytes(b"".join([*drain(stale), b"B" * 700, *BLOCKS[1:]]), "x")
    assert (log.session, log.board) == (12, "")
    header, settings_, damage = log.missing()
    assert header.startswith("x: the header is lost: board and firmware are unknown")
    assert settings_.startswith("x: the settings are lost, and with them how the chip sat (mount)")
    assert "1 block is missing" in damage


def test_of_a_number_beyond_16_bits_the_blocks_tell_the_low_ones():
    writer = Writer(3 * 65_536 + 5)
    writer.event(0, events.MARK, 0, 0, 0)
    writer.seal()
    assert decode_bytes(b"".join(drain(writer)), "x").session == 5


def test_settings_of_which_a_piece_is_lost_are_lost():
    writer = Writer(12)
    writer.header(0, 0, "0.1.0,board,uid")
    writer.settings(settings.dump(VALUES) + " " * 400)
    writer.event(900, events.SESSION_END, events.BY_BUTTON, 0, 0)
    writer.seal()
    first, second = drain(writer)
    assert decode_bytes(first + second, "x").settings() == VALUES
    log = decode_bytes(first, "x")
    assert log.settings() == settings.defaults()
    assert log.missing()[0].startswith("x: the settings are lost")


def test_a_log_that_lost_its_settings_has_the_defaults():
    assert decode_bytes(b"".join(BLOCKS[1:]), "x").settings() != VALUES
    head_cut = Writer(12)
    head_cut.settings(settings.dump(VALUES)[:200])
    head_cut.seal()
    assert decode_bytes(b"".join(drain(head_cut)), "x").settings() == settings.defaults()


@pytest.mark.parametrize("data", [b"", b"BB", b"time_s,acc_x_g\n", b"\0" * 4096, b"BB" * 2000])
def test_what_is_no_log_is_refused_in_one_sentence(log_file, data):
    path = log_file(data)
    with pytest.raises(InputError) as told:
        decode(path)
    assert str(told.value).startswith(f"{path}: this is no Backbeat log")
    assert str(told.value).count(".") >= 1
    assert "\n" not in str(told.value)


def test_a_log_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.bbl: cannot be read"):
        decode(tmp_path / "none.bbl")
    with pytest.raises(InputError, match="cannot be read"):
        decode(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="pipes have names on POSIX only")
def test_a_pipe_or_a_device_is_refused_unread(tmp_path):
    os.mkfifo(tmp_path / "x.bbl")
    for path in (tmp_path / "x.bbl", Path(os.devnull)):
        with pytest.raises(InputError, match=r"a pipe or a device; give a log file \(\.bbl\)"):
            decode(path)


def with_record(kind, payload):
    writer = Writer(12)
    at = writer._room(kind, 70_000, len(payload))
    writer._blocks[writer._open][at : at + len(payload)] = payload
    writer.event(70_001, events.MARK, 0, 0, 0)
    writer.seal()
    return b"".join(drain(writer))


@given(st.integers(0, 255), st.binary(max_size=255))
def test_a_record_this_version_cannot_read_is_skipped_and_the_next_is_read(kind, payload):
    log = decode_bytes(with_record(kind, payload), "x")
    assert log.told[-1] == (70_001, events.MARK, 0, 0, 0)
    assert log.events()
    assert all(window.rows.shape[1] == 6 for window in log.windows)
    assert log.rate_hz > 0
    log.settings()


def test_raw_records_without_samples_are_no_window():
    first = struct.pack(record.RAW_FORMAT, 40)
    assert decode_bytes(with_record(record.RAW, first), "x").windows == []
    assert decode_bytes(with_record(record.RAW, first + bytes(11)), "x").windows == []


def test_a_newer_format_is_said():
    header = struct.pack(record.HEADER_FORMAT, record.FORMAT + 1, 12, 0, 0) + b"9.0,board,uid"
    sentence, *_ = decode_bytes(with_record(record.HEADER, header), "x").missing()
    assert "newer than this version reads" in sentence


def test_names_that_are_missing_in_the_header_are_empty():
    header = struct.pack(record.HEADER_FORMAT, 1, 12, 0, 0) + b"0.1.0"
    log = decode_bytes(with_record(record.HEADER, header), "x")
    assert (log.firmware, log.board, log.uid) == ("0.1.0", "", "")
