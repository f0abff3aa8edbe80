"""The board object that the main loop works with, put together from the pins that a board file names."""

import sys
import time

import board as pins
import microcontroller
import supervisor
import usb_cdc
from watchdog import WatchDogMode

from backbeat import events, nvm
from backbeat.board.battery import Battery
from backbeat.board.button import Button
from backbeat.board.haptic import Haptic
from backbeat.board.imu import Fifo
from backbeat.board.light import Light
from backbeat.board.sounder import Sounder
from backbeat.board.store import Store
from backbeat.ticks import diff

_YEAR_2024 = 1_704_067_200  # unix s: an unset clock starts in 2000 or 1970
_WATCH_S = 8  # the RP2040's watchdog counts to 8.388
_OUTLIVES_RESET = sys.platform[:3] == "nRF"  # the nRF52840's goes on through a reset by software


class Board:
    """`faults`: a bit for each part that failed, in the order of the faults' codes from SOUND_FAULT on."""

    def __init__(self, table):
        self.id = pins.board_id
        self.uid = "".join(["%02x" % byte for byte in microcontroller.cpu.uid])
        self.ticks = supervisor.ticks_ms
        self.console = usb_cdc.console
        if self.console is not None:
            self.console.write_timeout = 0  # open, but not read, it would stall the run
        self.faults = 0
        self.sounder = self._part(events.SOUND_FAULT, Sounder, table.SOUNDER) or _Absent()
        self.haptic = self._part(events.TOUCH_FAULT, Haptic, table.HAPTIC) or _Absent()
        if table.NEOPIXEL is None:
            light = self._part(events.LIGHT_FAULT, Light, table.LIGHT, table.LIGHT_ON)
        else:
            from backbeat.board.pixel import Pixel

            light = self._part(events.LIGHT_FAULT, Pixel, table.NEOPIXEL, table.NEOPIXEL_POWER)
        self.light = light or _Absent()
        self.button = self._part(events.BUTTON_FAULT, Button, table.BUTTON) or _Absent()
        self.battery = self._part(
            events.BATTERY_FAULT, Battery, table.BATTERY, table.BATTERY_RATIO, table.BATTERY_ENABLE, table.CHARGING
        )
        self.store = Store()
        self.fifo = Fifo(table)
        dog = microcontroller.watchdog
        self._dog = dog if dog is not None and dog.mode is not None else None  # it outlives a reload

    def _part(self, fault, kind, pin, *more):
        if pin is None:
            return None
        try:
            return kind(pin, *more)
        except Exception:
            self.faults |= 1 << fault - events.SOUND_FAULT
            return None

    def rest(self, until):
        """Sleep up to the tick before `until`; the loop spins through the last one to meet its very beginning."""
        ms = diff(until, self.ticks()) - 1
        time.sleep(ms / 1000 if ms > 0 else 0)

    def clock(self):
        """Give unix time in s, 0 when nobody has set the clock."""
        now = time.time()
        return now if now > _YEAR_2024 else 0

    def watch(self):
        """Start the watchdog, but not where a laptop is connected: it would bite whoever works at the console."""
        dog = microcontroller.watchdog
        if dog is None or self._dog is not None or supervisor.runtime.usb_connected:
            return
        try:
            dog.timeout = _WATCH_S
            dog.mode = WatchDogMode.RESET
            self._dog = dog
        except Exception:
            pass  # a run without one is a run

    def feed(self):
        """Tell the watchdog that all is well."""
        if self._dog is not None:
            self._dog.feed()

    def plugged(self):
        """Tell whether the board charges or hangs on a laptop."""
        return supervisor.runtime.usb_connected or (self.battery is not None and self.battery.charging())

    def service(self):
        """Start anew, in service mode."""
        self._restart(nvm.SERVICE)

    def begin(self):
        """Start anew, with a session at once."""
        self._restart(nvm.AT_ONCE)

    def _restart(self, wish):
        nvm.ask(microcontroller.nvm, wish)
        while self._dog is not None and _OUTLIVES_RESET:
            time.sleep(1)  # it would bite in service: its own bite ends it
        microcontroller.reset()


class _Absent:
    """Stands for a part that is not there."""

    on = off = pressed = lambda self, hz=0, volume=0: False
