"""What goes out: settings from a profile (TOML), a settings file (JSON) or `key=value`, checked by the board's table.

All complaints are gathered and told together; unless all is valid nothing is used.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backbeat import settings
from backbeat_host import units
from backbeat_host.complaints import Complaint, shown, told
from backbeat_host.errors import InputError
from backbeat_host.profile_text import BOM, look, look_at_json, read, taken

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")  # float() takes 1_68, nan and more
_SWITCHES = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
_EXPECTED = "give a profile (.toml), a settings file (.json) or key=value"


@dataclass
class Chosen:
    """Settings in the device's form, and the names a person gave."""

    values: dict[str, Any] = field(default_factory=settings.defaults)
    given: set[str] = field(default_factory=set)


def chosen(sources: Iterable[str]) -> Chosen:
    """Take each source in turn, a file or `key=value`; a later one wins.

    Raises:
        InputError: a source cannot be read, or a setting is unknown or not what it must be; every complaint is told.
    """
    result = Chosen()
    complaints: list[Complaint] = []
    for source in sources:
        if not source.strip():
            raise InputError("a setting is empty; give a profile (.toml), a settings file (.json) or key=value.")
        if "=" in source and not _exists(source):
            values, wrong = paired([source])  # one pair may need the next: forward and up
            complaints += wrong
        else:
            text = read(Path(source), _EXPECTED).removeprefix(BOM)
            looker = look_at_json if Path(source).suffix.lower() == ".json" else look
            looked = looker(text, result.values)
            values = looked.values
            complaints += [complaint.at(source) for complaint in looked.complaints]
        result.values |= values
        result.given |= set(values)
    complaints += [Complaint(sentence) for sentence in settings.together(dict(result.values)) if not complaints]
    told(complaints)
    return result


def paired(pairs: Iterable[str]) -> tuple[dict[str, Any], list[Complaint]]:
    """Read `key=value` pairs as they are typed, units and all; gives settings in the device's form, and complaints."""
    values: dict[str, Any] = {}
    complaints = []
    for pair in pairs:
        name, equals, text = (part.strip() for part in pair.partition("="))
        row = settings.find(name)
        if not equals and row is None and name:
            sentence = _no_pair(shown(name))
        elif not equals:
            sentence = f"{shown(name) or 'an empty word'}: no value is given; write {shown(name) or 'key'}=VALUE."
        elif row is None:
            (sentence,) = settings.put({}, {name: text})
        elif name in values:
            sentence = f"{name}: given twice; leave one."
        else:
            held, sentence = taken(row, _value(row, text))
            if not sentence:
                values[name] = held
        if sentence:
            complaints.append(Complaint(sentence, name))
    return values, complaints


def typed(row: Any, held: Any) -> str:
    """Give a value of the device's form as it may be typed after `key=`."""
    plain = row.plain(held)
    if isinstance(plain, bool):
        return "on" if plain else "off"
    return ",".join(map(str, plain)) if isinstance(plain, list) else str(plain)


def _no_pair(word: str) -> str:
    if word.endswith(".toml"):
        return f"{word}: a profile is given as --profile {word}, a setting as NAME=VALUE."
    return f"{word}: no setting; write NAME=VALUE (`backbeat config docs` tells every NAME)."


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except OSError:  # too long for a name, or not ours to look at
        return False


def _value(row: Any, text: str) -> Any:
    """Read a value as it is typed: a number with or without unit, a word, on/off, or three numbers with commas."""
    if row.kind == "vector":
        parts = [_number(part) for part in text.strip("[]() ").split(",")]
        return parts if all(isinstance(part, int) for part in parts) else text
    if row.kind == "choice":
        return _SWITCHES.get(text.lower(), text) if isinstance(row.among[0], bool) else text
    number = units.understood(text, row.unit)
    return _number(text) if number is None else number


def _number(text: str) -> int | float | str:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return text
    try:
        return int(text)
    except ValueError:  # not whole, or thousands of digits
        return float(text)
