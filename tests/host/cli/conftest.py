"""A synthetic runner's recordings in every form, the command as a person types it, and the form events have."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner

from backbeat_host.cli import main
from backbeat_host.lab.recordings.csv_file import write_csv
from backbeat_host.lab.recordings.resample import resampled
from backbeat_host.lab.recordings.trial import RATE_HZ
from backbeat_host.lab.runner.acts import Fall, Lie, Run, Stand
from backbeat_host.lab.runner.synthetic import SyntheticRun, synthetic
from backbeat_host.link.drive import DriveFiles
from backbeat_host.link.install import install, planned
from backbeat_host.link.layout import contents

for _name in main.list_commands(click.Context(main)):  # before a test replaces what one of them imports
    main.get_command(click.Context(main), _name)

COMMON = {"trial": str, "t": float, "event": str}
BUMP = {"at": float, "direction": str, "peak_mg": int}
FIELDS: dict[str, dict[str, type]] = {
    "session_start": {"session": int},
    "session_end": {"reason": str},
    "segment": {"segment": int},
    "cue": {"cue": str},
    "gait": {"gait": str},
    "travel": {"travel": str, "heading": int, "confidence": int},
    "suspect": {"at": float, "peak_mg": int},
    "fall": BUMP,
    "stumble": BUMP,
    "roll": {"at": float, "rotation": int, "duration": float},
    "roll_score": {"peak_mg": int, "straightness": int, "upright": float},
    "mount_forward": {"axes": list},
    "mount_up": {"axes": list},
    "alarm": {"countdown": float},
    "alarm_cancelled": {"by": str},
    "siren": {},
    "mark": {},
    "pause": {},
    "resume": {},
    "low_battery": {"percent": int},
    "gap": {"ms": int},
    "sensor_lost": {},
    "sensor_back": {},
    "fault": {"fault": str},
    "idle": {},
    "awake": {},
    "space": {"minutes": int, "kb": int},
    "thin": {"without": str},
    "chip": {"who_am_i": int},
    "parts": {"failed": list},
    "heap": {"used": int, "free": int},
    "step": {"load_mg": int},
    "beat": {"n": int, "due": float, "accent": bool},
}
OPTIONAL: dict[str, dict[str, type]] = {"step": {"foot": str, "lag_ms": int}}
WORDS = {
    "reason": {"button", "console", "battery", "fault", "service"},
    "gait": {"walk", "run", "still"},
    "travel": {"forward", "backward", "left", "right", "still"},
    "direction": {"forward", "backward", "sideways", "down", "unknown"},
    "by": {"press", "steps"},
    "fault": {"settings", "log"},
}


def check_promise(events: list[dict[str, Any]]) -> None:
    """Hold events against the form that host/README.md promises: names, fields, types, words, order."""
    assert [event["t"] for event in events] == sorted(event["t"] for event in events)
    for event in events:
        fields = COMMON | FIELDS[event["event"]]
        assert list(event)[:3] == list(COMMON), event
        told = {name: type(value) for name, value in event.items()}
        optional = OPTIONAL.get(event["event"], {})
        assert {**optional, **told} == {**optional, **fields}, event
        for name, words in WORDS.items():
            assert event.get(name) in words | {None}, event
    for trial in {event["trial"] for event in events}:
        names = [event["event"] for event in events if event["trial"] == trial]
        assert names[0] == "session_start" and names[-1] == "session_end"
        assert names.count("session_start") == names.count("session_end") == 1


@dataclass
class Told:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """What is on standard output, each line of which must be JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    def refused(self, code: int = 2) -> str:
        """The one sentence of a refusal: nothing on standard output, no traceback."""
        assert (self.code, self.out) == (code, ""), self.err
        assert "Traceback" not in self.err
        sentence = self.err.strip().rpartition("Error: ")[2]
        assert "\n" not in sentence and sentence.endswith("."), self.err
        return sentence


Backbeat = Callable[..., Told]


