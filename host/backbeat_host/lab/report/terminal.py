"""A report in the terminal: a headline a corpus, then its tables; reads the same piped and in plain ASCII."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from backbeat_host.lab.evaluate import Group, Report
from backbeat_host.lab.report.headline import headline
from backbeat_host.lab.report.table import Cell, Table
from backbeat_host.lab.report.tables import tables, worst_table

WORST: Final = 10  # of each kind of trouble; the JSON report has all
KEPT: Final = 24  # characters of a column of words that are not folded
GAP: Final = 3  # what a column takes beside its cells: two for padding, one to the next


def print_report(console: Console, report: Report) -> None:
    """Print every group of the report."""
    for group in report.groups:
        _print_group(console, group)


def _print_group(console: Console, group: Group) -> None:
    name, about = headline(group)
    console.print()
    console.rule(Text(name, style="bold"), align="left", style="dim")
    console.print(Text(about, style="dim"))
    for table in tables(group):
        _print_table(console, table)
    if group.together:
        return  # its trials were named with their corpus
    worst = worst_table(group, WORST)
    if worst.rows:
        _print_table(console, worst)


def _print_table(console: Console, table: Table) -> None:
    console.print()
    console.print(Text(table.title, style="bold cyan"))
    for part in _parts(table, console.width):
        _print_part(console, part)
    if table.note:
        console.print(Text(table.note, style="dim"))


def _parts(table: Table, width: int) -> list[Table]:
    """Take a table apart that is too wide with quiet figures below the others, too; each part has all its words."""
    words = list(range(table.words))
    parts = [list(words)]
    for place in range(table.words, len(table.columns)):
        if parts[-1] != words and _total([_narrowest(table, one) for one in (*parts[-1], place)]) > width:
            parts.append(list(words))
        parts[-1].append(place)
    return [
        replace(
            table,
            columns=tuple(table.columns[place] for place in part),
            rows=tuple(tuple(row[place] for place in part) for row in table.rows),
        )
        for part in parts
    ]


def _print_part(console: Console, table: Table) -> None:
    beside = _beside(table, console.width)
    shown = RichTable(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", show_header=any(table.columns)
    )
    for place, (column, width) in enumerate(zip(table.columns, _widths(table, beside, console.width), strict=True)):
        justify: Literal["left", "right"] = "left" if place < table.words else "right"
        shown.add_column(column, justify=justify, overflow="fold", width=width)
    for row in table.rows:
        shown.add_row(*(_text(cell, beside) for cell in row))
    console.print(shown)


def _widths(table: Table, beside: bool, most: int) -> list[int]:
    """Give each column what it needs, then what it wishes as long as there is room: words first, then heads."""
    widths = [_narrowest(table, place, beside) for place in range(len(table.columns))]
    spare = most - _total(widths)
    for place, name in enumerate(table.columns):
        more = max(0, min(spare, max(_longest(table, place, beside), cell_len(name)) - widths[place]))
        widths[place] += more
        spare -= more
    return widths


def _narrowest(table: Table, place: int, beside: bool = False) -> int:
    """Give the least width of a column: long words fold, figures and single words of the head do not."""
    longest = _longest(table, place, beside)
    if place < table.words:
        return min(longest, KEPT)
    return max([longest, *map(cell_len, table.columns[place].split())])


def _longest(table: Table, place: int, beside: bool) -> int:
    return max(cell_len(line) for row in table.rows for line in _text(row[place], beside).plain.split("\n"))


def _total(widths: Sequence[int]) -> int:
    """Give the width of a table with columns so wide."""
    return sum(widths) + GAP * len(widths) - 1


def _text(cell: Cell, beside: bool) -> Text:
    """Give a cell's figure with what is quiet beside it, or below it where there is no room."""
    text = Text(cell.text, style="bold" if cell.strong else "")
    if cell.quiet:
        text.append("  " if beside else "\n").append(cell.quiet, style="dim")
    return text


def _beside(table: Table, width: int) -> bool:
    """Tell whether there is room for quiet figures beside the others, with no head folded."""
    least = [_narrowest(table, place, beside=True) for place in range(len(table.columns))]
    return _total([max(one, cell_len(name)) for one, name in zip(least, table.columns, strict=True)]) <= width
