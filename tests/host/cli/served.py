"""Served boards for the tests of commands: what they feel, and how their sessions stand."""

import time

from backbeat import settings
from backbeat_host.lab.serve.server import Server
from backbeat_host.link.line import opened
from backbeat_host.link.monitor import Frame, Watch


class Looped:
    """A motion that begins anew when it is over."""

    def __init__(self, rows):
        self._rows = rows.tolist()

    def at(self, ns):
        return self._rows[ns * 104 // 10**9 % len(self._rows)]


class Served(Server):
    def frame(self, seconds=30.0):
        """The first frame of a session, or None where none runs."""
        limit = time.monotonic() + seconds
        line = opened(self.port)
        try:
            for told in Watch(line).frames():
                if isinstance(told, Frame):
                    return told
                if time.monotonic() >= limit:
                    return None
        finally:
            line.close()

    def kept(self):
        return settings.load((self.drive / "settings.json").read_text())[0]


def becomes(board, owner):
    """Whether that side comes to own the drive: boot.py must run, and the board's note be written."""
    limit = time.monotonic() + 30
    while board._post.note.laptop_writes != (owner == "laptop"):
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True
