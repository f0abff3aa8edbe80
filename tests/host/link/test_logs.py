import errno
import itertools
import json
import os
import shutil
import tracemalloc
from datetime import datetime

import pytest

from backbeat_host.errors import InputError, WorkError
from backbeat_host.link import home as home_module
from backbeat_host.link import logs
from backbeat_host.link.backend import Entry, GarbledError, GoneError
from backbeat_host.link.drive import DriveFiles
from backbeat_host.link.home import Home, Kept, sha256_of
from backbeat_host.link.logs import OnBoard

from .logs_made import NOON, LogFiles, Made, day_of, made, named

UID = "e661a4d4173b2c29"
NOW = datetime(2026, 6, 1, 12)
FIRST, SECOND = made(1), made(2, marks=3000)
DAY = day_of(NOON)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def files():
    return LogFiles({named(1): FIRST, named(2): SECOND, "/settings.json": b"{}"})


def pulled(files, home, *numbers, **how):
    return list(logs.pull(files, home, UID, numbers, now=lambda: NOW, **how))


def here(home):
    """Every file at home but the index, by its place."""
    if not home.folder.exists():
        return {}
    found = {path.relative_to(home.folder).as_posix(): path.read_bytes() for path in home.folder.rglob("*.*")}
    return {name: raw for name, raw in found.items() if name != "index.json"}


# ---- what comes ----


def test_logs_come_home_as_they_are_filed_by_their_date_and_remembered(files, home):
    outcomes = pulled(files, home)
    assert [(outcome.log.number, outcome.trouble, outcome.wrong) for outcome in outcomes] == [(1, "", []), (2, "", [])]
    assert here(home) == {f"{DAY}/{UID}-00001.bbl": FIRST, f"{DAY}/{UID}-00002.bbl": SECOND}
    told = json.loads((home.folder / "index.json").read_text())
    assert [log["sha256"] for log in told["logs"]] == [outcome.kept.sha256 for outcome in outcomes]


def test_what_was_pulled_does_not_come_again_even_when_it_was_moved_away(files, home):
    pulled(files, home)
    files.there[named(3)] = made(3)
    assert [outcome.log.number for outcome in pulled(files, home)] == [3]
    (home.folder / DAY / f"{UID}-00001.bbl").unlink()
    assert pulled(files, home) == []
    assert [outcome.log.number for outcome in pulled(files, home, again=True)] == [1]
    assert here(home)[f"{DAY}/{UID}-00001.bbl"] == FIRST


def test_only_the_sessions_that_were_named_come(files, home):
    assert [outcome.log.number for outcome in pulled(files, home, 2)] == [2]
    with pytest.raises(InputError, match=r"7, 9: no such log.*`backbeat logs list`"):
        pulled(files, home, 9, 1, 7)


def test_a_board_without_logs_has_nothing_new(home):
    assert pulled(LogFiles(), home) == []


def test_a_session_without_a_date_or_with_an_impossible_one_is_filed_by_the_day_of_the_pull(files, home):
    files.there = {named(1): made(1, clock=0), named(2): made(2, clock=2**32 - 1), named(3): made(3, clock=86400)}
    pulled(files, home)
    assert {name.partition("/")[0] for name in here(home)} == {"2026-06-01"}


def test_a_clock_that_goes_backward_changes_no_log_and_no_order(files, home):
    files.there[named(3)] = made(3, clock=1_770_000_000)
    pulled(files, home)
    assert here(home)[f"{day_of(1_770_000_000)}/{UID}-00003.bbl"] == files.there[named(3)]
    list(logs.pull(files, home, UID, now=lambda: datetime(2025, 1, 1)))
    assert len(here(home)) == 3


def test_numbers_that_began_anew_take_nothing_away(files, home):
    pulled(files, home)
    files.there[named(1)] = made(1, marks=61)
    files.there[named(2)] = SECOND[:-512] + made(2, marks=3001)[-512:]  # of the same size
    pulled(files, home)
    assert pulled(files, home) == []
    again = here(home)
    assert again[f"{DAY}/{UID}-00001.bbl"] == FIRST
    assert again[f"{DAY}/{UID}-00002.bbl"] == SECOND
    assert again[f"{DAY}/{UID}-00001-2.bbl"] == files.there[named(1)]
    assert again[f"{DAY}/{UID}-00002-2.bbl"] == files.there[named(2)]


