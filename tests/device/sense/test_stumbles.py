"""A stumble: a stride far harder than the others, a trunk thrown about, and on it goes."""

from copy import copy

import pytest

from backbeat.sense.stumbles import caught

from .trunks import Felt, trunk_of

BLOCK, STRIDE = 60, 7
GOING = Felt(top=1600, unrest=60)
REST = Felt(unrest=5)


def stumbling(before=GOING, top=4000, sway=60, after=GOING, rest=0):
    """Go, be thrown forward and back by so many dps for 0.5 s each, go on; at rest the gyro reads `rest` dps."""
    stretches = (
        (BLOCK, before),
        (1, Felt(rate=(0, sway, 0), top=top, unrest=200)),
        (6, Felt(rate=(0, sway, 0), unrest=60)),
        (7, Felt(rate=(0, -sway, 0), unrest=60)),
        (25, after),
    )
    return trunk_of(*((blocks, askew(felt, rest)) for blocks, felt in stretches))


def askew(felt, rest):
    """Give the block as a gyro feels it that reads so many dps about each axis at rest."""
    other = copy(felt)
    other.p, other.q, other.r = felt.p + rest, felt.q + rest, felt.r + rest
    return other


def is_stumble(trunk, top=4000):
    return caught(trunk, BLOCK, top)


def test_a_hard_stride_with_a_sway_and_on_again_is_a_stumble():
    assert is_stumble(stumbling())


@pytest.mark.parametrize(
    "changed",
    [
        {"before": REST},
        {"after": REST},
        {"after": Felt(top=1600, unrest=200)},
        {"sway": 20},
        {"before": Felt(top=3000, unrest=60)},
        {"after": Felt((1000, 0, 0), unrest=60)},
        {"before": Felt((1000, 0, 0), top=1600, unrest=60)},
    ],
    ids=["from a stand", "to a stand", "setting off", "no sway", "no harder than the rest", "going down", "from lying"],
)
def test_anything_less_is_none(changed):
    assert not is_stumble(stumbling(**changed))


def test_a_soft_stride_and_the_first_seconds_are_none():
    assert not caught(stumbling(), BLOCK, 1900)
    assert not caught(stumbling(), 32, 4000)


@pytest.mark.parametrize("rest", [-20, 20])
def test_what_the_gyro_reads_at_rest_changes_nothing(rest):
    assert is_stumble(stumbling(sway=40, rest=rest))
    assert not is_stumble(stumbling(sway=20, rest=rest))


def test_the_harder_the_stride_the_smaller_a_sway_will_do():
    assert not is_stumble(stumbling(top=2800, sway=35))
    assert is_stumble(stumbling(top=4800, sway=35))


def test_who_is_thrown_far_about_while_running_stumbles_at_a_stride_as_hard_as_the_others():
    running = Felt(top=4000, unrest=200)
    assert is_stumble(stumbling(before=running, after=running, sway=100))
    assert not is_stumble(stumbling(before=running, after=running, sway=60))
    assert not is_stumble(stumbling(before=Felt(top=6000, unrest=200), after=running, sway=100)), "softer than most"


@pytest.mark.parametrize("sway", [60, 100])
@pytest.mark.parametrize("top", [1600, 4000])
def test_who_swayed_as_far_before_is_not_thrown_about(sway, top):
    to, fro = (Felt(rate=(0, rate, 0), top=top, unrest=60) for rate in (sway, -sway))
    thrown = (1, Felt(rate=(0, sway, 0), top=4000, unrest=200)), (6, to), (7, fro), (25, GOING)
    assert not is_stumble(trunk_of(*[(7, to), (7, fro)] * 4, (BLOCK - 56, GOING), *thrown))


def test_who_was_weightless_before_is_judged_all_the_same():
    assert is_stumble(stumbling(before=Felt((0, 0, 100), unrest=60)))
