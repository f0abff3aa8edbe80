"""What is wrong with somebody's settings: one sentence each, with its file and line, all told together.

And what was given, as any message shows it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backbeat_host.errors import InputError

_MOST = 30  # sentences; whoever has more begins with these
_LONGEST = 60  # characters of a value or a name in a message


@dataclass(frozen=True)
class Complaint:
    """One sentence. `name` is the setting's, `line` and `where` say which file; what is not known is "" or 0."""

    sentence: str
    name: str = ""
    line: int = 0
    where: str = ""

    def at(self, where: str) -> "Complaint":
        """The same, in a file."""
        return replace(self, where=where)

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        return shown(": ".join(filter(None, (", ".join(filter(None, (self.where, line))), self.sentence))))


def told(complaints: Sequence[Complaint]) -> None:
    """Tell all of them.

    Raises:
        InputError: there are any.
    """
    if complaints:
        more = [f"{len(complaints) - _MOST} more like these."] if len(complaints) > _MOST else []
        raise InputError("\n".join([*map(str, complaints[:_MOST]), *more]))


def shown(text: str) -> str:
    """Give a text with what a terminal would obey, or not show, escaped."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def short(text: str) -> str:
    """Give a text likewise, and no more of it than a message bears."""
    text = shown(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def listed(texts: Sequence[str], most: int) -> str:
    """Give the first so many of them, each shortened, and whether there are more."""
    return ", ".join(map(short, texts[:most])) + (", ..." if len(texts) > most else "")


def quoted(value: object) -> str:
    """Give a value as JSON has it, shortened: 5 is a number, "5" a text."""
    return short(json.dumps(value, ensure_ascii=False))