def test_two_boards_do_not_meet(files, home):
    pulled(files, home)
    list(logs.pull(LogFiles({named(1): made(1, marks=9)}), home, "0123456789abcdef", now=lambda: NOW))
    assert here(home)[f"{DAY}/0123456789abcdef-00001.bbl"] == made(1, marks=9)
    assert here(home)[f"{DAY}/{UID}-00001.bbl"] == FIRST


def test_a_damaged_log_comes_as_it_is_and_what_is_wrong_is_said(files, home):
    broken = bytearray(SECOND)
    broken[5000] ^= 1
    files.there[named(2)] = bytes(broken)
    outcome = pulled(files, home, 2)[0]
    assert "1 damaged place" in outcome.wrong[0]
    assert here(home)[f"{DAY}/{UID}-00002.bbl"] == bytes(broken)


def test_a_log_under_another_sessions_number_is_said(files, home):
    files.there[named(4)] = FIRST
    assert pulled(files, home, 4)[0].wrong == ["it says that it is session 1"]


def test_an_empty_log_comes_and_is_said(files, home):
    files.there[named(4)] = b""
    assert pulled(files, home, 4)[0].wrong == ["it is empty"]
    assert pulled(files, home, 4) == []


# ---- what breaks off ----


class Watched(LogFiles):
    """Notes what was read."""

    def __init__(self, files=(), **how):
        super().__init__(dict(files), **how)
        self.spans = []

    def read(self, path, begin=0, count=None, progress=lambda done, total: None):
        raw = super().read(path, begin, count)
        self.spans.append((path, begin, len(raw)))
        return raw


def test_a_cable_pulled_at_any_operation_costs_nothing_that_came_and_the_next_pull_finishes(files, home, monkeypatch):
    monkeypatch.setattr(logs, "_PIECE", 8192)
    there = dict(files.there)
    for cut in itertools.count():
        shutil.rmtree(home.folder, ignore_errors=True)
        bad = Watched(there, left=cut)
        try:
            pulled(bad, home)
            break
        except GoneError:
            pass
        came = sum(size for path, _, size in bad.spans if path.startswith("/logs"))
        assert sum(map(len, here(home).values())) == came
        good = Watched(there)
        pulled(good, home)
        assert here(home) == {f"{DAY}/{UID}-00001.bbl": FIRST, f"{DAY}/{UID}-00002.bbl": SECOND}
        again = sum(size for _, _, size in good.spans)
        assert again <= len(FIRST) + len(SECOND) - came + 4 * 512  # no more than the looks that compare
    assert cut > 10


def test_a_part_of_another_log_or_a_torn_one_is_not_built_upon(files, home):
    for part in (made(2, marks=2999), b"", SECOND[:700], SECOND[:10_240] + b"\0" * 1024, SECOND + b"x" * 9000):
        shutil.rmtree(home.folder, ignore_errors=True)
        home.folder.mkdir()
        home.part(UID, 2).write_bytes(part)
        assert pulled(files, home, 2)[0].trouble == ""
        assert here(home) == {f"{DAY}/{UID}-00002.bbl": SECOND}


def test_a_part_that_is_wrong_in_its_middle_only_is_found_out_by_the_hash(files, home):
    home.folder.mkdir()
    home.part(UID, 2).write_bytes(SECOND[:4096] + b"?" + SECOND[4097:20480])
    assert pulled(files, home, 2)[0].trouble == ""
    assert here(home) == {f"{DAY}/{UID}-00002.bbl": SECOND}


def test_a_log_that_was_filed_but_not_remembered_is_known(files, home):
    pulled(files, home)
    (home.folder / "index.json").write_text('{"format": 1, "logs": []}')
    assert pulled(files, home) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"format": 9}', '{"format": 1, "logs": [{"file": "../../x"}]}', "[" * 10_000]
)
def test_an_index_that_cannot_be_read_is_made_anew_from_what_is_here(files, home, text):
    pulled(files, home)
    (home.folder / "index.json").write_text(text)
    files.there[named(3)] = made(3)
    assert [outcome.log.number for outcome in pulled(files, home)] == [3]
    assert len(json.loads((home.folder / "index.json").read_text())["logs"]) == 3


