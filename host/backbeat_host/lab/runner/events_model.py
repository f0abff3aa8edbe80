"""How a runner glances, stumbles, rolls, falls, lies and gets up: pieces of pelvis motion laid onto the tracks.

Each function starts at a time, lays its pieces, and notes the truth. The figures are of young adults; what was
measured is compared with in tests, what is assumed is said here.
"""

import numpy as np

from backbeat_host.lab.runner.acts import BackwardRoll, Fall, GetUp, Glance, Stumble
from backbeat_host.lab.runner.body_tracks import BodyTracks

STANDING, CROUCHING, SITTING, LYING = 0.95, 0.40, 0.15, 0.12  # height of the sensor, m
OVERHEAD = 0.62  # in a roll, with the hips above the shoulders, m

# A fall: time from losing balance to the ground, and how long the ground takes to stop the pelvis. With these a fall
# dips below 0.5 g and peaks at 4 to 9 g, as volunteers' do (the middle half of SisFall's: 4.1 to 8.6).
TOPPLE_AFTER, TOPPLE, STOP = 0.15, 0.70, 0.08  # s
FOLDING = 0.28  # m of the way down that the legs, giving way, still carry
REST = 1.6  # s after the impact until the limbs have come to rest

# Loads on the back during a roll: when (part of the turn) and the peak above gravity. No measurement of the trunk in a
# backward roll is published that we know of (judo break-falls: 10 g at the head; a roll is there to avoid it): assumed.
ROLL_LOADS = ((0.26, 1.3), (0.38, 0.8), (0.52, 0.7), (0.64, 0.7), (0.93, 1.2))  # seat, loins, shoulders, hands, feet
ROLL_LOAD_WIDTH = 0.022  # s
STOPPING, CROUCH, SITTING_BACK, RISING = 1.6, 0.75, 0.15, 1.0  # s, of the roll's phases but the turn itself


def glance(tracks: BodyTracks, act: Glance, begin: float) -> None:
    """Turn the trunk over one shoulder and back while the legs go on."""
    angle = np.radians(act.angle) * (1 if act.side == "left" else -1) * tracks.vary(0.08)
    out, back = 0.28 * act.seconds, 0.32 * act.seconds
    tracks.there_and_back("yaw", angle, begin, out, act.seconds - out - back, back)
    tracks.there_and_back("roll", 0.1 * angle, begin, out, act.seconds - out - back, back)
    tracks.tell("glance", **{"from": begin, "to": begin + act.seconds}, side=act.side)


LURCH = 0.95  # rad: in the harder half of the stumbles of SisFall (D18) the trunk turns by 46 to 75 degrees


def stumble(tracks: BodyTracks, act: Stumble, begin: float) -> None:
    """Lurch in the direction of travel, dip, catch it with a hard quick step, straighten, go on."""
    goal = tracks.goal
    speed = float(np.hypot(goal["ahead"], goal["left"])) or 1.0
    ahead, left = goal["ahead"] / speed, goal["left"] / speed
    lurch, at = LURCH * tracks.vary(0.1), begin + 0.2
    tracks.there_and_back("pitch", lurch * ahead, at, 0.45, 0.1, 0.9)
    tracks.there_and_back("roll", -lurch * left + 0.1 * tracks.rng.normal(), at, 0.4, 0.1, 0.8)
    tracks.there_and_back("yaw", 0.25 * tracks.rng.normal(), at, 0.35, 0.05, 0.7)
    for name, course in (("ahead", goal["ahead"]), ("left", goal["left"])):
        tracks.there_and_back(name, -0.45 * course, at + 0.15, 0.35, 0.2, 1.2)
    tracks.there_and_back("rate", 0.22 * goal["rate"], at + 0.2, 0.3, 0.5, 0.8)
    tracks.drop(STANDING - 0.13, at, 0.3, 0.11)
    tracks.ease("height", STANDING, at + 0.55, 0.6)
    for late, load in ((0.37, 0.9), (0.62, 0.6)):
        tracks.contact(
            at + late, load * tracks.vary(0.15), 0.02, ahead_g=-0.5 * load * ahead, left_g=-0.5 * load * left
        )
    tracks.tell("stumble", at=at + 0.37, **{"from": begin, "to": begin + act.seconds})


