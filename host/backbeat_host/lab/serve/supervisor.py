"""What CircuitPython does around a board's code: start, boot.py, code.py, the prompt, reloads; as its `main.c` has it.

Faked: starting takes no time, the LED does not blink, a start into the bootloader ends it all.
"""

import re

from backbeat_host.files import written_whole
from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.circuitpython.hardware import VERSION, Phase, RunMode, RunReason, SafeModeReason
from backbeat_host.lab.circuitpython.language import traceback_text
from backbeat_host.lab.endings import BoardReload, Ending
from backbeat_host.lab.serve.friendly import friendly_repl
from backbeat_host.lab.serve.interpreter import Interpreter
from backbeat_host.lab.serve.port import Port
from backbeat_host.lab.serve.pulse import Pulse
from backbeat_host.lab.serve.raw import CTRL_D, raw_repl
from backbeat_host.lab.serve.watch import Watch

BOOT_OUT = "boot_out.txt"
_BUILT = "2026-01-01"  # when CircuitPython was, as it says; this date is made up
_RELOAD_NS = 750_000_000  # from the laptop's last write to the reload
_CLEAR = "\x1b[2K\x1b[0G"
_RELOADS = "Auto-reload is on. Simply save files over USB to run them or enter REPL to disable.\r\n"
_SAFE = "Running in safe mode! Not running saved code.\r\n"
_ANY_KEY = "\r\nPress any key to enter the REPL. Use CTRL-D to reload.\r\n"
_GONE = (Ending.RESET, Ending.POWER_CUT)


