"""The drive: settings are read from it, logs are put on it, and no fault of it stops a run."""

import os
import traceback

import microcontroller
import storage
from micropython import const

from backbeat import nvm, settings
from backbeat.record import BLOCK

_LOGS = "/logs"
_SETTINGS = "/settings.json"
_LAST_SETTINGS = "/settings.last.json"
_CRASH = "/crash.txt"
_TEXT_MOST = const(4000)  # bytes of each of these; all settings take 350
_NAME = const(9)  # characters of a log's name
_KEPT = const(3)  # newest logs, never removed
_REMOVED = const(10)  # logs at one start: 0.15 s each, on worn flash 0.6, and the watchdog bites after 8
_PER_MINUTE = const(800)  # bytes of log in a run, as test_store.py measures
_ROOM = const(131_072)  # made by removing logs: an hour, and five falls of 16 KB
_HOUR = const(48_000)  # the last so many are not for raw samples
_LAST = const(8192)  # the last so many are for events, 400 of them
_FAULTS = (OSError, MemoryError, ValueError, RuntimeError)


class Store:
    """`service`: the laptop owns the drive. `failed`: this session's log cannot be written, and nothing more is tried.
    `free` bytes are left, for `minutes` of a run; `thin` says what they are too few for: 1 raw samples, 2 the records
    of every 5 s as well.
    """

    def __init__(self):
        self.service = storage.getmount("/").readonly
        self.failed = False
        self._file = None
        self._make_room()

    def settings(self):
        """Give (settings, complaints). What is not good or not there has its last good value, else its default."""
        last, complaints = _load(_LAST_SETTINGS, None)
        if complaints:
            last = None
        values, complaints = _load(_SETTINGS, last)
        if values is None:
            values, complaints = _load(_new(_SETTINGS), None)  # the power may have gone in the middle of `keep`
            if complaints or values is None:
                return last or settings.defaults(), []
        if not complaints and values != last:
            _replace(_LAST_SETTINGS, settings.dump(values).encode())
        return values, complaints

    def keep(self, values):
        """Put settings that the run has found on the drive; the next one finds them again if that fails."""
        _replace(_SETTINGS, settings.dump(values).encode())

    def new_session(self, alarmed=False):
        """Begin a new log and give its number, which no session had before. `alarmed`: an alarm goes on in it."""
        memory = microcontroller.nvm
        number = max(nvm.last_session(memory), self._make_room()) + 1
        nvm.begin(memory, number, alarmed)
        self.failed = False
        self._file = None
        try:
            if "logs" not in os.listdir("/"):
                os.mkdir(_LOGS)
            self._file = open("%s/%05d.bbl" % (_LOGS, number), "ab")
        except _FAULTS:
            self.failed = True
        return number

    def _make_room(self):
        """Measure the room, remove the oldest logs where it is too little, give the newest one's number."""
        logs = [(0, "")]
        self._left(0)
        try:
            self._look()
            for name in os.listdir(_LOGS):
                if len(name) == _NAME and name.endswith(".bbl") and name[:-4].isdigit():
                    logs.append((int(name[:-4]), name))
            logs.sort()
            for _, name in logs[1:-_KEPT][:_REMOVED]:
                if self.free < _ROOM:
                    os.remove(_LOGS + "/" + name)
                    self._look()
        except _FAULTS:
            pass  # no logs yet, or a fault that shows when one is opened
        return logs[-1][0]

    def _look(self):
        facts = os.statvfs("/")
        self._left(facts[0] * facts[3])

    def _left(self, free):
        self.free = free
        self.minutes = max(free - _LAST, 0) // _PER_MINUTE
        self.thin = 2 if free < _LAST else 1 if free < _HOUR else 0

    def write(self, block):
        """Append one block of a log."""
        if not self.failed:
            try:
                self._file.write(block)
                self._left(self.free - BLOCK)
            except _FAULTS:
                self.failed = True  # closing the file would take as long as a flush: that waits

    def flush(self):
        """Make what was written outlast a power cut."""
        if self._file is not None:
            try:
                self._file.flush()
                os.sync()
            except _FAULTS:
                self.failed = True

    def close(self, log):
        """Put a log's last blocks down and close its file."""
        while log.waiting:
            self.write(log.block())
            log.written()
        if self._file is not None:
            try:
                self._file.close()
            except _FAULTS:
                self.failed = True
        self._file = None

    def at_once(self):
        """Tell whether a session was asked for before the reset."""
        return nvm.asked(microcontroller.nvm, nvm.AT_ONCE)

    def broken_off(self):
        """Give the number of the session that this start goes on with; 0 when it ended well, the wearer has switched
        the power on, or too many in a row were broken off."""
        if microcontroller.cpu.reset_reason == microcontroller.ResetReason.POWER_ON:
            self.ended()
        return nvm.broken_off(microcontroller.nvm)

    def alarmed(self):
        """Tell whether that session was broken off in an alarm."""
        return nvm.asked(microcontroller.nvm, nvm.ALARM)

    def alarm(self, on):
        """Keep that an alarm is on, or over."""
        nvm.put(microcontroller.nvm, nvm.ALARM, b"\1" if on else b"\0")

    def ended(self):
        """The session ended well."""
        nvm.put(microcontroller.nvm, nvm.RUNNING, b"\0\0\0")
        self.alarm(False)

    def settled(self):
        """The session has lasted a minute."""
        nvm.put(microcontroller.nvm, nvm.BEGUN, b"\0\0")

    def crashed(self, error, number):
        """Keep what an unforeseen error in a session says; the oldest text makes room."""
        try:
            text = "".join(traceback.format_exception(error))[-_TEXT_MOST // 2 :]  # its end says what happened
            raw = ("Session %d: %s\n" % (number, text)).encode()
            with open(_CRASH, "ab+") as file:
                file.seek(max(_size(_CRASH) + len(raw) - _TEXT_MOST, 0))
                raw = file.read() + raw
            _replace(_CRASH, raw)
        except _FAULTS:
            pass


def _size(place):
    try:
        return os.stat(place)[6]
    except OSError:
        return -1  # not there


def _load(place, last):
    """Give (settings, complaints); (None, []) when there is no such file."""
    size = _size(place)
    if size < 0:
        return None, []
    try:
        if size > _TEXT_MOST:
            raise ValueError("too large")
        with open(place) as file:
            return settings.load(file.read(), last)
    except _FAULTS as error:
        return last or settings.defaults(), [place + ": it cannot be read (" + str(error) + ")."]


def _new(place):
    return place[: place.rfind(".")] + ".new"


def _replace(place, raw):
    """Write a file anew beside the old one: at any moment one of them is whole."""
    new = _new(place)
    try:
        with open(new, "wb") as file:
            file.write(raw)
        os.sync()
        if _size(place) >= 0:
            os.remove(place)
        os.rename(new, place)
        os.sync()
    except _FAULTS:
        pass
