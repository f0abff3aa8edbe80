"""Install and uninstall, broken off at every change: the old or the new version runs, or the drive is the laptop's."""

import builtins
import io
import json
import types
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbeat import __version__
from backbeat_host.errors import WorkError
from backbeat_host.link import firmware, manifest
from backbeat_host.link.backend import FullError, GoneError, LyingError, sha256
from backbeat_host.link.console import Console
from backbeat_host.link.install import install, planned, uninstall
from backbeat_host.link.layout import contents
from backbeat_host.link.line import Line
from backbeat_host.link.serial_files import SerialFiles

from .fake_port import FakePort
from .memory_files import MemoryFiles

BOOT = (firmware.tree()["boot.py"]).read_bytes()
OLD = {
    "/boot.py": BOOT,
    "/code.py": b"old code",
    "/lib/backbeat/run.py": b"old run",
    "/lib/backbeat/board/store.py": b"old store",
    "/lib/backbeat/gone.py": b"no longer needed",
    "/lib/backbeat/same.py": b"same",
}
NEW = {
    "/lib/backbeat/board/store.py": b"new store 2",
    "/lib/backbeat/run.py": b"new run",  # of the same size
    "/lib/backbeat/same.py": b"same",
    "/lib/backbeat/sense/more.py": b"more",
    "/lib/adafruit_register/__init__.py": b"",
    "/boot.py": BOOT + b"\n",
    "/code.py": b"NEW CODE",
}
FIRST = b'print("Hello World!")\n'
THEIRS = {"/notes.txt": b"mine", "/lib/neopixel.mpy": b"theirs", "/lib/backbeat/board/my_board.py": b"SCL = 1"}


def a_manifest(files: dict[str, bytes], version: str = "0.1") -> bytes:
    return manifest.of_files(version, files).raw()


def installed(capacity: int = 10**7) -> MemoryFiles:
    board = MemoryFiles({**OLD, **THEIRS, "/manifest.json": a_manifest(OLD)}, capacity)
    for path in list(board.there):
        for at in range(1, len(path)):
            if path[at] == "/":
                board.there.setdefault(path[: at + 1], b"")
    return board


def fresh() -> MemoryFiles:
    return MemoryFiles({"/code.py": FIRST, "/lib/": b"", "/notes.txt": b"mine"})


def owner_after_a_restart(board: MemoryFiles) -> str:
    """Run the board's own boot.py on what is there; without one, CircuitPython gives the drive to the laptop."""
    owner = ["laptop"]
    boot = board.there.get("/boot.py")
    if boot is None:
        return "laptop"

    def stat(path):
        if path not in board.there:
            raise OSError(2, "No such file/directory")
        return (0, 0, 0, 0, 0, 0, len(board.there[path]))

    def remount(at, readonly):
        owner[0] = "board"

    nvm = types.SimpleNamespace(asked=lambda memory, at: False, SERVICE=0)
    modules = {
        "os": types.SimpleNamespace(stat=stat, listdir=lambda at: [entry.name for entry in board.listing(at)]),
        "json": types.SimpleNamespace(load=json.load),
        "microcontroller": types.SimpleNamespace(nvm=None),
        "storage": types.SimpleNamespace(remount=remount),
        "backbeat": types.SimpleNamespace(nvm=nvm),
    }
    scope = {
        "__builtins__": vars(builtins)
        | {
            "__import__": lambda name, *_: modules[name],
            "open": lambda path: io.StringIO(board.there[path].decode()),
            "print": lambda *_: None,
        }
    }
    exec(compile(boot, "boot.py", "exec"), scope)
    return owner[0]


def whole(board: MemoryFiles, version: dict[str, bytes]) -> bool:
    return all(board.there.get(path) == raw for path, raw in version.items())


def untouched(board: MemoryFiles, theirs: dict[str, bytes] = THEIRS) -> bool:
    return all(board.there.get(path) == raw for path, raw in theirs.items())


def update(board: MemoryFiles) -> None:
    install(board, planned(board, wanted=NEW))


