"""What can go wrong with a served board, when asked for."""

import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.serve.faults import FAULTS, parsed, table

RAW = (1.0, b"\r"), (1.1, b"\x01")
CODE_OWNS = {"boot.py": "import storage\nstorage.remount('/', readonly=False)"}


def test_a_pulled_cable_takes_the_power_with_it_at_exactly_that_byte(talk):
    whole = talk(*RAW).bytes
    for count in (0, 1, 63, 64, 65, len(whole)):
        told = talk(*RAW, faults=(f"cable={count}",)) if count else None
        if told:
            assert len(told.bytes) in (count, count - 1, count - 2)  # one or two bytes of it came from here
            assert whole.startswith(told.bytes)
            assert not told.wire.open


def test_a_board_that_resets_on_its_way_starts_anew_and_only_once(talk):
    told = talk((1.0, b"\r"), files={"code.py": "print('start')"}, faults=("reset=300",)).text
    assert told.count("start\r\n") == 2


def test_a_dumb_board_says_no_more(talk):
    told = talk(*RAW, (2.0, b"print(1)\x04"), faults=("dumb=300",))
    assert len(told.bytes) <= 300 and told.wire.open


def test_garbage_changes_every_so_manieth_byte(talk):
    good, bad = talk(*RAW).bytes, talk(*RAW, faults=("garbage=10",)).bytes
    assert len(good) == len(bad)
    assert [at for at in range(len(good)) if good[at] != bad[at]] == list(range(9, len(good), 10))


def test_a_lying_drive_takes_what_is_written_and_holds_something_else(talk):
    told = talk(
        *RAW, (2.0, b"with open('/x', 'wb') as f: print(f.write(b'good'))\x04"), files=CODE_OWNS, faults=("lies",)
    )
    assert "OK4\r\n" in told.text
    held = (told.drive / "x").read_bytes()
    assert len(held) == 4 and held != b"good"


def test_a_full_drive_takes_what_is_left(talk):
    write = b"with open('/x', 'wb') as f:\n f.write(bytes(5000))\x04"
    told = talk(*RAW, (2.0, write), files=CODE_OWNS, faults=("full=2048",))
    assert "OSError: [Errno 28] No space left on device\r\n" in told.text
    assert (told.drive / "x").stat().st_size <= 2048


def test_a_read_only_drive_takes_nothing_from_its_owner_either(talk):
    told = talk(*RAW, (2.0, b"open('/x', 'wb')\x04"), files=CODE_OWNS, faults=("read-only",))
    assert "OSError: [Errno 30] Read-only filesystem\r\n" in told.text


def test_a_fault_is_asked_for_by_name_and_number():
    assert parsed(["cable=5", "garbage", "full", "lies", "slow=10"]) == [
        ("cable", 5), ("garbage", 97), ("full", 0), ("lies", 0), ("slow", 10),
    ]  # fmt: skip
    assert all(name in table() for name in FAULTS)


@pytest.mark.parametrize(
    "word", ["cable", "cable=", "cable=x", "cable=-1", "cable=0", "garbage=0", "flood", "", "full=1.5"]
)
def test_a_fault_that_is_none_is_refused_in_a_sentence(word):
    with pytest.raises(InputError) as refusal:
        parsed([word])
    assert str(refusal.value.message).endswith(".")