def test_an_index_that_points_elsewhere_is_not_believed(files, home, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(FIRST)
    home.folder.mkdir()
    row = Kept(UID, 1, f"../secret/{UID}-00001.bbl", len(FIRST), sha256_of(secret), "", "")
    (home.folder / "index.json").write_text(json.dumps({"format": 1, "logs": [vars(row)]}))
    assert home.kept() == []


# ---- what changes meanwhile, and what lies ----


class Growing(LogFiles):
    """Session 2 grows by a block whenever the folder is listed, up to its end."""

    def __init__(self, begin, end):
        super().__init__({named(2): SECOND[:begin]})
        self.end = end

    def listing(self, folder):
        entries = super().listing(folder)
        self.there[named(2)] = SECOND[: min(len(self.there[named(2)]) + 512, self.end)]
        return entries


def test_a_log_that_is_written_while_it_is_pulled_comes_with_what_was_added(home):
    files = Growing(512 * 20, 512 * 22)
    pulled(files, home)
    assert here(home) == {f"{DAY}/{UID}-00002.bbl": SECOND[: 512 * 22]}


def test_a_log_that_never_stops_growing_stays_a_part_and_is_said(home):
    files = Growing(512 * 20, len(SECOND))
    outcome = pulled(files, home)[0]
    assert "still being written" in outcome.trouble
    (part,) = here(home).values()
    assert SECOND.startswith(part) and len(part) >= 512 * 20
    pulled(LogFiles({named(2): SECOND}), home)
    assert here(home) == {f"{DAY}/{UID}-00002.bbl": SECOND}


def test_a_log_that_has_grown_since_takes_the_place_of_its_own_beginning(files, home):
    files.there[named(2)] = SECOND[: 512 * 20]
    pulled(files, home)
    later = Watched({named(2): SECOND})
    pulled(later, home)
    assert here(home)[f"{DAY}/{UID}-00002.bbl"] == SECOND
    assert f"{DAY}/{UID}-00002-2.bbl" not in here(home)
    assert sum(size for _, _, size in later.spans) <= len(SECOND) - 512 * 20 + 6 * 512


def test_a_log_that_rotated_away_meanwhile_is_said_and_the_others_come(files, home):
    class Rotating(LogFiles):
        def digest(self, path):
            self.there.pop(named(1), None)
            return super().digest(path)

        def read(self, path, begin=0, count=None, progress=lambda done, total: None):
            raw = super().read(path, begin, count)
            if path == named(1):
                del self.there[path]
            return raw

    outcomes = pulled(Rotating(dict(files.there)), home)
    assert "not on the board any more" in outcomes[0].trouble
    assert outcomes[1].kept is not None


class Lying(LogFiles):
    """Every read of a log has a bit wrong, for so many reads."""

    def __init__(self, files, lies):
        super().__init__(dict(files))
        self.left_lies = lies

    def read(self, path, begin=0, count=None, progress=lambda done, total: None):
        raw = bytearray(super().read(path, begin, count))
        if self.left_lies and len(raw) > 512:
            self.left_lies -= 1
            raw[300] ^= 4
        return bytes(raw)


def test_a_line_that_lies_once_is_read_again(files, home):
    assert pulled(Lying(files.there, 1), home, 2)[0].trouble == ""
    assert here(home) == {f"{DAY}/{UID}-00002.bbl": SECOND}


def test_a_line_that_always_lies_leaves_nothing_and_is_said(files, home):
    outcome = pulled(Lying(files.there, 99), home, 2)[0]
    assert "what was read is not what is there, twice" in outcome.trouble
    assert here(home) == {}


def test_a_board_that_gives_more_or_less_than_it_has_is_not_believed(files, home):
    class More(LogFiles):
        def read(self, path, begin=0, count=None, progress=lambda done, total: None):
            return super().read(path, begin, count) + b"x" * 600

    class Less(LogFiles):
        def listing(self, folder):
            return [Entry(entry.name, entry.size + 5000, False) for entry in super().listing(folder)]

    with pytest.raises(GarbledError):
        pulled(More(dict(files.there)), home)
    assert all(outcome.trouble == "" for outcome in pulled(Less(dict(files.there)), Home(home.folder / "other")))


# ---- names ----


HOSTILE = [
    *("../../etc/passwd", "..", ".", "", "/etc/passwd", "00001.bbl/../../x", "..\\..\\x.bbl", "C:00001.bbl"),
    *(
        "00001.BBL",
        "1.bbl",
        "00001.bbl\n",
        "\x1b]0;x\x07.bbl",
        "\u0660\u0660\u0660\u0660\u0661.bbl",
        "-0001.bbl",
        "00001.bbl.part",
    ),
    *("~", "con", "a" * 5000, "00001.bb", "99999999999999999999.bbl"),
]


class Naming(LogFiles):
    """Its folder lists what a test says."""

    entries = ()

    def listing(self, folder):
        return [*super().listing(folder), *self.entries]


def test_hostile_names_become_no_path_and_are_shown_as_what_they_are(files, home, tmp_path):
    bad = Naming(dict(files.there))
    bad.entries = [Entry(name, 512, False) for name in HOSTILE]
    _, others = logs.on_board(bad)
    assert others == HOSTILE
    pulled(bad, home)
    assert set(here(home)) == {f"{DAY}/{UID}-00001.bbl", f"{DAY}/{UID}-00002.bbl"}
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


def test_a_folder_a_negative_size_and_a_name_told_twice_are_no_second_log(files):
    bad = Naming(dict(files.there))
    bad.entries = [Entry("00007.bbl", 0, True), Entry("00008.bbl", -5, False), Entry("00001.bbl", len(FIRST), False)]
    there, others = logs.on_board(bad)
    assert [log.number for log in there] == [1, 2]
    assert others == ["00007.bbl", "00008.bbl"]


def test_a_hostile_uid_does_not_get_into_a_path(files, home, tmp_path):
    list(logs.pull(files, home, "../../x", now=lambda: NOW))
    assert set(here(home)) == {f"{DAY}/unknown-00001.bbl", f"{DAY}/unknown-00002.bbl"}


def test_the_uid_is_read_from_boot_out_where_nobody_told_it():
    boot_out = (
        b"Adafruit CircuitPython 10.2.1 on 2026-05-01; x\r\nBoard ID:raspberry_pi_pico\r\nUID:E661A4D4173B2C29\r\n"
    )
    assert logs.uid_of(LogFiles({"/boot_out.txt": boot_out})) == UID
    assert logs.uid_of(LogFiles({"/boot_out.txt": b"UID:../../x\n"})) == ""
    assert logs.uid_of(LogFiles()) == ""


# ---- this machine ----


def test_a_log_that_does_not_fit_here_is_said_and_the_others_come(files, home):
    bad = Naming(dict(files.there))
    bad.entries = [Entry("00009.bbl", 10**15, False)]
    outcomes = pulled(bad, home)
    assert "KB are free; make room, or choose another place by --to" in outcomes[-1].trouble
    assert len(here(home)) == 2


def test_a_disk_that_fills_up_keeps_what_came_and_says_so(files, home, monkeypatch):
    monkeypatch.setattr(logs, "_PIECE", 8192)
    written = home.append
    left = [3]

    def append(part, raw):
        left[0] -= 1
        with home_module._told(part):
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device", str(part))
        written(part, raw)

    monkeypatch.setattr(home, "append", append)
    with pytest.raises(WorkError, match=r"No space left.*--to"):
        pulled(files, home)
    monkeypatch.undo()
    assert f"{DAY}/{UID}-00001.bbl" in here(home)
    good = Watched(files.there)
    pulled(good, home)
    assert here(home)[f"{DAY}/{UID}-00002.bbl"] == SECOND


def test_a_folder_that_cannot_be_is_said(files, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkError, match="--to"):
        pulled(files, Home(tmp_path / "file" / "logs"))


class Huge(LogFiles):
    """A log of 100 MB that exists only as it is read."""

    size = 100_000_000 // 512 * 512

    def listing(self, folder):
        return [Entry("00001.bbl", self.size, False)]

    def read(self, path, begin=0, count=None, progress=lambda done, total: None):
        return b"\xa5" * min(count, self.size - begin)

    def digest(self, path):
        import hashlib

        digest = hashlib.sha256()
        for _ in range(self.size // 512):
            digest.update(b"\xa5" * 512)
        return digest.hexdigest()


def test_a_log_of_100_mb_comes_in_little_memory(home):
    tracemalloc.start()
    outcome = pulled(Huge(), home)[0]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.wrong == ["not one of its blocks is good"]
    assert home.path(outcome.kept).stat().st_size == Huge.size
    assert most < 5_000_000


# ---- what goes, and what is shown ----


def test_only_what_is_here_byte_for_byte_goes_from_the_board(files, home):
    pulled(files, home, 1)
    outcomes = list(logs.remove(files, home, UID))
    assert [bool(outcome.trouble) for outcome in outcomes] == [False, True]
    assert "pull it first, or say --force" in outcomes[1].trouble
    assert set(files.there) == {named(2), "/settings.json"}
    assert here(home)[f"{DAY}/{UID}-00001.bbl"] == FIRST


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(FIRST[:-1] + b"?")])
def test_what_is_not_here_any_more_or_not_as_it_was_stays_on_the_board(files, home, harm):
    pulled(files, home)
    harm(home.folder / DAY / f"{UID}-00001.bbl")
    assert [bool(outcome.trouble) for outcome in logs.remove(files, home, UID)] == [True, False]
    assert named(1) in files.there


