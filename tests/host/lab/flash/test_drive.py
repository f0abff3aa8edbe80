import pytest

from backbeat_host.lab.endings import PowerCut

from .drive_rig import MS, Rig, errno_of

# ---- files ----


def test_text_and_bytes_come_back(rig):
    with rig.open("/a.txt", "w") as file:
        assert file.write("grün\nzwei\n") == 10
    assert (rig.folder / "a.txt").read_bytes() == "grün\nzwei\n".encode()
    with rig.open("a.txt") as file:
        assert file.read(3) == "grü"
        assert file.readline() == "n\n"
        assert list(file) == ["zwei\n"]
    with rig.open("/a.txt", "rb") as file:
        assert file.readlines() == ["grün\n".encode(), b"zwei\n"]


def test_a_file_is_changed_in_place(rig):
    with rig.open("/b", "wb") as file:
        file.write(b"0123456789")
    with rig.open("/b", "r+b") as file:
        assert file.seek(3) == 3
        file.write(b"xy")
        assert file.tell() == 5
        assert file.read() == b"56789"
        file.seek(-1, 2)
        buffer = bytearray(4)
        assert file.readinto(buffer) == 1
        assert buffer == b"9\0\0\0"
    assert (rig.folder / "b").read_bytes() == b"012xy56789"


def test_appending_goes_to_the_end_whoever_wrote_in_between(rig):
    first, second = rig.open("/b", "ab"), rig.open("/b", "ab")
    first.write(b"one")
    second.write(bytearray(b"two"))
    first.write(memoryview(b"three"))
    first.close()
    second.close()
    assert (rig.folder / "b").read_bytes() == b"onetwothree"


def test_a_write_beyond_the_end_leaves_zeros_between(rig):
    with rig.open("/b", "w+b") as file:
        file.seek(4)
        file.write(b"x")
        file.seek(0)
        assert file.read() == b"\0\0\0\0x"
    assert (rig.folder / "b").read_bytes() == b"\0\0\0\0x"


def test_the_mode_decides_what_may_be_done(rig):
    with rig.open("/b", "wb") as file:
        assert errno_of(file.read) == 1
        with pytest.raises(TypeError):
            file.write("text")
    with rig.open("/b", "rb") as file:
        assert errno_of(lambda: file.write(b"x")) == 1
    assert errno_of(file.read) == 22
    assert errno_of(lambda: rig.open("/b", "x")) == 17
    with pytest.raises(ValueError, match="Invalid mode"):
        rig.open("/b", "q")


# ---- ownership ----


def test_only_the_owner_may_write(rig):
    rig.os.mkdir("/logs")
    rig.drive.code_owns = False
    for act in (
        lambda: rig.open("/a", "w"),
        lambda: rig.open("/a", "ab"),
        lambda: rig.os.mkdir("/b"),
        lambda: rig.os.rmdir("/logs"),
        lambda: rig.os.rename("/logs", "/b"),
        lambda: rig.os.remove("/logs"),
    ):
        with pytest.raises(OSError, match="Read-only filesystem") as raised:
            act()
        assert raised.value.errno == 30
    assert rig.os.listdir("/") == ["logs"]


# ---- time ----


def test_the_first_touch_of_each_sector_costs_and_so_does_a_flush(rig):
    file = rig.open("/b", "wb")
    assert rig.cost_ms(lambda: file.write(bytes(100))) == 51
    assert rig.cost_ms(lambda: file.write(bytes(100))) == 0
    assert rig.cost_ms(lambda: file.write(bytes(8192))) == 102
    assert rig.cost_ms(file.flush) == 154
    assert rig.cost_ms(file.flush) == 0
    assert rig.cost_ms(lambda: file.write(b"x")) == 51
    assert rig.cost_ms(rig.os.sync) == 154
    assert rig.cost_ms(file.close) == 0


