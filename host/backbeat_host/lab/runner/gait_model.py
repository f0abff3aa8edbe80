"""How walking and running move the pelvis about its path: a pendulum and a spring, step after step.

From the tracks' gait, speed and cadence it makes offsets of position and orientation, foot-strike blows and strike
times. Positions come from each gait's periodic acceleration, integrated exactly as a Fourier series in the step phase.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backbeat_host.lab.runner.body_tracks import FINE_HZ, GRAVITY, BodyTracks, Floats

HARMONICS = 10
CADENCE_JITTER = 0.02  # standard deviation of a step's time, healthy adults
LIMP = 0.03  # radians of step phase by which left and right differ: about half a per cent of a step each

# Running: the peak upward acceleration sets how much of a step the foot is down, if the push is a half sine
# (Cavagna, J. Exp. Biol. 215:75: 13.2 m/s2 forward, 15.7 backward at the same speed).
PEAK_UP_FORWARD, PEAK_UP_BACKWARD = 13.2, 15.7
USUAL_RATE = 2.8  # steps a second
BRAKING = 1.3  # m/s2 of braking, then pushing, per m/s of speed: about 0.3 g at 2.4 m/s
BELT_HZ, BELT_DAMPING = 9.0, 0.4  # the sensor rides on belt and flesh: it lags, overshoots and rings a little

# Walking: the hip rises and falls about 4 cm at 1.3 m/s; it is lowest a little after the foot strikes.
WALK_RISE = 0.018  # m, half the way from lowest to highest at WALK_SPEED
WALK_SPEED = 1.3
LOWEST_AFTER = 2 * np.pi * 0.09  # radians of step phase
SPEED_SWING = 0.13  # part of the speed by which it swings, fastest when the hip is lowest
WALK_HARMONICS = ((2, 0.22, 0.6), (3, 0.14, 1.9), (4, 0.08, 0.3))  # of the vertical acceleration: number, size, phase

# The blow of the foot, as it arrives at the belt: a short ringing (peaks in g about 20 ms after the foot, gone in 80).
# With these, a jogger's |a| peaks at about what SisFall's joggers' does (median 2.6 g); nothing is copied from it.
BLOW_WALK, BLOW_FORWARD, BLOW_BACKWARD = 0.28, 1.9, 2.1
BLOW_SPEED = 2.4  # m/s at which a runner's blow is the above; it grows with speed
BLOW_HZ, BLOW_DECAY = 10.5, 0.025
WOBBLE = 0.025  # radians of pitch per g of blow: the clip rocks on the belt

STEP_FROM = 0.3  # a foot strike counts once this much of a gait is there


@dataclass(frozen=True)
class Gait:
    """Offsets from the path (m, in its frame), from the course of the angles (radians), and blows (m/s2)."""

    offset: Floats  # (3, n): ahead, left, up
    turn: Floats  # (3, n): roll, pitch, yaw
    blow: Floats  # (3, n): ahead, left, up
    strikes: list[tuple[float, str]]  # seconds, which foot


def stance(peak_up: float) -> float:
    """Give the part of a step the foot is down: the mean push is one's weight, its peak weight plus `peak_up`."""
    return float(np.pi / (2 * (1 + peak_up / GRAVITY)))


def gait(tracks: BodyTracks) -> Gait:
    """Make the gait of the whole script from its tracks."""
    channel = tracks.channel
    walk, run = channel["walk"], channel["run"]
    velocity = np.stack([channel["ahead"], channel["left"]])
    speed = np.sqrt((velocity**2).sum(axis=0) + 0.1**2)
    backward = 0.5 - 0.5 * velocity[0] / speed  # 0 forward, 1 backward, sideways half
    rate = channel["rate"] * (1 + CADENCE_JITTER * tracks.noise(0.1, 1.3))
    phase = 2 * np.pi * np.cumsum(rate) / FINE_HZ
    swing = phase / 2  # of the stride: left and right
    step = phase + LIMP * np.cos(swing)
    vigour = 1 + 0.05 * tracks.noise(0.2, 1.2)
    omega = 2 * np.pi * np.maximum(channel["rate"], 0.5)

    wave = np.exp(1j * step)
    bounce = sum(
        weight * _position(_spring(stance(peak)), wave)
        for weight, peak in ((1 - backward, PEAK_UP_FORWARD), (backward, PEAK_UP_BACKWARD))
    )
    push = _position(_braking(stance(PEAK_UP_FORWARD)), wave) / omega**2
    pendulum = _position(_pendulum(), wave)  # already in metres: the walking hip's path hardly depends on cadence
    surge = run * BRAKING * push + np.minimum(walk, 1) * SPEED_SWING / omega * np.sin(step - LOWEST_AFTER)
    # Sideways sway (m) and turns of the pelvis (radians; roll, pitch, yaw), at the stride, the step and multiples:
    # 2 to 6 degrees, assumed, and adjusted to the angular rates of SisFall's walkers and joggers. Whichever way one
    # goes, one leans over the foot that is down; but the hip of the leg that swings goes along, and so the other way.
    sway = (0.020 * walk + 0.014 * run) * np.sin(swing) + (0.005 * walk + 0.004 * run) * np.sin(3 * swing + 0.8)
    offset = np.stack(
        [
            velocity[0] * surge - velocity[1] / speed * sway,
            velocity[1] * surge + np.abs(velocity[0]) / speed * sway,
            (run * bounce / omega**2 + walk * pendulum) * vigour,
        ]
    )
    turn = (
        np.stack(
            [
                (0.06 * walk + 0.08 * run) * np.sin(swing + 0.7)
                + (0.015 * walk + 0.025 * run) * np.sin(3 * swing + 1.0),
                (0.022 * walk + 0.04 * run) * np.sin(step + 1.2) + 0.010 * run * np.sin(2 * step + 0.4),
                (1 - 2 * backward)
                * (
                    (0.10 * walk + 0.09 * run) * np.sin(swing - 0.4)
                    + (0.015 * walk + 0.02 * run) * np.sin(3 * swing + 2.0)
                ),
            ]
        )
        * vigour
    )
    strikes = _strikes(tracks, step)
    blow, rock = _blows(tracks, strikes, velocity / speed, speed, backward)
    turn[1] += rock
    return Gait(offset, turn, blow, strikes)


