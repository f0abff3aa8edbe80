"""The synthetic runner obeys physics: gravity, the signs of travel, whole turns, steps where they are said to be."""

from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from backbeat_host.lab.recordings.trial import DPS_PER_COUNT, G_PER_COUNT
from backbeat_host.lab.runner.acts import (
    Act,
    BackwardRoll,
    Direction,
    Fall,
    GetUp,
    Glance,
    Lie,
    Run,
    Stand,
    Stumble,
    Walk,
    demo_script,
)
from backbeat_host.lab.runner.sensor_model import Sensor
from backbeat_host.lab.runner.synthetic import SyntheticRun, synthetic

Floats = npt.NDArray[np.float64]
EXACT = Sensor(tilt=(0.0, 0.0), noise_g=0.0, noise_dps=0.0, bias_dps=0.0)


@cache
def run(*script: Act, seed: int = 1, sensor: Sensor = EXACT) -> SyntheticRun:
    return synthetic(script, seed, sensor)


@cache
def demo() -> SyntheticRun:
    return synthetic(demo_script(), 1)


def force(done: SyntheticRun, begin: float = 0.0, end: float | None = None) -> Floats:
    rows = done.rows[round(begin * 104) : None if end is None else round(end * 104)]
    return rows[:, :3] * G_PER_COUNT


def rotation(done: SyntheticRun) -> Floats:
    return done.rows[:, 3:] * DPS_PER_COUNT


def size(vectors: Floats) -> Floats:
    return np.sqrt((vectors**2).sum(axis=1))


def from_upright(vectors: Floats) -> float:
    mean = vectors.mean(axis=0)
    return float(np.degrees(np.arccos(mean[2] / np.sqrt((mean**2).sum()))))


def band_passed(values: Floats) -> Floats:
    """0.7 to 8 Hz by the spectrum: the design's recipe for travel."""
    spectrum = np.fft.rfft(values - values.mean(), axis=0)
    hertz = np.fft.rfftfreq(len(values), 1 / 104)
    spectrum[(hertz < 0.7) | (hertz > 8)] = 0
    return np.asarray(np.fft.irfft(spectrum, len(values), axis=0))


def signs(done: SyntheticRun, begin: float, end: float) -> Floats:
    """Correlate horizontal acceleration with vertical velocity, ahead and left, in windows of 5 s."""
    felt = force(done, begin, end)
    velocity = band_passed(np.cumsum(band_passed(felt[:, 2])))
    found = []
    for first in range(0, len(felt) - 519, 520):
        window = slice(first, first + 520)
        found.append([np.corrcoef(band_passed(felt[:, axis])[window], velocity[window])[0, 1] for axis in (0, 1)])
    return np.array(found)


def test_stillness_reads_one_g_upward_and_next_to_no_rotation() -> None:
    done = synthetic([Stand(5)], 1)
    mean = force(done).mean(axis=0)
    assert mean == pytest.approx([0, 0, 1], abs=0.06)  # two degrees of mount tilt and sway
    assert size(force(done)).std() < 0.005
    assert size(rotation(done)).max() < 4
    assert force(run(Stand(5))).mean(axis=0) == pytest.approx([0, 0, 1], abs=0.01)


@pytest.mark.parametrize(
    ("act", "axis", "sign"),
    [
        (Walk("forward", 25, speed=1.0, cadence=100), 0, -1),
        (Walk("forward", 25, speed=1.7, cadence=126), 0, -1),
        (Walk("backward", 25, speed=0.9, cadence=104), 0, 1),
        (Walk("left", 25, speed=0.9, cadence=104), 1, -1),
        (Walk("right", 25, speed=0.9, cadence=104), 1, 1),
        (Run("forward", 25, cadence=160, speed=2.0), 0, 1),
        (Run("forward", 25, cadence=172, speed=3.2), 0, 1),
        (Run("backward", 25, cadence=168), 0, -1),
        (Run("backward", 25, cadence=184, speed=3.0), 0, -1),
        (Run("left", 25), 1, 1),
        (Run("right", 25), 1, -1),
    ],
)
def test_walking_is_a_pendulum_running_a_spring_and_backward_flips_each(act: Act, axis: int, sign: int) -> None:
    found = signs(run(Stand(2), act), 4, 27)
    assert np.all(sign * found[:, axis] > 0.4)
    assert np.all(np.abs(found[:, 1 - axis]) < 0.35)


