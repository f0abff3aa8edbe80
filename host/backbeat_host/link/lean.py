"""Source as it goes onto a drive: without comments and docstrings, which a board pays for in flash and at every start.

Every statement keeps its line, so what a board says of an error is true of the source here.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

# Strings and comments as a board's Python has them, which knows no quotes within an f-string's own: 20 times as quick
# as `tokenize`, and `install` waits for it.
_STRING_OR_COMMENT = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(#[^\n]*)''', re.DOTALL
)

_Place = tuple[int, int]  # row from 1, column from 0


def lean(source: str) -> str:
    """Give Python source without comments and docstrings; lines keep their numbers, and the syntax tree is the same.

    Raises:
        SyntaxError: it is not Python.
    """
    lines = [list(line) for line in source.splitlines(keepends=True)]
    for (row, column), (end_row, end_column), instead in _superfluous(source):
        for number in range(row, end_row + 1):
            line = lines[number - 1]
            begin = column if number == row else 0
            end = end_column if number == end_row else len(line) - line[-1:].count("\n")
            line[begin:end] = " " * (end - begin)
        if instead:
            lines[row - 1][column : column + 1] = instead
    text = "\n".join("".join(line).rstrip() for line in lines)
    text = text.rstrip()
    return text and text + "\n"  # an empty file takes nothing on the drive


def _superfluous(source: str) -> list[tuple[_Place, _Place, str]]:
    """List (begin, end, what stands there instead) of what can go, rows from 1, columns in characters from 0."""
    found = [(begin, end, "") for begin, end in _comments(source)]
    rows = source.splitlines()
    for node in _blocks(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            text = node.body[0]
            begin, end = (
                (row, len(rows[row - 1].encode()[:column].decode()))  # ast counts bytes
                for row, column in ((text.lineno, text.col_offset), (text.end_lineno or 0, text.end_col_offset or 0))
            )
            if rows[end[0] - 1][end[1] :].lstrip().startswith(";"):
                continue  # more stands behind it: rare, and not worth the trouble
            only = len(node.body) == 1 and not isinstance(node, ast.Module)
            found.append((begin, end, "pass" if only else ""))
    return found


def _comments(source: str) -> Iterator[tuple[_Place, _Place]]:
    """Where each comment begins and ends."""
    begins = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
    for found in _STRING_OR_COMMENT.finditer(source):
        if found[1] is not None:
            row = bisect_right(begins, found.start())
            yield (row, found.start() - begins[row - 1]), (row, found.end() - begins[row - 1])


def _blocks(node: ast.AST) -> Iterator[ast.AST]:
    """A node and the statements in it, without what is in expressions: no docstring is there."""
    yield node
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, name, ()):
            yield from _blocks(inner)
