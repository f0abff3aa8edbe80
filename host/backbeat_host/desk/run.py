"""One session of the firmware on the chip that lies on the desk, in real time.

The very main loop of the wearable, with this machine's speaker, keyboard and files in the places of its parts.
"""

import importlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from backbeat import __version__, events, settings
from backbeat.record import Writer
from backbeat.run import run
from backbeat.session import Session
from backbeat_host.desk.adapter import ADAPTERS, OWN, Wires, choose, wires
from backbeat_host.desk.bus import Bus
from backbeat_host.desk.chip import PatientFifo
from backbeat_host.desk.keys import HELP, Keys, keyboard
from backbeat_host.desk.live import View, view
from backbeat_host.desk.recording import Recording, recording
from backbeat_host.desk.speaker import speaker
from backbeat_host.errors import InputError, WorkError
from backbeat_host.runs.events import OF_THE_BOARD, Event, Teller

PARTS = {"sounder": "Sounder", "haptic": "Haptic", "light": "Light", "button": "Button"}
"""The parts that may hang on pins of a Raspberry Pi or an adapter, and their classes in board/."""
_CHIPS = {0x6C: "LSM6DSOX", 0x6A: "LSM6DS3TR-C", 0x69: "LSM6DS3"}
_NAME = "desk"
_SESSION = 1
_REFRESH_MS = 200
_DRAWING_MS = 25  # a picture is drawn only when nothing is due for so long


@dataclass(frozen=True)
class Options:
    """How the desk is run.

    Attributes:
        values: Settings in the device's form.
        bus: The adapter, a key of ADAPTERS; None for what is plugged in.
        csv: Where the samples go; None for nowhere.
        seconds: When to end; None for by hand.
        sound: Whether the speaker sounds.
        pins: Pin of each part (a key of PARTS) that hangs on one.
    """

    values: Mapping[str, Any] = field(default_factory=settings.defaults)
    bus: str | None = None
    csv: Path | None = None
    seconds: float | None = None
    sound: bool = True
    pins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What the run brought: its events, how long it was, the recordings, and what kept them from being whole."""

    events: list[Event]
    seconds: float
    written: list[Path]
    error: WorkError | None


class _NoStore:
    """A board's store where there is no drive: the log is made and let go."""

    failed = False
    thin = 0
    free = 1 << 30
    minutes = 1 << 20

    def write(self, block: bytes) -> None:
        """Let it go."""

    def flush(self) -> None:
        """Nothing waits."""

    def settled(self) -> None:
        """Nobody counts starts."""

    def alarm(self, on: bool) -> None:
        """No session is continued."""

    def close(self, log: Writer) -> None:
        """Empty the log."""
        while log.waiting:
            log.written()


class _DeskSession(Session):
    """A session whose samples are recorded."""

    recording: Recording | None = None

    def sample(self, ticks: int, ax: int, ay: int, az: int, gx: int, gy: int, gz: int) -> None:
        if self.open and self.recording is not None:
            self.recording.row(ax, ay, az, gx, gy, gz)
        super().sample(ticks, ax, ay, az, gx, gy, gz)

    def lost(self, ticks: int, waiting: int) -> None:
        if self.recording is not None:
            self.recording.split()
        super().lost(ticks, waiting)


def run_desk(options: Options, console: Console, complain: Callable[[str], object]) -> Outcome:
    """Run one session to its end: by `seconds`, by a key, by ctrl-C.

    Raises:
        InputError: a pin is not there, or several adapters are.
        WorkError: no adapter or no chip.
    """
    opened = wires(choose(options.bus))
    blinka = importlib.import_module("backbeat.board.blinka")  # now, for it loads Blinka's modules
    bus = Bus(opened)
    fifo = blinka.fifo(bus)
    if not fifo.works:
        where = ADAPTERS[opened.name].title
        raise WorkError(
            f"no motion chip answers on the I2C bus of {where if opened.name == OWN else f'the {where}'}; see that it "
            "is an LSM6DSOX, LSM6DS3TR-C, LSM6DS33 or LSM6DS3, and that 3.3 V, GND, SDA and SCL are wired."
        )
    parts = {part: _part(part, pin, opened) for part, pin in options.pins.items()}
    with ExitStack() as stack:
        read = stack.enter_context(keyboard())
        if "sounder" not in parts:
            parts["sounder"] = stack.enter_context(speaker(options.sound, complain))
        if "button" not in parts and read is not None:
            parts["button"] = Keys(read)
        board = blinka.Board(fifo, _NoStore(), **parts)
        patient = PatientFifo(fifo, board.ticks, bus.at_hand)
        board.fifo = patient
        session = _session(options.values, board)
        patient.room = lambda: session.due_in(board.ticks())
        session.recording = stack.enter_context(recording(options.csv))
        shown = stack.enter_context(view(console, _title(patient.who, opened, options), _beat(options), HELP))
        told: list[Event] = []
        teller = Teller(_NAME)

        def hear(*numbers: int) -> None:
            if numbers[1] in OF_THE_BOARD:
                return
            event = teller.tell(*numbers)
            told.append(event)
            shown.event(event)

        session.listener = hear  # type: ignore[assignment]  # None on a board, and there are no hints there
        board.at_rest = _AtRest(session, board, shown, options.seconds)
        with suppress(KeyboardInterrupt):  # the way to end it: `run` has closed the session
            run(board, session)
    made = session.recording
    return Outcome(told, session.ms / 1000, made.written if made else [], made.error if made else None)


class _AtRest:
    """What is done when the main loop has time: the view is drawn anew, the end is seen."""

    def __init__(self, session: Session, board: Any, shown: View, seconds: float | None) -> None:
        self._session, self._board, self._shown = session, board, shown
        self._end_ms = None if seconds is None else round(seconds * 1000)
        self._refresh_at = 0

    def __call__(self, ms: int) -> None:
        session, ticks = self._session, self._board.ticks()
        if self._end_ms is not None and session.open and session.ms >= self._end_ms:
            session.end(ticks, events.BY_CONSOLE)
        elif session.ms >= self._refresh_at and session.due_in(ticks) > _DRAWING_MS:
            self._refresh_at = session.ms + _REFRESH_MS
            self._shown.refresh(session.ms / 1000, session.body.spm() / 10)


def _session(values: Mapping[str, Any], board: Any) -> _DeskSession:
    log = Writer(_SESSION)
    log.header(board.clock(), 0, f"{__version__},{board.id},{board.uid}")
    log.settings(settings.dump(dict(values)))
    return _DeskSession(dict(values), board, log, _SESSION)  # as one that is continued: a press asks for no service


def _part(part: str, pin: str, opened: Wires) -> Any:
    """Put a part on a pin, by its name on Blinka's board."""
    place = getattr(opened.board, pin, None)
    if not hasattr(place, "id"):
        raise InputError(f"{part}: {ADAPTERS[opened.name].title} has no pin {pin}; give a name of Blinka's `board`.")
    try:
        made = getattr(importlib.import_module(f"backbeat.board.{part}"), PARTS[part])
        return made(place, True) if part == "light" else made(place)
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise WorkError(f"{part} on pin {pin}: it cannot be set up ({said}); choose another pin.") from error


def _title(who: int, opened: Wires, options: Options) -> str:
    to = f", to {options.csv}" if options.csv else ""
    return f"{_CHIPS.get(who, 'chip')} on {ADAPTERS[opened.name].title}{to}"


def _beat(options: Options) -> str:
    return f"{options.values['cadence'] / 10:g}"
