"""A report in the terminal: a headline a corpus, then its tables; reads the same piped and in plain ASCII."""

from typing import Final

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
    beside = _width(table) <= console.width
    shown = RichTable(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", show_header=any(table.columns)
    )
    for place, column in enumerate(table.columns):
        words = place < table.words
        longest = max(cell_len(line) for row in table.rows for line in _text(row[place], beside).plain.split("\n"))
        shown.add_column(
            column,
            justify="left" if words else "right",
            overflow="fold",
            min_width=min(longest, KEPT) if words else longest,
        )
    for row in table.rows:
        shown.add_row(*(_text(cell, beside) for cell in row))
    console.print(shown)
    if table.note:
        console.print(Text(table.note, style="dim"))


def _text(cell: Cell, beside: bool) -> Text:
    """Give a cell's figure with what is quiet beside it, or below it where there is no room."""
    text = Text(cell.text, style="bold" if cell.strong else "")
    if cell.quiet:
        text.append("  " if beside else "\n").append(cell.quiet, style="dim")
    return text


def _width(table: Table) -> int:
    """Give the least width that the table can do with: long words fold, figures do not."""
    total = 0
    for place, name in enumerate(table.columns):
        longest = max(cell_len(_text(row[place], beside=True).plain) for row in table.rows)
        total += max(min(longest, KEPT) if place < table.words else longest, cell_len(name)) + GAP
    return total - 1
