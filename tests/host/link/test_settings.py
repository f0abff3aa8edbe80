"""A board's settings: pushed whole, read back, compared; broken off anywhere, the old or the new ones hold."""

import json

import pytest

from backbeat import __version__, settings
from backbeat_host.complaints import Complaint
from backbeat_host.errors import InputError, WorkError
from backbeat_host.held import Change
from backbeat_host.link import firmware
from backbeat_host.link.backend import GoneError, LyingError, OtherOwnerError, sha256
from backbeat_host.link.drive import DriveFiles
from backbeat_host.link.lean import lean
from backbeat_host.link.settings import LAST, NEW, PUSHED, SETTINGS, BoardSettings

from .memory_files import MemoryFiles

DEFAULTS = settings.defaults()
QUICK = {**DEFAULTS, "cadence": 1800, "mount.up": (0, 1000, 0)}


def raw(values):
    return settings.dump(values).encode()


def board(there=None):
    files = MemoryFiles(there)
    return BoardSettings(files, "board"), files


def refused(error, call, *words):
    with pytest.raises(error) as told:
        call(*words)
    return told.value.message


@pytest.mark.parametrize(
    ("there", "values", "wrong"),
    [
        ({}, DEFAULTS, []),
        ({SETTINGS: raw(QUICK)}, QUICK, []),
        ({SETTINGS: b'{"cadence": 170}', LAST: raw(QUICK)}, {**DEFAULTS, "cadence": 1700}, []),
        ({SETTINGS: b'{"cadence": 999}', LAST: raw(QUICK)}, {**DEFAULTS, "cadence": 1800}, ["cadence: 999 will"]),
        ({SETTINGS: b"{", LAST: raw(QUICK)}, QUICK, ["not JSON"]),
        ({SETTINGS: b"{", LAST: b"{"}, DEFAULTS, ["not JSON"]),
        ({SETTINGS: b"", LAST: raw(QUICK)}, QUICK, ["not JSON"]),
        ({SETTINGS: b"\xff", LAST: raw(QUICK)}, QUICK, ["not UTF-8 text at byte 0"]),
        ({SETTINGS: b" " * 100_000, LAST: raw(QUICK)}, QUICK, ["larger than the 4000 bytes"]),
        ({SETTINGS: b'{"cadence": 170, "tempo": 3}'}, {**DEFAULTS, "cadence": 1700}, ["tempo: there is no such"]),
        ({NEW: raw(QUICK)}, QUICK, []),
        ({LAST: raw(QUICK), NEW: b"{"}, QUICK, []),
    ],
)
def test_what_a_board_holds_is_what_it_would_use(there, values, wrong):
    place, _ = board(there)
    held = place.held()
    assert held.values == values
    assert [words in str(told) for told, words in zip(held.complaints, wrong, strict=True)] == [True] * len(wrong)


def test_the_firmwares_own_reading_gives_the_same():
    for text in ('{"cadence": 170}', '{"cadence": 999}', "{", "[]", '{"mount": {"up": [1000, 0, 0]}}'):
        place, _ = board({SETTINGS: text.encode(), LAST: raw(QUICK)})
        values, complaints = settings.load(text, QUICK)
        assert place.held().values == values
        assert bool(place.held().complaints) == bool(complaints)


def test_what_is_put_is_written_whole_and_noted_with_version_and_checksum():
    place, files = board({SETTINGS: raw(QUICK)})
    assert place.put({"cadence": 1600}) == [Change("cadence", 1800, 1600)]
    assert files.there[SETTINGS] == raw({**QUICK, "cadence": 1600})
    assert json.loads(files.there[PUSHED]) == {"version": __version__, "sha256": sha256(files.there[SETTINGS])}
    assert place.as_pushed() is True
    files.there[SETTINGS] = raw(QUICK)
    assert place.as_pushed() is False


def test_what_is_there_already_is_not_written_again():
    place, files = board()
    place.push(QUICK, set(QUICK))
    done = files.changes
    assert place.push(QUICK, set(QUICK)) == []
    assert files.changes == done


def test_a_push_leaves_how_the_chip_sits_unless_it_is_given():
    place, _ = board({SETTINGS: raw(QUICK)})
    place.push({**DEFAULTS, "volume": 50}, {"volume"})
    assert place.held().values == {**DEFAULTS, "volume": 50, "mount.up": (0, 1000, 0)}
    place.push(DEFAULTS, {"mount.up"})
    assert place.held().values == DEFAULTS


def test_what_would_point_up_and_forward_at_once_is_refused():
    place, files = board({SETTINGS: raw(QUICK)})
    values = {**DEFAULTS, "mount.forward": (0, 1000, 0)}
    assert "board: mount.forward: it points along" in refused(InputError, place.push, values, {"mount.forward"})
    assert "board: mount.forward: it points along" in refused(InputError, place.put, {"mount.forward": (0, 1000, 0)})
    assert files.changes == 0


