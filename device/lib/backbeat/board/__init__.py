"""The board under the wearer's hand: finds the file that fits it and puts its parts together.

A board file (named by `board.board_id`) is a table of pins; everything else is one small file a part. The chip
is found by asking it, not by the board's name.
"""

import time

import board as pins
import microcontroller
import supervisor

from backbeat.board.battery import Battery
from backbeat.board.button import Button
from backbeat.board.haptic import Haptic
from backbeat.board.imu import Fifo
from backbeat.board.light import Light
from backbeat.board.sounder import Sounder
from backbeat.board.store import Store
from backbeat.ticks import diff

_YEAR_2024 = 1_704_067_200  # unix s: an unset clock starts in 2000 or 1970


class Board:
    """What the main loop works with; see run.py."""

    def __init__(self, table):
        self.id = pins.board_id
        self.uid = "".join(["%02x" % byte for byte in microcontroller.cpu.uid])
        self.ticks = supervisor.ticks_ms
        self.sounder = Sounder(table.SOUNDER)
        self.haptic = Haptic(table.HAPTIC)
        self.light = Light(table.LIGHT, table.LIGHT_ON)
        self.button = Button(table.BUTTON)
        self.battery = Battery(table.BATTERY, table.BATTERY_RATIO) if table.BATTERY else None
        self.store = Store()
        self.fifo = Fifo(table.SCL, table.SDA)

    def rest(self, until):
        """Sleep up to the tick before `until`; the loop spins through the last one to meet its very beginning."""
        ms = diff(until, self.ticks()) - 1
        time.sleep(ms / 1000 if ms > 0 else 0)

    def clock(self):
        """Give unix time in s, 0 when nobody has set the clock."""
        now = time.time()
        return now if now > _YEAR_2024 else 0


def find():
    """Give the Board that this is.

    Raises RuntimeError with the file to write when the board is not known.
    """
    name = pins.board_id
    try:
        table = __import__("backbeat.board." + name, None, None, ("SCL",))
    except ImportError as error:
        raise RuntimeError(
            "Backbeat does not know the board " + name + ": add /lib/backbeat/board/" + name + ".py with its pins, "
            "like raspberry_pi_pico.py."
        ) from error
    return Board(table)
