"""The table of faults in `device/README.md` is held against the tests: whatever it names is there."""

import re
from functools import cache
from pathlib import Path

import pytest

from backbeat import names

TESTS = Path(__file__).resolve().parents[2]
README = TESTS.parent / "device" / "README.md"
SECTION = README.read_text(encoding="utf-8").partition("\n## Faults\n")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in SECTION.splitlines()
    if line.startswith("| ") and "---" not in line
][1:]
CUES = {cue.replace("_", " ") for cue in names.CUES} | {"space"}


@cache
def known():
    """Every test that the device's have."""
    return {
        name
        for path in TESTS.joinpath("device").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_there_is_a_table():
    assert len(ROWS) > 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_row_names_tests_that_exist(row):
    assert len(row) == 4
    assert all(row)
    named = re.findall(r"`(\w+)`", row[3])
    assert named
    assert set(named) <= known()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_cue_in_a_row_is_one_and_every_event_too(row):
    assert set(re.findall(r"\*([a-z ]+)\*", row[1])) <= CUES
    assert set(re.findall(r"`([a-z_]+)`", row[2])) <= set(names.EVENTS)


def test_the_table_leaves_no_fault_out_that_is_tested_here():
    here = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        if path.name not in ("test_table.py", "test_afterwards.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert here <= set(re.findall(r"`(test_\w+)`", SECTION))
