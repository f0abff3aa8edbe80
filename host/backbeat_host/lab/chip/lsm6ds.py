"""What the register-level chips share: a motion becomes conversions, registers, FIFO and interrupts on the virtual bus.

Simulated: reset, ranges, data rates and their error, output registers, data ready, FIFO, free-fall and wake-up, the
interrupt pins, the last bit's flicker, a chip gone mad. Faked: temperature is constant, filters and settling times are
absent, the bank switch hides nothing. Conversions are made late, when somebody looks: the chip costs nothing while
nobody does.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from struct import pack
from typing import Literal

from backbeat_host.lab.chip import registers as reg
from backbeat_host.lab.chip.engines import Engines
from backbeat_host.lab.chip.fifo import Fifo
from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.motion import Motion


def rate_error(hz: int | Fraction) -> Fraction:
    """Give the oscillator's error that makes the 104 Hz setting (nominally 6667 / 64 = 104.17 Hz) so many Hz."""
    return Fraction(hz) * reg.RATE_DIVIDERS[4] / reg.BASE_RATE_HZ - 1


# Recordings are at 104 Hz: a chip slow by 11 / 6667 (-0.165 %, well inside the part's tolerance) converts at exactly
# that, so a recording passes row for row.
DEFAULT_RATE_ERROR = rate_error(104)

STILL_AT_MOST = 32
"""Equal conversions in a row. A real chip's values never stand still for so long: of a motion that does, every 33rd,
65th and so on has the gyro's z changed by one count, the axis whose flicker disturbs a still wearer's figures least."""

Nonsense = Literal["stuck", "zeros", "ones"]
_NONSENSE_BYTES = {"zeros": 0x00, "ones": 0xFF}

_NS_PER_S = 10**9
_NEVER = 2**63
_RESET_NS = 50_000  # the part takes about 50 us to reset itself
_TEMPERATURE_ZERO_C = 25.0


