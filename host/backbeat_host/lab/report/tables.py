"""A group's scores as tables, in the order people ask: falls, steps, travel, rolls, what was told as what, the worst.

With peers every table has them beside ours. A table without figures is left out.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from backbeat_host.lab.evaluate import OURS, Group
from backbeat_host.lab.report.table import NONE, Cell, Table, close, hourly, percent, shown, times, word
from backbeat_host.lab.scores.falls import Activity, FallScores
from backbeat_host.lab.scores.intervals import Share, Spread
from backbeat_host.lab.scores.sheet import Scores
from backbeat_host.lab.scores.steps import COARSE, StepScores
from backbeat_host.lab.scores.travel import Reaction, TravelScores
from backbeat_host.lab.scores.turns import OUTCOMES

Section = TypeVar("Section")

MANY: Final = 40  # activities: beyond it numbered ones are put together, and then only those that went wrong are shown
_NUMBERED = re.compile(r"[ _-]*[0-9]+$")


def tables(group: Group) -> list[Table]:
    """Give all tables of a group that hold something."""
    makers: tuple[Callable[[Group], Iterator[Table]], ...] = (_falls, _steps, _travel, _turns, _confusion)
    return [table for make in makers for table in make(group) if table.rows]


def worst_table(group: Group, most: int) -> Table:
    """Give the trials that fared worst with ours, the first `most` of each kind of trouble."""
    found = group.scores[OURS].worst
    counted: dict[str, int] = {}
    rows = []
    for one in found:
        counted[one.about] = counted.get(one.about, 0) + 1
        if counted[one.about] <= most:
            rows.append((word(one.trial), word(one.why)))
    left = sum(max(0, count - most) for count in counted.values())
    note = f"and {left} more; all are in the JSON report" if left else ""
    return Table("Worst trials", ("trial", "why"), shown(rows), note, words=2)


def _having(group: Group, section: Callable[[Scores], Section | None]) -> dict[str, Section]:
    """Give the detectors that have this section."""
    found = ((name, section(scores)) for name, scores in group.scores.items())
    return {name: value for name, value in found if value}


def _falls(group: Group) -> Iterator[Table]:
    having = _having(group, lambda scores: scores.falls)
    ours = having[OURS]
    fell, ran = ours.sensitivity.of > 0, ours.running is not None
    columns = ["", *["falls found"] * fell, "others quiet", "false alarms", *["while running"] * ran]
    rows = [
        [
            word(name),
            *[percent(scores.sensitivity)] * fell,
            percent(scores.specificity),
            hourly(scores.false_alarms),
            *[hourly(scores.running)] * ran,
        ]
        for name, scores in having.items()
    ]
    yield Table("Falls", tuple(columns), shown(rows))
    if fell:
        row = [times(ours.decided_s), times(ours.suspected_s), percent(ours.suspected), percent(ours.direction_right)]
        soon = ("told after the impact", "impact looked at after", "looked at before told", "direction right")
        down = ours.by_direction.get("down", Share(0, 0)).hits
        note = f"direction: {down} falls are labelled down, which is told only of a trunk that hardly turns"
        yield Table("Falls: how soon", soon, shown([row]), note if down else "", words=0)
        yield _by("Falls found, by direction", having, lambda scores: list(scores.by_direction.items()))
    if not group.together:
        yield from _by_activity(having)


def _by_activity(having: dict[str, FallScores]) -> Iterator[Table]:
    yield _by("Falls found, by activity", having, lambda scores: _activities(scores, fall=True))
    quiet = {name: _activities(scores, fall=False) for name, scores in having.items()}
    note = ""
    if len(quiet[OURS]) > MANY:
        quiet = {name: _merged(listed) for name, listed in quiet.items()}
    if len(quiet[OURS]) > MANY:
        wrong = {name for name, right in quiet[OURS] if right.hits < right.of}
        note = f"and {len(quiet[OURS]) - len(wrong)} other activities without a false alarm"
        quiet = {key: [(name, right) for name, right in listed if name in wrong] for key, listed in quiet.items()}
    yield _by("Trials without a false alarm, by activity", quiet, lambda listed: listed, note)


def _merged(listed: list[tuple[str, Share]]) -> list[tuple[str, Share]]:
    """Put activities together that differ in a number at the end."""
    found: dict[str, Share] = {}
    for name, right in listed:
        short = _NUMBERED.sub("", name) or name
        found[short] = found.get(short, Share(0, 0)) + right
    return list(found.items())


def _activities(scores: FallScores, fall: bool) -> list[tuple[str, Share]]:
    def mine(one: Activity) -> bool:
        return one.fall == fall

    return [(one.activity, one.right) for one in filter(mine, scores.by_activity)]


def _by(
    title: str, having: dict[str, Section], rows_of: Callable[[Section], list[tuple[str, Share]]], note: str = ""
) -> Table:
    """One row a name, one column a detector; the peers' intervals are in the JSON report."""
    listed = {name: dict(rows_of(scores)) for name, scores in having.items()}
    ours = listed.pop(OURS)
    rows = [
        [word(name), percent(share), *(close(one.get(name)) for one in listed.values())] for name, share in ours.items()
    ]
    return Table(title, ("", OURS, *listed), shown(rows), note)


