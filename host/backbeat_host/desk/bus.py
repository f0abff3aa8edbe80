"""The chip's bus as the firmware sees it: `busio.I2C` in front of Blinka's, for adapters as they are.

Every failure is an OSError, whatever an adapter's library raises; the FIFO's words are fetched several samples at
once, for an adapter takes milliseconds for each transfer; an adapter that was pulled out is opened anew.
"""

import errno
from collections.abc import Callable
from typing import Any

from backbeat_host.desk.adapter import ADAPTERS, Usb, Wires, on_usb, wires

# The two families' FIFO registers, from ST's datasheets: status (level in words) and data, which a burst reads over
# and over.
_STATUS = 0x3A
_WHO_AM_I = 0x0F
_WORD_BYTES = {0x78: 7, 0x3E: 2}  # LSM6DSOX: a tag and three numbers; LSM6DS3 and its kin: one number
_LEVEL_MASK = {0x78: 0x3FF, 0x3E: 0xFFF}
_MOST = {"u2if": 56}  # bytes at once: u2if's answer is one report of 62
_MOST_ELSEWHERE = 112
_TRIES = 3  # after so many in vain an adapter that is there is opened anew


class Bus:
    """One bus for the whole run, however often the firmware opens it."""

    def __init__(self, opened: Wires, there: Callable[[], set[Usb]] = on_usb) -> None:
        self.name = opened.name
        self._i2c = opened.i2c
        self._there = there
        self._usb = ADAPTERS[opened.name].usb
        self._away = False
        self._failed = 0  # times the firmware opened the bus since it worked last
        self._level = 0  # words that wait in the chip, as far as it told
        self._stock = b""  # what was fetched and not yet asked for
        self._who = b""  # WHO_AM_I, asked after what was fetched last: it was no torn read, and need not be asked again
        self._locked = False

    def open(self) -> "Bus":
        """Begin anew: the firmware does so at the start, and whenever the chip was lost.

        Raises:
            OSError: the adapter is away.
        """
        self._locked = False
        self._drop()
        if self._usb and self._failed:
            self._away = self._away or not self._usb & self._there()
            if self._away or self._failed >= _TRIES:
                self._reopen()
        self._failed += 1
        return self

    def at_hand(self) -> bool:
        """Tell whether the FIFO's next bytes need no transfer."""
        return bool(self._stock)

    def deinit(self) -> None:
        """Keep the bus: opening it takes long, and nobody else wants it."""

    def try_lock(self) -> bool:
        """Take the lock; False if it is taken."""
        taken = self._locked
        self._locked = True
        return not taken

    def unlock(self) -> None:
        """Give the lock back."""
        self._locked = False

    def writeto(self, address: int, buffer: Any, **part: Any) -> None:
        """Write to a chip."""
        self._drop()
        self._do(self._i2c.writeto, address, buffer, **part)

    def readfrom_into(self, address: int, buffer: Any, **part: Any) -> None:
        """Read from a chip."""
        self._do(self._i2c.readfrom_into, address, buffer, **part)

    def writeto_then_readfrom(self, address: int, out_buffer: Any, in_buffer: Any, **part: Any) -> None:
        """Write, then read after a repeated start."""
        register = out_buffer[0]
        if register in _WORD_BYTES and not part:
            self._take(address, register, out_buffer, in_buffer)
            return
        if register == _WHO_AM_I and self._who:
            in_buffer[:] = self._who
            return
        self._do(self._i2c.writeto_then_readfrom, address, out_buffer, in_buffer, **part)
        if register == _STATUS:
            self._level = in_buffer[0] | in_buffer[1] << 8
            self._failed = 0
        elif register == _WHO_AM_I and self._stock:
            self._who = bytes(in_buffer)

    def _take(self, address: int, register: int, out_buffer: Any, in_buffer: Any) -> None:
        """Give the FIFO's next bytes; what the chip has beyond them is fetched along."""
        wanted = len(in_buffer)
        missing = wanted - len(self._stock)
        if missing > 0:
            there = (self._level & _LEVEL_MASK[register]) * _WORD_BYTES[register]
            most = _MOST.get(self.name, _MOST_ELSEWHERE) // wanted * wanted
            fetched = bytearray(max(missing, min(there, most) // wanted * wanted))
            self._do(self._i2c.writeto_then_readfrom, address, out_buffer, fetched)
            self._level = max(0, there - len(fetched)) // _WORD_BYTES[register]
            self._stock += bytes(fetched)
        in_buffer[:] = self._stock[:wanted]
        self._stock = self._stock[wanted:]

    def _do(self, action: Callable[..., object], *arguments: Any, **part: Any) -> None:
        self._who = b""
        try:
            action(*arguments, **part)
        except OSError:
            self._drop()
            raise
        except Exception as error:  # u2if and the FTDI's library have errors of their own
            self._drop()
            raise OSError(errno.EIO, str(error)) from error

    def _drop(self) -> None:
        self._level = 0
        self._stock = b""

    def _reopen(self) -> None:
        try:
            self._i2c = wires(self.name, again=True).i2c
        except Exception as error:
            raise OSError(errno.ENODEV, str(error)) from error
        self._away = False
        self._failed = 0
