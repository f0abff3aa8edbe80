"""`os` and `io` on the virtual drive, and `hashlib` where a board has it (RP2040: yes; nRF52840: no).

Simulated: what `drive_os` and `drive_files` simulate. Faked: no environment (settings.toml) and random bytes that are
the same in every run, so that a run can be repeated.
"""

import hashlib
import io as host_io
import random
from types import ModuleType, SimpleNamespace

from backbeat_host.lab.boards import RP2040
from backbeat_host.lab.circuitpython.hardware import VERSION, Hardware, module
from backbeat_host.lab.flash.drive_files import VirtualFile, open_on
from backbeat_host.lab.flash.drive_os import DriveOs

_NAMES = ["listdir", "mkdir", "remove", "unlink", "rmdir", "rename", "stat", "statvfs", "sync", "getcwd", "chdir"]


def file_modules(hardware: Hardware) -> list[ModuleType]:
    """The modules that reach the drive."""
    functions = DriveOs(hardware.drive)
    dice = random.Random(0)
    version = ".".join(map(str, VERSION))
    name = hardware.kind.processor.name
    uname = SimpleNamespace(sysname=name, nodename=name, release=version, version=version, machine=hardware.kind.name)

    def open_file(path: str, mode: str = "r") -> VirtualFile:
        return open_on(hardware.drive, path, mode)

    hashing = [module("hashlib", new=hashlib.new)] if name == RP2040.name else []
    return [
        *hashing,
        module(
            "os",
            sep="/",
            uname=lambda: uname,
            urandom=dice.randbytes,
            getenv=lambda name, default=None: default,
            **{name: getattr(functions, name) for name in _NAMES},
        ),
        module("io", open=open_file, BytesIO=host_io.BytesIO, StringIO=host_io.StringIO),
    ]
