"""The files of a board, alike by drive and over the console: whole, checked, and every failure in its own words."""

import types
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbeat_host.errors import WorkError
from backbeat_host.link.backend import (
    Entry,
    Files,
    FullError,
    GarbledError,
    GoneError,
    HostileNameError,
    LyingError,
    OtherOwnerError,
    failures_told,
    good_name,
    parts,
    sha256,
)
from backbeat_host.link.console import Console
from backbeat_host.link.drive import DriveFiles
from backbeat_host.link.line import Line
from backbeat_host.link.programs import CHANGE, HASH, TREE
from backbeat_host.link.serial_files import SerialFiles

from .fake_port import FakePort


def over_serial(folder: Path, **options) -> tuple[SerialFiles, FakePort]:
    port = FakePort(folder, "friendly", **options)
    console = Console("fake", Line(port, lambda: port.now))
    console.enter()
    return SerialFiles(console), port


def names(folder: Path) -> list[str]:
    return sorted(at.name for at in folder.iterdir())


@pytest.fixture(params=["drive", "serial"])
def files(request, tmp_path) -> Files:
    return DriveFiles(tmp_path) if request.param == "drive" else over_serial(tmp_path)[0]


def test_a_file_is_written_whole_with_its_folders(files, tmp_path):
    files.write("/lib/backbeat/a.py", b"x = 1\r\n\x00\x04")
    assert (tmp_path / "lib/backbeat/a.py").read_bytes() == b"x = 1\r\n\x00\x04"
    assert names(tmp_path / "lib/backbeat") == ["a.py"]


