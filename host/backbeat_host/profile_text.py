"""A profile's text (TOML) looked at statement by statement: every setting with its line, and all that is wrong at once.

A parser of the whole text stops at the first fault and knows no lines; it has the last word here all the same.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backbeat import settings
from backbeat_host import units
from backbeat_host.complaints import Complaint, shown
from backbeat_host.errors import InputError

BOM = "\ufeff"  # as Windows writes it
LARGEST = 65_536  # bytes; every setting with its help takes 2000
_LONGEST_STATEMENT = 64  # lines
_OPENS = re.compile(r"\[|\"\"\"|'''")  # what a value over several lines begins with
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TABLES = {row.name.rpartition(".")[0] for row in settings.TABLE} - {""}


@dataclass(frozen=True)
class Statement:
    """One `key = value` or `[table]`, from line to line (counted from 1), with what it says as nested tables."""

    first: int
    last: int
    table: str  # the [table] it lies in, or begins
    says: dict[str, Any] | None  # None: it begins a table


@dataclass
class Looked:
    """What a profile gives: settings in the device's form, the line of each, statements, and complaints."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    parses: bool = True  # it is TOML, whatever it says

    def whole(self, below: dict[str, Any] | None = None) -> dict[str, Any]:
        """Every setting: as given, else as in what lies below, else its default."""
        return {**settings.defaults(), **(below or {}), **self.values}


def read(path: Path, expected: str = "give a profile (.toml)") -> str:
    """Read a text file of settings.

    Raises:
        InputError: it is not there, no file, too large, or not UTF-8.
    """
    name = shown(str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except IsADirectoryError as error:
        raise InputError(f"{name}: this is a folder; {expected}.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{name}: cannot be read ({reason}); {expected}.") from error
    if len(raw) > LARGEST:
        raise InputError(f"{name}: larger than {LARGEST // 1024} KB, which no settings are; {expected}.")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}, line {line}: not UTF-8 text at byte {error.start}; save it as UTF-8.") from error


def look(text: str, below: dict[str, Any] | None = None) -> Looked:
    """Look a profile's text over; `below` is what holds where it says nothing, for what must go together."""
    text = text.removeprefix(BOM).replace("\r\n", "\n")
    looked = Looked()
    for statement in _statements(text, looked):
        looked.statements.append(statement)
        if statement.says is not None:
            for name, value in _flat(statement.says, statement.table):
                _take(looked, name, value, statement.first)
        elif statement.table not in _TABLES:
            sentence = f"[{shown(statement.table)}]: there is no such table of settings."
            looked.complaints.append(Complaint(sentence, statement.table, statement.first))
    _parse(text, looked)
    whole = looked.whole(below)
    line = max(looked.lines.get("mount.forward", 0), looked.lines.get("mount.up", 0))
    looked.complaints += [Complaint(sentence, "mount.forward", line) for sentence in settings.together(whole)]
    looked.complaints.sort(key=lambda complaint: complaint.line)
    return looked


def taken(row: Any, value: Any) -> tuple[Any, str]:
    """Give a value in the device's form, or None and the sentence that says why it will not do."""
    if isinstance(value, dict):
        return None, f"{row.name}: a table will not do; expected {row.expects()}."
    parsed: dict[str, Any] = {}
    for sentence in settings.put(parsed, {row.name: value}):
        also = units.known(row.unit) if isinstance(value, str) else ""
        return None, sentence.removesuffix(".") + (f" (also in {also})." if also else ".")
    return parsed[row.name], ""


def look_at_json(text: str, below: dict[str, Any] | None = None) -> Looked:
    """Look a board's settings file over; as on the board, it knows no units."""
    looked = Looked()
    twice: list[str] = []

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice.extend(key for at, key in enumerate(keys) if key in keys[:at])
        return dict(pairs)

    sentence, line, given = "", 0, None
    try:
        given = json.loads(text, object_pairs_hook=table)
    except json.JSONDecodeError as error:
        sentence, line = f"not JSON ({error.msg}); correct it there.", error.lineno
    except RecursionError:
        sentence = "nested too deeply; expected a table of settings."
    except ValueError:
        sentence = "a number in it has thousands of digits; correct it there."
    if not sentence and not isinstance(given, dict):
        sentence = f"expected a table of settings, found {type(given).__name__}."
    if sentence:
        looked.parses = False
        looked.complaints.append(Complaint(sentence, line=line))
        return looked
    for name, value in _flat(given or {}, ""):
        _take(looked, name, value, 0, with_units=False)
    looked.complaints += [Complaint(f"{name}: given twice; leave one.", name) for name in twice]
    sentences = settings.together(looked.whole(below))
    looked.complaints += [Complaint(sentence, "mount.forward") for sentence in sentences]
    return looked


