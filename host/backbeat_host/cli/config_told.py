"""How settings are shown: tables, changes, and the forms that a program reads."""

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from backbeat import settings
from backbeat_host import units
from backbeat_host.held import Change, Held
from backbeat_host.profile import typed

RUNS_WITH_THEM = "it has started its code again, and runs with these settings now"


def print_settings(console: Console, where: str, held: Held) -> None:
    """Print every setting with its value; what is not given is called a default."""
    table = Table(*_columns("setting", "value", ""), title=Text(where), title_justify="left", box=box.SIMPLE_HEAD)
    for row in settings.TABLE:
        table.add_row(row.name, _with_unit(row, held.values[row.name]), "" if row.name in held.given else "default")
    console.print(table)


def print_changes(console: Console, where: str, made: Sequence[Change]) -> None:
    """Print what changed from what to what."""
    if not made:
        console.print(f"{where}: no setting differs", markup=False, soft_wrap=True)
    for change in made:
        row = settings.find(change.name)
        text = f"{where}: {change.name}: {_with_unit(row, change.before)} -> {_with_unit(row, change.after)}"
        console.print(text, markup=False, soft_wrap=True)


def changes_json(made: Sequence[Change], before: str = "before", after: str = "after") -> list[dict[str, Any]]:
    """Give what changed for a program, the two values by these names."""
    rows = []
    for change in made:
        row = settings.find(change.name)
        rows.append({"setting": change.name, before: row.plain(change.before), after: row.plain(change.after)})
    return rows


def print_kept(console: Console, where: str, kept: Sequence[Change]) -> None:
    """Print what a push leaves as the board has it: `before`."""
    for change in kept:
        text = f"{where}: {change.name}: {_with_unit(settings.find(change.name), change.before)} on the board, kept"
        console.print(text, markup=False, soft_wrap=True)


def print_docs(console: Console) -> None:
    """Print the table of settings for a person."""
    table = Table(*_columns("setting", "default", "may be", "what it does"), box=box.SIMPLE_HEAD, show_lines=False)
    for row in settings.TABLE:
        also = f" (also in {units.known(row.unit)})" if units.known(row.unit) else ""
        expects = "on or off" if _is_switch(row) else row.expects().strip() + also
        table.add_row(row.name, _with_unit(row, row.default), expects, row.help)
    console.print(table)


def docs_json() -> list[dict[str, Any]]:
    """Give the table of settings for a program."""
    rows = []
    for row in settings.TABLE:
        told: dict[str, Any] = {"setting": row.name, "kind": "switch" if _is_switch(row) else row.kind}
        if row.unit:
            told["unit"] = row.unit
        if row.kind == "choice":
            told["among"] = list(row.among)
        else:
            told |= {"low": -row.high, "high": row.high} if row.kind == "vector" else {"low": row.low, "high": row.high}
            told["zero"] = bool(row.low_or_off())
        rows.append({**told, "default": row.plain(row.default), "expects": row.expects().strip(), "help": row.help})
    return rows


def _columns(*headings: str) -> list[Column]:
    """Columns that break what a narrow terminal has no room for; the first, the name, only as the last resort."""
    longest = max(len(row.name) for row in settings.TABLE)
    return [Column(name, overflow="fold", min_width=0 if at else longest) for at, name in enumerate(headings)]


def _is_switch(row: Any) -> bool:
    return bool(row.among == (False, True))


def _with_unit(row: Any, held: Any) -> str:
    return f"{typed(row, held)} {'' if row.kind == 'vector' else row.unit}".strip()
