"""The drive: settings are read from it, logs are put on it, and no fault of it stops a run."""

import os
import traceback

import microcontroller

from backbeat import nvm, settings

_LOGS = "/logs"
_SETTINGS = "/settings.json"
_NEW_SETTINGS = "/settings.new"
_CRASH = "/crash.txt"
_CRASH_MOST = 2000  # characters
_LONGEST = 12  # characters of a log's name: a larger number is not one of ours


class Store:
    """`failed` is True once a log could not be written; then nothing more is tried in this session."""

    def __init__(self):
        self.failed = False
        self._file = None

    def settings(self):
        """Read the settings. Returns (settings, complaints); without a file the defaults hold and nobody complains."""
        try:
            names = os.listdir("/")
            if _SETTINGS[1:] in names:
                place = _SETTINGS
            elif _NEW_SETTINGS[1:] in names:
                place = _NEW_SETTINGS  # the power went between the two steps of `keep`
            else:
                return settings.defaults(), []
            with open(place) as file:
                return settings.load(file.read())
        except (OSError, UnicodeError, MemoryError) as error:
            return settings.defaults(), [_SETTINGS + ": it cannot be read (" + str(error) + ")."]

    def keep(self, values):
        """Put settings that the run has found on the drive: the old ones or these are whole at any moment."""
        try:
            with open(_NEW_SETTINGS, "w") as file:
                file.write(settings.dump(values))
            os.sync()
            if _SETTINGS[1:] in os.listdir("/"):
                os.remove(_SETTINGS)
            os.rename(_NEW_SETTINGS, _SETTINGS)
            os.sync()
        except (OSError, MemoryError):
            pass  # the next session finds them again

    def new_session(self):
        """Begin a new log and give its number, which no session had before."""
        number = nvm.last_session(microcontroller.nvm)
        try:
            if "logs" not in os.listdir("/"):
                os.mkdir(_LOGS)
            for name in os.listdir(_LOGS):
                if name.endswith(".bbl") and name[:-4].isdigit() and len(name) <= _LONGEST:
                    number = max(number, int(name[:-4]))
        except OSError:
            self.failed = True
        number += 1
        nvm.keep_session(microcontroller.nvm, number)
        self._file = None
        if not self.failed:
            try:
                self._file = open("%s/%05d.bbl" % (_LOGS, number), "ab")
            except OSError:
                self.failed = True
        return number

    def write(self, block):
        """Append one block of a log."""
        if not self.failed:
            try:
                self._file.write(block)
            except OSError:
                self.failed = True  # closing the file would take as long as a flush: that waits

    def flush(self):
        """Make what was written outlast a power cut."""
        if self._file is not None:
            try:
                self._file.flush()
                os.sync()
            except OSError:
                self.failed = True

    def crashed(self, error):
        """Keep what an unforeseen error says, for whoever mends it; only the last one."""
        try:
            with open(_CRASH, "w") as file:
                file.write("".join(traceback.format_exception(error))[-_CRASH_MOST:])
        except OSError:
            pass

    def close(self, log):
        """Put a log's last blocks down and close its file."""
        while log.waiting:
            self.write(log.block())
            log.written()
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                self.failed = True
        self._file = None
        self.failed = False
