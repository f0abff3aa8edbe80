"""A register-level LSM6DSOX on the virtual bus: it turns a motion into conversions, registers, FIFO and interrupts.

Simulated: reset, ranges, data rates and their error, output registers, data ready, FIFO, free-fall and wake-up, the
interrupt pins. Faked: temperature is constant, filters and settling times are absent, the bank switch hides nothing.
Conversions are made late, when somebody looks: the chip costs nothing while nobody does.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from struct import pack

from backbeat_host.lab.chip import registers as reg
from backbeat_host.lab.chip.engines import Engines
from backbeat_host.lab.chip.fifo import ACCEL, GYRO, WORD, Fifo, count_words
from backbeat_host.lab.clock import VirtualClock
from backbeat_host.lab.motion import Motion

# The 104 Hz setting nominally makes 6667 / 64 = 104.17 Hz. Recordings are at 104 Hz: a chip slow by 11 / 6667
# (-0.165 %, well inside the part's tolerance) converts at exactly that, so a recording passes row for row.
DEFAULT_RATE_ERROR = Fraction(-11, reg.BASE_RATE_HZ)

_NS_PER_S = 10**9
_NEVER = 2**63
_RESET_NS = 50_000  # the part takes about 50 us to reset itself
_FREQ_FINE_STEP = Fraction(15, 10_000)
_TEMPERATURE_ZERO_C, _TEMPERATURE_PER_C = 25.0, 256


class LSM6DSOX:
    """The chip, as a target of the virtual bus."""

    def __init__(
        self, clock: VirtualClock, motion: Motion, *, rate_error: float | Fraction = DEFAULT_RATE_ERROR
    ) -> None:
        self.motion = motion
        self.on_popped: Callable[[int], None] | None = None
        """Called with the number of complete samples (gyro and accelerometer) a read took out of the FIFO."""
        self.temperature_c = 25.0
        self._clock = clock
        error = Fraction(rate_error).limit_denominator(10**7)
        self._freq_fine = max(-128, min(127, round(error / _FREQ_FINE_STEP))) & 0xFF
        base = reg.BASE_RATE_HZ * (1 + error)
        self._num, self._den = base.numerator, base.denominator * _NS_PER_S
        self.power_on()

    def power_on(self) -> None:
        """All registers to their defaults; the FIFO is empty, both sensors sleep."""
        self._registers = bytearray(256)
        for register, value in reg.DEFAULTS.items():
            self._registers[register] = value
        self._registers[reg.INTERNAL_FREQ_FINE] = self._freq_fine
        self._pointer = 0
        self._reset_until = 0
        self.fifo = Fifo()
        self._engines = Engines()
        self._accel: Sequence[int] = (0, 0, 0)
        self._gyro: Sequence[int] = (0, 0, 0)
        self._ready = 0
        self._held: set[int] = set()
        self._schedule()

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
        if self._next_ns <= self._clock.ns:
            self._catch_up()
        if self._counts_up:  # the two reads of every main loop have a short way
            if self._pointer == reg.FIFO_DATA_OUT_TAG and length % WORD == 0:
                return self._read_words(length // WORD)
            if self._pointer == reg.FIFO_STATUS1 and length == 2:
                status = self.fifo.status()
                self.fifo.acknowledge()
                self._pointer = reg.FIFO_STATUS2 + 1
                return bytes(status)
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
        """The first instant later than `ns` at which the chip converts (at 104 Hz, or by another divider)."""
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
        accel_code, gyro_code = registers[reg.CTRL1_XL] >> 4, registers[reg.CTRL2_G] >> 4
        batch = registers[reg.FIFO_CTRL3]
        self._accel_every = reg.RATE_DIVIDERS.get(accel_code, reg.ACCEL_SLOWEST if accel_code == 11 else 0)
        self._gyro_every = reg.RATE_DIVIDERS.get(gyro_code, 0)
        self._accel_batch = _batch_divider(batch & 0x0F, self._accel_every, reg.ACCEL_SLOWEST)
        self._gyro_batch = _batch_divider(batch >> 4, self._gyro_every, reg.GYRO_BATCH_SLOWEST)
        self._accel_gain = reg.ACCEL_GAIN[registers[reg.CTRL1_XL] >> 2 & 3]
        gyro_range = registers[reg.CTRL2_G]
        self._gyro_gain = reg.GYRO_GAIN_125 if gyro_range & 2 else reg.GYRO_GAIN[gyro_range >> 2 & 3]
        periods = [every for every in (self._accel_every, self._gyro_every) if every]
        self._period = min(periods, default=0)
        self._counts_up = bool(registers[reg.CTRL3_C] & reg.IF_INC)
        # The usual case has a short way: both sensors at one rate, both batched, nothing rescaled, no engines.
        self._plain = (
            self._accel_every == self._gyro_every == self._accel_batch == self._gyro_batch
            and self._accel_gain == self._gyro_gain == 1
            and self.fifo.active
            and not registers[reg.TAP_CFG2] & reg.INTERRUPTS_ENABLE
        )
        if not self._period:
            self._next_ns = _NEVER
            return
        now = self._tick_at(self._clock.ns)
        self._next_tick = now - now % self._period + self._period
        self._next_ns = self._tick_ns(self._next_tick)

    def _catch_up(self) -> None:
        """Make every conversion due by now."""
        now, at = self._clock.ns, self.motion.at
        if self._plain and self._next_ns <= now:
            put = self.fifo.put_both
            while self._next_ns <= now:
                counts = at(self._next_ns)
                put(counts)
                self._next_tick += self._period
                self._next_ns = self._next_tick * self._den // self._num
            self._accel, self._gyro = counts[:3], counts[3:]
            self._ready = reg.XLDA | reg.GDA | reg.TDA
        while self._next_ns <= now:
            counts = at(self._next_ns)
            self._convert(counts[:3], counts[3:])
            self._next_tick += self._period
            self._next_ns = self._next_tick * self._den // self._num

    def _convert(self, accel: Sequence[int], gyro: Sequence[int]) -> None:
        tick = self._next_tick
        self._ready |= reg.TDA
        if self._accel_every and tick % self._accel_every == 0:
            self._accel = _scaled(accel, self._accel_gain)
            self._ready |= reg.XLDA
            if self._registers[reg.TAP_CFG2] & reg.INTERRUPTS_ENABLE:
                self._engines.feed(accel, self._registers)
        if self._gyro_every and tick % self._gyro_every == 0:
            self._gyro = _scaled(gyro, self._gyro_gain)
            self._ready |= reg.GDA
        if self.fifo.active:
            self.fifo.put(
                self._gyro if self._gyro_batch and tick % self._gyro_batch == 0 else None,
                self._accel if self._accel_batch and tick % self._accel_batch == 0 else None,
            )

    # ---- registers ----

    def _step(self) -> None:
        if self._pointer == reg.FIFO_DATA_OUT_Z_H:
            self._pointer = reg.FIFO_DATA_OUT_TAG  # the roll-over that lets one burst read the whole FIFO
        elif self._counts_up:
            self._pointer = (self._pointer + 1) & 0xFF

    def _write_register(self, register: int, value: int) -> None:
        if register in reg.READ_ONLY:
            return
        self._catch_up()
        if register == reg.CTRL3_C and value & (reg.SW_RESET | reg.BOOT):
            pointer = self._pointer
            self.power_on()
            self._pointer = pointer
            self._reset_until = self._clock.ns + _RESET_NS
            return
        self._registers[register] = value
        if reg.FIFO_CTRL1 <= register <= reg.FIFO_CTRL4:
            registers = self._registers
            self.fifo.configure(registers[reg.FIFO_CTRL1], registers[reg.FIFO_CTRL2], registers[reg.FIFO_CTRL4])
        self._schedule()

    def _read_register(self, register: int) -> int:
        if reg.OUT_TEMP_L <= register <= reg.OUTZ_H_A:
            return self._read_output(register)
        if reg.FIFO_DATA_OUT_TAG <= register <= reg.FIFO_DATA_OUT_Z_H:
            value = self.fifo.peek(register - reg.FIFO_DATA_OUT_TAG)
            if register == reg.FIFO_DATA_OUT_Z_H:
                self._read_words(1)
            return value
        if register in (reg.FIFO_STATUS1, reg.FIFO_STATUS2):
            low, high = self.fifo.status()
            if register == reg.FIFO_STATUS1:
                return low
            self.fifo.acknowledge()
            return high
        if register == reg.STATUS_REG:
            return self._ready
        if register == reg.CTRL3_C and self._clock.ns < self._reset_until:
            return self._registers[register] | reg.SW_RESET
        if register == reg.WAKE_UP_SRC:
            value = self._engines.source
            self._engines.acknowledge()
            return value
        if register == reg.ALL_INT_SRC:
            value = self._engines.all_sources()
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
            return round((self.temperature_c - _TEMPERATURE_ZERO_C) * _TEMPERATURE_PER_C)
        if low < reg.OUTX_L_A:
            return self._gyro[(low - reg.OUTX_L_G) // 2]
        return self._accel[(low - reg.OUTX_L_A) // 2]

    def _read_words(self, words: int) -> bytes:
        taken = self.fifo.take(words)
        if self.on_popped is not None:
            # The accelerometer's word is a sample's last, unless only the gyro is batched.
            samples = count_words(taken, ACCEL if self._accel_batch else GYRO)
            if samples:
                self.on_popped(samples)
        return taken

    def _interrupt(self, control: int, routing: int) -> bool:
        self._catch_up()
        registers = self._registers
        wanted, routed = registers[control], registers[routing]
        source = self._engines.source if registers[reg.TAP_CFG2] & reg.INTERRUPTS_ENABLE else 0
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


def _batch_divider(code: int, sensor_every: int, slowest: int) -> int:
    """Batching is never faster than the sensor; code 0 or a sleeping sensor batches nothing."""
    every = reg.RATE_DIVIDERS.get(code, slowest if code == 11 else 0)
    return max(every, sensor_every) if every and sensor_every else 0


def _scaled(counts: Sequence[int], gain: int) -> Sequence[int]:
    """Counts of the full range in those of the range set, clipped as the part clips. Every ratio is a whole number."""
    return counts if gain == 1 else [max(-32768, min(32767, count * gain)) for count in counts]