def _take(looked: Looked, name: str, value: Any, line: int, with_units: bool = True) -> None:
    row = settings.find(name)
    if row is None:
        (sentence,) = settings.put({}, {name: None})
    elif name in looked.lines:
        first = f", in line {looked.lines[name]} as well" if line else ""
        sentence = f"{name}: given twice{first}; leave one."
    else:
        looked.lines[name] = line
        if with_units and row.unit and isinstance(value, str):
            number = units.understood(value, row.unit)
            value = value if number is None else number
        held, sentence = taken(row, value)
        if not sentence:
            looked.values[name] = held
    if sentence:
        looked.complaints.append(Complaint(sentence, name, line))


def _statements(text: str, looked: Looked) -> Iterator[Statement]:
    """Cut the text into statements; a line that begins none is complained about."""
    lines = text.split("\n")
    table, known, at = "", True, 0
    while at < len(lines):
        line = lines[at].strip()
        if not line or line.startswith("#"):
            at += 1
            continue
        most = _LONGEST_STATEMENT if _OPENS.search(line) and not line.startswith("[") else 1
        says, last, fault = _one(lines, at, most)
        if says is None:
            looked.parses = False
            looked.complaints.append(Complaint(_not_toml(fault), line=at + 1))
            at += 1
            while at < len(lines) and not re.match(r"\s*(\[[\w\"']|[\w\"'.-]+\s*=)", lines[at]):
                at += 1  # the rest of it
            continue
        if line.startswith("["):
            table = ".".join(_path(says))
            table = f"[{table}]" if line.startswith("[[") else table
            known = table in _TABLES
            yield Statement(at + 1, last, table, None)
        elif known:
            yield Statement(at + 1, last, table, says)
        at = last


def _one(lines: list[str], at: int, most: int) -> tuple[dict[str, Any] | None, int, str]:
    """Give what the shortest statement from a line on says, and its last line; else None and the parser's reason."""
    fault = ""
    for last in range(at + 1, min(at + most, len(lines)) + 1):
        try:
            return tomllib.loads("\n".join(lines[at:last])), last, ""
        except tomllib.TOMLDecodeError as error:
            fault = fault or _PLACE.sub("", str(error))
        except RecursionError:
            return None, last, "nested too deeply"
        except ValueError:
            return None, last, "a number of thousands of digits"
    return None, at + 1, fault


def _parse(text: str, looked: Looked) -> None:
    """Let the parser have the last word: what only the whole shows is a table or key that comes twice."""
    if not looked.parses:
        return
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        looked.parses = False
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else 0
        if not any("given twice" in complaint.sentence for complaint in looked.complaints):
            looked.complaints.append(Complaint(_not_toml(_PLACE.sub("", str(error))), line=line))


def _not_toml(reason: str) -> str:
    return f"not TOML ({shown(reason)}); correct it there."


def _path(says: dict[str, Any]) -> list[str]:
    """The names of a `[table]` line, of which each holds the next."""
    names = []
    inside: Any = says
    while isinstance(inside, dict) and inside:
        ((name, inside),) = inside.items()
        names.append(name)
        inside = inside[0] if isinstance(inside, list) and inside else inside
    return names


def _flat(says: dict[str, Any], prefix: str) -> list[tuple[str, Any]]:
    rows = []
    for key, value in says.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict) and name in _TABLES:
            rows += _flat(value, name)
        elif isinstance(value, dict) and len(value) == 1 and name.count(".") < 2 and settings.find(name) is None:
            rows += _flat(value, name)  # for the name that is complained about
        else:
            rows.append((name, value))
    return rows
