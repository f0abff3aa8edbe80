"""How one check of `doctor` ended."""

from dataclasses import dataclass

GOOD, ODD, BAD, SKIPPED = "good", "odd", "bad", "skipped"


@dataclass(frozen=True)
class Check:
    """`about` in a word or two, `verdict`, what was `found`, and the `remedy` where there is one to tell.

    `bars` the console when it says that the port cannot be opened.
    """

    about: str
    verdict: str
    found: str
    remedy: str = ""
    bars: bool = False
