"""Stairs and jumps: motion of the whole body up and down, added to standing and walking."""

import numpy as np

from backbeat_host.lab.made.actor import Actor, Going, drawn_going, worn
from backbeat_host.lab.made.moved import moved
from backbeat_host.lab.made.rotations import Floats, smooth, turn
from backbeat_host.lab.recordings.corpus_writer import NewTrial
from backbeat_host.lab.recordings.trial import RATE_HZ
from backbeat_host.lab.runner.body_tracks import GRAVITY

RISER = (0.15, 0.19)  # m, of a usual stair
STAIR_CADENCE, STAIR_RUN = (75.0, 120.0), 0.28  # steps a minute; m of tread
DOWN_BLOW_G, UP_BLOW_G = (0.3, 1.2), (0.0, 0.3)  # of a foot put down beyond that of level walking (assumed)
BLOW_LATER, BLOW_S = 0.025, 0.012  # s: it reaches the belt after the foot, and lasts
JUMP_HEIGHT = (0.10, 0.40)  # m, of the hips above standing on the toes
DIP, DIP_S, PUSH_S = (0.15, 0.30), (0.4, 0.7), (0.22, 0.32)
LANDING_G, LANDING_S = (1.5, 5.0), (0.02, 0.045)  # blow at the hip above weight (SisFall's jumps peak at 3.0 to 6.9)


def stairs(rng: np.random.Generator, ident: str) -> NewTrial:
    """Walk to a stair, up or down it, forward or (carefully) backward, and on."""
    down, backward = bool(rng.random() < 0.5), bool(rng.random() < 0.3)
    cadence = float(rng.uniform(*STAIR_CADENCE)) * (0.75 if backward else 1.0)
    riser, count = float(rng.uniform(*RISER)), int(rng.integers(8, 18))
    speed = STAIR_RUN * cadence / 60 * (-1 if backward else 1)
    going = drawn_going(rng, "walking", backward)
    begin, lasting = 5.0, count * 60 / cadence
    seconds = round((begin + lasting + 7) * RATE_HZ) / RATE_HZ
    actor = Actor(seconds, rng, going)
    actor.go(Going("walking", speed, cadence), begin - 0.5, 1.0)
    actor.go(going, begin + lasting, 1.0)
    tracks, moves = actor.tracks, actor.gait()
    way = -1.0 if down else 1.0
    for moment, _ in moves.strikes:
        if begin < moment < begin + lasting:
            tracks.ease("height", tracks.goal["height"] + way * riser, moment, 0.9 * 60 / cadence)
            blow = float(rng.uniform(*(DOWN_BLOW_G if down else UP_BLOW_G)))
            tracks.contact(moment + BLOW_LATER, blow, BLOW_S)
    tracks.there_and_back("pitch", 0.0 if down else 0.12, begin, 0.8, lasting, 0.8)
    rows, steps = actor.felt(moves)
    words = f"stairs {'down' if down else 'up'}, {'backward' if backward else 'forward'}"
    return NewTrial(ident, worn(rows, rng), _labels(words) | {"steps": steps})


def jumps(rng: np.random.Generator, ident: str) -> NewTrial:
    """Jump on the spot a few times: dip, push, flight, a hard or a soft landing."""
    count = int(rng.integers(1, 6))
    pause = float(rng.uniform(0.2, 2.0))
    seconds = round((4 + count * (2.6 + pause) + 6) * RATE_HZ) / RATE_HZ
    actor = Actor(seconds, rng, Going("standing"))
    begin = 4.0
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    pushed, bent = np.zeros(len(times)), np.zeros(len(times))
    for _ in range(count):
        begin = _jump(rng, times, pushed, bent, begin) + pause
    rows, _ = actor.felt()
    place = np.zeros((len(times), 3))
    place[:, 2] = np.cumsum(np.cumsum(pushed)) / RATE_HZ**2
    rows = moved(rows, turn(bent[:, None] * np.array([0.0, 1.0, 0.0])), place)
    return NewTrial(ident, worn(rows, rng), _labels("jump on the spot" if count > 1 else "one jump"))


def _jump(rng: np.random.Generator, times: Floats, pushed: Floats, bent: Floats, begin: float) -> float:
    """Add one jump's acceleration upward (m/s2) and bend (radians); give when it is over.

    Each phase's acceleration is what its change of speed needs, so the hips end where they began, at rest.
    """
    dip, dip_s, push_s = (float(rng.uniform(*pair)) for pair in (DIP, DIP_S, PUSH_S))
    away = float(np.sqrt(2 * GRAVITY * rng.uniform(*JUMP_HEIGHT)))
    flight = 2 * away / GRAVITY
    _ease(times, pushed, begin, dip_s, -dip)
    push = begin + dip_s
    _speed(times, pushed, push, push_s, away)
    _flight(times, pushed, push + push_s, flight)
    land = push + push_s + flight
    blow_s = float(rng.uniform(*LANDING_S))
    blow = min(0.8 * away, GRAVITY * float(rng.uniform(*LANDING_G)) * blow_s * 2 / np.pi)
    _speed(times, pushed, land, blow_s, blow)
    soft_s = float(rng.uniform(0.15, 0.3))
    _speed(times, pushed, land + blow_s, soft_s, away - blow)
    # Where that leaves the hips, they rise from: the sums tell exactly how far.
    place = np.cumsum(np.cumsum(pushed)) / RATE_HZ**2
    speed = float(pushed.sum() / RATE_HZ)
    done = land + blow_s + soft_s
    now = int(np.searchsorted(times, done))
    if now < len(times):
        pushed[now : now + 10] -= speed * RATE_HZ / 10
        place = np.cumsum(np.cumsum(pushed)) / RATE_HZ**2
        _ease(times, pushed, done + 0.1, 0.7, -float(place[min(now + 10, len(times) - 1)]))
    lean = np.radians(rng.uniform(10, 40))
    bent += lean * smooth((times - begin) / dip_s) * (1 - smooth((times - push) / push_s))
    bent += 0.7 * lean * smooth((times - land) / (blow_s + soft_s)) * (1 - smooth((times - done) / 0.7))
    return done + 0.9


def _ease(times: Floats, pushed: Floats, begin: float, seconds: float, by: float) -> None:
    u = np.clip((times - begin) / seconds, 0, 1)
    pushed += by * (60 * u - 180 * u**2 + 120 * u**3) / seconds**2


def _speed(times: Floats, pushed: Floats, begin: float, seconds: float, by: float) -> None:
    """Change the speed by so much with half a sine of push, however few samples it lasts."""
    within = np.clip((times + 0.5 / RATE_HZ - begin) / seconds, 0, 1)
    reached = (1 - np.cos(np.pi * within)) / 2
    pushed += by * np.diff(reached, prepend=0.0) * RATE_HZ


def _flight(times: Floats, pushed: Floats, begin: float, seconds: float) -> None:
    share = np.clip((times + 0.5 / RATE_HZ - begin) * RATE_HZ, 0, 1) - np.clip(
        (times + 0.5 / RATE_HZ - begin - seconds) * RATE_HZ, 0, 1
    )
    pushed -= GRAVITY * share


def _labels(activity: str) -> dict[str, object]:
    return {
        "subject": "made", "activity": activity, "kind": "daily", "mount": "belt",
        "made": "by physics: lab/made/sports.py",
    }  # fmt: skip
