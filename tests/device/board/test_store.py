"""The store on the virtual drive: settings, logs, room, crashes, and every fault that a flash drive has."""

from itertools import count

import pytest

from backbeat import nvm, record, settings
from backbeat.record import BLOCK, Writer
from backbeat.record_reader import Damage, read
from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.circuitpython.hardware import ResetReason, module
from backbeat_host.lab.core import run_core
from backbeat_host.lab.endings import PowerCut
from backbeat_host.lab.machine import Machine
from backbeat_host.lab.motion import Recorded
from backbeat_host.lab.runner.acts import Fall, GetUp, Lie, Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.link import firmware

from ..rig import STILL

ACT = "from backbeat.board.store import Store\nfrom bench import act\nact(Store())\n"
TREE = firmware.tree()
OLD = {**settings.defaults(), "cadence": 1500, "volume": 40}
NEW = {**settings.defaults(), "cadence": 1800, "mount.forward": (0, 1000, 0)}
DEFAULTS = settings.defaults()


class Bench:
    """A board with a drive; `run` hands a fresh Store to a test, as a start of the firmware does."""

    def __init__(self, folder, **options):
        code = folder / "act.py"
        code.write_text(ACT)
        lent = {**TREE, "act.py": code}
        self.drive_folder = folder / "drive"
        self.board = VirtualBoard(self.drive_folder, Recorded(STILL, 104), firmware=lent, **options)
        self.drive = self.board.drive
        self.drive.hurry()
        self.faults = self.drive.faults
        self.hardware = self.board.hardware
        self.drive.code_owns = True

    def run(self, act):
        """Start, act, and be reset; False when the power went meanwhile."""
        self.drive.forget()
        self.board.clock.resume()
        machine = Machine(self.hardware)
        machine.modules["bench"] = module("bench", act=act)
        try:
            machine.run("act.py")
        except PowerCut:
            return False
        return True

    def get(self, act):
        """What `act` gives, with a fresh store."""
        found = []
        assert self.run(lambda store: found.append(act(store)))
        return found[0]

    def settings(self):
        return self.get(lambda store: store.settings())

    def file(self, name, content=None):
        """Read a file of the drive, or write one as a laptop would."""
        path = self.drive_folder / name
        if content is None:
            return path.read_bytes() if path.exists() else None
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.drive.forget()
        return path

    def logs(self):
        return sorted(path.name for path in (self.drive_folder / "logs").glob("*.bbl"))


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.fixture
def benches(tmp_path):
    """A fresh bench each time."""
    numbers = count()

    def make(**options):
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return Bench(folder, **options)

    return make


def log_of(number, events=100, continued=0):
    """A log as a session leaves it, `events` of them, its last block sealed."""
    log = Writer(number)
    log.header(0, continued, "0.1.0,board,uid")
    blocks = []
    for event in range(events):
        log.event(event, 1, event, 0, 0)
        while log.waiting:
            blocks.append(bytes(log.block()))
            log.written()
    log.seal()
    while log.waiting:
        blocks.append(bytes(log.block()))
        log.written()
    return blocks


def session_on(store, blocks=8):
    """A session of so many blocks, each brought to the flash."""
    number = store.new_session()
    for block in log_of(number, 23 * blocks)[:blocks]:
        store.write(block)
        store.flush()
    return number


# ---- settings ----


def test_without_any_file_the_defaults_hold_and_nobody_complains(bench):
    assert bench.settings() == (DEFAULTS, [])
    assert bench.faults.changes == 0


def test_good_settings_are_kept_as_the_last_good_ones_and_written_once(bench):
    bench.file("settings.json", settings.dump(OLD))
    assert bench.settings() == (OLD, [])
    assert bench.file("settings.last.json") == settings.dump(OLD).encode()
    before = bench.faults.changes
    assert bench.settings() == (OLD, [])
    assert bench.faults.changes == before, "nothing changed, nothing is written"


