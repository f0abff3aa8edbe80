"""Who may write the drive: the run (code.py) or the laptop.

The run owns it, so that it can keep logs, unless the laptop asked for it (service, one byte in the board's
memory) or no Backbeat is installed. The way back from anywhere: press the boot button, or reset a second time, in
the first second after power-up; in that safe mode this file does not run and the laptop owns the drive.
"""

import microcontroller
import storage

try:
    from backbeat import nvm

    service = nvm.service(microcontroller.nvm)
except ImportError:
    service = True  # nothing to run: leave the drive to whoever installs it

if not service:
    storage.remount("/", readonly=False)
