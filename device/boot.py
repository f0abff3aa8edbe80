"""Who may write the drive: the run, for its logs; the laptop when service was asked for or Backbeat is not all there.

The way back from anywhere: the boot button, or a second reset, in the first second.
"""

import json
import os

import microcontroller
import storage


def _whole():
    """Whether the manifest's files have their sizes; without a manifest, whether the core is there."""
    files = dict.fromkeys(("/code.py", "/lib/backbeat/run.py", "/lib/backbeat/board/store.py"))
    if "manifest.json" in os.listdir("/"):
        with open("/manifest.json") as file:
            files = json.load(file)["files"]
    for name in files:
        size = os.stat(name)[6]
        if files[name] and files[name][0] != size:
            return False
    return True


try:
    from backbeat import nvm

    memory = microcontroller.nvm
    if nvm.asked(memory, nvm.SERVICE):
        nvm.put(memory, nvm.SERVICE, b"\0")
    elif _whole():
        storage.remount("/", readonly=False)
    if microcontroller.cpu.reset_reason == microcontroller.ResetReason.POWER_ON and nvm.asked(memory, nvm.RUNNING):
        nvm.put(memory, nvm.RUNNING, b"\0\0\0")  # who switched off goes on with nothing, even after a dip
except Exception as error:
    print(error)  # into boot_out.txt
