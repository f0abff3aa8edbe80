import re
from pathlib import Path

import pytest

from backbeat import settings
from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded
from backbeat_host.link import firmware, layout
from backbeat_host.runs import decode

from ...device.rig import SECOND, STILL

BUDGET_BYTES = 160_000
CLUSTER = 512
README = Path(__file__).parents[3] / "device" / "README.md"


def size_on_the_drive():
    sizes = [len(raw) for place, raw in layout.contents().items() if not place.startswith("lib/adafruit_")]
    return sum(-(-size // CLUSTER) * CLUSTER for size in sizes)


def test_the_firmware_stays_within_its_budget_on_the_drive():
    assert size_on_the_drive() < BUDGET_BYTES


def test_the_readme_says_how_much_of_the_drive_it_takes():
    (told,) = re.findall(r"On the drive (\d+) KB", README.read_text(encoding="utf-8"))
    assert int(told) * 1024 == pytest.approx(size_on_the_drive(), rel=0.03)


def test_everything_of_the_firmware_is_there_and_what_starts_it_comes_last():
    order = list(layout.contents())
    assert sorted(order) == sorted(firmware.tree())
    assert sorted(order[-3:]) == sorted(firmware.ROOT_FILES)


def test_a_board_runs_a_session_from_it(tmp_path):
    for place, raw in layout.contents().items():
        tmp_path.joinpath(place).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(place).write_bytes(raw)
    values = settings.defaults() | {"start": "power"}
    tmp_path.joinpath("settings.json").write_text(settings.dump(values))
    board = VirtualBoard(tmp_path, Recorded(STILL, 104))
    board.interrupt_at(30 * SECOND)
    assert board.power_on() is Ending.INTERRUPTED
    log = decode.decode(tmp_path / "logs" / "00001.bbl")
    assert log.missing() == []
    assert sum(summary.beats for summary in log.summaries) > 75
