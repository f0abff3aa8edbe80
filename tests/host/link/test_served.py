"""Files and installations over the console of a served board, whose cable, line and drive fail on purpose."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from backbeat_host.lab.serve.server import Server
from backbeat_host.link import programs
from backbeat_host.link.backend import FullError, GarbledError, GoneError, LyingError, OtherOwnerError, sha256
from backbeat_host.link.console import Console, Leaving
from backbeat_host.link.install import install, planned
from backbeat_host.link.serial_files import SerialFiles

BOARD_OWNS = "import storage\nstorage.remount('/', readonly=False)\n"
RAW = bytes(range(256)) * 40
FILES = {f"/lib/backbeat/{number}.py": bytes([number]) * 900 for number in range(12)} | {"/code.py": b"pass\n"}


@contextmanager
def board(folder: Path, *faults: str, owner: str = "board") -> Iterator[tuple[SerialFiles, Server]]:
    """The console of a served board, at its prompt."""
    if owner == "board":
        (folder / "boot.py").write_text(BOARD_OWNS)
    with Server(folder, faults=faults) as served, Console(served.port) as console:
        console.enter()
        yield SerialFiles(console), served


def test_files_go_both_ways(tmp_path):
    with board(tmp_path) as (files, _):
        heard = []
        files.write("/a/b/c", RAW, lambda done, total: heard.append((done, total)))
        assert heard[-1] == (len(RAW), len(RAW))
        assert files._reads, "code on the board has read what was sent"
        assert files.read("/a/b/c") == RAW
        assert files.digest("/a/b/c") == sha256(RAW)
        files.write("/a/b/c", b"")
        assert (tmp_path / "a/b/c").read_bytes() == b""
        files.rename("/a/b/c", "/d")
        files.remove("/a/b")
        assert [entry.name for entry in files.listing("/a")] == []
        assert files.free() > 0
        with pytest.raises(FileNotFoundError):
            files.read("/no")


def test_many_files_go_in_a_few_questions(tmp_path):
    many = {f"/lib/package{number % 7}/module{number}.py": RAW[: number * 41] for number in range(120)}
    with board(tmp_path) as (files, _):
        asked = []
        begin = files.console._begin
        files.console._begin = lambda code: (asked.append(code), begin(code))
        files.write_all(many)
        files.rename_all((path, "/new" + path) for path in many)
        found = files.digests("/new" + path for path in many)
        files.remove_all("/new" + path for path in list(many)[1:])
        assert files._reads, "code on the board has read what was sent"
        assert found == {"/new" + path: sha256(raw) for path, raw in many.items()}
        assert [entry.name for entry in files.tree("/new") if not entry.is_folder] == ["/new/lib/package0/module0.py"]
        assert len(asked) < 25


def test_a_board_that_loses_what_is_sent_takes_the_rest_of_many_files_as_text(tmp_path, monkeypatch):
    many = {f"/{number}": RAW[: number * 100] for number in range(20)}
    monkeypatch.setattr(programs, "HEAR", programs.HEAR.replace("c.timeout = 3", "c.timeout = 0.2"))
    with board(tmp_path) as (files, _):
        feed = files.console.feed

        def losing(code, pieces):
            """Have the board wait in vain for a piece in the middle."""
            if "_receive" not in code:
                return feed(code, pieces)
            return feed(code, islice(pieces, 7))

        monkeypatch.setattr(files.console, "feed", losing)
        heard = []
        files.write_all(many, lambda done, total: heard.append((done, total)))
        assert not files._reads
        assert heard[-1] == (19_000, 19_000)
        assert {path: (tmp_path / path[1:]).read_bytes() for path in many} == many
        files.rename_all((path, "/new" + path) for path in many)
        assert files.digests("/new" + path for path in many) == {
            "/new" + path: sha256(raw) for path, raw in many.items()
        }


def test_of_many_files_those_before_a_full_drive_are_whole_and_the_rest_is_not_there(tmp_path):
    with board(tmp_path, "full=30000") as (files, _):
        with pytest.raises(FullError) as told:
            files.write_all({f"/{name}": RAW for name in "abcdef"})
        there = sorted(path.name for path in tmp_path.iterdir() if len(path.name) == 1)
        assert 0 < len(there) < 6
        assert told.value.filename == "/" + "abcdef"[len(there)]
        assert all((tmp_path / name).read_bytes() == RAW for name in there)
        assert not list(tmp_path.glob("*.part"))


def test_a_board_whose_console_cannot_be_read_by_code_takes_files_as_text(tmp_path):
    with board(tmp_path) as (files, _):
        files._reads = False
        files.write("/a", RAW)
        assert (tmp_path / "a").read_bytes() == RAW


def test_the_laptops_drive_is_not_written_over_the_console(tmp_path):
    with board(tmp_path, owner="laptop") as (files, _), pytest.raises(OtherOwnerError):
        files.write("/a", RAW)


def test_a_drive_that_lies_is_found_out(tmp_path):
    with board(tmp_path, "lies") as (files, _):
        with pytest.raises(LyingError):
            files.write("/a", RAW)
        assert not (tmp_path / "a").exists()


def test_a_full_drive_says_so_and_keeps_nothing_half(tmp_path):
    with board(tmp_path, "full=4000") as (files, _):
        with pytest.raises(FullError):
            files.write("/a", RAW)
        assert not (tmp_path / "a").exists() and not (tmp_path / "a.part").exists()


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("way", [Leaving.RUN, Leaving.RESET])
def test_a_write_that_is_broken_off_here_leaves_a_board_that_runs_its_code_again(tmp_path, reads, way):
    (tmp_path / "code.py").write_text("import time\nwhile True:\n    time.sleep(0.1)\n")

    def broken_off(done, total):
        raise KeyboardInterrupt

    with board(tmp_path) as (files, served):
        files._reads = reads
        with pytest.raises(KeyboardInterrupt):
            files.write("/a", RAW, broken_off)
        files.console.leave_by(way)
        files.console.leave()
        files.console._line.close()
        with Console(served.port) as again:
            assert again.running()
            again.enter()
            assert again.value("6*7") == 42


@pytest.mark.parametrize("fault", ["cable", "dumb", "reset"])
@pytest.mark.parametrize("after", [2_600, 8_000])
def test_a_board_lost_in_the_middle_of_a_file_leaves_the_old_one_or_the_new_one(tmp_path, monkeypatch, fault, after):
    for patience in ("console._EXEC_S", "console._PROTOCOL_S", "line._ANSWER_S"):
        monkeypatch.setattr(f"backbeat_host.link.{patience}", 1.0)
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises((GoneError, GarbledError)), board(tmp_path, f"{fault}={after}") as (files, _):
        files.write("/a", RAW)
        files.read("/a")
    there = [path.read_bytes() for path in (tmp_path / "a", tmp_path / "a.part") if path.exists()]
    assert b"old" in there or RAW in there


def test_garbage_on_the_line_never_becomes_a_file(tmp_path):
    (tmp_path / "a").write_bytes(RAW)
    try:
        with board(tmp_path, "garbage=701") as (files, _):
            assert files.read("/a") == RAW
    except GarbledError:
        pass  # told, which is all that is asked


@pytest.mark.parametrize("after", [3_500, 7_000, 14_000])
def test_an_installation_over_a_cable_that_is_pulled_is_finished_by_the_same_again(tmp_path, after):
    with pytest.raises((GoneError, GarbledError)), board(tmp_path, f"cable={after}") as (files, _):
        install(files, planned(files, wanted=FILES))
    with board(tmp_path) as (files, _):
        install(files, planned(files, wanted=FILES))
        assert planned(files, wanted=FILES).done
    assert {path: (tmp_path / path[1:]).read_bytes() for path in FILES} == FILES
    assert not (tmp_path / ".backbeat-new").exists()