def test_a_log_of_the_same_number_that_is_another_stays(files, home):
    pulled(files, home)
    files.there[named(1)] = made(1, marks=61)
    assert [bool(outcome.trouble) for outcome in logs.remove(files, home, UID)] == [True, False]


def test_force_removes_what_was_never_pulled_and_an_unknown_number_removes_nothing(files, home):
    with pytest.raises(InputError, match="no such log"):
        list(logs.remove(files, home, UID, (1, 9), force=True))
    assert len(files.there) == 3
    list(logs.remove(files, home, UID, (2,), force=True))
    assert set(files.there) == {named(1), "/settings.json"}


def test_the_list_tells_when_they_began_and_what_of_them_is_at_home(files, home):
    pulled(files, home, 1)
    home.part(UID, 2).write_bytes(SECOND[:512])
    files.there[named(3)] = made(3, clock=0)
    files.there["/logs/notes.txt"] = b"mine"
    there, others = logs.listed(files, home, UID)
    assert [(log.number, log.state, log.clock > 0) for log in there] == [
        (1, "at home", True),
        (2, "in part", True),
        (3, "new", False),
    ]
    assert others == ["notes.txt"]
    assert isinstance(there[0], OnBoard)


def test_a_log_that_was_never_ended_is_whole_all_the_same(home):
    files = LogFiles({named(5): Made(5, ended=False).raw})
    assert "end is missing" in pulled(files, home)[0].wrong[0]
    assert pulled(files, home) == []


