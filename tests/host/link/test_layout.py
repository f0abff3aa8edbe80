import os

import pytest

from backbeat import settings
from backbeat_host.errors import WorkError
from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.endings import Ending
from backbeat_host.lab.motion import Recorded
from backbeat_host.link import firmware, layout
from backbeat_host.runs import decode

from ...device.rig import SECOND, STILL

BUDGET_BYTES = 160_000
CLUSTER = 512


def test_the_firmware_stays_within_its_budget_on_the_drive():
    sizes = [len(raw) for place, raw in layout.contents().items() if not place.startswith("lib/adafruit_")]
    assert sum(-(-size // CLUSTER) * CLUSTER for size in sizes) < BUDGET_BYTES


def test_a_board_runs_a_session_from_what_was_laid_out(tmp_path):
    layout.lay_out(tmp_path)
    values = settings.defaults() | {"start": "power"}
    tmp_path.joinpath("settings.json").write_text(settings.dump(values))
    board = VirtualBoard(tmp_path, Recorded(STILL, 104))
    board.interrupt_at(30 * SECOND)
    assert board.power_on() is Ending.INTERRUPTED
    log = decode.decode(tmp_path / "logs" / "00001.bbl")
    assert log.missing() == []
    assert sum(summary.beats for summary in log.summaries) > 75


def test_what_starts_the_firmware_is_written_last_and_other_files_stay(tmp_path):
    tmp_path.joinpath("mine.txt").write_text("mine")
    order = []
    size = layout.lay_out(tmp_path, lambda place, _: order.append(place))
    assert sorted(order[-3:]) == sorted(firmware.ROOT_FILES)
    assert set(order) == set(firmware.tree())
    found = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "mine.txt"]
    assert sum(path.stat().st_size for path in found) == size
    assert tmp_path.joinpath("mine.txt").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(WorkError, match="cannot be written"):
        layout.lay_out(tmp_path / "drive")
