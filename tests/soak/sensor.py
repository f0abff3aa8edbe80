"""The sensor's loss and return: told within a second, once, and only when it is so."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .faults import Fault
    from .watch import Watch
    from .world import World

_TOLD_S, _TOLD_AT_START_S, _TOLD_AWAKE_S = 1.0, 1.2, 2.0
_LONGEST_PAUSE_S = 31.0  # between two tries to bring it back; each is a quarter of the time it was away, at the most
_SLACK_S = 2.5  # the first tries, and setting it up
_SOON_NS = 50_000_000  # it may have answered just before
_AFTER_NS = 3_000_000_000  # a fault may show so much later


class Sensor:
    """`works`: what the wearer was told last."""

    def __init__(self, world: "World", watch: "Watch") -> None:
        self.works = True
        self._world = world
        self._watch = watch
        self._lost_ns = -1
        self._unpowered = False

    def begins(self) -> None:
        """A session begins; where its pin feeds a chip that was lost, that may be off just now."""
        self._unpowered = not self.works and bool(self._world.board.kind.chip_power)
        self.works = True
        self._await_losses(_TOLD_AT_START_S)

    def awakes(self) -> None:
        """It goes on after an idle time."""
        self._await_losses(_TOLD_AWAKE_S)

    def strikes(self, fault: "Fault") -> None:
        """A fault begins."""
        if fault.loses:
            self._await_loss(fault, _TOLD_S)

    def heals(self, fault: "Fault") -> None:
        """A fault has ended: the chip must be found again."""
        world, watch, session, then = self._world, self._watch, self._watch.session, self._world.ns
        if fault.group != "chip" or session is None or self.works or watch.bare:
            return

        def told() -> bool:
            again = any(
                other.group == "chip" and other is not fault and (other.ended_ns < 0 or other.ended_ns > then)
                for other in (*world.in_force, *world.lately)
            )
            return again or watch.session is not session or self.works

        away = (then - self._lost_ns) / 1e9
        wait = min(_LONGEST_PAUSE_S, 0.25 * away)
        if world.board.kind.chip_power:
            wait = min(2 * _LONGEST_PAUSE_S, 0.57 * away)  # every second try only gives it its supply again
        watch.expect(f"the sensor is back ({fault.name})", wait + _SLACK_S, told)

    def lost(self) -> None:
        """The wearer is told that it is lost."""
        world, watch = self._world, self._watch
        self.works = False
        self._lost_ns = world.ns
        causes = [fault for fault in world.covering(world.ns - _AFTER_NS, world.ns) if fault.group == "chip"]
        unpowered, self._unpowered = self._unpowered, False
        if not (causes or watch.bare or watch.held_up(3) or (unpowered and watch.session.ms == 0)):
            world.fail("a sensor is told lost that is not")
        for fault in causes:
            if fault.loses and fault.ended_ns < 0:
                if fault.told == watch.number:
                    world.fail(f"the sensor's loss is told twice ({fault.name})")
                fault.told = watch.number

    def back(self) -> None:
        """The wearer is told that it is back."""
        world = self._world
        self.works = True
        for fault in world.in_force:
            unseen = fault.name.endswith("stuck") and self._lost_ns < fault.begun_ns  # lost for another reason
            if fault.loses and not unseen and world.ns - fault.begun_ns > _SOON_NS:
                world.fail(f"a sensor is told back that is not ({fault.name})")

    def _await_losses(self, seconds: float) -> None:
        for fault in self._world.in_force:
            if fault.loses:
                self._await_loss(fault, seconds)

    def _await_loss(self, fault: "Fault", seconds: float) -> None:
        watch, session = self._watch, self._watch.session
        if not self.works or not watch.awake:
            return

        def told() -> bool:
            return fault.ended_ns >= 0 or watch.session is not session or not self.works or not watch.awake

        watch.expect(f"the sensor's loss is told ({fault.name})", seconds, told)
