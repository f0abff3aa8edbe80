"""A fake Pico with the u2if firmware, with the virtual bus behind it: reset and the I2C commands of its first bus."""

from .fake_hid import REPORT, FakeHid

_RESET, _INIT, _WRITE, _READ, _WRITE_THEN_READ = 0x10, 0x80, 0x82, 0x83, 0x85
_OK = 1
_HEAD = 2  # bytes of an answer before the data


class U2if(FakeHid):
    """The adapter."""

    USB = (0xCAFE, 0x4005)

    def reset(self) -> None:
        self._i2c = None

    def take(self, report: bytes, answer: bytearray) -> bool:
        command, address = report[0], report[1]
        if command == _RESET:
            self.reset()
            return False
        if command == _INIT:
            self._i2c = self.i2c(int.from_bytes(report[2:6], "little"))
            answer[1] = _OK
            return True
        assert self._i2c is not None, "the bus was not set up"
        try:
            if command == _WRITE:
                length = int.from_bytes(report[3:7], "little")
                self._i2c.writeto(address, report[7 : 7 + length])
            elif command == _READ:
                self._answer(answer, report[3], lambda data: self._i2c.readfrom_into(address, data))
            else:
                assert command == _WRITE_THEN_READ, f"u2if has no command {command:#x}"
                out = report[5 : 5 + report[3]]
                self._answer(answer, report[4], lambda data: self._i2c.writeto_then_readfrom(address, out, data))
        except OSError:
            return True
        answer[1] = _OK
        return True

    def _answer(self, answer, length, read) -> None:
        assert length <= REPORT - _HEAD, "it does not fit into one report"
        data = bytearray(length)
        read(data)
        answer[_HEAD : _HEAD + length] = data
