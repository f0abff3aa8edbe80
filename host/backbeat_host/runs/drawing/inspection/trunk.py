"""The panels of the trunk as the device has it: how far from upright and which way, how far it turned, how restless.

From the device's own blocks of 8 samples, in its own body axes.
"""

import math
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from backbeat.sense.trunk import UPRIGHT
from backbeat_host.runs.drawing import look
from backbeat_host.runs.drawing.inspection import marks
from backbeat_host.runs.drawing.inspection.marks import AXES, Key
from backbeat_host.runs.drawing.inspection.subject import BLOCK_HZ, Floats, Subject

OVER_BLOCKS: Final = 7  # 0.54 s: steps average out, a fall does not
TURN_BLOCKS: Final = 26  # 2 s: a roll makes most of its turn in less
UPRIGHT_DEG: Final = math.degrees(math.acos(UPRIGHT / 1000))
ROLL_DEG: Final = 200.0  # the device's own: further it may be a roll
UNREST_BLOCKS: Final = 13  # 1 s


def posture(axes: Axes, subject: Subject) -> None:
    """Draw the angle between the trunk and up, and how far it leans forward and left."""
    mean = _mean(subject.blocks[:, :3], OVER_BLOCKS)
    mean /= np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1.0)
    away = np.degrees(np.arccos(np.clip(mean[:, 2], -1, 1)))
    forward, left = np.degrees(np.arcsin(np.clip(-mean[:, :2], -1, 1))).T  # who leans forward has x point down
    at = subject.block_s - OVER_BLOCKS / 2 / BLOCK_HZ
    axes.set_ylim(-100, 190)
    axes.set_yticks([-90, 0, 90, 180])
    axes.fill_between(at, 0, away, color="#e9dfc7", lw=0, zorder=1)
    axes.plot(at, away, color="#a98a3d", lw=1.2, zorder=2)
    axes.plot(at, forward, color=AXES[0], lw=1.1, zorder=3)
    axes.plot(at, left, color=AXES[1], lw=1.1, zorder=3)
    axes.axhline(UPRIGHT_DEG, color=look.QUIET, lw=0.8, ls=(0, (4, 3)), zorder=2)
    _mark_rolling(axes, subject)
    keys = [Key("from upright", "#8a6f2a"), Key("leaning forward", AXES[0]), Key("leaning left", AXES[1])]
    marks.titled(axes, "Posture, degrees", keys, f"dashed: upright ends at {UPRIGHT_DEG:.0f}")


def turn(axes: Axes, subject: Subject) -> None:
    """Draw how far the trunk turned within two seconds about the horizontal axes, and about each of them."""
    total = np.cumsum(np.vstack([np.zeros(2), subject.blocks[:, 3:5]]), axis=0) / BLOCK_HZ
    window = min(TURN_BLOCKS, len(total) - 1)
    turned = total[window:] - total[:-window]
    at = subject.block_s[window - 1 :]
    whole = np.linalg.norm(turned, axis=1)
    axes.fill_between(at, 0, whole, color="#dfe7ee", lw=0, zorder=1)
    axes.plot(at, whole, color=look.INK, lw=1.1, zorder=2)
    axes.plot(at, turned[:, 1], color=AXES[1], lw=1.0, zorder=3)
    axes.plot(at, turned[:, 0], color=AXES[0], lw=1.0, zorder=3)
    shown = marks.within(subject, at)
    axes.axhline(ROLL_DEG, color=look.GREEN, lw=0.9, ls=(0, (4, 3)), zorder=2)
    axes.set_ylim(*marks.limits(np.column_stack([turned, whole])[shown], -60, ROLL_DEG * 1.1))
    step = 90 if axes.get_ylim()[1] - axes.get_ylim()[0] < 600 else 180
    axes.set_yticks(np.arange(step * np.ceil(axes.get_ylim()[0] / step), axes.get_ylim()[1], step))
    _mark_rolling(axes, subject)
    keys = [Key("in all", look.INK), Key("to the side", AXES[0]), Key("forward", AXES[1])]
    marks.titled(axes, "Trunk turned within 2 s, degrees", keys, f"dashed: may be a roll from {ROLL_DEG:.0f}")


def unrest(axes: Axes, subject: Subject) -> None:
    """Draw how much |a| changes from sample to sample, over a second, on a scale of powers."""
    force = np.linalg.norm(subject.acc_mg, axis=1)
    change = np.abs(np.diff(force, prepend=force[:1]))
    window = min(len(change), UNREST_BLOCKS * 8)
    mean = np.convolve(change, np.ones(window) / window, mode="valid")
    mean, at = mean[::8], subject.time_s[window - 1 :: 8]
    axes.set_yscale("log")
    axes.set_ylim(3, 1000)
    axes.set_yticks([10, 100, 1000], ["10", "100", "1000"])
    axes.minorticks_off()
    axes.plot(at, np.maximum(mean, 1.0), color="#7b5ea7", lw=1.2, zorder=2)
    marks.titled(axes, "Unrest: change of |a| from sample to sample, over 1 s, mg")


def _mark_rolling(axes: Axes, subject: Subject) -> None:
    """Tint the time in which the device took the body to be in a roll."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], subject.rolling, [False]]).astype(np.int8)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        since = subject.block_s[begin]
        axes.axvspan(since, subject.block_s[end - 1], color=look.GREEN, alpha=0.12, lw=0, zorder=0)


def _mean(values: Floats, blocks: int) -> Floats:
    """Give the mean over the last `blocks` rows, at each row."""
    total = np.cumsum(np.vstack([np.zeros(values.shape[1]), values]), axis=0)
    end = np.arange(1, len(values) + 1)
    begin = np.maximum(end - blocks, 0)
    return np.asarray((total[end] - total[begin]) / (end - begin)[:, None], dtype=np.float64)
