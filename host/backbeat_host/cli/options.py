"""Options that several commands take, each with one meaning everywhere."""

import math
from typing import Any

import click


class FiniteRange(click.FloatRange):
    """A number within bounds: no `nan`, which is within any, and no `inf`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Give the number, or refuse it."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


settings_option = click.option(
    "--settings",
    "sources",
    metavar="FILE|KEY=VALUE",
    multiple=True,
    help="A profile (.toml), a settings file (.json) or one setting; may repeat, the later one wins.",
)
trial_option = click.option("--trial", metavar="GLOB", help="Only trials whose id matches, for instance 'F02_*'.")
jobs_option = click.option(
    "--jobs", metavar="N", type=click.IntRange(1), help="Processes [default: as many as processors]."
)
dask_option = click.option(
    "--dask", "address", metavar="ADDRESS", help="Run on the Dask cluster with this scheduler instead."
)
