"""The soak: the whole firmware on the virtual board for days, with everything going wrong at random from a seed.

As in: python -m tests.soak.program --hours 24 --seed 1
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from backbeat_host.lab.boards import BOARDS

from .world import World

_TOLD = (
    *("fall", "alarm", "siren", "alarm_cancelled", "roll", "stumble", "idle", "pause", "resume", "mark"),
    *("sensor_lost", "sensor_back", "gap", "fault", "thin", "low_battery"),
)


def soak(folder: Path, hours: float, seed: int, board: str = "raspberry_pi_pico") -> World:
    """Let a world live for so long in an empty folder; its `failure` is empty when all was as it must be."""
    world = World(folder, seed, board)
    world.live(hours)
    return world


def summary(world: World) -> str:
    """What happened, for people."""
    watch, beats = world.watch, world.watch.beats
    share = 100 * beats.good / max(beats.heard - beats.stalled, 1)
    told = "  ".join(f"{name} {watch.told[name]}" for name in _TOLD)
    counts = "\n".join(f"    {count:5d}  {name}" for name, count in sorted(world.counts.items()))
    return (
        f"{world.ns / 3.6e12:.2f} virtual hours, seed {world.seed}, {world.board.kind.name}\n"
        f"  {world.starts} starts, {watch.sessions} sessions, {watch.drive.logs} logs read\n"
        f"  {beats.heard} beats, {share:.3f} % within 2 ms, the worst {beats.worst:.2f} ms late; "
        f"in declared stalls {beats.stalled} later and {beats.left_out} left out; {beats.silenced} silent in cues\n"
        f"  device objects: {watch.heap} bytes at most, flat in every session\n  {told}\n{counts}"
    )


def main() -> int:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.program", description=__doc__)
    parser.add_argument("--hours", type=float, default=24.0, help="virtual hours")
    parser.add_argument("--seed", type=int, default=1, help="whatever happens comes from it")
    parser.add_argument("--board", choices=sorted(BOARDS), default="Seeed_XIAO_nRF52840_Sense")
    given = parser.parse_args()
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        world = soak(Path(folder), given.hours, given.seed, given.board)
    print(summary(world))
    print(f"  {time.process_time() - began:.0f} s of computing")
    if world.failure:
        print(world.failure, file=sys.stderr)
    return 1 if world.failure else 0


if __name__ == "__main__":
    sys.exit(main())
