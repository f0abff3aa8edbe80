import numpy as np
import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.made.library import FAMILIES, NAMES, as_trial, families, made, made_trials

QUICK = [name for name in NAMES if not name.startswith("hour-")]


def test_there_are_at_least_200_rolls_and_names_are_unique():
    assert families(["rolls"])[0].count >= 200
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", QUICK)
def test_every_trial_says_how_it_was_made_and_comes_again_alone(name):
    family = families([name])[0]
    first, second = made_trials([name], count=2)
    assert first.labels["made"] and first.labels["family"] == name
    assert {"subject", "activity", "kind", "mount"} <= set(first.labels)
    assert first.id != second.id
    again = made(family, 1)
    assert (again.rows == second.rows).all() and again.labels == second.labels


def test_another_seed_is_another_library():
    (one,), (other,) = (list(made_trials(["jumps"], seed=seed, count=1)) for seed in (1, 2))
    assert one.rows.shape != other.rows.shape or (one.rows != other.rows).any()


def test_without_a_name_all_families_are_meant():
    assert families([]) == list(FAMILIES)


def test_an_unknown_family_is_one_sentence():
    with pytest.raises(InputError, match=r"^there is no family 'somersaults'; there are rolls, "):
        families(["somersaults"])


def test_a_made_trial_can_be_simulated_as_it_is():
    (one,) = made_trials(["rolls"], count=1)
    trial = as_trial(one)
    assert trial.rate == 104 and trial.labels["id"] == one.id
    assert np.shares_memory(trial.rows, one.rows)
