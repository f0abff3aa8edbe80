"""Files in the forms others publish, made for tests: no recording of theirs is copied here."""

from collections.abc import Callable

import numpy as np
import pytest

from backbeat_host.lab.serve.server import Server
from backbeat_host.link.line import Line, opened

HEADER = """\
% Universidad de Malaga - ETSI de Telecomunicacion (Spain)
% Date: 2016-06-13_20:40:29
% ID: {id}
% Name: Subject_02
\t
% Type of Movement: ADL
% Number of Sensors: 3
% SensorTag's Accelerometer: MPU-9250 MEMS MotionTracking Device - Invensense

% MAC Address; Sensor_ID; Position; Device Model
%f8:95:c7:f3:ba:82; 0; RIGHTPOCKET; lge-LG-H815-5.1
%C4:BE:84:70:64:8A; 1; CHEST; SensorTag
%C4:BE:84:71:A5:02; 2; WAIST; SensorTag

% TimeStamp; Sample No; X-Axis; Y-Axis; Z-Axis; Sensor Type; Sensor ID;
"""

Motion = Callable[[float], tuple[tuple[float, float, float], tuple[float, float, float]]]


def still(_: float) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Standing, leaning a little, turning slowly: acceleration in g and rotation in dps in the sensor's axes."""
    return (1.0, 0.1, 0.2), (10.0, 20.0, 30.0)


def umafall(seconds: float = 5.0, motion: Motion = still, ident: str = "Subject_02_ADL_Jogging_1") -> str:
    """Give the file's text; the waist has `motion`, the chest and the pocket stand still."""
    late = np.random.default_rng(1).integers(0, 60, round(seconds * 20))
    lines = []
    for number, delay in enumerate(late.tolist()):
        acceleration, rotation = motion(number / 20)
        stamp = 100 + 50 * number + delay
        lines.append((stamp, 0, "0.1;0.9;0.2;0;0", number))
        lines.append((stamp, 0, "0.9;0;0;0;1", number))
        lines.append((stamp + 1, 1, "0;0;0;1;1", number + 1))
        for kind, values in ((0, acceleration), (1, rotation), (2, (30.0, -20.0, 5.0))):
            words = ";".join(repr(float(value)) for value in values)
            lines.append((stamp + kind, kind, f"{words};{kind};2", number + (kind > 0)))
    ordered = sorted(lines, key=lambda line: line[0])
    return HEADER.format(id=ident) + "".join(f"{at};{number};{rest}\n" for at, _, rest, number in ordered)


@pytest.fixture
def umafall_text() -> Callable[..., str]:
    """`umafall_text(seconds, motion, ident)`: a file with three sensors at 20 Hz, whose packets come late."""
    return umafall


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a served board's console waits by the board's own clock.

    A board at a prompt answers a key within a few ms and is given 0.3 s; a busy machine may hold its thread up for
    longer, but its clock as well: so it is never taken for silent.
    """
    served: dict[str, Server] = {}
    start = Server.start

    def noted(board: Server) -> None:
        served[board.port] = board
        start(board)

    def by_its_clock(port: str) -> Line:
        line = opened(port)
        if port in served:
            line._now = served[port].seconds
        return line

    monkeypatch.setattr(Server, "start", noted)
    monkeypatch.setattr("backbeat_host.link.console.opened", by_its_clock)


@pytest.fixture
def sisfall_text() -> Callable[..., str]:
    """`sisfall_text(seconds)`: a file of a sensor at 200 Hz that stands still, but for its noise."""

    def make(seconds: float = 5.0, seed: int = 0) -> str:
        noise = np.random.default_rng(seed).integers(-2, 3, (round(200 * seconds), 9))
        counts = noise + np.array([0, -256, 0, 0, 0, 0, 0, -1024, 0])
        return "".join(", ".join(map(str, row)) + ";\n" for row in counts.tolist())

    return make
