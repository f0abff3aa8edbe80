"""A stumble: a stride far harder than the others, a trunk thrown about, and on it goes."""

import pytest

from backbeat.sense.stumbles import caught

from .trunks import Felt, trunk_of

BLOCK, STRIDE = 60, 7
GOING = Felt(top=1600, unrest=60)
REST = Felt(unrest=5)


def stumbling(before=GOING, top=4000, sway=60, after=GOING):
    """Go, be thrown forward and back by so many dps for 0.5 s each, go on."""
    return trunk_of(
        (BLOCK, before),
        (1, Felt(rate=(0, sway, 0), top=top, unrest=200)),
        (6, Felt(rate=(0, sway, 0), unrest=60)),
        (7, Felt(rate=(0, -sway, 0), unrest=60)),
        (25, after),
    )


def is_stumble(trunk, top=4000):
    return caught(trunk, BLOCK, top)


def test_a_hard_stride_with_a_sway_and_on_again_is_a_stumble():
    assert is_stumble(stumbling())


@pytest.mark.parametrize(
    "changed",
    [
        {"before": REST},
        {"after": REST},
        {"sway": 20},
        {"before": Felt(top=3000, unrest=60)},
        {"after": Felt((1000, 0, 0), unrest=60)},
        {"before": Felt((1000, 0, 0), top=1600, unrest=60)},
    ],
    ids=["from a stand", "to a stand", "no sway", "no harder than the rest", "going down", "from lying"],
)
def test_anything_less_is_none(changed):
    assert not is_stumble(stumbling(**changed))


def test_a_soft_stride_and_the_first_seconds_are_none():
    assert not caught(stumbling(), BLOCK, 1900)
    assert not caught(stumbling(), 32, 4000)
