"""A fake MCP2221 that speaks Microchip's HID protocol, with the virtual bus behind it.

Simulated: I2C writes and reads with and without stop, in pieces of 60 bytes, no answer and the state it leaves until
it is cancelled, GPIO and SRAM commands as far as Blinka sets pins up. Faked: a transfer on the wires is over when its
command is answered.
"""

from .fake_hid import FakeHid

_PIECE = 60
_STATUS, _GET_DATA, _RESET = 0x10, 0x40, 0x70
_SET_PINS = 0x50
_NO_MATTER = (0x51, 0x60, 0x61)
_WRITE, _WRITE_NO_STOP = 0x90, 0x94
_READ, _READ_RESTART = 0x91, 0x93
_NACK_STATE, _NO_STOP_STATE, _NACK_BIT = 0x25, 0x45, 0x40
_COMPLETE, _PARTIAL = 0x55, 0x54


class Mcp2221(FakeHid):
    """The adapter."""

    USB = (0x04D8, 0x00DD)

    def reset(self) -> None:
        self._i2c = self.i2c(100_000)
        self._state = 0
        self._nacked = False
        self._data = b""
        self._outputs: list[tuple[int, int]] = []

    def levels(self, pin: int) -> list[int]:
        """What a pin was set to, in order."""
        return [level for at, level in self._outputs if at == pin]

    def take(self, report: bytes, answer: bytearray) -> bool:
        command = report[0]
        if command == _RESET:
            self.reset()
            return False
        if command == _STATUS:
            self._status(report, answer)
        elif command in (_WRITE, _WRITE_NO_STOP):
            self._write(report, answer, stop=command == _WRITE)
        elif command in (_READ, _READ_RESTART):
            self._read(report)
        elif command == _GET_DATA:
            self._give(answer)
        elif command == _SET_PINS:
            self._outputs += [(pin, report[3 + 4 * pin]) for pin in range(4) if report[2 + 4 * pin]]
        else:
            assert command in _NO_MATTER, f"an MCP2221 has no command {command:#x}"
        return True

    def _status(self, report: bytes, answer: bytearray) -> None:
        if report[2] == 0x10:
            answer[2] = 0x10 if self._state else 0x11
            self._state, self._nacked, self._data = 0, False, b""
        if report[3] == 0x20:
            answer[3] = 0x20
            self._i2c = self.i2c(12_000_000 // (report[4] + 3))
        answer[8] = self._state
        answer[20] = _NACK_BIT if self._nacked else 0

    def _write(self, report: bytes, answer: bytearray, stop: bool) -> None:
        length = report[1] | report[2] << 8
        assert length <= _PIECE, "nothing here writes so much"
        if self._state not in (0, _NO_STOP_STATE):
            answer[1], answer[2] = 1, self._state
            return
        try:
            self._i2c.writeto(report[3] >> 1, report[4 : 4 + length])
        except OSError:
            self._state, self._nacked = _NACK_STATE, True
            return
        self._nacked = False
        self._state = 0 if stop else _NO_STOP_STATE

    def _read(self, report: bytes) -> None:
        assert report[3] & 1, "a read has the read bit in its address"
        data = bytearray(report[1] | report[2] << 8)
        try:
            self._i2c.readfrom_into(report[3] >> 1, data)
        except OSError:
            self._state, self._nacked, self._data = _NACK_STATE, True, b""
            return
        self._state = 0
        self._data = bytes(data)

    def _give(self, answer: bytearray) -> None:
        if self._nacked:
            answer[2] = _NACK_STATE
            return
        piece, self._data = self._data[:_PIECE], self._data[_PIECE:]
        answer[2] = _PARTIAL if self._data else _COMPLETE
        answer[3] = len(piece)
        answer[4 : 4 + len(piece)] = piece
