"""Beats and cues on the laptop's speaker: each tone begins and ends on its very sample, a short fixed time late.

The firmware switches tones on and off as on its piezo; the sound card asks for samples in its own time. What is
switched is noted with its instant, and sounds `LATENCY_S` later: so beats are as even as the firmware made them.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

RATE = 48_000
LATENCY_S = 0.04  # longer than two of the sound card's periods: what is noted is never too late to be heard
PERIOD_MS = 10
FADE_S = 0.0015  # as in a session's sound file: no click, and shorter than anyone can hear
LEVEL = 0.5  # of full scale
_SLACK = round(0.05 * RATE)  # samples that sound and clock may drift apart before the one jumps to the other
_NS_PER_S = 10**9


class Tones:
    """Turns tones switched on and off into samples."""

    def __init__(self, clock: Callable[[], int] | None = None) -> None:
        """`clock` gives nanoseconds, the time by which tones are switched."""
        self._clock = clock or time.monotonic_ns
        self._waiting: deque[tuple[int, int, float]] = deque()  # ns, Hz, level
        self._at: int | None = None  # sample that comes next, counted from the clock's zero
        self._hz, self._goal = 0, 0.0
        self._level = 0.0
        self._phase = 0.0

    def switch(self, hz: int, volume: int) -> None:
        """Sound `hz` at `volume` percent from now on; 0 is silence."""
        self._waiting.append((self._clock(), hz, LEVEL * (volume / 100) ** 2 if hz else 0.0))

    def samples(self, count: int) -> npt.NDArray[np.int16]:
        """Give the next samples for the sound card."""
        due = self._sample(self._clock()) - round(LATENCY_S * RATE)
        if self._at is None or abs(due - self._at) > _SLACK:
            self._at = due
        out = np.zeros(count)
        done = 0
        while done < count:
            while self._waiting and self._sample(self._waiting[0][0]) <= self._at:
                _, hz, self._goal = self._waiting.popleft()
                self._hz = hz or self._hz  # a tone that dies away keeps its pitch
            until = self._sample(self._waiting[0][0]) - self._at if self._waiting else count
            part = min(count - done, until)
            self._fill(out[done : done + part])
            self._at += part
            done += part
        return np.round(out * 32767).astype(np.int16)

    def _sample(self, ns: int) -> int:
        return ns * RATE // _NS_PER_S

    def _fill(self, out: npt.NDArray[np.float64]) -> None:
        """Write a stretch of one tone, from the level where the last one ended."""
        if not self._level and not self._goal:
            return
        steps = np.arange(1, len(out) + 1)
        change = LEVEL * steps / (FADE_S * RATE)
        rising = self._goal > self._level
        level = np.minimum(self._level + change, self._goal) if rising else np.maximum(self._level - change, self._goal)
        turns = 2 * np.pi * (self._phase + steps * self._hz / RATE)
        out[:] = level * (np.sin(turns) + np.sin(3 * turns) / 3)  # a square's first two: a piezo's voice, softened
        self._phase = (self._phase + len(out) * self._hz / RATE) % 1
        self._level = float(level[-1])


class Speaker:
    """A board's sounder: one tone at a time, on the sound card or, without one, nowhere."""

    def __init__(self, tones: Tones | None = None) -> None:
        self._tones = tones

    def on(self, hz: int, volume: int) -> None:
        """Sound `hz` at `volume` percent until `off`."""
        if self._tones is not None:
            self._tones.switch(hz, volume)

    def off(self) -> None:
        """Fall silent."""
        if self._tones is not None:
            self._tones.switch(0, 0)


@contextmanager
def speaker(wanted: bool, complain: Callable[[str], object]) -> Iterator[Speaker]:
    """Give the laptop's speaker; a silent one, and one word to `complain`, where there is none."""
    if not wanted:
        yield Speaker()
        return
    try:
        import miniaudio
    except ImportError:
        complain("no sound: it needs miniaudio: pip install 'backbeat[desk]'")
        yield Speaker()
        return
    tones = Tones()
    try:
        with _hushed():
            device = miniaudio.PlaybackDevice(
                nchannels=1, sample_rate=RATE, buffersize_msec=PERIOD_MS, app_name="backbeat"
            )
            device.start(_stream(tones))
    except miniaudio.MiniaudioError:
        device = None
    if device is None or device.backend == "Null":  # which plays to nobody
        complain("no sound: this machine has no sound device that works")
        yield Speaker()
        return
    try:
        yield Speaker(tones)
        time.sleep(LATENCY_S + 2 * PERIOD_MS / 1000)  # what was switched last is still to be heard
    finally:
        device.close()


def _stream(tones: Tones) -> Generator[Any, int, None]:
    """Give the sound card what it asks for."""

    def asked() -> Generator[Any, int, None]:
        wanted = yield b""
        while True:
            wanted = yield tones.samples(wanted)

    stream = asked()
    next(stream)
    return stream


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep the sound system's own words off standard error: libraries in C write there what they tried in vain."""
    try:
        kept = os.dup(2)
    except OSError:  # closed
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
