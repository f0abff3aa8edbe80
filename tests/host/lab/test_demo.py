"""The demo's ten minutes: what the device tells of them is what happened."""

import pytest

from backbeat_host.lab.demo import GLANCE_EVERY_S, compare, perform


@pytest.fixture(scope="module")
def demo():
    return perform()


@pytest.fixture(scope="module")
def events(demo):
    return demo.outcome.events


def named(events, *names):
    return [event for event in events if event["event"] in names]


def test_the_fall_is_found_and_its_direction(demo, events):
    (fall,) = named(events, "fall")
    (truth,) = demo.run.of("fall")
    assert fall["direction"] == truth["direction"] == "backward"
    assert fall["at"] == pytest.approx(truth["at"], abs=0.3)
    assert 0 < fall["t"] - fall["at"] < 4


def test_the_roll_is_a_roll_and_the_stumble_a_stumble(demo, events):
    checks, besides = compare(demo)
    assert [check.what for check in checks] == ["stumble", "roll", "fall"]
    assert all(check.told is not None for check in checks) and besides == []
    (roll,) = named(events, "roll")
    assert 300 < roll["rotation"] < 420


def test_there_is_one_alarm_and_the_siren_after_its_countdown(events):
    (alarm,), (siren,), (fall,) = named(events, "alarm"), named(events, "siren"), named(events, "fall")
    assert alarm["t"] == fall["t"] and alarm["countdown"] == 12
    assert siren["t"] - alarm["t"] == pytest.approx(12, abs=0.02)
    assert named(events, "alarm_cancelled") == []


def test_every_beat_is_at_its_time_and_the_last_as_near_as_the_first(events):
    beats = named(events, "beat")
    off = [abs(beat["t"] - beat["due"]) for beat in beats]
    assert len(beats) > 1400
    assert max(off) <= 0.002
    assert max(off[-100:]) <= max(off[:100]) + 0.001
    first = beats[0]
    for beat in beats:
        grid = first["due"] + (2 * 600_000 * (beat["n"] - first["n"]) + 1680) // (2 * 1680) / 1000
        assert beat["due"] == pytest.approx(grid, abs=0.0011)


def test_each_beat_sounds_within_two_milliseconds_of_when_it_is_due(demo, events):
    on = [at for at, hz in demo.outcome.edges if hz == 2000]
    for beat in named(events, "beat"):
        assert min(abs(at - beat["due"]) for at in on) <= 0.002


def test_travel_and_gait_are_those_of_the_runner(demo, events):
    for kind, slack in (("travel", 6.0), ("gait", 4.0)):
        told = named(events, kind)
        for span in demo.run.of(kind):
            at = span["to"] - 1.0
            if span["to"] - span["from"] > slack + 1:
                now = [event[kind] for event in told if event["t"] <= at][-1]
                assert now == span[kind], (kind, span)


def test_the_reminders_come_every_minute_until_the_alarm(events):
    glances = [event for event in named(events, "cue") if event["cue"].startswith("glance")]
    assert [event["cue"] for event in glances[:2]] == ["glance_left", "glance_right"]
    assert all(abs((event["t"] + 30) % GLANCE_EVERY_S - 30) < 0.5 for event in glances)
    assert len(glances) == 8


def test_another_seed_is_another_runner_whose_fall_and_roll_are_found_too(events):
    other = perform(2).outcome.events
    assert [event["event"] for event in named(other, "fall", "roll")] == ["roll", "fall"]
    assert other != events
