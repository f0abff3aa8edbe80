"""The core with every intermediate result watched: each operation's value must fit a board's small integer.

A board's small int is below 2**30 in magnitude; beyond it every result is a heap object. The modules are compiled anew
with a check around each arithmetic operation, so not only what is kept is seen but all that is computed on the way.
"""

import ast
import importlib
import sys
from contextlib import contextmanager
from importlib.machinery import PathFinder, SourceFileLoader

LIMIT = 2**30
CHECK = "_checked_int"
RARELY = {"backbeat.settings"}  # read once, before a session: large numbers may be objects there


class TooBigError(AssertionError):
    """A number that would be a heap object on a board."""


def checker(module):
    def check(value, line):
        if type(value) is int and not -LIMIT < value < LIMIT:
            raise TooBigError(f"{module}, line {line}: {value}")
        return value

    return check


class Watched(ast.NodeTransformer):
    """Wraps every arithmetic operation in a call of the check."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return self.check(node, node)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        target = ast.parse(ast.unparse(node.target), mode="eval").body
        return [node, ast.copy_location(ast.Expr(self.check(target, node)), node)]

    @staticmethod
    def check(value, at):
        call = ast.Call(ast.Name(CHECK, ast.Load()), [value, ast.Constant(at.lineno)], [])
        return ast.fix_missing_locations(ast.copy_location(call, at))


class Loader(SourceFileLoader):
    """Compiles a module anew with the checks in it."""

    def get_code(self, fullname):
        tree = ast.parse(self.get_data(self.path))
        return compile(Watched().visit(tree), self.path, "exec")

    def exec_module(self, module):
        setattr(module, CHECK, checker(module.__name__))
        super().exec_module(module)


class Finder:
    """Finds the core's modules, and gives them the checking loader."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        if not fullname.startswith("backbeat.") or fullname in RARELY:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec and spec.origin:
            spec.loader = Loader(fullname, spec.origin)
        return spec


@contextmanager
def core():
    """Within this, `from backbeat import ...` gives the watched modules; `module(name)` imports one."""

    def take():
        return {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "backbeat"}

    usual = take()
    sys.meta_path.insert(0, Finder)
    try:
        yield importlib.import_module
    finally:
        sys.meta_path.remove(Finder)
        take()
        sys.modules.update(usual)
