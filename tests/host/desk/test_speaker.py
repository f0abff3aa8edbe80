"""Tones on the sound card: when they begin and end, how they sound, and what is said where there is none."""

import os
import sys
import threading
import types

import numpy as np
import pytest

from backbeat_host.desk import speaker as module
from backbeat_host.desk.speaker import LATENCY_S, RATE, Speaker, Tones, speaker

MS = 1_000_000


class World:
    """A sound card that asks for a period's samples every so often, and a clock."""

    def __init__(self) -> None:
        self.ns = 5_000 * MS
        self.tones = Tones(lambda: self.ns)
        self.heard: list[np.ndarray] = []
        self._begin = self.ns - round(LATENCY_S * 1e9)
        self.late_ns = 0

    def play(self, ms: int, period: int = 10) -> None:
        for _ in range(ms // period):
            self.ns += self.late_ns
            self.heard.append(self.tones.samples(RATE * period // 1000))
            self.ns += period * MS - self.late_ns

    def sounding(self) -> np.ndarray:
        """The ms (of the clock, with the latency taken off) at which there is sound."""
        return np.flatnonzero(np.abs(np.concatenate(self.heard)) > 300) / RATE * 1000 + self._begin / MS


def test_a_tone_sounds_from_its_instant_to_its_end_however_the_card_asks():
    world = World()
    world.play(30)
    world.ns += 3 * MS
    begin = world.ns / MS
    world.tones.switch(2000, 100)
    world.ns += 7 * MS
    world.play(20)
    world.ns -= 2 * MS
    end = world.ns / MS
    world.tones.switch(0, 0)
    world.ns += 2 * MS
    world.play(100)
    sound = world.sounding()
    late = LATENCY_S * 1000  # noted at `begin`, heard so much later: taken off above, so they agree
    assert late > 0 and sound[0] == pytest.approx(begin, abs=12) and sound[-1] == pytest.approx(end + 1.5, abs=12)
    assert sound[-1] - sound[0] == pytest.approx(end - begin + 1.5, abs=0.7)


def test_beats_are_as_even_as_they_were_switched_though_the_card_asks_unevenly():
    world = World()
    random = np.random.default_rng(1)
    due = [5_100 + 350 * beat for beat in range(5)]
    edges = sorted([(at, 2000) for at in due] + [(at + 25, 0) for at in due])
    while world.ns < 7_000 * MS:
        until = world.ns + 10 * MS
        while edges and edges[0][0] * MS < until:
            at, hz = edges.pop(0)
            world.ns = at * MS
            world.tones.switch(hz, 100)
        world.ns = until
        world.late_ns = int(random.integers(0, 5 * MS))
        world.ns += world.late_ns
        world.heard.append(world.tones.samples(480))
        world.ns -= world.late_ns
    sound = world.sounding()
    begins = sound[np.flatnonzero(np.diff(sound, prepend=0) > 100)]
    assert np.diff(begins) == pytest.approx([350] * 4, abs=0.3)


@pytest.mark.parametrize("hz", [300, 2000, 3300])
def test_a_tone_has_its_pitch(hz):
    world = World()
    world.tones.switch(hz, 100)
    world.play(600)
    sound = np.concatenate(world.heard)[-RATE // 2 :]
    loudest = np.argmax(np.abs(np.fft.rfft(sound * np.hanning(len(sound)))))
    assert loudest * RATE / len(sound) == pytest.approx(hz, abs=3)


def test_volume_makes_it_softer_and_nothing_clips():
    tops = []
    for volume in (100, 50, 10):
        world = World()
        world.tones.switch(2700, volume)
        world.play(200)
        tops.append(int(np.abs(np.concatenate(world.heard)).max()))
    assert 32767 > tops[0] > 3.5 * tops[1] > 3.5 * 20 * tops[2] > 0


def test_silence_is_silent():
    world = World()
    world.play(100)
    world.tones.switch(0, 0)
    world.play(100)
    assert not np.concatenate(world.heard).any()


def test_a_card_that_stalled_catches_up_with_the_clock():
    world = World()
    world.play(50)
    world.ns += 3_000 * MS
    world.tones.switch(2000, 100)
    world.play(100)
    assert np.abs(np.concatenate(world.heard[-6:])).max() > 300


class Card:
    """A sound card that asks once."""

    def __init__(self, **wanted):
        self.backend = "ALSA"
        self.closed = False
        self.wanted = wanted
        Card.last = self

    def start(self, stream):
        self.first = stream.send(480)

    def close(self):
        self.closed = True


def fake(device, monkeypatch):
    made = types.ModuleType("miniaudio")
    made.PlaybackDevice = device
    made.MiniaudioError = type("MiniaudioError", (Exception,), {})
    monkeypatch.setitem(sys.modules, "miniaudio", made)
    monkeypatch.setattr(module.time, "sleep", lambda _: None)
    return made


def test_the_card_is_fed_and_closed(monkeypatch):
    fake(Card, monkeypatch)
    with speaker(True, pytest.fail) as made:
        made.on(2000, 100)
        made.off()
        assert Card.last.first.shape == (480,) and not Card.last.closed
    assert Card.last.closed


def silent_and_said(monkeypatch) -> str:
    said: list[str] = []
    with speaker(True, said.append) as made:
        made.on(2000, 100)
        made.off()
    assert isinstance(made, Speaker)
    (sentence,) = said
    return sentence


def test_without_the_library_the_run_is_silent_and_says_so_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    assert silent_and_said(monkeypatch) == "no sound: it needs miniaudio: pip install 'backbeat[desk]'"


def test_without_a_card_too_and_the_sound_system_keeps_quiet(monkeypatch, capfd):
    def missing(**_):
        os.write(2, b"ALSA lib confmisc.c: cannot find card\n")
        raise made.MiniaudioError("failed to init device", -401)

    made = fake(missing, monkeypatch)
    assert silent_and_said(monkeypatch) == "no sound: this machine has no sound device that works"
    assert capfd.readouterr().err == ""
    os.write(2, b"back")
    assert capfd.readouterr().err == "back"


def test_a_card_that_plays_to_nobody_counts_as_none(monkeypatch):
    fake(lambda **wanted: types.SimpleNamespace(backend="Null", start=lambda stream: None), monkeypatch)
    assert "no sound device" in silent_and_said(monkeypatch)


def test_who_wants_no_sound_is_not_asked_for_a_card(monkeypatch):
    fake(lambda **_: pytest.fail("no card was wanted"), monkeypatch)
    with speaker(False, pytest.fail) as made:
        made.on(2000, 100)


def test_the_real_library_takes_what_is_asked_of_it():
    miniaudio = pytest.importorskip("miniaudio")
    wanted = {"nchannels", "sample_rate", "buffersize_msec", "app_name"}
    code = miniaudio.PlaybackDevice.__init__.__code__
    assert wanted <= set(code.co_varnames[: code.co_argcount])
    assert issubclass(miniaudio.MiniaudioError, Exception)


def test_the_real_library_asks_for_samples_and_takes_them():
    miniaudio = pytest.importorskip("miniaudio")
    asked = threading.Event()

    class Listening(Tones):
        calls = 0

        def samples(self, count):
            self.calls += 1
            if self.calls > 3:  # what came before was taken, or the card would ask no more
                asked.set()
            return super().samples(count)

    nobody = miniaudio.PlaybackDevice(
        nchannels=1, sample_rate=RATE, buffersize_msec=1, backends=[miniaudio.Backend.NULL]
    )
    assert nobody.backend == "Null"
    try:
        nobody.start(module._stream(Listening()))
        assert asked.wait(10)
    finally:
        nobody.close()
