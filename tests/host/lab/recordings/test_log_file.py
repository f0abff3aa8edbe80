import pickle

import numpy as np
import pytest

from backbeat import settings
from backbeat.record import BLOCK, RAW, Writer
from backbeat.sense.ring import CHUNK, CHUNKS, Ring
from backbeat_host.errors import InputError
from backbeat_host.lab.recordings.log_file import looks_like_log, open_log

ROWS = np.random.default_rng(2).integers(-3000, 3000, ((CHUNKS - 1) * CHUNK, 6), dtype=np.int16)
VALUES = {**settings.defaults(), "cadence": 1500, "mount.up": (0, 1000, 0)}


@pytest.fixture
def log_of(tmp_path):
    """Write a log with raw chunks; `period` is what the board measured, 1/256 ms."""

    def write(chunks, period=2462):
        ring = Ring()
        for pair in ROWS.reshape(-1, 12).tolist():
            ring.put(*pair)
        writer = Writer(3)
        writer.header(0, 0, "0.1.0,board,uid")
        writer.settings(settings.dump(VALUES))
        writer.summary(5000, 0, 0, 1500, 0, 0, 4, 0, 0, 1000, period, 0)
        data = b""
        for chunk in chunks:
            writer.raw(9000, ring, chunk)
            writer.seal()
            while writer.waiting:
                data += bytes(writer.block())
                writer.written()
        path = tmp_path / "00003.bbl"
        path.write_bytes(data)
        return path

    return write


def test_each_raw_window_is_a_trial_named_after_its_second(log_of):
    refs = open_log(log_of([*range(4), *range(20, 25)]))
    assert [ref.id for ref in refs] == ["00003-0.0s", "00003-3.8s"]
    assert np.array_equal(refs[0].load().rows, ROWS[: 4 * CHUNK])
    assert np.array_equal(refs[1].load().rows, ROWS[20 * CHUNK : 25 * CHUNK])


def test_the_settings_of_the_session_tell_how_the_chip_sat_and_nothing_else(log_of):
    (ref,) = open_log(log_of(range(4)))
    assert ref.settings == {"mount.forward": (1000, 0, 0), "mount.up": (0, 1000, 0)}
    assert ref.labels == {}


def test_windows_that_damage_has_split_have_names_of_their_own(log_of):
    path = log_of(range(20, 30))
    data = path.read_bytes()
    path.write_bytes(data[: 3 * BLOCK] + bytes(BLOCK) + data[4 * BLOCK :])
    refs = open_log(path)
    assert len(refs) == 2
    assert len({ref.id for ref in refs}) == 2


@pytest.mark.parametrize(("period", "same"), [(2462, True), (2458, True), (2560, False), (2340, False)])
def test_a_chip_with_a_rate_of_its_own_is_brought_to_104_hz(log_of, period, same):
    (ref,) = open_log(log_of(range(CHUNKS - 1), period))
    rows = ref.load().rows
    if same:
        assert np.array_equal(rows, ROWS)
    else:
        assert len(rows) == pytest.approx(len(ROWS) * period / 256_000 * 104, abs=2)


def test_a_trial_can_be_sent_to_another_process(log_of):
    (ref,) = open_log(log_of(range(4)))
    assert np.array_equal(pickle.loads(pickle.dumps(ref)).load().rows, ROWS[: 4 * CHUNK])


def test_a_log_without_raw_samples_is_refused_with_the_reason(tmp_path):
    writer = Writer(4)
    writer.event(0, 0, 4, 0, 0)
    writer.seal()
    path = tmp_path / "00004.bbl"
    path.write_bytes(bytes(writer.block()))
    with pytest.raises(InputError, match="kept no raw samples"):
        open_log(path)


def test_a_log_whose_raw_records_are_empty_kept_no_raw_samples(tmp_path):
    writer = Writer(4)
    at = writer._room(RAW, 9000, 4)
    writer._blocks[writer._open][at : at + 4] = bytes(4)
    writer.seal()
    path = tmp_path / "00004.bbl"
    path.write_bytes(bytes(writer.block()))
    with pytest.raises(InputError, match="kept no raw samples"):
        open_log(path)


def test_a_log_is_known_by_its_name_or_its_first_bytes(tmp_path):
    assert looks_like_log(tmp_path / "x.BBL", b"")
    assert looks_like_log(tmp_path / "x.bin", b"BB\0\0")
    assert not looks_like_log(tmp_path / "x.csv", b"time_s,acc")


def test_what_is_no_log_is_refused(tmp_path):
    path = tmp_path / "x.bbl"
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match="no Backbeat log"):
        open_log(path)
