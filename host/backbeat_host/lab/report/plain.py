"""A report as JSON has it: shares with their interval, rates by the hour, spreads; every figure of the tables."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from backbeat import __version__
from backbeat_host.lab.evaluate import OURS, Group, Report
from backbeat_host.lab.peers import PEERS
from backbeat_host.lab.scores.intervals import Hourly, Share
from backbeat_host.lab.scores.steps import StepScores

DECIMALS: Final = 6
_LISTS: Final = ("f1s", "apart_s", "cadence_errors", "whole_errors", "own_errors")


def as_json(report: Report) -> dict[str, Any]:
    """Give the report as plain dicts, lists, texts and numbers; what is not known is null, what is not told is absent.

    The same trials and firmware give the same report, whatever it ran on.
    """
    told = {name for group in report.groups for name in group.scores}
    return {
        "backbeat": __version__,
        "groups": [_group(group) for group in report.groups],
        "failed": [{"trial": trial, "why": why} for trial, why in report.failed],
        "peers": {peer.name: {"rule": peer.rule, "source": peer.source} for peer in PEERS if peer.name in told},
    }


def write_json(report: Report, path: Path) -> None:
    """Write the report as JSON, indented."""
    text = json.dumps(as_json(report), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _group(group: Group) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": group.name,
        "made": group.made,
        "corpora": list(group.corpora),
        "trials": group.trials,
        "subjects": group.subjects,
        "hours": _plain(group.hours),
        "kinds": group.kinds,
        "detectors": {},
    }
    for name in [OURS, *(name for name in group.scores if name != OURS)]:
        sections = {key: value for key, value in _plain(group.scores[name]).items() if value or key == "worst"}
        found["detectors"][name] = sections
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, Share):
        if not value.of:
            return None
        low, high = value.interval or (None, None)
        return {
            "hits": value.hits,
            "of": value.of,
            **{name: _plain(figure) for name, figure in (("rate", value.rate), ("low", low), ("high", high))},
        }
    if isinstance(value, Hourly):
        return {"count": value.count, "hours": _plain(value.hours), "per_hour": _plain(value.rate)}
    if isinstance(value, StepScores):
        counts = {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.name not in _LISTS}
        names = ["precision", "recall", "f1", "f1_by_trial", "apart", "cadence", "cadence_close", "whole"]
        names += ["own", "own_close"]
        return counts | {name: _plain(getattr(value, name)) for name in names}
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
