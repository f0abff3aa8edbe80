"""`backbeat simulate`: what it prints, what it writes."""

import wave
from pathlib import Path

import numpy as np
import pytest

from backbeat import settings
from backbeat_host.runs.decode import decode


def named(events, *names):
    return [event for event in events if event["event"] in names]


def untold(events, *fields):
    return [{name: value for name, value in event.items() if name not in fields} for event in events]


# ---- events ----


def test_standard_output_holds_the_events_and_nothing_else(backbeat, recordings, promise):
    told = backbeat("simulate", recordings / "run.csv", "--events", "-")
    assert told.code == 0
    promise(told.events)
    (fall,) = named(told.events, "fall")
    assert fall["trial"] == "run" and fall["direction"] == "backward" and 10.5 < fall["at"] < 13 < fall["t"] + 1
    assert "fall backward" in told.err


def test_without_events_the_timeline_and_the_summary_are_on_standard_output(backbeat, recordings):
    told = backbeat("simulate", recordings / "run.csv", "--core")
    assert told.err == ""
    for part in ("run\n", "session 1 starts", "fall backward", "steps", "beats", "length 0:19.0"):
        assert part in told.out


def test_the_readme_promises_the_fields_that_are_there(promised_fields):
    readme = (Path(__file__).parents[3] / "host" / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|", 2) for line in readme.splitlines() if line.startswith("| `")]
    for name, fields in promised_fields.items():
        told = [rest for _, names, rest in rows if f"`{name}`" in names]
        assert told and all(f"`{field}`" in told[0] for field in fields), name


def test_the_lead_in_lies_before_zero_and_the_recording_begins_at_zero(backbeat, recordings):
    padded = backbeat("simulate", recordings / "run.csv", "--events", "-").events
    bare = backbeat("simulate", recordings / "run.csv", "--events", "-", "--no-pad").events
    assert padded[0]["t"] == pytest.approx(-2.0, abs=0.02)
    assert padded[-1]["t"] == pytest.approx(19 + 5, abs=0.15)
    assert bare[0]["t"] == pytest.approx(0.0, abs=0.02)
    assert bare[-1]["t"] == pytest.approx(19, abs=0.15)
    assert named(padded, "fall")[0]["at"] == pytest.approx(named(bare, "fall")[0]["at"], abs=0.02)


@pytest.mark.parametrize("flags", [[], ["--steps"], ["--beats"], ["--steps", "--beats"]])
def test_steps_and_beats_come_on_request(backbeat, recordings, promise, flags):
    events = backbeat("simulate", recordings / "run.csv", "--core", "--events", "-", *flags).events
    promise(events)
    assert {f"--{event['event']}s" for event in named(events, "step", "beat")} == set(flags)


@pytest.mark.parametrize("way", [[], ["--core"]])
def test_steps_and_beats_carry_their_own_instant(backbeat, recordings, motion, way):
    events = backbeat("simulate", recordings / "run.csv", "--events", "-", "--steps", "--beats", *way).events
    steps = np.array([event["t"] for event in named(events, "step")])
    near = [np.min(np.abs(steps - strike)) for strike in motion.steps if 5 < strike < 10]
    assert len(near) > 10 and np.median(near) < 0.07
    beats = named(events, "beat")
    assert [beat["n"] for beat in beats[:10]] == list(range(beats[0]["n"], beats[0]["n"] + 10))
    assert all(abs(beat["t"] - beat["due"]) <= 0.002 for beat in beats)


def test_the_core_alone_tells_the_same(backbeat, recordings):
    board = backbeat("simulate", recordings / "run.csv", "--events", "-").events
    core = backbeat("simulate", recordings / "run.csv", "--events", "-", "--core").events
    assert untold(core, "t", "at", "peak_mg", "confidence", "heading") == untold(
        board, "t", "at", "peak_mg", "confidence", "heading"
    )
    assert max(abs(a["t"] - b["t"]) for a, b in zip(core, board, strict=True)) <= 0.03


def test_the_same_run_twice_is_the_same_to_the_letter(backbeat, recordings):
    words = ("simulate", recordings / "run.csv", "--events", "-", "--steps", "--beats")
    assert backbeat(*words).out == backbeat(*words).out


def test_a_part_keeps_the_time_of_the_whole(backbeat, recordings):
    told = backbeat("simulate", recordings / "run.csv", "--core", "--from", 6, "--to", 16, "--events", "-")
    (fall,) = named(told.events, "fall")
    assert 10.5 < fall["at"] < 13
    assert told.events[0]["t"] == pytest.approx(4.0, abs=0.02)
    assert told.events[-1]["t"] == pytest.approx(21.0, abs=0.15)
    assert "length 0:10.0" in told.err
    backward = next(line for line in told.err.splitlines() if "travel" in line and "%" in line and "sure" not in line)
    assert "still" in backward  # the shares are those of the part, not of the first ten seconds


# ---- inputs ----


@pytest.mark.parametrize("name", ["hz50.csv", "run.csv", "hz200.csv", "hz1000.csv", "packed.csv.gz"])
def test_the_fall_is_found_at_any_rate(backbeat, recordings, name):
    (fall,) = named(backbeat("simulate", recordings / name, "--core", "--events", "-").events, "fall")
    assert (fall["trial"], fall["direction"]) == (name.partition(".")[0], "backward")
    assert 10.5 < fall["at"] < 13


def test_a_corpus_is_told_trial_by_trial(backbeat, recordings, promise):
    told = backbeat("simulate", recordings / "one", "--core", "--events", "-")
    promise(told.events)
    assert {event["trial"] for event in told.events} == {"fall", "calm"}
    assert {event["trial"] for event in named(told.events, "fall")} == {"fall"}


def test_an_id_that_comes_twice_gets_its_inputs_name_in_front(backbeat, recordings, tmp_path):
    told = backbeat(
        *("simulate", recordings / "one", recordings / "two", "--core", "--jobs", 1),
        *("--events", "-", "--log", tmp_path / "logs"),
    )
    assert {event["trial"] for event in told.events} == {"one/fall", "calm", "two/fall", "still"}
    assert sorted(str(path.relative_to(tmp_path / "logs")) for path in tmp_path.rglob("*.bbl")) == [
        "calm.bbl",
        "one/fall.bbl",
        "still.bbl",
        "two/fall.bbl",
    ]


def test_several_processes_tell_what_one_tells(backbeat, recordings):
    words = ("simulate", recordings / "one", recordings / "two", recordings / "run.csv", "--core", "--events", "-")
    one = backbeat(*words, "--jobs", 1)
    many = backbeat(*words, "--jobs", 2)
    assert one.out == many.out and one.err == many.err
    assert "5 trials" in one.err and "in 3 trials" in one.err


def test_a_glob_chooses(backbeat, recordings):
    events = backbeat("simulate", recordings / "one", "--trial", "c*", "--core", "--events", "-").events
    assert {event["trial"] for event in events} == {"calm"}


# ---- settings ----


def test_the_cadence_is_that_of_the_settings_and_the_later_one_wins(backbeat, recordings, tmp_path):
    (tmp_path / "p.toml").write_text("cadence = 150\naccent = 4\n[alarm]\ncountdown = 5\n")
    (tmp_path / "s.json").write_text('{"cadence": 181.5}')
    words = (
        "simulate",
        recordings / "run.csv",
        "--core",
        "--events",
        "-",
        "--beats",
        "--settings",
        tmp_path / "p.toml",
    )

    def period(events):
        beats = [event["due"] for event in named(events, "beat")][:20]
        return (beats[-1] - beats[0]) / 19

    profile = backbeat(*words).events
    assert period(profile) == pytest.approx(60 / 150, abs=1e-4)
    assert [event["accent"] for event in named(profile, "beat")[:8]].count(True) == 2
    assert named(profile, "alarm")[0]["countdown"] == 5
    assert named(profile, "siren")
    both = backbeat(*words, "--settings", tmp_path / "s.json").events
    assert period(both) == pytest.approx(60 / 181.5, abs=1e-4)
    assert named(both, "alarm")[0]["countdown"] == 5
    pair = backbeat(*words, "--settings", tmp_path / "s.json", "--settings", "cadence=200").events
    assert period(pair) == pytest.approx(60 / 200, abs=1e-4)


TURNED = ("--settings", "mount.up=1000,0,0", "--settings", "mount.forward=0,0,-1000")


def test_a_chip_that_sat_otherwise_tells_the_same(backbeat, recordings):
    upright = backbeat("simulate", recordings / "run.csv", "--core", "--events", "-", "--steps").events
    turned = backbeat("simulate", recordings / "turned.csv", "--core", "--events", "-", "--steps", *TURNED).events
    rounded = {"t": 0.02, "lag_ms": 20, "peak_mg": 20, "load_mg": 20, "heading": 1, "confidence": 2}
    assert untold(turned, "trial", *rounded) == untold(upright, "trial", *rounded)
    for name, slack in rounded.items():  # whole numbers, rounded on the way
        pairs = [(a[name], b[name]) for a, b in zip(turned, upright, strict=True) if name in a]
        assert pairs and all(abs(one - other) <= slack + 1e-9 for one, other in pairs)


# ---- files ----


def test_nothing_is_written_unless_asked_for(backbeat, recordings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert backbeat("simulate", recordings / "run.csv").code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_events_holds_what_standard_output_would(backbeat, recordings, tmp_path):
    words = ("simulate", recordings / "run.csv", "--core", "--events")
    told = backbeat(*words, tmp_path / "new" / "run.jsonl")
    assert told.code == 0 and "fall backward" in told.out
    assert (tmp_path / "new" / "run.jsonl").read_text() == backbeat(*words, "-").out


@pytest.mark.parametrize("way", [[], ["--core"]])
def test_the_sound_has_each_beat_at_its_instant_and_the_siren(backbeat, recordings, tmp_path, way):
    path = tmp_path / "run.wav"
    told = backbeat(
        *("simulate", recordings / "run.csv", "--events", "-", "--beats", "--wav", path),
        *("--settings", "alarm.countdown=5", *way),
    )
    with wave.open(str(path)) as file:
        rate, count = file.getframerate(), file.getnframes()
        sound = np.frombuffer(file.readframes(count), "<i2").astype(float)
    begin = told.events[0]["t"]
    assert count / rate == pytest.approx(told.events[-1]["t"] - begin, abs=0.1)
    loud = np.flatnonzero(np.abs(sound) > 0.05 * np.abs(sound).max())
    onsets = loud[np.flatnonzero(np.diff(loud, prepend=-rate) > 0.01 * rate)] / rate + begin
    alarm = named(told.events, "alarm")[0]["t"]
    beats = [event["t"] for event in named(told.events, "beat") if event["t"] < alarm - 0.1]
    assert len(beats) > 20
    assert max(np.min(np.abs(onsets - beat)) for beat in beats) <= 0.002
    siren = named(told.events, "siren")[0]["t"]
    heard = set()
    for k in range(4):
        first = round((siren + 0.25 * k + 0.05 - begin) * rate)
        part = sound[first : first + round(0.15 * rate)]
        assert np.sqrt(np.mean(part**2)) > 3000
        heard.add(round(np.argmax(np.abs(np.fft.rfft(part))) * rate / len(part), -2))
    assert heard == {2700.0, 3300.0}


def test_the_log_is_the_one_the_board_left(backbeat, recordings, tmp_path):
    assert backbeat("simulate", recordings / "run.csv", "--log", tmp_path, "--settings", "cadence=171").code == 0
    log = decode(tmp_path / "run.bbl")
    assert (log.board, log.missing(), log.settings()["cadence"]) == ("raspberry_pi_pico", [], 1710)


def test_the_raw_windows_of_a_log_are_judged_again_with_its_own_mount(backbeat, recordings, tmp_path):
    backbeat("simulate", recordings / "turned.csv", "--log", tmp_path, *TURNED)
    words = ("simulate", tmp_path / "turned.bbl", "--core", "--events", "-", "--log")
    again = backbeat(*words, tmp_path / "again").events
    (fall,) = named(again, "fall")
    assert fall["direction"] == "backward" and fall["trial"].startswith("turned-")
    (log,) = (tmp_path / "again").glob("*.bbl")
    assert decode(log).settings()["mount.up"] == (1000, 0, 0)
    assert backbeat(*words, tmp_path / "other", "--settings", "mount.forward=0,1000,0").code == 0
    (log,) = (tmp_path / "other").glob("*.bbl")
    assert decode(log).settings()["mount.forward"] == (0, 1000, 0)


HOSTILE = {
    "../../x": "x.bbl",
    "/abs/y": "abs/y.bbl",
    "..\\..\\z": "z.bbl",
    "a/../b": "a/b.bbl",
    "..": "trial.bbl",
    "dots...": "dots....bbl",
    "é": "é.bbl",
}


def test_no_trials_name_leads_its_log_out_of_the_folder(backbeat, corpus_of, tmp_path):
    deep = tmp_path / "out" / "deep" / "logs"
    told = backbeat("simulate", corpus_of(*HOSTILE), "--core", "--jobs", 1, "--log", deep)
    assert told.code == 0
    assert {str(path.relative_to(deep)) for path in deep.rglob("*") if path.is_file()} == set(HOSTILE.values())
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"deep"}
    assert settings.defaults() == decode(deep / "x.bbl").settings()


# ---- acceptance, on the shared recordings ----


@pytest.mark.corpus
def test_backward_falls_are_found_by_the_whole_board(backbeat, shared_corpora, promise):
    told = backbeat("simulate", shared_corpora / "sisfall-a", "--trial", "F02_*", "--events", "-")
    promise(told.events)
    trials = {event["trial"] for event in told.events}
    assert len(trials) >= 50
    assert len({event["trial"] for event in named(told.events, "fall")}) >= 0.95 * len(trials)


@pytest.mark.corpus
def test_walking_and_jogging_are_no_falls(backbeat, shared_corpora):
    told = backbeat("simulate", shared_corpora / "sisfall-a", "--trial", "D0[1-4]_*", "--core", "--events", "-")
    trials = {event["trial"] for event in told.events}
    assert len(trials) >= 50
    assert len({event["trial"] for event in named(told.events, "fall")}) <= 0.05 * len(trials)


@pytest.mark.corpus
def test_original_sisfall_files_are_read(backbeat, shared_corpora):
    files = sorted((shared_corpora.parent / "originals").rglob("F*.txt"))[:2]
    assert files
    for path in files:
        events = backbeat("simulate", path, "--core", "--events", "-").events
        assert {event["trial"] for event in events} == {path.stem}
        assert named(events, "suspect")
