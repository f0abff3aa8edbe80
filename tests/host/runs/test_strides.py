import pytest

from backbeat_host.lab.recordings.trial import RATE_HZ, Trial
from backbeat_host.lab.runner.acts import Run, Stand, Walk
from backbeat_host.lab.runner.synthetic import synthetic
from backbeat_host.lab.simulate import Options, simulate
from backbeat_host.runs.decode import decode_bytes
from backbeat_host.runs.strides import Loads, strides_of_events, strides_of_log


def step(t, load, lag=None):
    return {"t": t, "event": "step", "load_mg": load} | ({} if lag is None else {"lag_ms": lag})


def travel(t, way):
    return {"t": t, "event": "travel", "travel": way}


BEATS = [{"t": at / 2, "event": "beat", "due": at / 2} for at in range(5)]  # each half second


def test_loads_are_told_apart_by_travel_the_most_travelled_first():
    events = [
        *(step(0.1, 9000), travel(1, "forward"), step(1.1, 1000), step(1.6, 2000)),
        *(travel(2, "backward"), step(2.1, 3000), step(2.6, 3000), step(3.1, 3600)),
    ]
    strides = strides_of_events(events)
    assert list(strides.loads.items()) == [
        ("backward", Loads(3, 3200, 3600)),
        ("forward", Loads(2, 1500, 2000)),
        ("unknown", Loads(1, 9000, 9000)),
    ]
    assert (strides.timed, strides.in_time) == (0, 0)


def test_a_step_is_in_time_within_an_eighth_of_a_beat():
    lags = (0, 62, -62, 63, -63, 250, None)
    strides = strides_of_events([*BEATS, *(step(number, 2000, lag) for number, lag in enumerate(lags))])
    assert (strides.timed, strides.in_time) == (6, 3)


def test_nothing_comes_of_nothing():
    assert strides_of_events([]).loads == {}


@pytest.mark.parametrize("cadence", [150.0, 171.0])
def test_the_log_tells_what_the_events_tell(cadence):
    rows = synthetic([Stand(4), Run("backward", 30, 150, 2.4), Walk("forward", 30, 1.2, 110)], 4).rows
    values = Options().values | {"cadence": round(10 * cadence)}
    run = simulate(Trial("a", rows, RATE_HZ, {}), Options(values, core=True, steps=True, beats=True, keep_log=True))
    told, kept = strides_of_events(run.events), strides_of_log(decode_bytes(run.log, "a"))
    assert kept.timed == told.timed > 100
    assert kept.in_time == pytest.approx(told.in_time, abs=0.02 * kept.timed)
    assert kept.loads["backward"].mean_mg == pytest.approx(told.loads["backward"].mean_mg, rel=0.1)
    assert {"backward", "forward"} <= kept.loads.keys()


def test_who_runs_to_the_beat_is_in_time_more_often_than_who_does_not():
    shares = []
    for cadence in (150.0, 171.0):
        rows = synthetic([Stand(4), Run("backward", 60, 150, 2.4)], 4).rows
        values = Options().values | {"cadence": round(10 * cadence)}
        run = simulate(Trial("a", rows, RATE_HZ, {}), Options(values, core=True, steps=True, beats=True))
        strides = strides_of_events(run.events)
        shares.append((strides.in_time / strides.timed, [e["lag_ms"] for e in run.events if e["event"] == "step"]))
    (_, lags), (off, _) = shares
    spread = sorted(lags)[len(lags) // 10], sorted(lags)[-len(lags) // 10]
    assert spread[1] - spread[0] < 200
    assert off == pytest.approx(0.25, abs=0.1)