def test_a_fresh_board_gets_the_firmware_and_a_manifest_and_keeps_what_was_there():
    board = fresh()
    update(board)
    assert whole(board, NEW)
    assert board.there["/before-backbeat/code.py"] == b'print("Hello World!")\n'
    told = json.loads(board.there["/manifest.json"])
    assert (told["version"], told["files"]["/code.py"]) == (__version__, [8, sha256(b"NEW CODE")])
    assert owner_after_a_restart(board) == "board"
    assert set(board.contents) == {*NEW, "/notes.txt", "/before-backbeat/code.py", "/manifest.json"}


def test_what_starts_the_firmware_comes_last():
    order = [path for path in contents() if path in firmware.ROOT_FILES]
    assert list(contents())[-len(order) :] == order


def test_an_update_removes_what_it_does_not_need_and_leaves_the_rest():
    board = installed()
    update(board)
    assert whole(board, NEW) and untouched(board)
    assert "/lib/backbeat/gone.py" not in board.there
    assert set(board.contents) == {*NEW, *THEIRS, "/manifest.json"}


def test_the_same_again_changes_nothing():
    board = installed()
    update(board)
    board.changes = 0
    plan = planned(board, wanted=NEW)
    install(board, plan)
    assert (plan.done, board.changes) == (True, 0)


def test_a_plan_only_looks():
    board = installed()
    plan = planned(board, b"{}", NEW)
    assert board.changes == 0
    assert plan.write == [path for path in NEW if path != "/lib/backbeat/same.py"]
    assert plan.stale == ["/lib/backbeat/gone.py"]
    assert plan.own == []


def test_settings_stay_unless_new_ones_are_given():
    board = installed()
    board.there["/settings.json"] = b'{"cadence": 170}'
    update(board)
    assert board.there["/settings.json"] == b'{"cadence": 170}'
    install(board, planned(board, b'{"cadence": 180}', NEW))
    assert board.there["/settings.json"] == b'{"cadence": 180}'


@pytest.mark.parametrize("board_now", [installed, fresh])
def test_broken_off_at_any_change_a_whole_version_runs_or_the_drive_is_the_laptops_and_the_same_again_finishes(
    board_now,
):
    done = board_now()
    update(done)
    assert done.changes > 30
    owners = []
    for left in range(done.changes):
        board = board_now()
        old = dict(board.contents)
        board.left = left
        with pytest.raises(GoneError):
            update(board)
        owner = owner_after_a_restart(board)
        owners.append(owner)
        is_old = whole(board, OLD) if board_now is installed else board.there.get("/code.py") == old["/code.py"]
        assert owner == "laptop" or is_old or whole(board, NEW), left
        board.left = None
        update(board)
        assert board.contents == done.contents, left
        assert owner_after_a_restart(board) == "board"
    assert board_now is fresh or {"laptop", "board"} == set(owners)


@pytest.mark.parametrize("board_now", [installed, fresh])
def test_a_cable_pulled_while_the_boards_own_code_moves_many_files_is_no_worse(board_now, tmp_path):
    done = board_now()
    update(done)
    owners = set()
    for left in range(1000):
        folder = tmp_path / str(left)
        laid_out(board_now(), folder)
        try:
            update(over_serial(folder, left))
        except GoneError:
            board = taken_in(folder)
            owner = owner_after_a_restart(board)
            owners.add(owner)
            is_old = whole(board, OLD) if board_now is installed else board.there.get("/code.py") == FIRST
            assert owner == "laptop" or is_old or whole(board, NEW), left
            update(over_serial(folder))
            assert taken_in(folder).contents == done.contents, left
        else:
            break
    assert left > 50
    assert board_now is fresh or {"laptop", "board"} == owners


def laid_out(board: MemoryFiles, folder: Path) -> None:
    for path, raw in board.contents.items():
        place = folder / path[1:]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)


def taken_in(folder: Path) -> MemoryFiles:
    return MemoryFiles(
        {
            f"/{at.relative_to(folder).as_posix()}" + "/" * at.is_dir(): b"" if at.is_dir() else at.read_bytes()
            for at in folder.rglob("*")
        }
    )


