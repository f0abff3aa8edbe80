"""The READMEs are held against the code: settings, sounds, events. A README that has aged fails here."""

import json
import re
from pathlib import Path

import pytest

from backbeat import events, names, record, settings

ROOT = Path(__file__).resolve().parent.parent
DEVICE = (ROOT / "device" / "README.md").read_text(encoding="utf-8")
HOST = (ROOT / "host" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", settings.TABLE, ids=lambda row: row.name)
def test_every_setting_is_told_with_default_range_and_help(row):
    default = json.dumps(row.plain(row.default))
    assert f"| `{row.name}` | `{default}` | {row.expects().strip()} | {row.help} |" in DEVICE


@pytest.mark.parametrize("number", range(len(names.CUES)))
def test_every_cue_is_in_the_table_of_sounds(number):
    words = names.CUES[number].replace("_", " ")
    sounds = DEVICE.partition("## What the wearer hears")[2].partition("\n## ")[0]
    first_cells = " ".join(re.findall(r"^\| ([^|]+) \|", sounds, re.MULTILINE))
    assert words in first_cells
    assert names.CUES[number] in HOST


def test_every_event_of_the_log_stands_with_its_code():
    for code, name in enumerate(names.EVENTS):
        if code in (events.STEP, events.BEAT):
            continue
        assert re.search(rf"^\|[^|]*\b{code}\b[^|]*\|[^|]*\b{name}\b", DEVICE, re.MULTILINE), name


def test_every_event_is_promised_to_readers():
    promise = HOST.partition("## Events")[2].partition("\n## ")[0]
    for name in names.EVENTS:
        assert f"`{name}`" in promise


def test_the_format_of_the_log_is_the_one_described():
    assert record.BLOCK == 512
    for number, name in (
        (record.HEADER, "header"),
        (record.SETTINGS, "settings"),
        (record.EVENT, "event"),
        (record.SUMMARY, "summary"),
        (record.METRONOME, "metronome"),
        (record.BATTERY, "battery"),
        (record.RAW, "raw"),
        (record.STEPS, "steps"),
    ):
        assert re.search(rf"^\| {number} \| {name}", DEVICE, re.MULTILINE), name


@pytest.mark.parametrize("page", ["README.md", "device/README.md", "host/README.md"])
def test_every_link_leads_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), target
