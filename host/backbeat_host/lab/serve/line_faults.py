"""What goes wrong on the cable after so many bytes, both ways together: pulled, the board reset or dumb; or garbled."""

from collections.abc import Callable


class LineFaults:
    """Counts the bytes and strikes; each fault is None until somebody sets it."""

    def __init__(self) -> None:
        self.count = 0
        """Bytes that went and came so far."""
        self.after: dict[int, Callable[[], object]] = {}
        """What happens as soon as so many bytes have gone by, exactly then; once."""
        self.garbage: int | None = None
        """Every so manieth byte that the board sends is another one."""
        self.dumb = False
        """Whether the board hears and says nothing any more."""
        self._sent = 0

    def came(self, packet: bytes) -> bytes:
        """What the board gets of a packet."""
        if self.dumb:
            return b""
        packet = packet[: self._left(len(packet))]
        self._strike(len(packet))
        return packet

    def goes(self, packet: bytes) -> bytes:
        """What goes into the cable of a packet."""
        if self.dumb:
            return b""
        packet = packet[: self._left(len(packet))]
        if self.garbage:
            numbers = range(self._sent + 1, self._sent + 1 + len(packet))
            packet = bytes(
                byte ^ 0x55 if number % self.garbage == 0 else byte
                for number, byte in zip(numbers, packet, strict=True)
            )
        return packet

    def went(self, count: int) -> None:
        """So many bytes are in the cable."""
        self._sent += count
        self._strike(count)

    def _left(self, most: int) -> int:
        return min([most, *(at - self.count for at in self.after if at > self.count)])

    def _strike(self, count: int) -> None:
        self.count += count
        for at in [at for at in self.after if at <= self.count]:
            self.after.pop(at)()