class LSM6DS(ABC):
    """A chip of the family, as a target of the virtual bus; each part says below what is its own."""

    DEFAULTS: Mapping[int, int]
    """Every register that is not zero after power-on."""
    READ_ONLY: frozenset[int]
    ACCEL_RATES: Mapping[int, int] = reg.RATE_DIVIDERS_TO_1_6_HZ
    """Rate code of CTRL1_XL -> divider."""
    FIFO_DATA: range
    FIFO_STATUS_SIZE: int
    FIFO_STATUS_READS: tuple[int, ...]
    """Lengths of reads from FIFO_STATUS1 on that go the short way; they acknowledge, so FIFO_STATUS2 is in them."""
    TEMPERATURE_PER_C = 256

    def __init__(
        self, clock: VirtualClock, motion: Motion, *, rate_error: float | Fraction = DEFAULT_RATE_ERROR
    ) -> None:
        self.motion = motion
        self.on_popped: Callable[[int], None] | None = None
        """Called with the number of complete samples (gyro and accelerometer) a read took out of the FIFO."""
        self.temperature_c = 25.0
        self._clock = clock
        self.rate_error = Fraction(rate_error).limit_denominator(10**9)
        base = reg.BASE_RATE_HZ * (1 + self.rate_error)
        self._num, self._den = base.numerator, base.denominator * _NS_PER_S
        self._nonsense: Nonsense | None = None
        self._answer: int | None = None
        self._frozen: Sequence[int] | None = None
        self.power_on()

    def power_on(self) -> None:
        """All registers to their defaults; the FIFO is empty, both sensors sleep. A chip gone mad stays so."""
        self._registers = bytearray(256)
        for register, value in self.DEFAULTS.items():
            self._registers[register] = value
        self._pointer = 0
        self._data_from = self.FIFO_DATA.start
        self._reset_until = 0
        self.fifo = self._new_fifo()
        self._engines = self._new_engines()
        self._engines_on = False
        self._felt: Sequence[int] = (0, 0, 0, 0, 0, 0)
        self._same = 0
        self._accel: Sequence[int] = (0, 0, 0)
        self._gyro: Sequence[int] = (0, 0, 0)
        self._ready = 0
        self._held: set[int] = set()
        self._schedule()

    # ---- what each part has of its own ----

    @abstractmethod
    def _new_fifo(self) -> Fifo: ...

    @abstractmethod
    def _new_engines(self) -> Engines: ...

    @abstractmethod
    def _configure_fifo(self) -> None:
        """A register was written, perhaps one of the FIFO's controls."""

    @abstractmethod
    def _pace_fifo(self) -> bool:
        """Rates have changed; tell whether every conversion is of both sensors and stores both."""

    @abstractmethod
    def _fill_fifo(self, tick: int) -> None:
        """A conversion was made."""

    @abstractmethod
    def _wants_engines(self) -> bool:
        """Whether the registers switch the motion engines on."""

    # ---- faults ----

    @property
    def nonsense(self) -> Nonsense | None:
        """What the chip answers instead of the truth: outputs and FIFO stuck at one sample, all zeros, all ones.

        Set it at any time; neither a reset nor a plug cures it, only None does.
        """
        return self._nonsense

    @nonsense.setter
    def nonsense(self, kind: Nonsense | None) -> None:
        self._catch_up()
        self._nonsense = kind
        self._answer = None if kind is None else _NONSENSE_BYTES.get(kind)
        self._frozen = self._felt if kind == "stuck" else None

    # ---- the bus ----

    def write(self, data: bytes) -> None:
        """The first byte sets the register, the rest are written from there on."""
        if not data:
            return
        self._pointer = data[0]
        for value in data[1:]:
            self._write_register(self._pointer, value)
            self._step()

    def read(self, length: int) -> bytes:
        """Read on from where the last write or read left off."""
        if self._answer is not None:
            return bytes((self._answer,)) * length
        if self._next_ns <= self._clock.ns:
            self._catch_up()
        if self._counts_up:  # the two reads of every main loop have a short way
            pointer, fifo = self._pointer, self.fifo
            if pointer == self._data_from and length % fifo.WORD == 0:
                return self._read_words(length // fifo.WORD)
            if pointer == reg.FIFO_STATUS1 and length in self.FIFO_STATUS_READS:
                status = fifo.status()
                fifo.acknowledge()
                self._pointer = pointer + length
                return bytes(status[:length])
        answer = bytearray(length)
        for place in range(length):
            answer[place] = self._read_register(self._pointer)
            self._step()
        return bytes(answer)

    # ---- the pins ----

    def int1(self) -> bool:
        """Level of pin INT1."""
        return self._interrupt(reg.INT1_CTRL, reg.MD1_CFG)

    def int2(self) -> bool:
        """Level of pin INT2."""
        return self._interrupt(reg.INT2_CTRL, reg.MD2_CFG)

    # ---- time ----

    def conversion_after(self, ns: int, divider: int = 64) -> int:
        """The first instant later than `ns` at which the chip converts (at 104 Hz, or by another divider).

        A recording is begun there, so what stood still before does not make its first rows flicker.
        """
        self._catch_up()
        self._same = 0
        tick = self._tick_at(ns) // divider * divider + divider
        return self._tick_ns(tick)

    def _tick_at(self, ns: int) -> int:
        """The last oscillator tick not after `ns`."""
        return ((ns + 1) * self._num - 1) // self._den

    def _tick_ns(self, tick: int) -> int:
        return tick * self._den // self._num

    def _schedule(self) -> None:
        """Work out, from the registers, which conversions come next; none of those up to now comes again."""
        registers = self._registers
        self._accel_every = self.ACCEL_RATES.get(registers[reg.CTRL1_XL] >> 4, 0)
        self._gyro_every = reg.RATE_DIVIDERS.get(registers[reg.CTRL2_G] >> 4, 0)
        self._accel_gain = reg.ACCEL_GAIN[registers[reg.CTRL1_XL] >> 2 & 3]
        gyro_range = registers[reg.CTRL2_G]
        self._gyro_gain = reg.GYRO_GAIN_125 if gyro_range & 2 else reg.GYRO_GAIN[gyro_range >> 2 & 3]
        periods = [every for every in (self._accel_every, self._gyro_every) if every]
        self._period = min(periods, default=0)
        self._counts_up = bool(registers[reg.CTRL3_C] & reg.IF_INC)
        engines_on = self._wants_engines()
        if engines_on and not self._engines_on:
            self._engines.restart()
        self._engines_on = engines_on
        # The usual case has a short way: both sensors at one rate, both batched, nothing rescaled, no engines.
        self._plain = (
            self._pace_fifo() and self._accel_gain == self._gyro_gain == 1 and self.fifo.active and not self._engines_on
        )
        if not self._period:
            self._next_ns = _NEVER
            return
        now = self._tick_at(self._clock.ns)
        self._next_tick = now - now % self._period + self._period
        self._next_ns = self._tick_ns(self._next_tick)

    def _catch_up(self) -> None:
        """Make every conversion due by now."""
        now, due = self._clock.ns, self._next_ns
        if due > now:
            return
        frozen = self._frozen
        at = self.motion.at if frozen is None else lambda _: frozen
        tick, plain, put, felt = self._next_tick, self._plain, self.fifo.put_both, self._felt
        while due <= now:
            counts = at(due)
            if counts != felt:
                self._felt = felt = counts
                self._same = 1
            else:
                self._same += 1
                if self._same > STILL_AT_MOST and self._same % STILL_AT_MOST == 1 and frozen is None:
                    counts = (*counts[:5], counts[5] ^ 1)
            if plain:
                put(counts)
            else:
                self._convert(tick, counts[:3], counts[3:])
            tick += self._period
            due = tick * self._den // self._num
        self._next_tick, self._next_ns = tick, due
        if plain:
            self._accel, self._gyro = counts[:3], counts[3:]
            self._ready = reg.XLDA | reg.GDA | reg.TDA

    def _convert(self, tick: int, accel: Sequence[int], gyro: Sequence[int]) -> None:
        self._ready |= reg.TDA
        if self._accel_every and tick % self._accel_every == 0:
            self._accel = _scaled(accel, self._accel_gain)
            self._ready |= reg.XLDA
            if self._engines_on:
                self._engines.feed(accel, self._registers)
        if self._gyro_every and tick % self._gyro_every == 0:
            self._gyro = _scaled(gyro, self._gyro_gain)
            self._ready |= reg.GDA
        if self.fifo.active:
            self._fill_fifo(tick)

    # ---- registers ----

    def _step(self) -> None:
        if self._pointer == self.FIFO_DATA[-1]:
            self._pointer = self._data_from  # the roll-over that lets one burst read the whole FIFO
        elif self._counts_up:
            self._pointer = (self._pointer + 1) & 0xFF

    def _write_register(self, register: int, value: int) -> None:
        if register in self.READ_ONLY:
            return
        self._catch_up()
        if register == reg.CTRL3_C and value & (reg.SW_RESET | reg.BOOT):
            pointer = self._pointer
            self.power_on()
            self._pointer = pointer
            self._reset_until = self._clock.ns + _RESET_NS
            return
        self._registers[register] = value
        self._configure_fifo()
        self._schedule()

    def _read_register(self, register: int) -> int:
        if reg.OUT_TEMP_L <= register <= reg.OUTZ_H_A:
            return self._read_output(register)
        if register in self.FIFO_DATA:
            value = self.fifo.peek(register - self.FIFO_DATA.start)
            if register == self.FIFO_DATA[-1]:
                self._read_words(1)
            return value
        if 0 <= register - reg.FIFO_STATUS1 < self.FIFO_STATUS_SIZE:
            value = self.fifo.status()[register - reg.FIFO_STATUS1]
            if register == reg.FIFO_STATUS2:
                self.fifo.acknowledge()
            return value
        if register == reg.STATUS_REG:
            return self._ready
        if register == reg.CTRL3_C and self._clock.ns < self._reset_until:
            return self._registers[register] | reg.SW_RESET
        if register == reg.WAKE_UP_SRC:
            value = self._engines.source
            self._engines.acknowledge()
            return value
        return self._registers[register]

    def _read_output(self, register: int) -> int:
        """An output byte; under BDU an axis keeps its value from the reading of its low byte to that of its high."""
        low = register & ~1
        registers = self._registers
        if low not in self._held:
            registers[low : low + 2] = pack("<h", self._output(low))
        if register == low:
            if registers[reg.CTRL3_C] & reg.BDU:
                self._held.add(low)
        else:
            self._held.discard(low)
            self._ready &= ~(reg.TDA if low < reg.OUTX_L_G else reg.GDA if low < reg.OUTX_L_A else reg.XLDA)
        return registers[register]

    def _output(self, low: int) -> int:
        if low == reg.OUT_TEMP_L:
            return round((self.temperature_c - _TEMPERATURE_ZERO_C) * self.TEMPERATURE_PER_C)
        if low < reg.OUTX_L_A:
            return self._gyro[(low - reg.OUTX_L_G) // 2]
        return self._accel[(low - reg.OUTX_L_A) // 2]

    def _read_words(self, words: int) -> bytes:
        taken = self.fifo.take(words)
        if self.on_popped is not None:
            samples = self.fifo.samples(taken)
            if samples:
                self.on_popped(samples)
        return taken

    def _interrupt(self, control: int, routing: int) -> bool:
        self._catch_up()
        registers = self._registers
        wanted, routed = registers[control], registers[routing]
        source = self._engines.source if self._engines_on else 0
        level = bool(
            (wanted & reg.INT_DRDY_XL and self._ready & reg.XLDA)
            or (wanted & reg.INT_DRDY_G and self._ready & reg.GDA)
            or (wanted & reg.INT_FIFO_TH and self.fifo.over_watermark)
            or (wanted & reg.INT_FIFO_OVR and self.fifo.filled)
            or (wanted & reg.INT_FIFO_FULL and self.fifo.full_next)
            or (routed & reg.MD_FREE_FALL and source & reg.SRC_FREE_FALL)
            or (routed & reg.MD_WAKE_UP and source & reg.SRC_WAKE_UP)
        )
        return level != bool(registers[reg.CTRL3_C] & reg.H_LACTIVE)


def _scaled(counts: Sequence[int], gain: int) -> Sequence[int]:
    """Counts of the full range in those of the range set, clipped as the part clips. Every ratio is a whole number."""
    return counts if gain == 1 else [max(-32768, min(32767, count * gain)) for count in counts]