@pytest.fixture
def backbeat() -> Backbeat:
    """`backbeat("simulate", path, ...)`: as typed in a terminal."""

    def run(*words: object) -> Told:
        result = CliRunner().invoke(main, [str(word) for word in words], prog_name="backbeat")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Told(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def promise() -> Callable[[list[dict[str, Any]]], None]:
    """The check of the events' form."""
    return check_promise


@pytest.fixture
def promised_fields() -> dict[str, dict[str, type]]:
    """Each event's further fields."""
    return FIELDS


@pytest.fixture(scope="session")
def motion() -> SyntheticRun:
    """Stand, run backward, fall backward, lie: 19 s."""
    return synthetic([Stand(3), Run("backward", 8), Fall("backward"), Lie(5)], 3)


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory, motion: SyntheticRun) -> Path:
    """A folder: run.csv, packed.csv.gz, hz50.csv and so on, turned.csv (chip on its side), corpora `one` and `two`."""
    folder = tmp_path_factory.mktemp("recordings")
    rows = motion.rows
    write_csv(folder / "run.csv", rows)
    write_csv(folder / "packed.csv.gz", rows)
    for rate in (50, 200, 1000):
        write_csv(folder / f"hz{rate}.csv", resampled(rows, np.arange(len(rows)) / RATE_HZ, rate), rate)
    x, y, z, p, q, r = rows.T  # chip: x up, y left, z backward
    write_csv(folder / "turned.csv", np.stack([z, y, -x, r, q, -p], axis=1))
    for name, ids in (("one", ("fall", "calm")), ("two", ("fall", "still"))):
        make_corpus(folder / name, rows, [(ids[0], 0, len(rows)), (ids[1], 0, 300)])
    return folder


def make_corpus(folder: Path, rows: np.ndarray, trials: list[tuple[str, int, int]]) -> Path:
    """Lay down a corpus."""
    folder.mkdir()
    np.save(folder / "samples.npy", rows)
    lines = [json.dumps({"id": ident, "start": start, "length": length}) for ident, start, length in trials]
    (folder / "trials.jsonl").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def corpus_of(tmp_path: Path, motion: SyntheticRun) -> Callable[..., Path]:
    """`corpus_of("a", "b")`: a corpus whose trials have these ids, 3 s each."""
    return lambda *ids: make_corpus(tmp_path / "corpus", motion.rows, [(ident, 0, 312) for ident in ids])


BOOT_OUT = (
    "Adafruit CircuitPython 10.2.1 on 2026-05-01; Raspberry Pi Pico with rp2040\r\n"
    "Board ID:raspberry_pi_pico\r\nUID:E66038B713\r\n"
)


@pytest.fixture(scope="session")
def firmware() -> dict[str, bytes]:
    """What goes onto a drive, made once."""
    return contents()


@pytest.fixture
def alone(
    patient: None, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, firmware: dict[str, bytes]
) -> None:
    """No board of the machine that the tests run on is found, nor one that another test serves."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setattr("backbeat_host.link.found._mounted", list)
    monkeypatch.setattr("backbeat_host.link.found.list_ports.comports", list)
    monkeypatch.setattr("backbeat_host.link.install.contents", lambda: firmware)
    monkeypatch.setattr("backbeat_host.link.drive.os.fsync", lambda handle: None)  # a busy disk's time, not ours


@pytest.fixture
def drive(alone: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A board of which only the drive is here; it is the only one."""
    folder = tmp_path / "CIRCUITPY"
    folder.mkdir()
    (folder / "boot_out.txt").write_bytes(BOOT_OUT.encode())
    (folder / "code.py").write_text('print("Hello World!")\n')
    monkeypatch.setattr("backbeat_host.link.found._mounted", lambda: [folder])
    return folder


@pytest.fixture
def installed(alone: None, tmp_path: Path) -> Path:
    """A drive with the firmware, for a board to be served from."""
    folder = tmp_path / "installed"
    folder.mkdir()
    files = DriveFiles(folder)
    install(files, planned(files))
    return folder


@pytest.fixture
def homes(patient: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of this test's own, for all that is kept outside of the drive."""
    for kind in ("DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    monkeypatch.setattr("platformdirs.user_runtime_path", lambda name: tmp_path / "runtime" / name)
    monkeypatch.setattr("backbeat_host.link.found._mounted", list)
    monkeypatch.setattr("backbeat_host.link.found.list_ports.comports", list)
    monkeypatch.chdir(tmp_path)
    return tmp_path
