import numpy as np
import pytest

from backbeat_host.runs.drawing import look, measures, spans

RATE = 104.0


def seconds(length):
    return np.arange(round(length * RATE)) / RATE


def test_the_envelope_keeps_every_peak_and_shows_gaps():
    t = seconds(600)
    values = np.ones(len(t))
    values[[5000, 41_234]] = [7.5, 0.1]
    kept = (t < 200) | (t > 300)
    middle, least, most = measures.envelope(t[kept], values[kept], 1000)
    assert np.nanmax(most) == 7.5
    assert np.nanmin(least) == 0.1
    assert np.isnan(most[(middle > 201) & (middle < 299)]).all()
    assert np.isfinite(most[(middle < 199) | (middle > 301)]).all()


def test_a_few_samples_are_their_own_envelope():
    t = seconds(3)
    middle, least, most = measures.envelope(t, t, 1000)
    assert middle is t
    assert least is most


def test_cadence_survives_a_missed_step_and_breaks_at_a_pause():
    steps = np.arange(0, 60, 60 / 170)
    steps = np.delete(steps, 50)
    steps = [*steps, *(steps + 100)]
    at, each, median = measures.felt_cadence(steps)
    assert np.nanmin(each) == pytest.approx(85, rel=0.01)
    assert median[np.isfinite(median)] == pytest.approx(170, rel=0.001)
    assert np.isnan(median[(at > 60) & (at < 100)]).all()


@pytest.mark.parametrize("steps", [[], [1.0], [1.0, 1.5]])
def test_too_few_steps_have_no_cadence(steps):
    _, _, median = measures.felt_cadence(steps)
    assert not np.isfinite(median).any()


def test_a_whole_turn_in_a_second_and_a_half_is_found_and_a_slow_one_is_not():
    t = seconds(60)
    rate = np.where((t >= 20) & (t < 21.5), -240.0, 0.0) + np.where((t >= 40) & (t < 58), 20.0, 0.0)
    at, degrees = measures.most_turned(t, rate)
    assert degrees.max() == pytest.approx(360, abs=3)
    assert degrees[(at > 45) & (at < 55)] == pytest.approx(40, abs=2)


def test_lying_is_found_where_gravity_lies_across_the_trunk_for_a_while():
    t = seconds(60)
    acc = np.tile([0, 0, 1000], (len(t), 1))
    acc[(t > 20) & (t < 40)] = [-1000, 0, 0]
    acc[(t > 50) & (t < 51.5)] = [-1000, 0, 0]
    (span,) = measures.lying(t, acc)
    assert span == pytest.approx((20, 40), abs=0.7)


def test_an_alarm_lasts_until_the_siren_and_the_siren_until_it_is_cancelled():
    events = [{"t": 10.0, "event": "alarm"}, {"t": 22.0, "event": "siren"}, {"t": 40.0, "event": "alarm_cancelled"}]
    assert [(s.start, s.end, s.name) for s in spans.alarms(events, 60)] == [(10, 22, "alarm"), (22, 40, "siren")]
    assert spans.alarms(events[:2], 60)[-1].end == 60


def test_states_last_until_the_next_change():
    events = [{"t": 1.0, "event": "gait", "gait": "walk"}, {"t": 5.0, "event": "gait", "gait": "run"}]
    assert [(s.start, s.end, s.name) for s in spans.states(events, "gait", look.GAIT, 9)] == [
        (1, 5, "walk"),
        (5, 9, "run"),
    ]
    assert spans.states([], "gait", look.GAIT, 9) == []


@pytest.mark.parametrize(
    ("span", "name", "colour"),
    [
        ({"kind": "run_backward"}, "run backward", look.TRAVEL["backward"]),
        ({"kind": "walk", "travel": "forward"}, "walk forward", look.TRAVEL["forward"]),
        ({"kind": "fall", "direction": "backward"}, "fall backward", look.HAPPENING["fall"]),
        ({"kind": "roll"}, "roll", look.HAPPENING["roll"]),
        ({"kind": "still"}, "still", look.TRAVEL["still"]),
        ({"kind": "juggling"}, "juggling", look.RULE),
    ],
)
def test_truth_has_the_colour_the_device_has_for_the_same(span, name, colour):
    (drawn,) = spans.truths([{**span, "from": 0, "to": 5}])
    assert (drawn.name, drawn.colour) == (name, colour)


def test_true_travel_and_gait_are_told_apart_from_what_else_happened():
    truth = [
        {"kind": "gait", "gait": "run", "from": 0, "to": 9, "target": 168},
        {"kind": "travel", "travel": "backward", "from": 1, "to": 8},
        {"kind": "step", "at": 2.0, "foot": "left"},
        {"kind": "stumble", "at": 5.0},
    ]
    (travel,) = spans.true_states(truth, "travel", look.TRAVEL)
    assert (travel.start, travel.end, travel.name, travel.colour) == (1, 8, "backward", look.TRAVEL["backward"])
    assert [span.name for span in spans.true_states(truth, "gait", look.GAIT)] == ["run"]
    assert [(span.start, span.end, span.name) for span in spans.truths(truth)] == [(5, 5, "stumble")]
