import errno

import pytest

from backbeat import nvm
from backbeat_host.errors import WorkError
from backbeat_host.link import service
from backbeat_host.link.backend import GarbledError

NOW = 1_780_000_000.4


class Console:
    """Runs the code here, with the modules of a board that a test has made."""

    port = "PORT"

    def __init__(self, memory=None, drift=0.0, says=None, clock=946_684_800):
        self.memory = memory
        self.drift = drift
        self.says = says
        self.clock = clock
        self.set_to = None

    def run(self, code):
        if self.says is not None:
            raise self.says
        said = []
        modules = {"microcontroller": self, "rtc": self, "time": self}
        names = {"__import__": lambda name, *_: modules[name], "print": said.append, "repr": repr}
        exec(code, {"__builtins__": names})
        return "".join(said).encode() + b"\n"

    # what a board's modules offer

    @property
    def nvm(self):
        return self.memory

    def RTC(self):  # noqa: N802
        return self

    def struct_time(self, fields):
        return fields

    def time(self):
        return self.clock

    def __setattr__(self, name, value):
        if name == "datetime":
            self.set_to = value
            value, name = round(NOW + self.drift), "clock"
        super().__setattr__(name, value)


def test_service_and_a_session_are_asked_for_in_the_bytes_that_the_firmware_reads():
    memory = bytearray(16)
    service.ask_for_service(Console(memory))
    assert nvm.asked(memory, nvm.SERVICE)
    service.ask_for_session(Console(memory))
    assert nvm.asked(memory, nvm.AT_ONCE)
    service.ask_for_run(Console(memory))
    assert not nvm.asked(memory, nvm.SERVICE)


def test_a_board_without_that_memory_says_what_else_to_do():
    with pytest.raises(WorkError, match="press its button"):
        service.ask_for_service(Console())
    service.ask_for_run(Console())


def test_a_memory_that_is_worn_out_is_no_success():
    class Worn(bytearray):
        def __setitem__(self, at, value):
            pass

    with pytest.raises(WorkError, match="remembers nothing"):
        service.ask_for_service(Console(Worn(16)))


def test_the_clock_gets_this_machines_time_in_utc_and_its_lead_is_told():
    console = Console(clock=1_780_000_090)
    assert service.set_clock(console, lambda: NOW) == 90
    assert console.set_to == (2026, 5, 28, 20, 26, 40, 3, 148, -1)
    assert service.set_clock(Console(clock=1_779_996_400), lambda: NOW) == -3600


@pytest.mark.parametrize("clock", [0, 946_684_800])
def test_a_clock_that_nobody_had_set_has_no_lead(clock):
    assert service.set_clock(Console(clock=clock), lambda: NOW) is None


def test_a_clock_that_does_not_keep_what_it_is_given_is_said():
    with pytest.raises(WorkError, match="tells another time"):
        service.set_clock(Console(drift=-5), lambda: NOW)


def test_a_board_without_a_clock_is_said():
    said = GarbledError(errno.EPROTO, "the board says \"ImportError: no module named 'rtc'\"")
    with pytest.raises(WorkError, match=r"cannot be set.*rtc"):
        service.set_clock(Console(says=said), lambda: NOW)
