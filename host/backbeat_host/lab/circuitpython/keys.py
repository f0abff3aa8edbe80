"""`keypad`: keys scanned at an interval, so that a bouncing contact is seen once, and the queue of their events.

Simulated: the scan's grid in virtual time, the debounce threshold, overflow. Faked: a scan happens only where an edge
makes it matter; matrices and shift registers are absent; a pin driven by a `source` is never scanned.
"""

from collections import deque
from collections.abc import Sequence
from functools import partial
from types import ModuleType

from backbeat_host.lab.circuitpython.hardware import Hardware, module
from backbeat_host.lab.circuitpython.pins import Pin

_NS_PER_S = 10**9


class Event:
    """`keypad.Event`."""

    def __init__(self, key_number: int = 0, pressed: bool = True, timestamp: int = 0) -> None:
        self.key_number = key_number
        self.pressed = pressed
        self.timestamp = timestamp

    @property
    def released(self) -> bool:
        """Whether the key was let go."""
        return not self.pressed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and self.key_number == other.key_number and self.pressed == other.pressed

    def __hash__(self) -> int:
        return self.key_number << 1 | self.pressed


class EventQueue:
    """`keypad.EventQueue`."""

    def __init__(self, max_events: int) -> None:
        self._events: deque[tuple[int, bool, int]] = deque()
        self._max_events = max_events
        self.overflowed = False

    def __len__(self) -> int:
        return len(self._events)

    def __bool__(self) -> bool:
        return bool(self._events)

    def put(self, key_number: int, pressed: bool, timestamp: int) -> None:
        """Take an event from the scanner; a full queue loses it and says so."""
        if len(self._events) >= self._max_events:
            self.overflowed = True
        else:
            self._events.append((key_number, pressed, timestamp))

    def get(self) -> Event | None:
        """The oldest event, or None."""
        return Event(*self._events.popleft()) if self._events else None

    def get_into(self, event: Event) -> bool:
        """Fill `event` with the oldest one; False if there is none."""
        if not self._events:
            return False
        event.key_number, event.pressed, event.timestamp = self._events.popleft()
        return True

    def clear(self) -> None:
        """Forget all, the overflow too."""
        self._events.clear()
        self.overflowed = False


class Keys:
    """`keypad.Keys`: one pin a key."""

    def __init__(
        self,
        hardware: Hardware,
        pins: Sequence[Pin],
        *,
        value_when_pressed: bool,
        pull: bool = True,
        interval: float = 0.020,
        max_events: int = 64,
        debounce_threshold: int = 1,
    ) -> None:
        claimed: list[Pin] = []
        try:
            for pin in pins:
                pin.claim()
                claimed.append(pin)
        except ValueError:
            for pin in claimed:
                pin.release()
            raise
        self.events = EventQueue(max_events)
        self.key_count = len(pins)
        self._pins = list(pins)
        self._clock = hardware.clock
        self._pressed_level = value_when_pressed
        self._idle_level = not value_when_pressed if pull else False
        self._threshold = debounce_threshold
        self._interval_ns = round(interval * _NS_PER_S)
        self._origin_ns = hardware.clock.ns
        self._scan_ns = -1
        self.reset()
        for pin in self._pins:
            pin.on_edge = self._plan_scan

    def __enter__(self) -> "Keys":
        return self

    def __exit__(self, *exc: object) -> None:
        self.deinit()

    def reset(self) -> None:
        """Take every key as released; one that is held makes a new event."""
        self._pressed = [False] * self.key_count
        self._seen = [0] * self.key_count
        self._plan_scan()

    def deinit(self) -> None:
        """Free the pins; no more events."""
        for pin in self._pins:
            pin.release()
        self._pins = []

    def _plan_scan(self) -> None:
        """Scan at the next point of the grid, once."""
        now = self._clock.ns
        instant = now + self._interval_ns - (now - self._origin_ns) % self._interval_ns
        if instant != self._scan_ns:
            self._scan_ns = instant
            self._clock.schedule(instant, self._scan)

    def _scan(self) -> None:
        for number, pin in enumerate(self._pins):
            if pin.on_edge != self._plan_scan:
                continue  # the code that made this is gone, its pin may be another's by now
            pressed = pin.read(self._idle_level) == self._pressed_level
            if pressed == self._pressed[number]:
                self._seen[number] = 0
                continue
            self._seen[number] += 1
            if self._seen[number] >= self._threshold:
                self._pressed[number] = pressed
                self._seen[number] = 0
                self.events.put(number, pressed, self._clock.ticks_ms())
            else:
                self._plan_scan()


def key_module(hardware: Hardware) -> ModuleType:
    """`keypad`."""
    return module("keypad", Event=Event, EventQueue=EventQueue, Keys=partial(Keys, hardware))