def test_all_that_is_wrong_is_told_and_nothing_written():
    place, files = board({SETTINGS: b'{"cadence": 999, "tempo": 3}'})
    told = refused(InputError, place.put, {"volume": 50}, [Complaint("light: no.")]).split("\n")
    assert told[0] == "light: no."
    assert told[1].startswith("board, /settings.json: cadence: 999 will not do")
    assert told[2] == "board, /settings.json: tempo: there is no such setting."
    assert files.changes == 0


def test_a_new_value_or_a_reset_mends_what_was_wrong():
    place, _ = board({SETTINGS: b'{"cadence": 999}'})
    place.put({"cadence": 1700})
    assert place.held().values == {**DEFAULTS, "cadence": 1700}
    place, _ = board({SETTINGS: b"\xff{"})
    place.reset()
    assert (place.held().values, place.held().complaints) == (DEFAULTS, [])
    place, _ = board({SETTINGS: b'{"mount.up": [1000, 0, 0]}'})
    place.put({"mount.up": (0, 1000, 0)})
    assert (place.held().values["mount.up"], place.held().complaints) == ((0, 1000, 0), [])


def test_a_cable_pulled_at_any_change_leaves_the_old_or_the_new_and_again_finishes():
    whole, files = board({SETTINGS: raw(QUICK), LAST: raw(QUICK)})
    new = {**DEFAULTS, "volume": 50}
    whole.push(new, set(new))
    for cut in range(files.changes):
        place, files = board({SETTINGS: raw(QUICK), LAST: raw(QUICK)})
        files.left = cut
        with pytest.raises(GoneError):
            place.push(new, set(new))
        files.left = None
        assert place.held().values in (QUICK, new)
        assert place.held().complaints == []
        assert place.as_pushed() in (None, False)
        place.push(new, set(new))
        assert (place.held().values, place.as_pushed()) == (new, True)


def test_a_drive_that_lies_is_found_out():
    place, files = board()
    files.lies = lambda path: True
    with pytest.raises(LyingError):
        place.push(QUICK, set(QUICK))

    class Forgetful(MemoryFiles):
        """Says that it wrote."""

        def write(self, path, raw, progress=None):
            self.there[path] = raw.replace(b"180", b"160")

    with pytest.raises(LyingError):
        BoardSettings(Forgetful(), "board").push(QUICK, set(QUICK))


def test_a_drive_that_is_not_ours_is_not_written():
    place, files = board({SETTINGS: raw(QUICK)})
    files.writable = False
    with pytest.raises(OtherOwnerError):
        place.put({"cadence": 1600})
    assert files.there == {SETTINGS: raw(QUICK)}


TABLE = firmware.tree()["lib/backbeat/settings.py"].read_text()


@pytest.mark.parametrize("table", [TABLE.encode(), lean(TABLE).encode()])
def test_another_version_with_the_same_table_is_well(table):
    place, _ = board({"/manifest.json": b'{"version": "9.9"}', "/lib/backbeat/settings.py": table})
    place.put({"cadence": 1700})
    assert place.held().values["cadence"] == 1700


@pytest.mark.parametrize(
    "there",
    [
        {"/manifest.json": b'{"version": "9.9"}', "/lib/backbeat/settings.py": b"TABLE = ()\n"},
        {"/manifest.json": b'{"version": "9.9"}'},
        {"/lib/backbeat/__init__.py": b'__version__ = "9.9"\n'},
        {"/manifest.json": b"[]", "/lib/backbeat/__init__.py": b'__version__ = "9.9"\n'},
    ],
)
def test_a_firmware_with_another_table_is_not_given_settings_it_may_not_know(there):
    place, files = board(there)
    told = refused(WorkError, place.put, {"cadence": 1700})
    assert told.startswith("board: it runs Backbeat 9.9, whose settings are others than those of")
    assert "backbeat install" in told
    assert files.changes == 0


@pytest.mark.parametrize("manifest", [b"", b"[", b"[]", b'{"version": 3}', b'{"version": "\\u001b[2J"}', b"[" * 60_000])
def test_a_hostile_manifest_is_no_version(manifest):
    place, _ = board({"/manifest.json": manifest})
    place.put({"cadence": 1700})


@pytest.mark.parametrize("note", [b"", b"[]", b"{}", b'{"version": "\\u001b[2J", "sha256": ""}', b"\xff", b"[" * 300])
def test_a_note_that_makes_no_sense_is_none(note):
    place, _ = board({PUSHED: note})
    assert place.pushed() is None
    assert place.as_pushed() is None


def test_through_a_drive_it_is_the_same(tmp_path):
    drive = tmp_path / "drive"
    drive.mkdir()
    place = BoardSettings(DriveFiles(drive), "drive")
    assert place.held().values == DEFAULTS
    place.push(QUICK, set(QUICK))
    assert (place.held().values, place.as_pushed()) == (QUICK, True)
    assert sorted(path.name for path in drive.iterdir()) == ["settings.json", "settings.pushed.json"]
