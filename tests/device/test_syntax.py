"""Every device file keeps to the Python that CircuitPython reads: that of 3.8, less a few forms it never learned.

This is the quick check, on CPython alone; interpreter/test_syntax.py asks a real MicroPython compiler.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

DEVICE = Path(__file__).parents[2] / "device"
FILES = sorted(DEVICE.rglob("*.py"))


def unknown_forms(source: str) -> list[str]:
    """What CircuitPython would not read or run, one `line: what` each."""
    # CPython's own gate: no match, no except*, no type statement, no parenthesised with.
    tree = ast.parse(source, feature_version=(3, 8))
    return [f"{line}: {what}" for line, what in sorted(_forms(tree))]


def _forms(tree: ast.AST) -> Iterator[tuple[int, str]]:
    calls = {id(argument) for node in ast.walk(tree) if isinstance(node, ast.Call) for argument in node.args}
    for node in ast.walk(tree):
        match node:
            case ast.arguments(posonlyargs=[first, *_]):
                yield first.lineno, "positional-only parameters"
            case ast.Starred(ctx=ast.Load()) if id(node) not in calls:
                yield node.lineno, "* outside a call or an assignment's target"
            case ast.Dict(keys=keys) if None in keys:
                yield node.lineno, "** in a dict display"
            case ast.BinOp(left=left, op=ast.BitOr(), right=right) if _a_dict(left) or _a_dict(right):
                yield node.lineno, "union of dicts"
            case ast.FormattedValue(value=value) if any(isinstance(inner, ast.JoinedStr) for inner in ast.walk(value)):
                yield node.lineno, "f-string inside an f-string"


def _a_dict(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id == "dict"
    return isinstance(node, ast.Dict | ast.DictComp)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(DEVICE).as_posix())
def test_a_device_file_uses_only_forms_that_circuitpython_knows(file):
    assert unknown_forms(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(a, /): pass",
        "x = rows[*at]",
        "def f(x):\n    return *x, 1",
        "x = {**a}",
        "x = {} | a",
        "x = dict(a=1) | b",
        "f'{f\"{x}\"}'",
    ],
)
def test_a_form_that_circuitpython_does_not_know_is_found(source):
    assert len(unknown_forms(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "match x:\n    case 1: pass",
        "try:\n    pass\nexcept* OSError:\n    pass",
        "with (open(a) as b, open(c) as d):\n    pass",
    ],
)
def test_a_newer_statement_does_not_even_parse(source):
    with pytest.raises(SyntaxError):
        unknown_forms(source)


def test_what_circuitpython_does_know_passes():
    source = (
        "a, *b = f(*c, **d)\nif (n := 3) | 4:\n    x = f'{n!r:{w}}'\ndef g(*, k: 'int | None' = None): yield from k\n"
    )
    assert unknown_forms(source) == []
