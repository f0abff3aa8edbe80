"""Python that somebody types or sends: it runs on the virtual board, in one namespace until the board reloads."""

import __future__

import ast
import codeop

from backbeat_host.lab.circuitpython.hardware import Hardware
from backbeat_host.lab.circuitpython.language import traceback_text
from backbeat_host.lab.endings import ConsoleInterrupt
from backbeat_host.lab.machine import Machine
from backbeat_host.lab.serve.pulse import Pulse

_NAME = "<stdin>"
_SHOW = "__show__"
_FLAGS = __future__.annotations.compiler_flag
_COMPOUND = ("if", "while", "for", "try", "with", "def", "class", "async", "@")


class Interpreter:
    """The namespace of one prompt."""

    def __init__(self, hardware: Hardware, pulse: Pulse) -> None:
        self._hardware = hardware
        self._pulse = pulse
        self._main = Machine(hardware).main()
        self._main.__dict__[_SHOW] = self._show

    def run(self, source: str, typed: bool = False) -> str:
        """Run it; give what is to be said of the error that ended it, else "". `typed` shows what expressions give."""
        self._hardware.clock.advance(len(source) * self._hardware.pace.source_byte)
        try:
            tree = ast.parse(source, _NAME)
            if typed:
                tree = ast.fix_missing_locations(_Shown().visit(tree))
            code = compile(tree, _NAME, "exec", flags=_FLAGS, dont_inherit=True)
            with self._pulse:
                exec(code, self._main.__dict__)
        except SystemExit:
            return ""
        except (ConsoleInterrupt, Exception) as error:
            return traceback_text(error)
        return ""

    def _show(self, value: object) -> None:
        if value is not None:
            self._main.__dict__["_"] = value
            self._hardware.console.write(repr(value) + "\n")


def incomplete(text: str) -> bool:
    """Whether a line typed at the prompt wants another one."""
    last = text.rpartition("\n")[2]
    if text.split("\n")[0].startswith(_COMPOUND) and ("\n" not in text or last.strip()):
        word = text.replace(":", " ").replace("(", " ").split()[0]
        return word.startswith("@") or word in _COMPOUND
    try:
        return codeop.compile_command(text, _NAME) is None
    except (SyntaxError, ValueError, OverflowError):
        return False


class _Shown(ast.NodeTransformer):
    """Expressions outside of functions and classes are shown."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """Hand the value over."""
        call = ast.Call(ast.Name(_SHOW, ast.Load()), [node.value], [])
        return ast.copy_location(ast.Expr(ast.copy_location(call, node)), node)

    def _leave(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _leave  # noqa: N815