def over_serial(folder: Path, left: int | None = None) -> SerialFiles:
    port = FakePort(folder, "friendly")
    console = Console("fake", Line(port, lambda: port.now))
    console.enter()
    port.left = left
    return SerialFiles(console)


def test_broken_off_twice_it_still_finishes():
    done = installed()
    update(done)
    for first in range(0, done.changes, 3):
        for second in range(0, 30, 7):
            board = installed()
            for left in (first, second):
                board.left = left
                try:
                    update(board)
                except GoneError:
                    continue
            board.left = None
            update(board)
            assert board.contents == done.contents


def test_broken_off_and_then_another_version_leaves_nothing_of_the_first():
    other = {**NEW, "/lib/backbeat/other.py": b"other", "/code.py": b"third"}
    done = installed()
    install(done, planned(done, wanted=other))
    for left in range(0, 40, 3):
        board = installed()
        board.left = left
        with pytest.raises(GoneError):
            update(board)
        board.left = None
        install(board, planned(board, wanted=other))
        assert board.contents == done.contents


def test_a_board_that_is_too_full_is_refused_before_anything_changes():
    board = installed(capacity=3000)
    with pytest.raises(WorkError, match="KB free") as told:
        update(board)
    assert board.changes == 0
    assert told.value.message.endswith(".")


def test_a_board_that_fills_up_on_the_way_keeps_the_old_version():
    board = installed()
    plan = planned(board, wanted=NEW)
    board.capacity = sum(map(len, board.there.values())) + 20
    with pytest.raises(FullError):
        install(board, plan)
    assert board.contents == installed().contents


@pytest.mark.parametrize("path", ["/code.py", "/lib/backbeat/run.py", "/manifest.json"])
def test_a_drive_that_lies_runs_a_whole_version_or_none(path):
    board = installed()
    board.lies = lambda at: at.endswith(path)
    with pytest.raises(LyingError):
        update(board)
    assert owner_after_a_restart(board) == "laptop" or whole(board, OLD)
    board.lies = lambda at: False
    update(board)
    assert whole(board, NEW)


def test_a_file_that_somebody_changed_is_set_aside_once_for_each_change():
    board = installed()
    update(board)
    for text in (b"first", b"second"):
        board.there["/code.py"] = text
        update(board)
    assert board.there["/before-backbeat/code.py"] == b"first"
    assert board.there["/before-backbeat/code-2.py"] == b"second"


def test_an_edit_of_a_file_that_install_brought_is_set_aside_and_stays_there_after_uninstall():
    board = installed()
    board.there["/lib/backbeat/run.py"] = b"edited"
    plan = planned(board, wanted=NEW)
    assert (plan.changed, plan.own) == (["/lib/backbeat/run.py"], [])
    install(board, plan)
    assert whole(board, NEW)
    assert board.there["/before-backbeat/lib/backbeat/run.py"] == b"edited"
    assert uninstall(board).back == []
    assert set(board.contents) == {*THEIRS, "/before-backbeat/lib/backbeat/run.py"}


def test_an_edit_outlives_an_installation_broken_off_at_any_change():
    def edited() -> MemoryFiles:
        board = installed()
        board.there["/lib/backbeat/run.py"] = b"edited"
        return board

    done = edited()
    update(done)
    for left in range(done.changes):
        board = edited()
        board.left = left
        with pytest.raises(GoneError):
            update(board)
        board.left = None
        update(board)
        assert board.contents == done.contents, left


def test_a_package_that_no_manifest_lists_is_an_older_version_and_replaced():
    board = installed()
    del board.there["/manifest.json"]
    plan = planned(board, wanted=NEW)
    assert (plan.changed, plan.own) == ([], ["/boot.py", "/code.py"])


def test_uninstall_leaves_what_install_did_not_bring():
    board = installed()
    update(board)
    board.there |= {"/logs/": b"", "/logs/00001.bbl": b"log", "/settings.json": b"{}"}
    board.there["/lib/backbeat/run.py"] = b"changed by hand"
    done = uninstall(board)
    assert done.changed == ["/lib/backbeat/run.py"]
    assert set(board.contents) == {*THEIRS, "/logs/00001.bbl", "/settings.json", "/lib/backbeat/run.py"}
    assert "/lib/backbeat/sense/" not in board.there


