"""What a session tells of what its senses found: events with their instants, and the raw samples that go with them."""

from backbeat import events
from backbeat.sense import falls


def mount(session):
    """A walk has shown how the chip sits."""
    frame = session.body.frame
    session.tell(events.MOUNT_FORWARD, frame.part(0, 0), frame.part(0, 1), frame.part(0, 2))
    session.tell(events.MOUNT_UP, frame.part(2, 0), frame.part(2, 1), frame.part(2, 2))


def travel(session):
    """The wearer goes another way."""
    way = session.body.travel
    session.tell(events.TRAVEL, way.travel, way.heading, way.confidence)


def verdict(session, which):
    """`falls` has decided, or suspects."""
    told = session.body.falls
    clock = session.clock
    at = clock.back(told.impact)
    if which == falls.SUSPECTED or (which == falls.FELL and not told.suspected):
        session.suspected()
        session.tell(events.SUSPECT, at, told.peak, 0)
        session.windows.want(told.impact)
    if which == falls.FELL:
        session.tell(events.FALL, at, told.direction, told.peak)
    elif which == falls.ROLLED:
        session.tell(events.ROLL, at, told.rotation, told.duration * clock.period >> 8)
        session.tell(events.ROLL_SCORE, told.peak, told.straightness, told.upright_in * clock.period >> 8)
    elif which == falls.RECOVERED:
        session.tell(events.STUMBLE, at, told.direction, told.peak)
