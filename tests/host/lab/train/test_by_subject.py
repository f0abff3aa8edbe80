"""Nobody is judged by weights that were fitted on them."""

import numpy as np
import pytest

from backbeat_host.errors import InputError
from backbeat_host.lab.scores.intervals import Share
from backbeat_host.lab.train import by_subject
from backbeat_host.lab.train.by_subject import Judged, judge, score
from backbeat_host.lab.train.fit import Case, Weights

from .test_fit import FALLING, WALKING, cases, impacts


def test_every_case_is_judged_once_by_a_fit_without_its_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted: list[set[str]] = []
    judged_by: list[tuple[str, set[str]]] = []

    class Watched(Weights):
        def odds(self, case: Case) -> int:
            judged_by.append((case.subject, fitted[-1]))
            return 0

    def watched(known: list[Case]) -> Weights:
        fitted.append({case.subject for case in known})
        return Watched(0, (0,) * 7)

    monkeypatch.setattr(by_subject, "fit", watched)
    judged = judge(cases(), 5, 1)
    assert [one.case.subject for one in judged] == [case.subject for case in cases()]
    assert len(judged_by) == len(cases())
    assert all(subject not in known for subject, known in judged_by)


def test_each_fold_has_people_who_fall() -> None:
    rng = np.random.default_rng(1)
    falls = [Case(f"y{n}", True, True, impacts(rng, FALLING)) for n in range(3)]
    others = [Case(f"{group}{n}", False, False, impacts(rng, WALKING)) for group in "ya" for n in range(3)]
    for seed in range(10):
        fold = by_subject._deal([*falls, *others], 3, seed)
        assert {fold[f"y{n}"] for n in range(3)} == {fold[f"a{n}"] for n in range(3)} == {0, 1, 2}


def test_the_seed_deals_and_the_same_one_deals_the_same() -> None:
    deals = [tuple(by_subject._deal(cases(), 2, seed).items()) for seed in (1, 1, *range(2, 9))]
    assert deals[0] == deals[1]
    assert len(set(deals)) > 1


def test_the_score_counts_falls_backward_falls_and_the_others() -> None:
    nothing = np.zeros((0, 7), dtype=np.int64)
    told = [(True, True, 5), (True, False, 5), (True, False, 4), (False, False, 5), (False, False, 4)]
    found = score([Judged(Case("a", fall, back, nothing), odds) for fall, back, odds in told], 4)
    assert (found.sensitivity, found.backward, found.specificity) == (Share(2, 3), Share(1, 1), Share(1, 2))


@pytest.mark.parametrize("kept", [True, False])
def test_without_one_or_the_other_there_is_nothing_to_learn(kept: bool) -> None:
    with pytest.raises(InputError, match="too little to learn from"):
        by_subject.check([case for case in cases() if case.fall == kept])


def test_too_few_people_for_the_folds_are_refused() -> None:
    with pytest.raises(InputError, match="5 people fall in these corpora, and --folds 6 needs 6"):
        judge(cases(), 6, 1)
    with pytest.raises(InputError, match="1 person falls in these corpora, and --folds 2 needs 2"):
        judge([case for case in cases() if case.subject == cases()[0].subject], 2, 1)
