"""The sound of a session as a WAV file: what a piezo driven by PWM lets the wearer hear.

From the sounder's trace of edges, in chunks, so that hours need no more memory than seconds.
"""

import math
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backbeat_host.errors import WorkError
from backbeat_host.files import written_whole

LEVEL = 0.5  # of full scale: loud enough, and the rounded square's overshoot never clips
FADE_S = 0.0015  # how long a tone takes to rise and to die away: no click, and shorter than anyone can hear
CHUNK = 1 << 16  # samples made at a time: about three seconds
LARGEST = 2**32 - 64  # bytes of sound a WAV file can count


@dataclass(frozen=True)
class _Spans:
    """Stretches of constant frequency, one an edge: where each begins, what sounds, and at which phase."""

    start: NDArray[np.int64]
    frequency: NDArray[np.float64]  # through an off stretch, that of the tone dying away in it
    phase: NDArray[np.float64]  # turns at `start`
    on: NDArray[np.bool_]


def render(edges: Sequence[tuple[float, int]], duration_s: float, path: Path, *, rate: int = 22_050) -> None:
    """Write `duration_s` of what the wearer hears as a WAV file: mono, 16 bits, `rate` samples a second.

    An edge is (seconds, frequency in Hz): from then on the piezo is driven by a square wave of that frequency,
    or is silent (0 or less). Each tone begins at the sample nearest its edge and dies away within 1.5 ms of
    its end; where one tone follows another at once, the phase runs on. The square's harmonics are there up to half
    the rate, softened towards it; a frequency beyond that cannot be heard in such a file.

    Edges may come in any order; of several at the same instant the last one given counts. Edges before 0 s say what is
    sounding when the file begins; edges after its end are left out.

    Raises:
        WorkError: the file cannot be written, or would be longer than a WAV file can be (27 hours).
    """
    if not all(math.isfinite(at) and math.isfinite(frequency) for at, frequency in edges):
        raise ValueError("edges must be finite numbers")
    length = max(0, round(duration_s * rate))
    if 2 * length > LARGEST:
        raise WorkError(f"{path}: {duration_s / 3600:.0f} hours do not fit a WAV file; choose a shorter stretch.")
    fade = max(1, round(FADE_S * rate))
    spans = _spans(edges, rate, fade)
    with written_whole(path) as beside, wave.open(str(beside), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.setnframes(length)
        for chunk in _chunks(spans, length, rate, fade):
            out.writeframes(chunk.astype("<i2").tobytes())


def _spans(edges: Sequence[tuple[float, int]], rate: int, fade: int) -> _Spans:
    """Order the edges and carry the phase along them; a tone after silence begins at phase 0."""
    start, frequency, phase, on = [np.iinfo(np.int64).min // 2], [0.0], [0.0], [False]
    for at, wanted in sorted(edges, key=lambda edge: edge[0]):
        sample = round(at * rate)
        gap = sample - start[-1]
        sounding = on[-1] or gap < fade
        start.append(sample)
        on.append(wanted > 0)
        frequency.append(float(wanted) if wanted > 0 else frequency[-1])
        phase.append((phase[-1] + frequency[-2] * gap / rate) % 1.0 if sounding else 0.0)
    return _Spans(np.array(start), np.array(frequency), np.array(phase), np.array(on))


def _chunks(spans: _Spans, length: int, rate: int, fade: int) -> Iterator[NDArray[np.int16]]:
    """Make the sound piece by piece; silence costs next to nothing."""
    window = np.hanning(fade + 2)[1:-1]
    window /= window.sum()
    for first in range(0, length, CHUNK):
        last = min(first + CHUNK, length)
        samples = np.arange(first - fade + 1, last)
        span = np.searchsorted(spans.start, samples, side="right") - 1
        chunk = np.zeros(last - first, np.int16)
        if spans.on[span].any():
            loudness = np.convolve(spans.on[span].astype(float), window, "valid")
            heard = np.flatnonzero(loudness > 1e-6)
            here = span[fade - 1 :][heard]
            turns = spans.phase[here] + spans.frequency[here] * (first + heard - spans.start[here]) / rate
            sound = _softened_square(turns, spans.frequency[here], rate)
            chunk[heard] = np.round(32_767 * LEVEL * loudness[heard] * sound)
        yield chunk


def _softened_square(turns: NDArray[np.float64], frequency: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Sum a square wave's odd harmonics, each fainter the nearer it is to half the rate: none folds back."""
    sound = np.zeros_like(turns)
    for harmonic in range(1, 16, 2):
        share = harmonic * frequency / (rate / 2)  # of the band a file of this rate can hold
        there = share < 1
        if not there.any():
            break
        weight = 4 / math.pi / harmonic * np.cos(math.pi / 2 * share[there]) ** 2
        sound[there] += weight * np.sin(2 * math.pi * (harmonic * turns[there] % 1.0))
    return sound
