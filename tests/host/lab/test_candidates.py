"""What the picture shows of the line between walking and running is what the device decides by."""

import pytest

from backbeat.sense.body import Body
from backbeat_host.lab.candidates import bounce


def test_the_bounce_shown_counts_how_the_feet_brake_as_the_device_does() -> None:
    body = Body((1000, 0, 0), (0, 0, 1000), 1)
    travel = body.travel
    travel.felt, travel.heavy, travel.lift, travel.swing = 104, 52, 104 << 10, 104 << 11
    even = bounce(body)
    travel.held = -1024
    assert bounce(body) - even == pytest.approx(-200 / 320)