def test_logs_come_and_go_through_the_mounted_drive_alike(files, home, tmp_path):
    drive = tmp_path / "drive"
    (drive / "logs").mkdir(parents=True)
    for number, raw in ((1, FIRST), (2, SECOND)):
        (drive / named(number).lstrip("/")).write_bytes(raw)
    (drive / "logs" / "00003.bbl").symlink_to("/etc/passwd")
    there = DriveFiles(drive)
    assert [outcome.trouble for outcome in pulled(there, home)] == ["", ""]
    assert here(home) == {f"{DAY}/{UID}-00001.bbl": FIRST, f"{DAY}/{UID}-00002.bbl": SECOND}
    list(logs.remove(there, home, UID, (1,)))
    assert sorted(path.name for path in (drive / "logs").iterdir()) == ["00002.bbl", "00003.bbl"]
    shutil.rmtree(drive)
    with pytest.raises(GoneError):
        pulled(there, home)


def test_a_log_is_synced_by_a_handle_that_may_write_as_windows_wants_it(files, home, monkeypatch):
    synced = []

    def fsync(handle):
        if not fcntl.fcntl(handle, fcntl.F_GETFL) & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EBADF, "read-only")
        synced.append(handle)

    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setattr("backbeat_host.link.home.os.fsync", fsync)
    assert [outcome.trouble for outcome in pulled(files, home)] == ["", ""]
    assert synced