BROKEN = {
    "no json": b"{",
    "empty": b"",
    "cut": settings.dump(NEW)[:40].encode(),
    "undecodable": b'{"cadence": "\xff\xfe"}',
    "zeros": bytes(400),
    "erased": b"\xff" * 400,
    "a list": b"[]",
    "huge": b'{"cadence": 150, "accent": 4}' + b" " * 300_000,
    "deep": b"[" * 3000,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_leaves_the_last_good_settings_and_complains_once(bench, text):
    bench.file("settings.json", settings.dump(OLD))
    bench.settings()
    bench.file("settings.json", text)
    for _ in range(2):
        values, complaints = bench.settings()
        assert values == OLD
        assert len(complaints) == 1
        assert complaints[0].endswith(".")
    assert bench.file("settings.json") == text, "it stays for whoever wrote it"
    assert bench.file("settings.last.json") == settings.dump(OLD).encode()


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_without_a_last_good_one_leaves_the_defaults(bench, text):
    bench.file("settings.json", text)
    bench.file("settings.last.json", text)
    values, complaints = bench.settings()
    assert values == DEFAULTS
    assert len(complaints) == 1


def test_a_huge_file_is_not_read(bench, monkeypatch):
    bench.file("settings.json", b" " * 300_000)
    read = []
    content = bench.drive.content
    monkeypatch.setattr(bench.drive, "content", lambda name, **how: (read.append(name), content(name, **how))[1])
    _, complaints = bench.settings()
    assert complaints
    assert "/settings.json" not in read


def test_a_bad_field_has_its_last_good_value_alone(bench):
    bench.file("settings.json", settings.dump(OLD))
    bench.settings()
    bench.file("settings.json", '{"cadence": 999, "accent": 4}')
    values, complaints = bench.settings()
    assert values == {**DEFAULTS, "cadence": 1500, "accent": 4}
    assert len(complaints) == 1
    assert bench.file("settings.last.json") == settings.dump(OLD).encode()


def test_settings_that_are_lost_are_the_last_good_ones(bench):
    bench.file("settings.last.json", settings.dump(OLD))
    assert bench.settings() == (OLD, [])
    bench.run(lambda store: store.keep(NEW))
    assert bench.settings() == (NEW, [])


def test_what_the_run_keeps_is_read_at_the_next_start(bench):
    bench.file("settings.json", settings.dump(OLD))
    bench.run(lambda store: (store.settings(), store.keep(NEW)))
    assert bench.settings() == (NEW, [])
    assert bench.file("settings.new") is None


def replace_settings(store):
    values, complaints = store.settings()
    assert not complaints
    store.keep({**NEW, "volume": values["volume"]})


def starts_after(bench, cut, choices):
    """Cut the power once in a replacement, then see what the next starts read, and that a replacement works again."""
    cut(bench)
    whole = bench.run(replace_settings)
    bench.faults.cut_at(10_000)
    bench.drive.cut_after(1_000_000)
    found, complaints = bench.get(lambda store: (store.settings(), store.keep(NEW))[0])
    assert found in choices
    assert complaints == []
    assert bench.settings() == (NEW, [])
    return whole


@pytest.mark.parametrize("before", [None, OLD], ids=["first", "replaced"])
def test_a_power_cut_at_every_change_of_a_replacement_leaves_the_old_or_the_new_settings(benches, before):
    held = before or DEFAULTS
    for change in count():
        bench = benches()
        if before:
            bench.file("settings.json", settings.dump(before))
        choices = (held, {**NEW, "volume": held["volume"]})
        if starts_after(bench, lambda bench, change=change: bench.faults.cut_at(change), choices):
            break
    assert change >= 4, "so many boundaries there are at least"


@pytest.mark.parametrize("before", [None, OLD], ids=["first", "replaced"])
def test_a_power_cut_at_every_byte_of_a_replacement_leaves_the_old_or_the_new_settings(benches, before):
    held = before or DEFAULTS
    after = {**NEW, "volume": held["volume"]}
    size = len(settings.dump(after)) + len(settings.dump(held))
    for byte in range(size + 1):
        bench = benches()
        if before:
            bench.file("settings.json", settings.dump(before))
        starts_after(bench, lambda bench, byte=byte: bench.drive.cut_after(byte), (held, after))


def test_after_a_cut_between_the_two_steps_another_cut_loses_nothing(benches):
    for change in range(20):
        bench = benches()
        bench.file("settings.new", settings.dump(NEW))
        assert bench.settings() == (NEW, [])
        bench.faults.cut_at(change)
        bench.run(lambda store: store.keep(OLD))
        bench.faults.cut_at(10_000)
        assert bench.settings() in ((NEW, []), (OLD, []))


@pytest.mark.parametrize("fault", ["read_only", "ejected", "eio", "full"])
def test_settings_that_cannot_be_kept_leave_the_old_ones(benches, fault):
    bench = benches()
    bench.file("settings.json", settings.dump(OLD))
    bench.settings()

    def keep(store):
        break_flash(bench, fault)
        store.keep(NEW)

    assert bench.run(keep)
    heal_flash(bench)
    assert bench.settings() == (OLD, [])


def test_a_write_error_at_every_change_of_a_replacement_leaves_the_old_or_the_new_settings(benches):
    for change in range(12):
        bench = benches()
        bench.file("settings.json", settings.dump(OLD))
        bench.settings()
        passed = bench.faults.change

        def failing(passed=passed, left=iter(range(100)), change=change):  # noqa: B008
            passed()
            if next(left) == change:
                raise OSError(5, "Input/output error")

        bench.faults.change = failing
        assert bench.run(lambda store: store.keep(NEW))
        bench.faults.change = passed
        values, complaints = bench.settings()
        assert values in (OLD, NEW)
        assert not complaints


# ---- faults of the flash ----


def break_flash(bench, fault):
    if fault == "full":
        bench.drive.leave(0)
    elif fault == "eio":
        bench.faults.fail_writes(None)
    else:
        setattr(bench.faults, fault, True)


def heal_flash(bench):
    bench.faults.read_only = bench.faults.ejected = False
    bench.faults.fail_writes(0)
    bench.drive.capacity = 1 << 20


FAULTS = ["full", "eio", "read_only", "ejected"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_from_the_start_leaves_a_session_without_a_log(bench, fault):
    break_flash(bench, fault)

    def act(store):
        store.settings()
        store.new_session()
        session_on(store)
        assert store.failed
        store.close(Writer(1))
        store.crashed(ValueError("x"), 1)
        store.keep(NEW)
        store.ended()

    assert bench.run(act)
    heal_flash(bench)
    assert bench.get(session_on) >= 3, "numbers are not used twice"
    assert bench.logs()[-1] == "00003.bbl"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_mid_session_keeps_what_was_written_and_the_next_session_logs_again(bench, fault):
    def act(store):
        number = store.new_session()
        blocks = log_of(number, 200)
        for block in blocks[:4]:
            store.write(block)
        store.flush()
        break_flash(bench, fault)
        for block in blocks[4:]:
            store.write(block)
            store.flush()
        assert store.failed
        store.close(Writer(number))
        heal_flash(bench)
        session_on(store)
        assert not store.failed

    assert bench.run(act)
    first = bench.file("logs/00001.bbl")
    assert [item[0] for item in read(first[: 4 * BLOCK]) if not isinstance(item, Damage)]
    assert bench.logs() == ["00001.bbl", "00002.bbl"]
    assert not [item for item in read(bench.file("logs/00002.bbl")) if isinstance(item, Damage)]


def test_a_single_write_error_costs_the_rest_of_that_log_only(bench):
    def act(store):
        number = store.new_session()
        for at, block in enumerate(log_of(number, 200)):
            if at == 3:
                bench.faults.fail_writes(1)
            store.write(block)
            store.flush()
        assert store.failed

    assert bench.run(act)
    assert len(bench.file("logs/00001.bbl")) == 3 * BLOCK


@pytest.mark.parametrize("seed", range(20))
def test_writes_that_fail_now_and_then_never_raise_and_what_is_there_is_readable(bench, seed):
    def act(store):
        bench.faults.fail_writes(None, chance=0.1, seed=seed)
        store.settings()
        for _ in range(4):
            session_on(store)
            store.keep(NEW)
            store.crashed(RuntimeError("x"), 1)
            store.close(Writer(1))
            store.ended()

    bench.file("settings.json", settings.dump(OLD))
    assert bench.run(act)
    bench.faults.fail_writes(0)
    assert bench.settings() in ((OLD, []), (NEW, []))
    for name in bench.logs():
        list(read(bench.file(f"logs/{name}")))
    assert len(bench.file("crash.txt") or b"") <= 4000
    assert bench.get(lambda store: store.new_session()) == 5


STRAY = ["\x00\x01.bbl", "99999999999999999999.bbl", "x.bbl", ".bbl", "-1.bbl", "\ufffd\ufffd", "1.BBL", "000 1.bbl"]


def test_damaged_names_in_the_listing_are_not_ours(bench):
    bench.faults.stray_names = {"/logs": STRAY, "/": STRAY}
    assert [bench.get(session_on) for _ in range(5)] == [1, 2, 3, 4, 5]


def test_a_file_in_the_place_of_the_logs_folder_leaves_a_session_without_a_log(bench):
    bench.file("logs", "mine")

    def act(store):
        session_on(store)
        assert store.failed
        store.close(Writer(1))

    assert bench.run(act)


# ---- a session's number ----


def test_numbers_are_never_used_twice_though_memory_or_logs_are_lost(bench):
    assert bench.get(session_on) == 1
    assert bench.get(session_on) == 2
    bench.hardware.nvm[:] = b"\xff" * len(bench.hardware.nvm)
    assert bench.get(session_on) == 3
    for name in bench.logs():
        (bench.drive_folder / "logs" / name).unlink()
    assert bench.get(session_on) == 4


@pytest.mark.parametrize("memory", [b"\xff" * 16, b"\0" * 16, bytes(range(16)), b"\x01\x01\x01\x01" + b"\x55" * 12])
def test_garbage_in_the_memory_begins_with_number_one(bench, memory):
    bench.hardware.nvm[:16] = memory
    bench.run(lambda store: (store.broken_off(), store.at_once()))
    assert bench.get(session_on) == 1


def test_a_board_without_memory_numbers_by_its_logs(bench, monkeypatch):
    monkeypatch.setattr("backbeat_host.lab.circuitpython.system.ByteArray", lambda hardware: None)

    def act(store):
        assert store.broken_off() == 0
        assert not store.at_once()
        session_on(store)
        store.settled()
        store.ended()

    for _ in range(3):
        assert bench.run(act)
    assert bench.logs() == ["00001.bbl", "00002.bbl", "00003.bbl"]


def test_a_power_cut_at_every_change_of_a_session_leaves_a_readable_log_and_a_new_number(benches):
    for change in count():
        bench = benches()
        bench.file("settings.json", settings.dump(OLD))
        told = []

        def act(store, told=told):
            store.settings()
            told.append(session_on(store, 5))
            store.keep({**OLD, "mount.forward": (0, 1000, 0)})
            store.crashed(ValueError("x"), 1)
            store.close(Writer(1))

        bench.faults.cut_at(change)
        whole = bench.run(act)
        bench.faults.cut_at(10_000)
        logs = bench.logs()
        for name in logs:
            items = list(read(bench.file(f"logs/{name}")))
            numbers = [int.from_bytes(item[2][1:5], "little") for item in items if item[0] == record.EVENT]
            assert numbers == list(range(len(numbers)))
        values, complaints = bench.settings()
        assert values["cadence"] == 1500
        assert not complaints
        assert bench.get(session_on) > max([0, *told, *(int(name[:5]) for name in logs)])
        if whole:
            break
    assert change > 20


def test_a_power_cut_at_any_byte_of_a_log_costs_no_whole_block(benches):
    for byte in [*range(0, 3 * BLOCK, 61), BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK]:
        bench = benches()
        bench.drive.cut_after(byte)
        bench.run(lambda store: session_on(store, 4))
        found = bench.file("logs/00001.bbl")
        assert len(found) == byte
        blocks = b"".join(log_of(1, 23 * 4)[: byte // BLOCK])
        records = [item for item in read(found) if not isinstance(item, Damage)]
        assert records == [item for item in read(blocks) if not isinstance(item, Damage)]


# ---- room ----


def fill_logs(bench, sizes, first=1):
    for number, size in enumerate(sizes, first):
        bench.file(f"logs/{number:05d}.bbl", bytes(size))


def test_with_room_enough_no_log_is_removed(bench):
    fill_logs(bench, [20_000] * 8)
    bench.get(session_on)
    assert len(bench.logs()) == 9


def test_the_oldest_logs_make_room_and_the_newest_stay(bench):
    fill_logs(bench, [50_000] * 19)
    bench.run(lambda store: session_on(store))
    assert bench.drive.free() >= 131_072 - 8 * BLOCK
    names = bench.logs()
    assert names == [f"{number:05d}.bbl" for number in range(21 - len(names), 21)]
    assert 15 <= len(names) <= 19


def test_the_newest_three_logs_stay_whatever_room_is_missing(bench):
    fill_logs(bench, [200_000, 200_000, 300_000, 300_000, 340_000])
    bench.run(lambda store: None)
    assert bench.logs() == ["00003.bbl", "00004.bbl", "00005.bbl"]


def test_a_number_is_not_used_again_though_its_log_has_gone_and_nothing_else_goes(bench):
    fill_logs(bench, [200_000] * 4, first=11)
    bench.file("logs/mine.txt", bytes(100_000))
    bench.file("notes.txt", bytes(100_000))
    assert bench.get(session_on) == 15
    assert bench.file("logs/mine.txt") is not None
    assert bench.file("notes.txt") is not None


def test_one_start_removes_no_more_than_its_time_allows(bench):
    fill_logs(bench, [4096] * 230)
    bench.drive.leave(10_000)
    bench.run(lambda store: None)
    assert len(bench.logs()) == 220
    bench.run(lambda store: None)
    assert len(bench.logs()) == 210


def test_a_removal_that_fails_costs_no_session(bench):
    fill_logs(bench, [200_000] * 5)
    bench.faults.fail_writes(1)
    assert bench.get(session_on) == 6
    assert "00006.bbl" in bench.logs()


@pytest.fixture(scope="module")
def hour_of_log():
    """Bytes of log in a minute of a run, and of a fall."""
    way = [Walk("forward", 20), Run("backward", 40), Run("forward", 40), Walk("backward", 20)]
    run = synthetic([Stand(3), *way * 3], seed=3).rows
    falls = synthetic([Stand(3), Run("backward", 60), Fall("backward"), Lie(6), GetUp(), Stand(2)], seed=3).rows
    a_minute = len(run_core(run, DEFAULTS).log) / len(run) * 104 * 60
    return a_minute, len(run_core(falls, DEFAULTS).log) - a_minute


def test_the_minutes_told_are_those_of_a_real_log(hour_of_log, bench):
    a_minute, a_fall = hour_of_log
    assert 700 < a_minute < 800
    assert 60 * 800 + 5 * a_fall < 131_072, "rotation makes room for an hour with five falls"
    bench.drive.leave(8192 + 80_384)
    assert bench.get(lambda store: store.minutes) == 100


@pytest.mark.parametrize(
    ("left", "thin", "minutes"),
    [(200_192, 0, 240), (48_128, 0, 49), (47_616, 1, 49), (8192, 1, 0), (7680, 2, 0), (0, 2, 0)],
)
def test_what_is_left_out_goes_by_the_bytes_left(bench, left, thin, minutes):
    bench.drive.leave(left)
    assert bench.get(lambda store: (store.thin, store.minutes, store.free)) == (thin, minutes, left)


def test_room_is_counted_block_by_block_until_the_last_one_and_events_last_longest(bench):
    bench.file("logs/hold", b"")
    bench.drive.leave(60 * 1024)
    seen = []

    def act(store):
        number = store.new_session()
        assert store.thin == 0
        (block,) = log_of(number, 1)
        while not store.failed:
            seen.append(store.thin)
            assert (store.thin > 0) == (store.free < 48_000)
            assert (store.thin > 1) == (store.free < 8192)
            store.write(block)
            store.flush()

    assert bench.run(act)
    assert seen == sorted(seen)
    assert seen.count(2) == 16
    assert len(bench.file("logs/00001.bbl")) == 60 * 1024 == (len(seen) - 1) * BLOCK


def test_a_drive_full_of_the_wearers_own_files_keeps_events_to_the_last_block(bench):
    bench.file("logs/hold", b"")
    bench.file("music.mp3", bytes(900_000))
    bench.drive.leave(3 * BLOCK)

    def act(store):
        number = store.new_session()
        assert (store.thin, store.minutes) == (2, 0)
        for block in log_of(number, 300):
            store.write(block)
            store.flush()
        assert store.failed

    assert bench.run(act)
    events = [item for item in read(bench.file("logs/00001.bbl")) if item[0] == record.EVENT]
    assert len(events) > 60


# ---- broken off, or ended ----


def begin(store):
    return store.broken_off(), store.new_session()


@pytest.mark.parametrize("reason", [reason for reason in ResetReason if reason is not ResetReason.POWER_ON])
def test_a_session_that_a_reset_broke_off_is_gone_on_with(bench, reason):
    assert bench.get(begin) == (0, 1)
    bench.hardware.reset_reason = reason
    assert bench.get(begin) == (1, 2)


def test_a_wearer_who_switches_the_power_on_begins_anew(bench):
    assert bench.get(begin) == (0, 1)
    assert bench.get(begin) == (0, 2)
    bench.hardware.reset_reason = ResetReason.WATCHDOG
    bench.run(lambda store: store.ended())
    assert bench.get(lambda store: store.broken_off()) == 0


def test_a_session_that_ended_well_is_not_gone_on_with(bench):
    bench.hardware.reset_reason = ResetReason.WATCHDOG
    bench.run(lambda store: (begin(store), store.ended()))
    assert bench.get(lambda store: store.broken_off()) == 0


def test_after_five_broken_starts_it_waits_for_a_press_until_a_session_settles(bench):
    bench.get(begin)
    bench.hardware.reset_reason = ResetReason.WATCHDOG
    assert [bench.get(begin)[0] for _ in range(8)] == [1, 2, 3, 4, 5, 0, 0, 0]
    bench.run(lambda store: (begin(store), store.settled()))
    assert bench.get(begin)[0] == 10


def test_a_wish_to_begin_at_once_is_taken_away_by_the_session(bench):
    nvm.ask(bench.hardware.nvm, nvm.AT_ONCE)
    assert bench.get(lambda store: store.at_once())
    assert bench.get(lambda store: store.at_once()), "only a session takes it"
    bench.get(begin)
    assert not bench.get(lambda store: store.at_once())


def test_a_session_costs_three_writes_of_the_memory(bench):
    cost = bench.hardware.nvm_cost_ns
    bench.run(lambda store: (begin(store), store.ended()))

    def act(store):
        before = bench.board.clock.ns
        begin(store)
        store.settled()
        store.ended()
        return (bench.board.clock.ns - before) // cost

    assert bench.get(act) == 3


def test_the_laptops_drive_is_known_for_service(bench):
    assert not bench.get(lambda store: store.service)
    bench.drive.code_owns = False
    assert bench.get(lambda store: store.service)


# ---- crashes ----


def crash(store, number, text="a bug"):
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        store.crashed(error, number)


def test_each_crash_is_kept_with_its_sessions_number(bench):
    for number in (7, 8):
        assert bench.run(lambda store, number=number: crash(store, number))
    text = bench.file("crash.txt").decode()
    assert text.index("Session 7: ") < text.index("Session 8: ")
    assert text.count("RuntimeError: a bug\n") == 2
    assert bench.file("crash.new") is None


@pytest.mark.parametrize("size", [0, 3, 3999, 4000, 4001, 300_000])
def test_the_crash_text_is_bounded_and_the_oldest_goes(bench, size):
    bench.file("crash.txt", b"\xff" * size)
    for number in range(1, 30):
        bench.run(lambda store, number=number: crash(store, number, "x" * 400))
        assert len(bench.file("crash.txt")) <= 4000
    text = bench.file("crash.txt")
    assert b"Session 29: " in text
    assert b"Session 1: " not in text
    assert len(text) > 3900


def test_a_long_crash_keeps_its_end(bench):
    bench.run(lambda store: crash(store, 1, "x" * 9000 + "the end"))
    text = bench.file("crash.txt").decode()
    assert text.startswith("Session 1: ")
    assert text.endswith("the end\n\n")
    assert len(text) < 2100


def test_a_power_cut_at_every_change_never_lets_the_crash_text_grow_beyond_its_bound(benches):
    for change in count():
        bench = benches()
        bench.file("crash.txt", b"o" * 3990)
        bench.faults.cut_at(change)
        whole = bench.run(lambda store: crash(store, 1))
        bench.faults.cut_at(10_000)
        sizes = [len(bench.file(name) or b"") for name in ("crash.txt", "crash.new")]
        assert max(sizes) <= 4000
        assert sum(sizes) > 3000, "the text is in one of the two"
        bench.run(lambda store: crash(store, 2))
        assert len(bench.file("crash.txt")) <= 4000
        assert b"Session 2: " in bench.file("crash.txt")
        if whole:
            break
    assert change >= 5
