"""What is told of a verdict of `falls`: its events with their instants, and the raw samples that go with them."""

from backbeat import events
from backbeat.sense import falls


def tell(session, verdict):
    """Put it into the session's log."""
    told = session.body.falls
    clock = session.clock
    at = clock.back(told.impact)
    if verdict == falls.SUSPECTED or (verdict == falls.FELL and not told.suspected):
        session.suspected()
        session.tell(events.SUSPECT, at, told.peak, 0)
        session.windows.want(told.impact)
    if verdict == falls.FELL:
        session.tell(events.FALL, at, told.direction, told.peak)
    elif verdict == falls.ROLLED:
        session.tell(events.ROLL, at, told.rotation, told.duration * clock.period >> 8)
        session.tell(events.ROLL_SCORE, told.peak, told.straightness, told.upright_in * clock.period >> 8)
    elif verdict == falls.RECOVERED:
        session.tell(events.STUMBLE, at, told.direction, told.peak)
