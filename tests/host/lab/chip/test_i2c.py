import pytest

from backbeat_host.lab.chip.i2c import I2C, VirtualBus
from backbeat_host.lab.clock import VirtualClock


class Echo:
    """A chip that remembers what it was told and counts upward when read."""

    def __init__(self):
        self.told = []
        self.during_read = lambda: None

    def write(self, data):
        self.told.append(bytes(data))

    def read(self, length):
        return bytes(range(1, length + 1))


@pytest.fixture
def bus():
    made = VirtualBus(VirtualClock())
    made.attach(0x42, Echo())
    return made


def opened(bus: VirtualBus, frequency: int = 100_000) -> I2C:
    i2c = I2C(bus, frequency, lambda: None)
    assert i2c.try_lock()
    return i2c


def test_nothing_works_without_the_lock(bus):
    i2c = I2C(bus, 100_000, lambda: None)
    for act in (
        i2c.scan,
        lambda: i2c.writeto(0x42, b"1"),
        lambda: i2c.readfrom_into(0x42, bytearray(1)),
        lambda: i2c.writeto_then_readfrom(0x42, b"1", bytearray(1)),
    ):
        with pytest.raises(RuntimeError, match=r"^Function requires lock$"):
            act()


def test_the_lock_is_given_once(bus):
    i2c = opened(bus)
    assert not i2c.try_lock()
    i2c.unlock()
    assert i2c.try_lock()


def test_a_write_costs_nine_bits_a_byte_and_one_for_start_and_stop(bus):
    i2c = opened(bus, 100_000)
    i2c.writeto(0x42, b"abc")
    assert bus.clock.ns == (1 + 9 * 4 + 1) * 10_000
    assert bus.targets[0x42].told == [b"abc"]


def test_write_then_read_costs_a_restart_and_the_address_again(bus):
    i2c = opened(bus, 400_000)
    answer = bytearray(6)
    i2c.writeto_then_readfrom(0x42, b"\x22", answer)
    assert bus.clock.ns == (1 + 9 + 9 + 1 + 9 + 6 * 9 + 1) * 2_500
    assert answer == bytes([1, 2, 3, 4, 5, 6])


def test_only_the_named_part_of_each_buffer_is_used(bus):
    i2c = opened(bus)
    buffer = bytearray(b"........")
    i2c.writeto_then_readfrom(0x42, b"abcd", buffer, out_start=1, out_end=3, in_start=2, in_end=5)
    assert bus.targets[0x42].told == [b"bc"]
    assert buffer == b"..\x01\x02\x03..."
    i2c.writeto(0x42, b"abcd", start=2)
    i2c.readfrom_into(0x42, buffer, end=1)
    assert bus.targets[0x42].told[-1] == b"cd"
    assert buffer == b"\x01.\x01\x02\x03..."


def test_an_address_that_does_not_answer_costs_its_byte_and_raises_enodev(bus):
    i2c = opened(bus)
    with pytest.raises(OSError, match="No such device") as raised:
        i2c.writeto(0x43, b"abc")
    assert raised.value.errno == 19
    assert bus.clock.ns == (1 + 9 + 1) * 10_000


def test_scan_finds_what_is_plugged_in(bus):
    i2c = opened(bus)
    bus.attach(0x6A, Echo())
    assert i2c.scan() == [0x42, 0x6A]
    bus.detach(0x42)
    assert i2c.scan() == [0x6A]


def test_a_chip_unplugged_in_mid_read_leaves_ones(bus):
    i2c = opened(bus, 100_000)
    byte = 90_000
    bus.clock.schedule(11 * 10_000 + 3 * byte, lambda: bus.detach(0x42))  # stop bit of the address and three bytes
    answer = bytearray(6)
    i2c.readfrom_into(0x42, answer)
    assert answer[:2] == b"\x01\x02"
    assert answer[4:] == b"\xff\xff"


@pytest.mark.parametrize("instant", range(0, 83 * 2_500 + 5_000, 1_250))
def test_what_happens_during_a_transfer_changes_nothing_of_it(bus, instant):
    i2c = opened(bus, 400_000)
    seen = []
    bus.clock.schedule(instant, lambda: seen.append(bus.clock.ns))
    answer = bytearray(6)
    i2c.writeto_then_readfrom(0x42, b"\x22", answer)
    assert bus.clock.ns == (1 + 9 + 9 + 1 + 9 + 6 * 9 + 1) * 2_500
    assert answer == bytes([1, 2, 3, 4, 5, 6])
    assert seen == ([instant] if instant <= bus.clock.ns else [])


@pytest.mark.parametrize("bit", range(85))
def test_a_chip_unplugged_at_any_bit_answers_up_to_there(bus, bit):
    i2c = opened(bus, 400_000)
    bus.clock.schedule(bit * 2_500, lambda: bus.detach(0x42))
    answer = bytearray(6)
    if bit <= 1 + 9:  # start and address
        with pytest.raises(OSError, match="No such device"):
            i2c.writeto_then_readfrom(0x42, b"\x22", answer)
        assert bus.clock.ns == (1 + 9 + 1) * 2_500
        return
    i2c.writeto_then_readfrom(0x42, b"\x22", answer)
    assert bus.clock.ns == 84 * 2_500
    whole = min(max(bit - 29, 0) // 9, 6)  # 29: start, address, register, restart, address
    assert answer == bytes(range(1, whole + 1)) + b"\xff" * (6 - whole)


def test_a_bus_given_back_is_gone(bus):
    freed = []
    i2c = I2C(bus, 100_000, lambda: freed.append(1))
    i2c.deinit()
    i2c.deinit()
    assert freed == [1]
    with pytest.raises(ValueError, match="deinitialized"):
        i2c.try_lock()