def _steps(group: Group) -> Iterator[Table]:
    having = _having(group, lambda scores: scores.steps)
    groups = list(having.get(OURS, {}))
    if len(groups) > 1 and len([name for name in groups if name != COARSE]) == 2:
        groups = [name for name in groups if name != "all"]  # it would say the same twice
    lines = [
        (word(name, detector if len(having) > 1 else ""), scores[name])
        for name in groups
        for detector, scores in having.items()
        if name in scores
    ]
    late = ", ".join(
        f"{detector} {1000 * late:+.0f} ms ({corpus})"
        for detector, scores in group.scores.items()
        for corpus, late in scores.step_offsets_s.items()
    )
    note = f"within 100 ms, after one constant offset a corpus: {late}; by trial: the median F1; "
    note += "foot told: steps of which it is told whether left or right, and of two that follow each other, by turns"
    rows = [[name, *_step_figures(scores)] for name, scores in lines]
    yield Table(
        "Steps", ("", "steps", "F1", "by trial", "precision", "recall", "foot told", "by turns"), shown(rows), note
    )
    note = "mean (median) of the absolute errors in spm: of the steps that follow each other in both; of all of a "
    note += "recording's steps, missed and needless ones too; of the device's own figure"
    rows = [[name, *_cadence_figures(scores)] for name, scores in lines]
    yield Table("Cadence off", ("", "same steps", "within 1 spm", "whole recording", "own, of 5 s"), shown(rows), note)


def _step_figures(scores: StepScores) -> list[Cell]:
    trials = scores.f1_by_trial
    return [
        Cell(f"{scores.truth}"),
        Cell(NONE if scores.f1 is None else f"{scores.f1:.3f}", strong=True),
        Cell(f"{trials.median:.3f}") if trials else Cell(NONE),
        close(scores.precision),
        close(scores.recall),
        close(scores.footed),
        close(scores.alternating),
    ]


def _cadence_figures(scores: StepScores) -> list[Cell]:
    return [_off(scores.cadence), close(scores.cadence_close), _off(scores.whole), _off(scores.own)]


def _off(errors: Spread | None) -> Cell:
    return Cell(f"{errors.mean:.2f} ({errors.median:.2f})") if errors else Cell(NONE)


def _travel(group: Group) -> Iterator[Table]:
    for name, scores in _having(group, lambda scores: scores.travel).items():
        title = "Travel: 5 s windows" if name == OURS else f"Travel: 5 s windows, {name}"
        rows = [
            [
                word(one.gait),
                word(one.travel),
                word(one.band),
                word(_answers(one.travel, one.answers)),
                percent(one.right),
            ]
            for one in scores.groups
        ]
        rows += [
            [word("walking, running"), word("all"), word(band), word(""), percent(right, strong=True)]
            for band, right in scores.by_band.items()
        ]
        yield Table(title, ("", "way", "speed", "answered instead", "right"), shown(rows), words=4)
        yield _reactions(scores)


def _answers(truth: str, answers: dict[str, int]) -> str:
    return ", ".join(f"{answer} {count}" for answer, count in answers.items() if answer != truth)


def _reactions(scores: TravelScores) -> Table:
    def row(name: str, reaction: Reaction | None) -> list[list[Cell]]:
        return [[word(name), times(reaction.seconds), percent(reaction.within)]] if reaction else []

    rows = row("a start, from stillness", scores.starts) + row("a change of way", scores.changes)
    return Table("Travel: how soon", ("", "told after", "within 5 s"), shown(rows))


def _turns(group: Group) -> Iterator[Table]:
    rows = []
    for name, rolls in _having(group, lambda scores: scores.rolls).items():
        stumbles = group.scores[name].stumbles
        if rolls.as_roll.of:
            rows += [
                [word("rolls told as a roll"), percent(rolls.as_roll)],
                [word("rolls told as a fall"), percent(rolls.as_fall)],
                [word("rolls missed"), percent(rolls.missed)],
            ]
        if rolls.falls_as_roll.of:
            rows.append([word("falls told as a roll"), percent(rolls.falls_as_roll)])
        rows.append([word("rolls told elsewhere"), hourly(rolls.elsewhere)])
        if stumbles is not None:
            if stumbles.told.of:
                rows.append([word("stumbles told"), percent(stumbles.told)])
            rows.append([word("stumbles told elsewhere"), hourly(stumbles.elsewhere)])
    yield Table("Rolls and stumbles", ("", ""), shown(rows))


def _confusion(group: Group) -> Iterator[Table]:
    counts = group.scores[OURS].confusion
    rows = [[word(kind), *(_count(told[name]) for name in OUTCOMES)] for kind, told in counts.items()]
    yield Table("What it was, and what was told", ("trials of", *OUTCOMES), shown(rows))


def _count(number: int) -> Cell:
    return Cell(f"{number}" if number else NONE)
