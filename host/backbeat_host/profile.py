"""What goes out: settings from a profile (TOML), a settings file (JSON) or `key=value`, checked by the board's table.

All complaints are gathered and told together; unless all is valid nothing is used.
"""

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backbeat import settings
from backbeat_host.errors import InputError

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")  # float() takes 1_68, nan and more
_SWITCHES = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


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
    complaints: list[str] = []
    for source in sources:
        if not source.strip():
            raise InputError("a setting is empty; give a profile (.toml), a settings file (.json) or key=value.")
        if "=" in source and not _exists(source):
            table = _pair(source)
            complaints += settings.put(result.values, table)  # one pair may need the next: forward and up
        else:
            table = _file(Path(source))
            complaints += [f"{source}: {complaint}" for complaint in settings.apply(result.values, table)]
        result.given |= _names(table)
    complaints += settings.together(result.values)
    if complaints:
        raise InputError("\n".join(map(_shown, complaints)))
    return result


def _shown(text: str) -> str:
    """Give a text with what a terminal would obey, or not show, escaped."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except OSError:  # too long for a name, or not ours to look at
        return False


def _pair(source: str) -> dict[str, Any]:
    name, _, text = source.partition("=")
    name, text = name.strip(), text.strip()
    row = settings.find(name)
    return {name: _value(row, text) if row is not None else text}


def _value(row: Any, text: str) -> Any:
    """Read a value as it is typed: a number, a word, on/off, or three numbers with commas."""
    if row.kind == "vector":
        parts = [_number(part) for part in text.strip("[]() ").split(",")]
        return parts if all(isinstance(part, int) for part in parts) else text
    if row.kind == "choice":
        return _SWITCHES.get(text.lower(), text) if isinstance(row.among[0], bool) else text
    return _number(text)


def _number(text: str) -> int | float | str:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return text
    try:
        return int(text)
    except ValueError:  # not whole, or thousands of digits
        return float(text)


def _file(path: Path) -> dict[str, Any]:
    shown = _shown(str(path))
    try:
        text = path.read_text(encoding="utf-8").removeprefix("\ufeff")  # a byte order mark, as Windows writes it
    except OSError as error:
        raise InputError(
            f"{shown}: cannot be read ({error.strerror}); give a profile (.toml), a settings file (.json) or key=value."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{shown}: not UTF-8 text at byte {error.start}; save it as UTF-8.") from error
    try:
        table = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{shown}, line {error.lineno}: not JSON ({error.msg}); correct it there.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{shown}: not TOML ({_shown(str(error))}); correct it there.") from error
    except RecursionError as error:
        raise InputError(f"{shown}: nested too deeply; expected a table of settings.") from error
    except ValueError as error:
        raise InputError(f"{shown}: a number in it has thousands of digits; correct it there.") from error
    if not isinstance(table, dict):
        raise InputError(f"{shown}: expected a table of settings, found {type(table).__name__}.")
    return table


def _names(table: dict[str, Any], prefix: str = "") -> set[str]:
    names: set[str] = set()
    for key, value in table.items():
        names |= _names(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key}
    return names
