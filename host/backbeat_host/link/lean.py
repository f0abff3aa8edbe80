"""Source as it goes onto a drive: without comments and docstrings, which a board pays for in flash and at every start.

Every statement keeps its line, so what a board says of an error is true of the source here.
"""

import ast
import io
import tokenize


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
    return text.rstrip() + "\n"


def _superfluous(source: str) -> list[tuple[tuple[int, int], tuple[int, int], str]]:
    """List (begin, end, what stands there instead) of what can go, rows from 1, columns in characters from 0."""
    found = [
        (token.start, token.end, "")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    rows = source.splitlines()
    for node in ast.walk(ast.parse(source)):
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
