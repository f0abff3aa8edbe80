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


@pytest.mark.parametrize("after", range(6))
def test_a_chip_can_be_unplugged_after_so_many_bytes_of_a_read(bus, after):
    i2c = opened(bus, 400_000)
    bus.detach_in_read(0x42, after)
    for length in range(after + 1):  # none of these is long enough
        i2c.readfrom_into(0x42, bytearray(length))
    answer = bytearray(6)
    i2c.writeto_then_readfrom(0x42, b"\x22", answer)
    assert answer == bytes(range(1, after + 1)) + b"\xff" * (6 - after)
    assert i2c.scan() == []
    bus.attach(0x42, Echo())
    i2c.readfrom_into(0x42, answer)
    assert answer == bytes(range(1, 7))


# ---- faults ----

ACTS = {
    "write": lambda i2c: i2c.writeto(0x42, b"1"),
    "read": lambda i2c: i2c.readfrom_into(0x42, bytearray(1)),
    "write then read": lambda i2c: i2c.writeto_then_readfrom(0x42, b"1", bytearray(1)),
    "scan": lambda i2c: i2c.scan(),
}


@pytest.fixture(params=ACTS.values(), ids=ACTS)
def act(request):
    return request.param


@pytest.mark.parametrize("line", ["scl", "sda"])
def test_a_line_held_low_costs_every_transaction_a_second_and_raises_etimedout(bus, act, line):
    i2c = opened(bus)
    bus.stuck_low = line
    with pytest.raises(OSError, match="ETIMEDOUT") as raised:
        act(i2c)
    assert raised.value.errno == 116
    assert bus.clock.ns == 10**9
    assert bus.targets[0x42].told == []
    assert bus.lines_low() == (line == "scl", line == "sda")


def test_a_line_let_go_leaves_the_bus_as_it_was(bus, act):
    i2c = opened(bus)
    bus.stuck_low = "sda"
    with pytest.raises(OSError, match="ETIMEDOUT"):
        act(i2c)
    bus.stuck_low = None
    act(i2c)
    assert bus.lines_low() == (False, False)


@pytest.mark.parametrize("bit", range(0, 84, 3))
def test_a_line_caught_in_mid_transfer_breaks_it_off(bus, bit):
    i2c = opened(bus, 400_000)
    bus.clock.schedule(bit * 2_500, lambda: setattr(bus, "stuck_low", "sda"))
    with pytest.raises(OSError, match="ETIMEDOUT"):
        i2c.writeto_then_readfrom(0x42, b"\x22", bytearray(6))
    assert bus.clock.ns >= 10**9


def test_clock_pulses_free_sda_when_the_chip_has_shifted_its_byte_out(bus):
    bus.stuck_low = "sda"
    bus.stuck_for_pulses = 9
    for _ in range(8):
        bus.clock_pulse()
    assert bus.lines_low() == (False, True)
    bus.clock_pulse()
    assert bus.lines_low() == (False, False)
    opened(bus).writeto(0x42, b"1")


@pytest.mark.parametrize(("line", "pulses"), [("scl", 9), ("sda", None)])
def test_pulses_do_not_help_a_held_clock_nor_a_dead_chip(bus, line, pulses):
    bus.stuck_low = line
    bus.stuck_for_pulses = pulses
    for _ in range(20):
        bus.clock_pulse()
    assert bus.stuck_low == line


def test_unplugging_the_only_chip_frees_its_line(bus):
    bus.stuck_low = "sda"
    bus.detach(0x42)
    assert bus.lines_low() == (False, False)
    with pytest.raises(OSError, match="No such device"):
        opened(bus).writeto(0x42, b"1")


def test_a_burst_of_nacks_fails_so_many_transactions_and_no_more(bus):
    i2c = opened(bus)
    bus.nack(3)
    for act in list(ACTS.values())[:3]:
        with pytest.raises(OSError, match="No such device") as raised:
            act(i2c)
        assert raised.value.errno == 19
    assert bus.targets[0x42].told == []
    i2c.writeto(0x42, b"1")
    assert bus.targets[0x42].told == [b"1"]


def missed(bus, probability, seed):
    i2c = opened(bus)
    bus.nack_at_random(probability, seed)
    failures = []
    for number in range(1000):
        answer = bytearray(3)
        try:
            i2c.writeto_then_readfrom(0x42, b"1", answer)
            assert answer == b"\x01\x02\x03"
        except OSError:
            failures.append(number)
    i2c.unlock()
    bus.nack_at_random(0, 0)
    return failures


def test_nacks_at_random_come_as_often_as_said_and_the_same_for_a_seed(bus):
    failures = missed(bus, 0.1, seed=7)
    assert 70 < len(failures) < 130
    assert failures == missed(bus, 0.1, seed=7) != missed(bus, 0.1, seed=8)
    assert missed(bus, 0, seed=7) == []


def test_a_chip_unplugged_in_mid_read_leaves_ones_under_random_nacks_too(bus):
    i2c = opened(bus, 100_000)
    bus.nack_at_random(1e-9, 1)
    bus.clock.schedule(11 * 10_000 + 3 * 90_000, lambda: bus.detach(0x42))
    answer = bytearray(6)
    i2c.readfrom_into(0x42, answer)
    assert answer[:2] == b"\x01\x02"
    assert answer[4:] == b"\xff\xff"
