"""Faults of the flash drive: each refuses, fails or cuts exactly what it says, and heals."""

import pytest

from backbeat_host.lab.endings import PowerCut

from .drive_rig import MS, Rig, errno_of


def changes(rig):
    """Each kind of change there is."""
    return [
        lambda: rig.put("/new"),
        lambda: rig.open("/old", "ab").write(b"x"),
        lambda: rig.os.mkdir("/folder"),
        lambda: rig.os.rename("/old", "/other"),
        lambda: rig.os.remove("/old"),
        lambda: rig.os.rmdir("/empty"),
    ]


@pytest.fixture
def used(rig):
    """A drive with a file and a folder on it."""
    rig.put("/old")
    rig.os.mkdir("/empty")
    return rig


def on_flash(rig):
    return {str(path.relative_to(rig.folder)): path.is_file() and path.read_bytes() for path in rig.folder.rglob("*")}


@pytest.mark.parametrize("number", range(6))
def test_a_read_only_drive_refuses_every_change_and_reads_on(used, number):
    used.faults.read_only = True
    before = on_flash(used)
    assert errno_of(changes(used)[number]) == 30
    assert on_flash(used) == before
    assert used.open("/old", "rb").read() == b"x"
    used.faults.read_only = False
    changes(used)[number]()


@pytest.mark.parametrize("number", range(6))
def test_a_drive_that_is_gone_neither_reads_nor_writes(used, number):
    used.faults.ejected = True
    assert errno_of(changes(used)[number]) == 19
    for look in (
        lambda: used.os.listdir("/"),
        lambda: used.os.stat("/old"),
        lambda: used.os.statvfs("/"),
        lambda: used.open("/old", "rb"),
    ):
        assert errno_of(look) == 19
    used.faults.ejected = False
    assert used.os.listdir("/") == ["empty", "old"]


@pytest.mark.parametrize("number", range(6))
def test_a_write_error_fails_one_change_and_the_next_works(used, number):
    used.faults.fail_writes(1)
    before = on_flash(used)
    assert errno_of(changes(used)[number]) == 5
    assert on_flash(used) == before
    changes(used)[number]()


def test_write_errors_last_until_they_are_healed(rig):
    rig.faults.fail_writes(None)
    for _ in range(5):
        assert errno_of(lambda: rig.put("/a")) == 5
    rig.faults.fail_writes(0)
    rig.put("/a")


def test_write_errors_come_by_chance_and_the_same_ones_from_the_same_seed(tmp_path):
    def failures(folder, seed):
        rig = Rig(tmp_path / folder)
        rig.faults.fail_writes(None, chance=0.3, seed=seed)
        failed = []
        for number in range(200):
            try:
                rig.os.mkdir(f"/{number}")
            except OSError:
                failed.append(number)
        return failed

    first = failures("a", 1)
    assert 40 < len(first) < 80
    assert failures("b", 1) == first
    assert failures("c", 2) != first


def test_an_error_while_a_file_is_flushed_leaves_the_flash_as_it_was_and_the_file_can_be_written_anew(rig):
    rig.put("/a", b"old")
    file = rig.open("/a", "ab")
    file.write(b"new")
    rig.faults.fail_writes(1)
    assert errno_of(file.close) == 5
    assert (rig.folder / "a").read_bytes() == b"old"
    rig.os.sync()
    assert (rig.folder / "a").read_bytes() == b"old"
    with rig.open("/a", "ab") as file:
        file.write(b"er")
    assert (rig.folder / "a").read_bytes() == b"older"


def test_power_can_be_cut_before_every_change(tmp_path):
    states = []
    for change in range(20):
        rig = Rig(tmp_path / str(change))
        rig.faults.cut_at(change)
        try:
            rig.os.mkdir("/d")
            rig.put("/d/a", b"one")
            rig.os.rename("/d/a", "/b")
            rig.os.remove("/b")
            rig.os.rmdir("/d")
        except PowerCut:
            assert rig.clock.halted
            with pytest.raises(PowerCut):
                rig.os.mkdir("/after")
        states.append(on_flash(rig))
        if not rig.clock.halted:
            break
    assert [sorted(state) for state in states] == [
        [],
        ["d"],
        ["d", "d/a"],
        ["d", "d/a"],
        ["d", "d/a"],
        ["b", "d"],
        ["d"],
        [],
    ]
    assert [state.get("d/a") for state in states[2:5]] == [b"", b"", b"one"]


def test_changes_are_counted_and_looks_are_not(used):
    before = used.faults.changes
    used.os.listdir("/")
    used.os.statvfs("/")
    used.open("/old", "rb").close()
    assert used.faults.changes == before
    used.os.remove("/old")
    assert used.faults.changes == before + 1


def test_a_damaged_listing_shows_names_that_are_not_there(used):
    used.faults.stray_names = {"/": ["\x01.bbl"]}
    assert used.os.listdir("/") == ["empty", "old", "\x01.bbl"]
    assert used.os.listdir("/empty") == []
    assert errno_of(lambda: used.os.remove("/\x01.bbl")) == 2


def test_slow_flash_takes_its_time(rig):
    def cost_ms():
        before = rig.clock.ns
        rig.put("/a")
        return (rig.clock.ns - before) // MS

    assert cost_ms() == 51 + 154
    rig.drive.slow_down(3)
    assert cost_ms() == 3 * (51 + 154)


def test_a_drive_can_be_left_with_so_many_bytes(rig):
    rig.drive.leave(1000)
    assert rig.os.statvfs("/")[3] == 2
    file = rig.open("/a", "wb")
    assert errno_of(lambda: file.write(bytes(1025))) == 28
    file.close()
    assert (rig.folder / "a").stat().st_size == 1024
