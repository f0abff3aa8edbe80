"""After a brown-out or a crash: come back, so that a runner on the road has a beat again.

Safe mode that a person asked for (the boot button in the first second) is left alone: there the laptop owns the drive.
"""

import microcontroller
import supervisor

_COME_BACK = (
    supervisor.SafeModeReason.BROWNOUT,
    supervisor.SafeModeReason.HARD_FAULT,
    supervisor.SafeModeReason.WATCHDOG,
)

if supervisor.runtime.safe_mode_reason in _COME_BACK:
    microcontroller.reset()
