"""Paths as they are typed: what cannot be meant as the name of a file is refused at once.

For every command's arguments. Whether a file is there, and is what it must be, its reader says.
"""

import os
from pathlib import Path
from typing import Any

import click


class InputPath(click.Path):
    """A path that is not empty: an empty one would be the folder in which the person happens to be."""

    def __init__(self, **checks: Any) -> None:
        super().__init__(path_type=Path, **checks)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the path, or fail with a sentence."""
        if os.fspath(value) == "":
            self.fail("it is empty; give the path of a file or folder.", param, ctx)
        return super().convert(value, param, ctx)


class OutputPath(InputPath):
    """A path to write to that is not `-`: sound, logs and pictures are not for standard output."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the path, or fail with a sentence."""
        if os.fspath(value) == "-":
            self.fail("this does not go to standard output; give a path (./- is the one of that name).", param, ctx)
        return super().convert(value, param, ctx)