class Supervisor:
    """Runs one board from power-on until its power goes."""

    def __init__(self, board: VirtualBoard, port: Port) -> None:
        self._board = board
        self._hardware = board.hardware
        self._port = port
        self._pulse = Pulse(board.hardware, port)
        self._watch = Watch(board.drive, self._laptop_wrote)
        self._raw = False
        self._prompt = False
        self._safe: SafeModeReason | None = None
        self._written_ns: int | None = None
        version = ".".join(map(str, VERSION))
        self._short_version = version
        self.version = f"Adafruit CircuitPython {version} on {_BUILT}; {board.kind.name}"

    def run(self) -> None:
        """Run the board; comes back when the power is gone, or the board has gone into its bootloader."""
        self._port.attach(self._hardware)
        self._watch.begin()
        ending = Ending.RESET
        while ending is Ending.RESET:
            mode, self._hardware.next_run_mode = self._hardware.next_run_mode, RunMode.NORMAL
            if mode in (RunMode.UF2, RunMode.BOOTLOADER):
                return
            self._safe = SafeModeReason.PROGRAMMATIC if mode is RunMode.SAFE_MODE else None
            if self._board.bitten:
                self._safe = SafeModeReason.WATCHDOG  # on metal so with power from USB
            ending = self._one_start()

    # ---- one start of the processor ----

    def _one_start(self) -> Ending:
        self._raw = False
        self._written_ns = None
        ending = self._boot()
        first, skip_prompt = True, True
        while ending not in _GONE:
            if not skip_prompt:
                ending, reboot = self._at_the_prompt()
                self._hardware.run_reason = RunReason.REPL_RELOAD
                if ending in _GONE:
                    break
                if not reboot:
                    continue
            if not first:
                self._say("soft reboot\r\n")
            first = False
            self._board.drive.cwd = "/"
            if self._raw:
                skip_prompt = False
            else:
                ending, skip_prompt = self._code()
        return ending

    def _boot(self) -> Ending:
        """boot.py, or safemode.py; what boot.py says goes into boot_out.txt."""
        board, port = self._board, self._port
        told = f"{self.version}\nBoard ID:{self._hardware.board_id}\nUID:{board.kind.uid.upper()}\n"
        if board.drive.find("boot.py") is not None:
            told += "boot.py output:\n"
        port.recorded = bytearray(told.replace("\n", "\r\n").encode())
        try:
            with self._pulse:
                ending = board.start(self._safe)
            said = bytes(port.recorded)
        finally:
            port.recorded = None
        if self._safe is not None and ending not in _GONE:
            self._hardware.safe_mode_reason = self._safe
        place = board.drive.folder / BOOT_OUT
        if self._safe is None and ending not in _GONE and (not place.is_file() or place.read_bytes() != said):
            with written_whole(place) as beside:  # whoever finds it reads all of it
                beside.write_bytes(said)
            board.drive.seen_anew()
        self._watch.take_as_seen()
        return Ending.FINISHED if ending not in _GONE else ending

    def _at_the_prompt(self) -> tuple[Ending, bool]:
        """A prompt; say how it ended, and whether the board is to reboot softly."""
        reboot = [True]

        def serve() -> None:
            interpreter = Interpreter(self._hardware, self._pulse)
            if self._raw:
                reboot[0] = raw_repl(self._port, interpreter)
            else:
                self._title("REPL")
                reboot[0] = friendly_repl(self._port, interpreter, self.version)
            if not reboot[0]:
                self._raw = not self._raw

        self._prompt = True
        ending = self._board.carry_out(Phase.CODE, serve)
        self._prompt = False
        self._written_ns = None
        return ending, reboot[0]

    # ---- code.py ----

    def _code(self) -> tuple[Ending, bool]:
        """Run the code and wait for what comes after it; say how that ended, and whether no prompt is wanted."""
        told = self._port.open
        if told:
            self._say("\r\n")
            self._tell_status()
        if self._safe is None and self._written_ns is None:
            ending = self._run_code()
            if ending in _GONE:
                return ending, True
            if ending is Ending.RELOAD and self._hardware.run_reason is not RunReason.AUTO_RELOAD:
                self._hardware.run_reason = RunReason.SUPERVISOR_RELOAD
                return ending, True
        skip = [True]
        ending = self._board.carry_out(Phase.CODE, lambda: skip.insert(0, self._wait_for_key(told)))
        return ending, skip[0]

    def _run_code(self) -> Ending:
        board = self._board
        name = board.code_file()
        board.error = None
        ending = Ending.FINISHED
        if name is not None:
            self._say(f"{_CLEAR}{name} output:\r\n")
            self._title(name)
            with self._pulse:
                ending = board.run(Phase.CODE, name)
        if ending in _GONE:
            return ending
        if ending is Ending.RELOAD and self._hardware.run_reason is RunReason.AUTO_RELOAD:
            self._say("\r\nCode stopped by auto-reload. Reloading soon.\r\n")
        else:
            self._say("\r\nCode done running.\r\n")
        self._title("Done" if board.error is None else _shortly(board.error))
        return ending

    def _wait_for_key(self, told: bool) -> bool:
        """Wait for a key (False: to the prompt), or for ctrl-D or the end of the laptop's writing (True: reload)."""
        port, clock, hardware = self._port, self._board.clock, self._hardware
        asked = False
        while True:
            if self._written_ns is not None:
                if clock.ns - self._written_ns >= _RELOAD_NS:
                    self._written_ns = None
                    hardware.run_reason = RunReason.AUTO_RELOAD
                    return True
            elif port.available:
                reload = port.key() == CTRL_D
                if reload:
                    hardware.run_reason = RunReason.REPL_RELOAD
                return reload
            elif port.open and not asked:
                if not told:
                    self._tell_status()
                self._say(_ANY_KEY)
                asked = True
            if not port.open:
                told = asked = False
            port.rest()

    def _laptop_wrote(self) -> None:
        if not self._hardware.autoreload or self._safe is not None:
            return
        self._written_ns = self._board.clock.ns
        if self._port.running and not self._prompt:
            self._hardware.run_reason = RunReason.AUTO_RELOAD
            self._board.clock.halt(BoardReload())

    # ---- words ----

    def _tell_status(self) -> None:
        self._say(_CLEAR + (_RELOADS if self._hardware.autoreload else "Auto-reload is off.\r\n"))
        if self._safe is not None:
            self._say(f"{_SAFE}\r\nYou are in safe mode because:\r\n{self._safe.name}\r\n")
            self._say("Press reset to exit safe mode.\r\n")

    def _title(self, doing: str) -> None:
        """The terminal's title."""
        self._say(f"\x1b]0;\N{SNAKE}{doing} | {self._short_version}\x1b\\")

    def _say(self, text: str) -> None:
        """Say it, though the power may go while somebody keeps us waiting."""
        self._board.carry_out(Phase.CODE, lambda: self._port.send(text.encode(), None))


def _shortly(error: BaseException) -> str:
    """Where the code ended, for the title: line, file, kind."""
    told = traceback_text(error)
    places = re.findall(r'File "(.*)", line (\d+)', told)
    kind = re.findall(r"^(\w+):", told, re.MULTILINE)[0]
    return f"{places[-1][1]}@{places[-1][0]} {kind}" if places else kind
