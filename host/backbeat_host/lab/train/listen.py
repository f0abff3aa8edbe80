"""What the device weighs in a recording: its own code runs over the rows, and every weighing is noted.

So training sees what the board sees. All weighings are refused: a fall that was called would hide those after it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from backbeat import settings
from backbeat.sense import figures
from backbeat.sense.body import Body
from backbeat.sense.falls import Falls
from backbeat_host.lab.recordings.sensed import sensed
from backbeat_host.lab.recordings.trial import TrialRef

Figures = npt.NDArray[np.int64]

NORMAL: Final = settings.FALL_SENSITIVITIES.index("normal")
_NEVER: Final = -(1 << 30)  # log odds of what is not to be called


@dataclass(frozen=True)
class Heard:
    """What was weighed in one trial: `figures` (weighings, figures of each)."""

    figures: Figures


class _Listening(Falls):
    """Notes the figures of every weighing and calls none a fall."""

    def __init__(self) -> None:
        super().__init__(NORMAL)
        self.noted: list[list[int]] = []

    def weigh(self) -> int:
        self.noted.append(list(self.figures))
        return _NEVER


def listen(ref: TrialRef) -> Heard:
    """Run the device's senses over a trial, in stillness as `evaluate` does it, and note what they weigh.

    Raises:
        InputError: the recording cannot be read.
    """
    trial = ref.load()
    values = {**settings.defaults(), **trial.settings}
    body = Body(values["mount.forward"], values["mount.up"], NORMAL)
    body.falls = falls = _Listening()
    feel = body.feel
    given = sensed(trial)
    body.period = given.period
    for row in given.rows.tolist():
        feel(*row)
    return Heard(np.array(falls.noted, dtype=np.int64).reshape(-1, figures.COUNT))