def test_running_flies_and_walking_does_not() -> None:
    assert np.quantile(size(force(run(Stand(2), Run("forward", 15)), 4)), 0.05) < 0.25
    assert np.quantile(size(force(run(Stand(2), Walk("forward", 15)), 4)), 0.01) > 0.4


def test_joggers_peaks_are_those_of_people_and_running_backward_pushes_harder() -> None:
    def peaks(direction: Direction) -> float:
        felt = size(force(run(Stand(2), Run(direction, 30)), 4, 31))
        return float(np.median(felt[: len(felt) // 38 * 38].reshape(-1, 38).max(axis=1)))

    assert 2.3 < peaks("forward") < 4 and peaks("backward") > 1.08 * peaks("forward")


@pytest.mark.parametrize("cadence", [150.0, 168.0, 190.0])
def test_steps_are_as_far_apart_as_the_cadence_says_and_alternate(cadence: float) -> None:
    done = run(Stand(3), Run("backward", 40, cadence=cadence))
    spans = np.diff(done.steps[done.steps > 5])
    assert 60 / spans.mean() == pytest.approx(cadence, rel=0.01)
    assert 0.005 < spans.std() / spans.mean() < 0.03
    feet = [fact["foot"] for fact in done.of("step")]
    assert all(one != other for one, other in pairwise(feet))
    gait = done.of("gait")[-1]
    assert gait["gait"] == "run" and gait["cadence"] == pytest.approx(cadence, rel=0.01) and gait["target"] == cadence


def test_a_foot_strike_is_felt_within_a_few_hundredths_of_a_second() -> None:
    done = run(Stand(3), Run("forward", 20))
    up = force(done)[:, 2]
    late = []
    for step in done.steps[(done.steps > 5) & (done.steps < 22)]:
        first = round((step - 0.06) * 104)
        late.append((first + int(np.argmax(np.diff(up[first : first + 14])))) / 104 - step)
    assert abs(np.median(late)) < 0.04


def test_nobody_steps_while_standing_rolling_or_lying() -> None:
    done = demo()
    for fact in [*done.of("roll"), *done.of("lying"), *(f for f in done.of("gait") if f["gait"] == "still")]:
        assert not np.any((done.steps > fact["from"] + 0.4) & (done.steps < fact["to"] - 0.6)), fact


@pytest.mark.parametrize("seed", range(4))
def test_a_roll_is_one_whole_turn_backward_and_ends_upright(seed: int) -> None:
    done = run(Stand(2), BackwardRoll(), Stand(4), seed=seed)
    (roll,) = done.of("roll")
    part = slice(round(roll["from"] * 104), round(roll["to"] * 104))
    assert rotation(done)[part, 1].sum() / 104 == pytest.approx(-360, abs=25)
    assert 2.0 < roll["to"] - roll["from"] < 4.5
    assert force(done)[part, 2].min() < -0.5  # head down on the way
    assert from_upright(force(done, done.seconds - 2)) < 3
    assert 1.8 < size(force(done)).max() < 3.5


DIRECTIONS: list[tuple[Direction, str, int, int]] = [
    ("forward", "forward", 0, -1),
    ("backward", "backward", 0, 1),
    ("left", "sideways", 1, -1),
    ("right", "sideways", 1, 1),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("direction", "told", "axis", "sign"), DIRECTIONS)
def test_a_fall_dips_hits_and_ends_lying(direction: Direction, told: str, axis: int, sign: int, seed: int) -> None:
    done = run(Stand(2), Run("backward", 5), Fall(direction), Lie(4), seed=seed)
    (fall,) = done.of("fall")
    assert fall["direction"] == told
    at = round(fall["at"] * 104)
    felt = size(force(done))
    assert felt[at - 73 : at - 3].min() < 0.6
    assert 3.5 < felt[at - 10 : at + 10].max() < 13
    down = force(done, done.seconds - 3)
    assert from_upright(down) > 60 and sign * down.mean(axis=0)[axis] > 0.85
    assert size(down).std() < 0.02
    (lying,) = done.of("lying")
    assert lying["to"] == 14 and lying["from"] < 12


def test_a_stumble_is_recovered() -> None:
    done = run(Stand(2), Run("backward", 6), Stumble(), Run("backward", 6))
    (stumble,) = done.of("stumble")
    assert 8 < stumble["at"] < 9.5
    assert from_upright(force(done, done.seconds - 3)) < 12
    assert len(done.of("gait")) == 2  # standing, then one run
    pitch = np.cumsum(rotation(done)[:, 1])[round(8.1 * 104) : 9 * 104] / 104
    assert np.ptp(pitch) > 15


@pytest.mark.parametrize(("act", "sign"), [(Glance("left"), 1), (Glance("right"), -1)])
def test_a_glance_turns_the_trunk_over_the_shoulder_and_back(act: Glance, sign: int) -> None:
    done = run(Stand(2), Walk("backward", 6), act, Walk("backward", 4))
    (glance,) = done.of("glance")
    yaw = np.cumsum(rotation(done)[round(glance["from"] * 104) : round(glance["to"] * 104), 2]) / 104
    assert 45 < sign * yaw[np.argmax(np.abs(yaw))] < 80
    assert abs(yaw[-1]) < 20


GAITS = (Stand(2), Walk("forward", 4), Run("backward", 5), Stumble(), Stand(3))
GROUND = (BackwardRoll(), Fall("left"), Lie(3), GetUp(), Stand(3))
ALL = (*GAITS, *GROUND)


def test_integrated_rotation_ends_where_gravity_points() -> None:
    done = run(*ALL)
    down = np.array([0.0, 0.0, 1.0])
    rates = np.radians(rotation(done))
    felt = force(done)
    for index in range(1, len(rates)):
        turn = -(rates[index] + rates[index - 1]) / 2 / 104
        angle = float(np.sqrt((turn**2).sum())) + 1e-12
        unit = turn / angle
        down = down * np.cos(angle) + np.cross(unit, down) * np.sin(angle) + unit * (unit @ down) * (1 - np.cos(angle))
        if index in (round(30.5 * 104), len(rates) - 20):  # lying, and standing again
            mean = felt[index - 50 : index + 20].mean(axis=0)
            assert np.degrees(np.arccos(mean @ down / np.sqrt((mean**2).sum()))) < 8


def test_nothing_jumps() -> None:
    calm = run(Stand(2), Walk("forward", 3), Stand(3), BackwardRoll(), Stand(3))
    for done, most in ((calm, 30), (run(Stand(2), *GROUND), 30), (run(*GAITS), 250)):  # the clip rocks at each blow
        assert np.abs(np.diff(rotation(done), axis=0)).max() < most  # dps in a sample; joggers reach 100 to 500
    assert np.abs(np.diff(force(calm), axis=0)).max() < 0.8  # g in a sample: no step in velocity


def test_the_same_seed_gives_the_same_rows_and_another_gives_others() -> None:
    script = [Stand(2), Run("backward", 4), Fall("backward"), Lie(2)]
    one, same, other = synthetic(script, 5), synthetic(script, 5), synthetic(script, 6)
    assert np.array_equal(one.rows, same.rows) and one.truth == same.truth
    assert not np.array_equal(one.rows, other.rows)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ([Stand(2), Lie(2)], "act 2.*fall first"),
        ([Stand(2), GetUp()], "act 2.*fall first"),
        ([Stand(2), Fall("left"), Run("forward", 5)], "act 3.*get up first"),
        ([Stand(2), Fall("left", 1.0)], "act 2.*too short"),
        ([], "empty"),
    ],
)
def test_what_no_body_can_do_is_refused(script: list[Act], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        synthetic(script, 1)


def test_the_demo_is_ten_minutes_with_everything_in_it() -> None:
    done = demo()
    assert done.rows.shape == (62400, 6) and done.rows.dtype == np.int16
    assert [len(done.of(kind)) for kind in ("glance", "stumble", "roll", "fall", "lying")] == [3, 1, 1, 1, 1]
    assert {fact["travel"] for fact in done.of("travel")} == {"still", "forward", "backward"}
    (lying,) = done.of("lying")
    assert lying["to"] - lying["from"] >= 40 and lying["to"] == 600
    starts = [fact.get("from", fact.get("at")) for fact in done.truth]
    assert starts == sorted(starts)
    trial = done.trial("demo")
    assert trial.labels["kind"] == "fall" and len(trial.labels["steps"]) == len(done.steps) > 1000