def test_uninstall_puts_back_what_was_there_before():
    board = fresh()
    before = dict(board.contents)
    update(board)
    done = uninstall(board)
    assert done.back == ["/code.py"]
    assert board.contents == before
    assert owner_after_a_restart(board) == "laptop"


def test_a_dry_uninstall_tells_the_same_and_changes_nothing():
    board = fresh()
    update(board)
    board.changes = 0
    dry = uninstall(board, dry=True)
    assert board.changes == 0
    assert uninstall(board) == dry


def test_an_uninstall_broken_off_at_any_change_gives_the_laptop_the_drive_and_the_same_again_finishes():
    done = fresh()
    update(done)
    done.changes = 0
    uninstall(done)
    for left in range(done.changes):
        board = fresh()
        update(board)
        board.left = left
        with pytest.raises(GoneError):
            uninstall(board)
        assert owner_after_a_restart(board) == "laptop" or whole(board, NEW)
        board.left = None
        try:
            uninstall(board)
        except WorkError:
            assert left == done.changes - 1  # only the manifest was left
        assert board.contents == done.contents, left


def test_nothing_installed_is_nothing_to_uninstall():
    with pytest.raises(WorkError, match="not installed"):
        uninstall(fresh())


def hostile(**files: object) -> bytes:
    return json.dumps({"version": "1", "files": files}).encode()


MINE = b"mine"
LOG = b"log"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"[" * 5000,
        b'{"version": 1, "files": []}',
        b'{"version": "\x1b[2J", "files": {"/code.py": [1e999, "x"]}}',
        b'{"files": {}}',
        b" " * 100_000,
        hostile(**{"/notes.txt": [4, sha256(MINE)], "/logs/00001.bbl": [3, sha256(LOG)]}),
        hostile(**{"/../notes.txt": [4, sha256(MINE)], "notes.txt": [4, sha256(MINE)]}),
        hostile(**{"/lib/backbeat/../../notes.txt": [4, sha256(MINE)]}),
        hostile(**{"/code.py": [4, "0" * 63 + "G"]}),
        hostile(**{"/code.py": {"0": 1}}),
        b'{"version":"1","files":{},"before":{"/notes.txt":["' + sha256(MINE).encode() + b'"]}}',
        b'{"version":"1","files":{},"aside":{"/code.py":"/notes.txt","/notes.txt":"/before-backbeat/x"}}',
    ],
)
def test_a_hostile_manifest_removes_nothing_and_install_mends_it(raw):
    theirs = {"/notes.txt": MINE, "/logs/00001.bbl": LOG, "/settings.json": b"{}"}
    board = MemoryFiles({**theirs, "/logs/": b"", "/manifest.json": raw})
    try:
        uninstall(board)
    except WorkError as error:
        assert error.message.endswith(".")
    assert untouched(board, theirs)
    update(board)
    assert untouched(board, theirs) and whole(board, NEW)
    assert owner_after_a_restart(board) == "board"


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.floats(),
        lambda some: st.lists(some) | st.dictionaries(st.text(), some),
    )
)
def test_no_json_breaks_the_manifests_reader(value):
    read = manifest.understood(json.dumps({"version": "1", "files": value, "before": value, "aside": value}).encode())
    assert all(map(manifest.ours, read.files))
    manifest.understood(json.dumps(value).encode())


@given(st.dictionaries(st.sampled_from(sorted(NEW)), st.binary(max_size=9)), st.booleans())
def test_a_manifest_is_read_as_it_was_written(files, finished):
    told = manifest.of_files("1.2", files)
    told.finished = finished
    told.before = {} if finished else {path: {sha256(b"x")} for path in files}
    assert manifest.understood(told.raw()) == told


def test_the_real_firmware_goes_on_and_off_again():
    board = fresh()
    before = dict(board.contents)
    install(board, planned(board))
    assert {path[1:] for path in json.loads(board.there["/manifest.json"])["files"]} == set(contents())
    assert len(board.there["/manifest.json"]) < 10_000
    assert owner_after_a_restart(board) == "board"
    uninstall(board)
    assert board.contents == before
