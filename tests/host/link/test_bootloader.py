"""CircuitPython onto a board in its bootloader, with folders for drives."""

import errno
import os
import struct
from pathlib import Path

import pytest

from backbeat_host.errors import InputError, WorkError
from backbeat_host.link.bootloader import awaited, checked, flash
from backbeat_host.link.found import Found, told_by

RP2040, NRF52840 = 0xE48BFF56, 0xADA52840


def uf2(blocks: int = 3, family: int = RP2040) -> bytes:
    def block(number: int) -> bytes:
        head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, 0x10000000, 256, number, blocks, family)
        return head + bytes(476) + struct.pack("<I", 0x0AB16F30)

    return b"".join(map(block, range(blocks)))


@pytest.fixture
def waiting(board_folder) -> Found:
    return told_by(board_folder("RPI-RP2", bootloader=True))


def put(tmp_path: Path, raw: bytes) -> Path:
    path = tmp_path / "circuitpython.uf2"
    path.write_bytes(raw)
    return path


def test_the_file_is_copied_whole(waiting, tmp_path):
    told = []
    raw = checked(put(tmp_path, uf2(300)), waiting)
    flash(raw, waiting, lambda done, total: told.append(done))
    assert (waiting.drive / "CIRCUITPYTHON.UF2").read_bytes() == uf2(300)
    assert told == [65536, 131072, 153600]


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "no .uf2 file"),
        (b"hello", "no .uf2 file"),
        (uf2()[:-1], "not a whole"),
        (uf2()[:1024] + bytes(512), "not a whole"),
        (uf2()[:1024], "2 of its 3"),
        (uf2(family=NRF52840), "made for nRF52840"),
    ],
)
def test_a_file_that_would_not_run_is_refused_before_anything_is_copied(waiting, tmp_path, raw, word):
    with pytest.raises(InputError, match=word) as told:
        checked(put(tmp_path, raw), waiting)
    assert told.value.message.endswith(".")
    with pytest.raises(InputError, match="cannot be read"):
        checked(tmp_path / "nowhere", waiting)


def test_a_file_of_a_family_that_nobody_knows_is_let_through(waiting, tmp_path):
    assert checked(put(tmp_path, uf2(family=1)), waiting)


def test_a_drive_that_is_gone_says_so(waiting):
    (waiting.drive / "INFO_UF2.TXT").unlink()
    with pytest.raises(WorkError, match="gone"):
        flash(uf2(), waiting)


@pytest.mark.parametrize(("number", "whole"), [(errno.EIO, True), (errno.ENODEV, True), (errno.ENOSPC, False)])
def test_the_drive_may_go_once_all_is_sent(waiting, monkeypatch, number, whole):
    def fails(handle):
        raise OSError(number, "gone")

    monkeypatch.setattr("backbeat_host.link.bootloader.os.fsync", fails)
    if whole:
        flash(uf2(), waiting)
    else:
        with pytest.raises(WorkError, match="broke off"):
            flash(uf2(), waiting)


def test_the_board_that_comes_up_is_awaited(waiting, board_folder):
    other = told_by(board_folder("OTHER", "AB" * 4))
    new = told_by(board_folder("CIRCUITPY", "CD" * 4))
    looks = [[other], [other], [], [other, new]]
    assert awaited([waiting, other], lambda: looks.pop(0), rest=lambda s: None, now=lambda: 0.0) == new


def test_a_board_that_never_comes_up_is_given_up(waiting):
    clock = iter(range(0, 1000, 10))
    with pytest.raises(WorkError, match="no CIRCUITPY drive"):
        awaited([waiting], lambda: [waiting], rest=lambda s: None, now=lambda: next(clock))


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices have names on POSIX only")
def test_a_pipe_a_device_and_a_folder_are_no_file_and_are_not_read(waiting, tmp_path):
    os.mkfifo(tmp_path / "pipe.uf2")
    for path in (tmp_path / "pipe.uf2", Path("/dev/zero"), tmp_path):
        with pytest.raises(InputError, match="a folder, a pipe or a device"):
            checked(path, waiting)


def test_no_more_than_a_chip_can_hold_is_read(waiting, tmp_path, monkeypatch):
    monkeypatch.setattr("backbeat_host.link.bootloader._MOST", 1024)
    assert checked(put(tmp_path, uf2(2)), waiting) == uf2(2)
    with pytest.raises(InputError, match="larger than any"):
        checked(put(tmp_path, uf2(3)), waiting)