def test_what_lies_dirty_at_a_full_second_is_flushed_unasked_and_takes_its_time(rig):
    file = rig.open("/b", "wb")
    rig.clock.advance(700 * MS)
    file.write(b"dirty")
    rig.clock.advance_to(999 * MS)
    assert (rig.folder / "b").read_bytes() == b""
    assert rig.cost_ms(lambda: rig.clock.advance(2 * MS)) == 1 + 154
    assert (rig.folder / "b").read_bytes() == b"dirty"
    assert rig.drive.flushed_unasked == 1
    assert rig.cost_ms(file.flush) == 0
    assert rig.cost_ms(lambda: rig.clock.advance(5000 * MS)) == 5000, "and never again"


def test_what_the_code_has_flushed_is_left_alone(rig):
    file = rig.open("/b", "wb")
    for _ in range(20):
        file.write(b"x")
        file.flush()
        assert rig.cost_ms(lambda: rig.clock.advance_to((rig.clock.ns // (1000 * MS) + 1) * 1000 * MS)) < 1000
    assert rig.drive.flushed_unasked == 0


def test_a_flush_unasked_waits_for_none_that_goes_on_and_none_follows_it(rig):
    file = rig.open("/b", "wb")
    rig.clock.advance_to(900 * MS)
    file.write(b"x")
    assert rig.cost_ms(file.flush) == 154
    assert rig.drive.flushed_unasked == 0


def test_a_flush_unasked_waits_for_the_end_of_a_write(rig):
    file = rig.open("/b", "wb")
    rig.clock.advance_to(900 * MS)
    file.write(b"one")
    rig.clock.advance_to(980 * MS)
    assert rig.cost_ms(lambda: file.write(bytes(4096))) == 51
    assert rig.drive.flushed_unasked == 0
    assert rig.cost_ms(lambda: rig.clock.advance(1)) == pytest.approx(154, abs=0.01)
    assert rig.cost_ms(file.flush) == 0


def test_a_flush_unasked_that_fails_tells_nobody_and_is_not_tried_again(rig):
    file = rig.open("/b", "wb")
    file.write(b"x")
    rig.drive.faults.fail_writes(None)
    rig.clock.advance(5000 * MS)
    assert rig.drive.flushed_unasked == 1
    rig.drive.faults.fail_writes(0)
    file.flush()
    assert (rig.folder / "b").read_bytes() == b"x"


def test_the_power_may_go_in_a_flush_unasked(rig):
    rig.open("/b", "wb").write(b"dirty")
    rig.drive.cut_after(2)
    with pytest.raises(PowerCut):
        rig.clock.advance(2000 * MS)
    rig.drive.forget()
    rig.clock.resume()
    rig.clock.advance(2000 * MS)
    assert (rig.folder / "b").read_bytes() == b"di"


def test_a_processor_that_has_gone_flushes_nothing(rig):
    rig.open("/b", "wb").write(b"dirty")
    rig.drive.forget()
    rig.clock.advance(2000 * MS)
    assert rig.drive.flushed_unasked == 0


def test_reading_costs_nothing(rig):
    with rig.open("/b", "wb") as file:
        file.write(bytes(10_000))
    assert rig.cost_ms(lambda: rig.open("/b", "rb").read()) == 0


# ---- the os module's part ----


def test_errors_have_the_board_s_numbers_and_words(rig):
    with pytest.raises(OSError, match="No such file/directory") as raised:
        rig.open("/none")
    assert raised.value.errno == 2
    rig.os.mkdir("/d")
    with rig.open("/d/f", "w") as file:
        file.write("x")
    assert errno_of(lambda: rig.os.listdir("/none")) == 2
    assert errno_of(lambda: rig.os.stat("/none")) == 2
    assert errno_of(lambda: rig.os.mkdir("/d")) == 17
    assert errno_of(lambda: rig.os.mkdir("/none/d")) == 2
    assert errno_of(lambda: rig.os.rmdir("/d")) == 13
    assert errno_of(lambda: rig.os.rmdir("/d/f")) == 20
    assert errno_of(lambda: rig.os.remove("/d")) == 21
    assert errno_of(lambda: rig.os.remove("/none")) == 2
    assert errno_of(lambda: rig.os.rename("/none", "/e")) == 2
    assert errno_of(lambda: rig.open("/none/f", "w")) == 2


def test_folders_and_names(rig):
    rig.os.mkdir("/d")
    rig.os.chdir("/d")
    assert rig.os.getcwd() == "/d"
    with rig.open("f", "w") as file:
        file.write("hello")
    assert rig.os.stat("/d/f")[0] == 0x8000
    assert rig.os.stat("/d/f")[6] == 5
    assert rig.os.stat("/d")[0] == 0x4000
    rig.os.rename("f", "g")
    assert rig.os.listdir() == ["g"]
    rig.os.remove("g")
    rig.os.chdir("/")
    rig.os.rmdir("d")
    assert rig.os.listdir("/") == []


def test_rename_does_not_replace_unless_told_to(rig, tmp_path):
    for each in (rig, Rig(tmp_path / "other", rename_replaces=True)):
        for name in ("old", "new"):
            with each.open(name, "w") as file:
                file.write(name)
    assert errno_of(lambda: rig.os.rename("old", "new")) == 17
    assert (rig.folder / "new").read_text() == "new"
    each.os.rename("old", "new")
    assert (each.folder / "new").read_text() == "old"


def test_no_path_leaves_the_folder(rig, tmp_path):
    (tmp_path / "secret").write_text("x")
    (rig.folder / "link").symlink_to(tmp_path / "secret")
    for path in ("../secret", "/../secret", "/a/../../secret", "/link"):
        assert errno_of(lambda path=path: rig.open(path)) == 22
        assert errno_of(lambda path=path: rig.os.remove(path)) == 22
    assert (tmp_path / "secret").exists()


# ---- room ----


def test_free_space_shrinks_by_clusters_and_comes_back(rig):
    free = rig.os.statvfs("/")[3]
    assert rig.os.statvfs("/")[:3] == (512, 512, 2048)
    file = rig.open("/b", "wb")
    file.write(bytes(513))
    assert rig.os.statvfs("/")[3] == free - 2
    file.close()
    assert rig.os.statvfs("/")[3] == free - 2
    rig.os.remove("/b")
    assert rig.os.statvfs("/")[3] == free


def test_a_full_drive_takes_what_fits_and_says_so(tmp_path):
    rig = Rig(tmp_path / "drive", capacity=4096)
    file = rig.open("/b", "wb")
    file.write(bytes(4000))
    assert errno_of(lambda: file.write(bytes(200))) == 28
    file.close()
    assert (rig.folder / "b").stat().st_size == 4096


# ---- power ----


def test_what_is_not_flushed_is_lost(rig):
    file = rig.open("/b", "wb")
    file.write(b"kept")
    file.flush()
    file.write(b"lost")
    rig.drive.forget()
    assert (rig.folder / "b").read_bytes() == b"kept"
    assert rig.open("/b", "rb").read() == b"kept"


def test_power_can_be_cut_at_every_byte_of_a_write(tmp_path):
    for count in range(41):
        rig = Rig(tmp_path / str(count))
        file = rig.open("/b", "ab")
        rig.drive.cut_after(count)
        with pytest.raises(PowerCut):
            for start in range(0, 40, 10):
                file.write(bytes(range(start, start + 10)))
                file.flush()
            assert count == 40
            file.write(b"!")
            file.flush()
        assert (rig.folder / "b").read_bytes() == bytes(range(count))
        with pytest.raises(PowerCut):
            file.close()  # as a `finally` of the code would: nothing reaches the flash any more
        assert (rig.folder / "b").read_bytes() == bytes(range(count))


def test_a_cut_during_the_flush_s_time_loses_what_waited(rig):
    file = rig.open("/b", "wb")
    file.write(b"x")
    rig.clock.schedule(rig.clock.ns + 100 * MS, lambda: rig.clock.halt(PowerCut()))
    with pytest.raises(PowerCut):
        file.flush()
    assert (rig.folder / "b").read_bytes() == b""


def test_firmware_is_read_where_the_drive_lacks_it(tmp_path):
    lent = tmp_path / "code.py"
    lent.write_text("lent")
    rig = Rig(tmp_path / "drive", firmware={"code.py": lent})
    assert rig.open("/code.py").read() == "lent"
    assert rig.os.stat("/code.py")[6] == 4
    assert rig.os.listdir("/") == []
    with rig.open("/code.py", "w") as file:
        file.write("own")
    assert rig.open("/code.py").read() == "own"
    assert lent.read_text() == "lent"