def test_a_file_that_is_there_is_replaced(files, tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    files.write("/a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize("size", [0, 1, 2047, 2048, 2049, 3072, 20_000])
def test_what_is_written_is_read(files, size):
    raw = bytes(range(256)) * (size // 256) + bytes(size % 256)
    files.write("/a", raw)
    assert files.read("/a") == raw
    assert files.digest("/a") == sha256(raw)


def test_a_piece_of_a_file_is_read(files):
    files.write("/a", bytes(range(256)) * 20)
    assert files.read("/a", 100, 3) == bytes((100, 101, 102))
    assert files.read("/a", 5119) == b"\xff"
    assert files.read("/a", 5120) == files.read("/a", 9999, 5) == b""


def test_progress_ends_at_the_whole(files):
    told = []
    files.write("/a", bytes(50_000), lambda done, total: told.append((done, total)))
    assert told[-1] == (50_000, 50_000)
    told.clear()
    files.read("/a", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (50_000, 50_000)
    assert told == sorted(told)


def test_a_folder_is_listed(files):
    files.write("/logs/00001.bbl", b"123")
    files.write("/b", b"")
    assert files.listing("/") == [Entry("b", 0, False), Entry("logs", 0, True)]
    assert files.listing("/logs") == [Entry("00001.bbl", 3, False)]


def test_a_file_moves_over_another(files, tmp_path):
    files.write("/new/a", b"new")
    files.write("/a", b"old")
    files.rename("/new/a", "/a")
    assert files.read("/a") == b"new"
    assert files.listing("/new") == []
    files.rename("/a", "/some/where/b")
    assert files.read("/some/where/b") == b"new"


MANY = {f"/lib/some/package{number % 7}/module{number}.py": b"x" * (number * 37) for number in range(80)}


def test_many_files_are_written_hashed_moved_and_removed_as_each_alone(files):
    told = []
    files.write_all(MANY, lambda done, total: told.append((done, total)))
    total = sum(map(len, MANY.values()))
    assert told[-1] == (total, total) and told == sorted(told)
    assert files.digests([*MANY, "/no", "/lib"]) == {path: sha256(raw) for path, raw in MANY.items()} | {
        "/no": None,
        "/lib": None,
    }
    files.rename_all((path, "/new" + path) for path in MANY)
    assert files.digests(MANY) == dict.fromkeys(MANY)
    assert {path: files.read("/new" + path) for path in list(MANY)[::9]} == dict(list(MANY.items())[::9])
    files.remove_all("/new" + path for path in MANY)
    assert [entry for entry in files.tree("/new") if not entry.is_folder] == []


def test_nothing_at_once_is_nothing(files, tmp_path):
    files.write_all({})
    files.rename_all([])
    files.remove_all([])
    assert files.digests([]) == {}
    assert names(tmp_path) == []


def test_many_are_changed_in_their_order_up_to_the_one_that_fails(files):
    files.write_all({"/a": b"a", "/b": b"b", "/c": b"c"})
    with pytest.raises(FileNotFoundError) as told:
        files.rename_all([("/a", "/x/a"), ("/no", "/x/b"), ("/c", "/x/c")])
    assert told.value.filename == "/no"
    assert files.digests(["/a", "/c", "/x/a", "/x/c"]) == {
        "/a": None,
        "/c": sha256(b"c"),
        "/x/a": sha256(b"a"),
        "/x/c": None,
    }
    with pytest.raises(FileNotFoundError) as told:
        files.remove_all(["/b", "/no", "/c"])
    assert told.value.filename == "/no"
    assert files.digests(["/b", "/c"]) == {"/b": None, "/c": sha256(b"c")}


def test_no_path_of_many_leaves_the_drive(files, tmp_path):
    files.write("/a", b"a")
    for call in (
        lambda: files.write_all({"/b": b"", "/../b": b""}),
        lambda: files.rename_all([("/no", "/../b")]),
        lambda: files.digests(["/a", "/../b"]),
        lambda: files.remove_all(["/../b"]),
        lambda: files.tree("/.."),
    ):
        with pytest.raises(HostileNameError):
            call()
    assert files.read("/a") == b"a"


def test_a_tree_is_listed_by_whole_paths_a_folder_before_what_is_in_it(files):
    files.write_all({"/a": b"1", "/x/b": b"22", "/x/y/c": b"333"})
    tree = [(entry.name, entry.size, entry.is_folder) for entry in files.tree("/")]
    assert sorted(tree) == [
        ("/a", 1, False),
        ("/x", 0, True),
        ("/x/b", 2, False),
        ("/x/y", 0, True),
        ("/x/y/c", 3, False),
    ]
    order = [name for name, _, _ in tree]
    assert order.index("/x") < order.index("/x/y") < order.index("/x/y/c")
    assert sorted(entry.name for entry in files.tree("/x", 0)) == ["/x/b", "/x/y"]
    assert files.tree("/no") == []


def test_a_file_and_an_empty_folder_are_removed(files):
    files.write("/x/a", b"")
    files.remove("/x/a")
    files.remove("/x")
    assert files.listing("/") == []


def test_a_folder_that_is_not_empty_stays(files):
    files.write("/x/a", b"")
    with pytest.raises(OSError):
        files.remove("/x")
    assert files.read("/x/a") == b""


@pytest.mark.parametrize("call", [lambda f: f.read("/no"), lambda f: f.listing("/no"), lambda f: f.remove("/no")])
def test_what_is_not_there_says_so(files, call):
    with pytest.raises(FileNotFoundError):
        call(files)


def test_moving_what_is_not_there_destroys_nothing(files):
    files.write("/a", b"old")
    with pytest.raises(FileNotFoundError):
        files.rename("/no", "/a")
    assert files.read("/a") == b"old"


def test_what_is_not_there_has_no_hash(files):
    files.write("/x/a", b"")
    assert files.digest("/no") is None
    assert files.digest("/no/no") is None
    assert files.digest("/x") is None


@pytest.mark.parametrize("path", ["/../x", "x", "", "/a//b", "/a/", "/a\\b", "/a\0", "/.", "/con:", "/a\nb", "/x. "])
def test_a_path_that_no_board_has_is_refused(files, tmp_path, path):
    for call in (files.read, files.remove, files.digest, lambda at: files.write(at, b"")):
        with pytest.raises(HostileNameError):
            call(path)
    assert names(tmp_path) == []


@given(st.text(max_size=12))
def test_no_path_leaves_the_drive(text):
    try:
        names = parts("/" + text)
    except HostileNameError:
        return
    assert all(map(good_name, names))
    assert not {"..", ".", ""} & set(names)
    assert "/".join(["", *names]) == "/" + text.rstrip("/") or text == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(raw=st.binary(max_size=9000), begin=st.integers(0, 9000), count=st.none() | st.integers(0, 9000))
def test_the_console_carries_any_bytes(tmp_path, raw, begin, count):
    files, _ = over_serial(tmp_path)
    files.write("/a", raw)
    assert (tmp_path / "a").read_bytes() == raw
    assert files.read("/a", begin, count) == raw[begin : None if count is None else begin + count]


def test_room_is_told(tmp_path):
    files, _ = over_serial(tmp_path, capacity=512 * 100)
    assert files.free() == 512 * 100
    assert DriveFiles(tmp_path).free() > 0
    (tmp_path / "a").write_bytes(bytes(1000))
    assert DriveFiles(tmp_path, capacity=5000).free() == 4000


def test_a_drive_that_the_laptop_owns_is_not_written_over_the_console(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    files, _ = over_serial(tmp_path, owner="laptop")
    assert files.writable is False
    for call in (lambda: files.write("/a", b"new"), lambda: files.remove("/a"), lambda: files.rename("/a", "/b")):
        with pytest.raises(OtherOwnerError):
            call()
    assert files.read("/a") == b"old"


def test_a_drive_that_the_board_owns_is_not_written_by_the_laptop(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    files = DriveFiles(tmp_path, owned=lambda: False)
    for call in (lambda: files.write("/a", b"new"), lambda: files.remove("/a"), lambda: files.rename("/a", "/b")):
        with pytest.raises(OtherOwnerError):
            call()
    assert files.read("/a") == b"old"
    assert names(tmp_path) == ["a"]


def test_a_folder_without_leave_to_write_is_not_ours(tmp_path):
    tmp_path.chmod(0o555)
    try:
        assert DriveFiles(tmp_path).writable is False
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize(("opts", "ours"), [("rw,removable", True), ("ro,removable", False)])
def test_where_there_is_no_statvfs_the_volume_says_whether_it_is_write_protected(tmp_path, monkeypatch, opts, ours):
    monkeypatch.delattr("os.statvfs")
    volume = types.SimpleNamespace(mountpoint=str(tmp_path), opts=opts)
    monkeypatch.setattr("backbeat_host.link.drive.psutil.disk_partitions", lambda all: [volume])
    assert DriveFiles(tmp_path).writable is ours


def test_a_full_board_keeps_the_old_file(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    files, _ = over_serial(tmp_path, capacity=5000)
    with pytest.raises(FullError):
        files.write("/a", bytes(9000))
    assert names(tmp_path) == ["a"]
    assert files.read("/a") == b"old"


def test_a_drive_that_lies_is_found_out_and_the_old_file_stays(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    for hashlib in (True, False):
        files, port = over_serial(tmp_path)
        port.writes_lie, port.has_hashlib = True, hashlib
        with pytest.raises(LyingError):
            files.write("/a", b"new")
        assert names(tmp_path) == ["a"]
        assert files.read("/a") == b"old"


def test_a_mounted_drive_that_lies_is_found_out(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr("backbeat_host.link.drive._hash", lambda place: sha256(place.read_bytes() + b"?"))
    with pytest.raises(LyingError):
        DriveFiles(tmp_path).write("/a", b"new")
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_board_without_hashlib_is_served_all_the_same(tmp_path):
    files, port = over_serial(tmp_path)
    port.has_hashlib = False
    files.write("/a", b"abc" * 5000)
    assert files.digest("/a") == sha256(b"abc" * 5000)
    assert files.digest("/no") is None


def test_an_ejected_drive_says_that_it_is_gone(tmp_path):
    folder = tmp_path / "CIRCUITPY"
    folder.mkdir()
    files = DriveFiles(folder)
    files.write("/a", b"")
    (folder / "a").unlink()
    folder.rmdir()
    for call in (lambda: files.read("/a"), lambda: files.write("/a", b""), lambda: files.listing("/"), files.free):
        with pytest.raises(GoneError):
            call()
    assert not folder.exists()


def test_a_drive_ejected_while_it_is_written_says_that_it_is_gone(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"old")

    def fails(handle):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("backbeat_host.link.drive.os.fsync", fails)
    with pytest.raises(GoneError):
        DriveFiles(tmp_path).write("/a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_link_that_leads_out_of_a_drive_is_not_followed(tmp_path):
    drive = tmp_path / "drive"
    drive.mkdir()
    (tmp_path / "secret").write_text("mine")
    (drive / "out").symlink_to(tmp_path)
    files = DriveFiles(drive)
    assert files.listing("/") == []
    for call in (
        lambda: files.read("/out/secret"),
        lambda: files.write("/out/secret", b""),
        lambda: files.listing("/out"),
    ):
        with pytest.raises(HostileNameError):
            call()
    assert (tmp_path / "secret").read_text() == "mine"


def test_a_cable_pulled_while_a_file_is_written_leaves_the_old_one_or_the_new_one(tmp_path):
    old, new = b"old" * 700, b"new" * 2000
    folder = tmp_path / "whole"
    folder.mkdir()
    files, port = over_serial(folder)
    begin = port.moved
    files.write("/a", new)
    end = port.moved
    for at in range(begin + 1, end, 97):
        folder = tmp_path / str(at)
        folder.mkdir()
        (folder / "a").write_bytes(old)
        files, port = over_serial(folder)
        port.cut_at = at
        with pytest.raises(GoneError):
            files.write("/a", new)
        there = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert there.get("a", there.get("a.part")) in (old, new)


@pytest.mark.parametrize("said", [b"", b"!!!!", b"QUJ", b"\xff\x00", b"[1, 2", b"('a', 'b', 1)\r\n", b"QUJD" * 99])
def test_a_board_that_answers_nonsense_is_told_so(tmp_path, said):
    (tmp_path / "a").write_bytes(b"abc")
    for call in (
        lambda f: f.read("/a", 0, 2),
        lambda f: f.listing("/"),
        lambda f: f.free(),
        lambda f: f.digest("/a"),
        lambda f: f.digests([f"/{number}" for number in range(99)]),
        lambda f: f.rename("/a", "/b"),
    ):
        files, port = over_serial(tmp_path)
        assert files.writable
        for code in (TREE, HASH, CHANGE):
            files._help(code)
        run = port._run

        def lie(run=run, port=port):
            port.out.clear()
            run()
            port.out[:] = b"OK" + said + b"\x04\x04>" if port.out.startswith(b"OK") else b"\x04" + said + b"\x04\x04>"

        port._run = lie
        with pytest.raises(GarbledError):
            call(files)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (GoneError(19, "x"), "went away"),
        (OSError(5, "Input/output error", "/a"), "went away"),
        (GarbledError(5, "x"), "no sense"),
        (OtherOwnerError(30, "x", "/a"), "service on"),
        (FullError(28, "x", "/a"), "full"),
        (LyingError(5, "x", "/a"), "not what is there"),
        (HostileNameError(22, "x", "../\x1b[2J"), "can be called so"),
        (FileNotFoundError(2, "x", "/a"), "right board"),
        (PermissionError(13, "x", "/dev/ttyACM0"), "permission"),
        (OSError(16, "busy", "/dev/ttyACM0"), "another program"),
        (OSError(99, "strange"), "doctor"),
        (OSError("nothing at all"), "nothing at all"),
    ],
)
def test_every_failure_is_one_sentence_with_a_remedy(error, word):
    with pytest.raises(WorkError) as told, failures_told("here"):
        raise error
    sentence = told.value.message
    assert sentence.startswith("here: ") and sentence.endswith(".") and "\n" not in sentence and "\x1b" not in sentence
    assert word in sentence and ";" in sentence


def test_a_reader_that_went_away_is_no_failure_of_the_board():
    with pytest.raises(BrokenPipeError), failures_told("here"):
        raise BrokenPipeError


def test_words_that_find_no_room_where_they_go_do_not_make_the_board_a_full_one():
    with pytest.raises(OSError, match="No space left") as told, failures_told("here"):
        raise OSError(28, "No space left on device")
    assert not isinstance(told.value, FullError)


def test_a_board_is_named_once():
    with pytest.raises(WorkError) as told, failures_told("/dev/ttyACM0"):
        raise OSError(16, "another program has the port open", "/dev/ttyACM0")
    assert told.value.message == "/dev/ttyACM0: another program has the port open; close it and repeat the command."
