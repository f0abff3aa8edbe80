import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat_host.link import firmware
from backbeat_host.link.lean import lean

NASTY = '''"""A module.

Of two lines.
"""  # and a comment
import os  # not "this"

PATTERN = "# no comment"; OTHER = """
# nor this
"""
ESCAPED = "\\"# inside", \'\\\'# inside\', "\\\\"  # outside: "
SHORT = ""  # \'\'\' outside
BYTES = b"# in" + rb\'\\"#\'  # """ out


def quiet():
    """Only this."""


def loud(a, b="#"):  # ø
    \'\'\'Says
    much.\'\'\'
    # in between
    return a + b  # the end


class Bare:
    "A docstring."

    x = 1

    class Inner: "On one line."


def héllo(): "ö"; return 1


class Ünder: "ö"  # last'''


PLAIN = NASTY.replace('"ö"; ', "")


class WithoutDocstrings(ast.NodeTransformer):
    def visit(self, node):
        self.generic_visit(node)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or ([] if isinstance(node, ast.Module) else [ast.Pass()])
        return node


def meaning(source):
    return ast.dump(WithoutDocstrings().visit(ast.parse(source)))


def as_it_stands(source):
    return ast.dump(ast.parse(source))


def statements(source):
    """Every statement but docstrings and what stands for them: its kind and line."""
    return [
        (type(node).__name__, node.lineno)
        for node in ast.walk(WithoutDocstrings().visit(ast.parse(source)))
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Pass)
    ]


@pytest.mark.parametrize("source", [PLAIN, *(path.read_text(encoding="utf-8") for path in firmware.tree().values())])
def test_what_is_left_means_the_same_and_stands_on_the_same_lines(source):
    left = lean(source)
    assert as_it_stands(left) == meaning(source)
    assert statements(left) == statements(source)
    assert lean(left) == left
    assert len(left) <= len(source) + 1


def test_no_comment_and_no_docstring_is_left():
    left = lean(NASTY)
    assert "comment\n" not in left.replace('"# no comment"', "")
    assert all(word not in left for word in ("A module", "Says", "in between", "last", "A docstring", "On one line"))
    assert left.count("pass") == 3
    assert meaning(left) == meaning(NASTY)


@pytest.mark.parametrize("source", ["", "\n", '"""A package."""\n', "# a package"])
def test_what_says_nothing_is_an_empty_file(source):
    assert lean(source) == ""


@given(st.lists(st.sampled_from(['"""d"""', "# c", "x = 1", "def f():\n    'd'", "def g():\n    'd'\n    return 2"])))
def test_any_order_of_statements_means_the_same(parts):
    source = "\n".join(parts)
    assert as_it_stands(lean(source)) == meaning(source)
