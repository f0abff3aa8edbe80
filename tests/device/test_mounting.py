"""A wearer who does not know how the chip sits stands still, walks ten steps forward, and it is found and kept."""

import numpy as np
import pytest

from backbeat import settings
from backbeat_host.lab.runner.acts import Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic

from .rig import MS, SECOND
from .sense.test_frame import ROTATIONS

UNKNOWN = {"mount.forward": [0, 0, 0]}
WALK = [Stand(4), Walk("forward", 16, 1.3, 110), Run("backward", 15), Stand(3)]


def turned(rows, matrix):
    """What a chip reads that sits so: its axes are `matrix @ body`."""
    return np.hstack([rows[:, :3] @ matrix.T, rows[:, 3:] @ matrix.T]).astype(np.int16)


def kept(bench):
    values, complaints = settings.load((bench.drive / "settings.json").read_text())
    assert complaints == []
    return values


def degrees_off(found, truth):
    found, truth = np.array(found) / np.linalg.norm(found), np.array(truth) / np.linalg.norm(truth)
    return np.degrees(np.arccos(np.clip(found @ truth, -1, 1)))


@pytest.mark.parametrize("matrix", ROTATIONS[::6])
def test_ten_steps_forward_show_how_the_chip_sits_and_the_drive_keeps_it(rig, matrix):
    bench = rig(turned(synthetic(WALK, seed=3).rows, matrix), UNKNOWN)
    bench.press(36, 1.7)
    bench.board.interrupt_at(60 * SECOND)
    bench.power_on()
    forward, up = bench.only("mount_forward"), bench.only("mount_up")
    assert forward.ms < 19_000
    assert degrees_off((forward.a, forward.b, forward.c), matrix[:, 0]) < 15
    assert degrees_off((up.a, up.b, up.c), matrix[:, 2]) < 10
    assert bench.cues().count("mounted") == 1
    values = kept(bench)
    assert degrees_off(values["mount.forward"], (forward.a, forward.b, forward.c)) < 5  # the belt is followed on
    assert degrees_off(values["mount.up"], matrix[:, 2]) < 10
    ways = [(told.ms > forward.ms, told.a) for told in bench.of("travel")]
    assert all(later for later, way in ways if way != 4), "a way was told before forward was known"
    assert (True, 1) in ways, "running backward"
    again = rig(turned(synthetic(WALK, seed=4).rows, matrix), bench.drive.joinpath("settings.json").read_text())
    again.stop(20)
    again.power_on()
    assert again.of("mount_forward") == []
    assert 0 in [told.a for told in again.of("travel")]


def test_who_never_walks_is_told_no_way_and_nothing_is_kept(rig):
    bench = rig(synthetic([Stand(20)], seed=1).rows, UNKNOWN)
    before = (bench.drive / "settings.json").read_text()
    bench.press(15, 1.7)
    bench.board.interrupt_at(40 * SECOND)
    bench.power_on()
    assert bench.of("mount_forward", "mount_up") == []
    assert (bench.drive / "settings.json").read_text() == before


def test_settings_that_were_not_all_understood_are_left_to_who_wrote_them(rig):
    given = '{"mount.forward": [0, 0, 0], "cadence": 1710, "start": "power"}'
    bench = rig(synthetic(WALK, seed=3).rows, given)
    before = (bench.drive / "settings.json").read_text()
    bench.press(36, 1.7)
    bench.board.interrupt_at(60 * SECOND)
    bench.power_on()
    bench.only("mount_forward")
    assert (bench.drive / "settings.json").read_text() == before


@pytest.mark.parametrize("after_ms", [*range(0, 400, 20), 600, 1000])
def test_a_power_cut_while_it_is_kept_leaves_the_old_settings_or_the_new(rig, after_ms):
    bench = rig(synthetic(WALK, seed=3).rows, {**UNKNOWN, "cadence": 171})
    bench.press(36, 1.7)
    bench.on["session_end"] = lambda: bench.board.power_cut_at(bench.board.clock.ns + after_ms * MS)
    bench.board.interrupt_at(60 * SECOND)
    bench.power_on()
    bench.on.clear()
    bench.plans.clear()
    bench.board.interrupt_at(bench.board.clock.ns + 8 * SECOND)
    bench.power_on()
    values = bench.log(2).settings()
    assert values["cadence"] == 1710
    assert values["mount.forward"] == (0, 0, 0) or degrees_off(values["mount.forward"], (1, 0, 0)) < 15
