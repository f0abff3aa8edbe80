"""CircuitPython's modules as a virtual board has them, made anew for every start of the processor.

`virtual_modules(hardware)` gives the table the machine's import looks in first. Each holds the commonly used names of
CircuitPython 10 on that board and nothing else, so what a board lacks fails here as well.
"""

from types import ModuleType

from backbeat_host.lab.circuitpython.files import file_modules
from backbeat_host.lab.circuitpython.hardware import Hardware
from backbeat_host.lab.circuitpython.keys import key_module
from backbeat_host.lab.circuitpython.language import language_modules
from backbeat_host.lab.circuitpython.parts import part_modules
from backbeat_host.lab.circuitpython.system import system_modules
from backbeat_host.lab.circuitpython.watch import watchdog_module

__all__ = ["Hardware", "virtual_modules"]


def virtual_modules(hardware: Hardware) -> dict[str, ModuleType]:
    """Every module that is the board's own, by name."""
    made = [
        *part_modules(hardware),
        key_module(hardware),
        watchdog_module(),
        *system_modules(hardware),
        *file_modules(hardware),
        *language_modules(hardware),
    ]
    return {module.__name__: module for module in made}