def backward_roll(tracks: BodyTracks, act: BackwardRoll, begin: float) -> None:
    """Crouch, sit, turn once about the left-right axis with the hips passing over the head, stand up."""
    down = begin + STOPPING
    turn = down + CROUCH - SITTING_BACK
    upright = tracks.goal["pitch"]
    tracks.ease("height", CROUCHING, down, CROUCH)
    tracks.ease("pitch", upright + 0.5, down, CROUCH - SITTING_BACK)

    whole = act.turning * tracks.vary(0.05)
    tracks.ease("pitch", upright - 2 * np.pi + 0.55, turn, whole)
    tracks.ease("height", SITTING, turn, 0.36 * whole)
    tracks.ease("height", OVERHEAD, turn + 0.28 * whole, 0.38 * whole)
    tracks.ease("height", CROUCHING, turn + 0.58 * whole, 0.38 * whole)
    tracks.ease("ahead", -0.9, turn, 0.35 * whole)
    tracks.ease("ahead", 0.0, turn + 0.7 * whole, 0.3 * whole)
    tilt = 0.25 * tracks.rng.choice([-1.0, 1.0])  # over one shoulder, not over the neck
    tracks.there_and_back("roll", tilt, turn + 0.25 * whole, 0.3 * whole, 0.1 * whole, 0.35 * whole)
    tracks.there_and_back("yaw", 0.6 * tilt, turn + 0.3 * whole, 0.3 * whole, 0.1 * whole, 0.3 * whole)
    for part, load in ROLL_LOADS:
        aside = 0.2 * tracks.rng.normal()
        tracks.contact(turn + part * whole, load * tracks.vary(0.2), ROLL_LOAD_WIDTH, 0.3 * load, aside)

    rise = turn + 0.95 * whole
    tracks.ease("height", STANDING, rise, RISING)
    tracks.ease("pitch", upright - 2 * np.pi, rise + 0.1, RISING)
    tracks.tell("roll", at=turn, **{"from": down, "to": rise + RISING}, rotation=-360)


def fall(tracks: BodyTracks, act: Fall, begin: float) -> None:
    """Topple, hit the ground with the hip, then the shoulders; come to rest lying."""
    topple = TOPPLE * tracks.vary(0.08)
    onset = begin + TOPPLE_AFTER
    impact = onset + topple
    stop = STOP * tracks.vary(0.22)
    for name in ("walk", "run"):
        tracks.ease(name, 0.0, begin, 0.4)
    tracks.ease("height", STANDING - FOLDING, begin, impact - begin)
    tracks.drop(LYING, onset, topple, stop)

    angle = np.radians(tracks.rng.uniform(78, 95))
    aside, twist = tracks.rng.normal(0, 0.15), tracks.rng.normal(0, 0.3)
    pitch, roll = tracks.goal["pitch"], tracks.goal["roll"]
    lying = {
        "forward": (angle, aside),
        "backward": (-angle, aside),
        "left": (aside, -angle),
        "right": (aside, angle),
    }[act.direction]
    turning = begin + 0.25
    seconds = impact + 0.2 - turning
    tracks.ease("pitch", pitch + lying[0], turning, seconds, warp=2.0)
    tracks.ease("roll", roll + lying[1], turning, seconds, warp=2.0)
    tracks.ease("yaw", tracks.goal["yaw"] + twist, turning, seconds + 0.2)
    tracks.contact(onset + 0.3, 0.5 * tracks.vary(0.3), 0.06)  # a last step that does not hold

    toward = {"forward": (1, 0), "backward": (-1, 0), "left": (0, 1), "right": (0, -1)}[act.direction]
    for name, way in zip(("ahead", "left"), toward, strict=True):
        course = tracks.goal[name]
        tracks.ease(name, 0.6 * course + 0.9 * way, begin, 0.6)  # the legs stay behind, the trunk goes over them
        tracks.ease(name, 0.0, impact - 0.02, 0.35)  # and the ground holds it by friction
    tracks.contact(impact + 0.17, 1.3 * tracks.vary(0.3), 0.018, -0.3 * toward[0], -0.3 * toward[1])  # shoulders
    for late, load in ((0.03, 0.8), (0.10, 0.5), (0.30, 0.5), (0.45, 0.3)):  # elbows, hands, heels
        across = tracks.rng.normal(0, 0.3, 2)
        tracks.contact(impact + late * tracks.vary(0.2), load * tracks.vary(0.4), 0.02, across[0], across[1])
    for name, size in (("pitch", 0.12), ("roll", 0.10), ("yaw", 0.10)):
        late = tracks.rng.uniform(0.2, 0.5)
        tracks.there_and_back(name, size * tracks.rng.normal(), impact + late, 0.4, 0.0, 0.6)
    side = "sideways" if act.direction in ("left", "right") else act.direction
    tracks.tell("fall", at=impact + stop / 2, **{"from": begin, "to": impact + REST}, direction=side)


def get_up(tracks: BodyTracks, act: GetUp, begin: float) -> None:
    """Sit up, gather the legs, bend forward, stand."""
    upright = 2 * np.pi * round(tracks.goal["pitch"] / (2 * np.pi))
    tracks.ease("roll", 0.0, begin, 0.5 * act.seconds)
    tracks.ease("pitch", upright + 0.6, begin, 0.65 * act.seconds)
    tracks.ease("height", CROUCHING, begin + 0.2 * act.seconds, 0.45 * act.seconds)
    tracks.ease("height", STANDING, begin + 0.6 * act.seconds, 0.4 * act.seconds)
    tracks.ease("pitch", upright, begin + 0.65 * act.seconds, 0.35 * act.seconds)
    tracks.tell("get_up", **{"from": begin, "to": begin + act.seconds})
