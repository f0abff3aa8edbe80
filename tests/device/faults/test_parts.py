"""Each part that cannot be set up has a cue of its own, stands in the log, and the run goes on without it."""

import pytest

from backbeat import events, names
from backbeat_host.lab.endings import Ending

from ..afterwards import all_is_well
from ..rig import MS, SECOND

PARTS = {"GP14": "sound", "GP15": "touch", "GP25": "light", "GP13": "button", "VOLTAGE_MONITOR": "battery"}
CODE = """
import board, digitalio
taken = [digitalio.DigitalInOut(getattr(board, name)) for name in "{pins}".split()]
from backbeat.board import find
from backbeat.main import main
main(find())
"""


def lacking(rig, *pins, **options):
    """A board on which somebody else has these pins."""
    bench = rig(**options)
    bench.drive.joinpath("code.py").write_text(CODE.format(pins=" ".join(pins)))
    return bench


def run(bench, seconds=30):
    bench.board.interrupt_at(seconds * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED, bench.board.console


@pytest.mark.parametrize("pin", PARTS)
def test_a_part_that_fails_has_its_cue_and_its_place_in_the_log_and_stops_nothing(rig, pin):
    bench = lacking(rig, pin)
    run(bench)
    part = PARTS[pin]
    assert names.FAULTS[bench.only("fault").a] == part
    assert bench.only("parts").a == 1 << names.PARTS.index(part)
    assert bench.cues().count("no_" + part) == 1
    assert (bench.log().told[0][1], bench.log().missing()) == (events.SESSION_START, [])
    bench.drive.joinpath("code.py").unlink()
    all_is_well(bench, silent=part == "sound")


@pytest.mark.parametrize("pin", PARTS)
def test_a_part_that_fails_is_heard_before_the_session_too(rig, pin):
    bench = lacking(rig, pin, given={"start": "press"})
    if pin != "GP13":
        bench.board.press(8 * SECOND, 200 * MS)
    bench.board.interrupt_at(20 * SECOND)
    assert bench.power_on() is Ending.INTERRUPTED
    part = "haptic" if pin == "GP14" else "sounder"  # the cue is felt where it cannot be heard
    assert sum(value > 0 for ns, value in bench.edges(part) if ns < 7 * SECOND) >= 3


def test_without_any_part_the_log_is_there(rig):
    bench = lacking(rig, *PARTS)
    run(bench)
    assert sorted(names.FAULTS[fault.a] for fault in bench.of("fault")) == sorted(PARTS.values())
    assert bench.only("parts").a == 31
    bench.drive.joinpath("code.py").unlink()
    all_is_well(bench, silent=True)


@pytest.mark.parametrize("pins", [("GP4",), ("GP5",), ("GP4", "GP5")])
def test_a_bus_whose_pins_somebody_else_has_is_a_lost_sensor(rig, pins):
    bench = lacking(rig, *pins)
    run(bench)
    bench.only("sensor_lost")
    assert bench.only("chip").a == 0
    bench.drive.joinpath("code.py").unlink()
    all_is_well(bench, losses=1)
