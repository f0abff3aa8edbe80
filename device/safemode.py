"""After a brown-out or a crash: come back, so that a runner on the road has a beat again; but not for ever.

Safe mode that a person asked for, by the boot button in the first second, becomes service mode.
"""

import microcontroller
from supervisor import SafeModeReason, runtime

from backbeat import nvm

memory = microcontroller.nvm
reason = runtime.safe_mode_reason
if reason == SafeModeReason.USER:
    back = nvm.ask(memory, nvm.SERVICE)
else:
    back = reason != SafeModeReason.PROGRAMMATIC and nvm.come_back(memory)
if back:
    microcontroller.reset()