def _position(acceleration: npt.NDArray[np.complex128], wave: npt.NDArray[np.complex128]) -> Floats:
    """Integrate a series of accelerations in the phase twice; `wave` is exp(i phase)."""
    total = np.zeros(len(wave))
    power = np.ones(len(wave), dtype=np.complex128)
    for number, size in enumerate(acceleration, 1):
        power = power * wave
        total -= (size * power).real / number**2
    return total


def _series(values: Floats) -> npt.NDArray[np.complex128]:
    return np.asarray(np.fft.rfft(values)[1 : HARMONICS + 1] * 2 / len(values), dtype=np.complex128)


def _spring(down: float) -> npt.NDArray[np.complex128]:
    """Vertical acceleration of running (m/s2): a half sine while the foot is down, free fall after."""
    u = np.arange(512) / 512
    body = _series(np.where(u < down, np.sin(np.pi * u / down), 0) * GRAVITY * np.pi / (2 * down) - GRAVITY)
    part = np.arange(1, HARMONICS + 1) * USUAL_RATE / BELT_HZ
    belt = (1 + 2j * BELT_DAMPING * part) / (1 - part**2 + 2j * BELT_DAMPING * part)
    return np.asarray(body * belt, dtype=np.complex128)


def _braking(down: float) -> npt.NDArray[np.complex128]:
    """Acceleration along the travel (unit peak): the foot brakes as it lands and pushes as it leaves."""
    u = np.arange(512) / 512
    return _series(np.where(u < down, -np.sin(2 * np.pi * u / down), 0))


def _pendulum() -> npt.NDArray[np.complex128]:
    """Vertical acceleration of walking, as a series whose first term moves the hip by WALK_RISE."""
    series = np.zeros(HARMONICS, dtype=np.complex128)
    series[0] = WALK_RISE * np.exp(-1j * LOWEST_AFTER)
    for number, size, lag in WALK_HARMONICS:
        series[number - 1] = WALK_RISE * size * np.exp(-1j * lag)
    return series


def _strikes(tracks: BodyTracks, step: Floats) -> list[tuple[float, str]]:
    turns = np.arange(1, int(step[-1] / (2 * np.pi)) + 1)
    moments = np.interp(2 * np.pi * turns, step, tracks.times)
    amount = np.interp(moments, tracks.times, np.maximum(tracks.channel["walk"], tracks.channel["run"]))
    feet = ("left", "right")
    return [
        (float(moment), feet[turn % 2])
        for turn, moment, there in zip(turns.tolist(), moments, amount, strict=True)
        if there >= STEP_FROM
    ]


def _blows(
    tracks: BodyTracks, strikes: list[tuple[float, str]], toward: Floats, speed: Floats, backward: Floats
) -> tuple[Floats, Floats]:
    blow, rock = np.zeros((3, len(tracks.times))), np.zeros(len(tracks.times))
    length = round(10 * BLOW_DECAY * FINE_HZ)
    for moment, foot in strikes:
        first = int(np.ceil(moment * FINE_HZ))
        part = slice(first, min(first + length, len(rock)))
        if part.start >= len(rock):
            continue
        tau = tracks.times[part] - moment
        ring = np.exp(-tau / BLOW_DECAY) * np.sin(2 * np.pi * BLOW_HZ * tau) * 2.1  # its first peak is near 1
        running = (BLOW_FORWARD + (BLOW_BACKWARD - BLOW_FORWARD) * backward[first]) * (
            0.5 + 0.5 * speed[first] / BLOW_SPEED
        )
        ran = tracks.channel["run"][first]
        amount = BLOW_WALK * tracks.channel["walk"][first] + running * ran
        peak = amount * tracks.vary(0.2)
        brake = 1.1 - 0.6 * ran  # a walker's heel pushes back more than up
        aside = 0.45 if foot == "left" else -0.45
        aim = np.array([-brake * toward[0, first], aside - brake * toward[1, first], 1.0])
        blow[:, part] += GRAVITY * peak * aim[:, None] * ring
        settle = np.exp(-tau / BLOW_DECAY) * (tau / BLOW_DECAY) ** 2
        rock[part] += WOBBLE * peak * settle * np.sin(2 * np.pi * 11 * tau)
    return blow, rock
