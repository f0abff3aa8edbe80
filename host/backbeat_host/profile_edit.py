"""Changing settings in a profile's text: comments, order and every other line stay as the person wrote them.

A value that is there is changed in its place (tomlkit); one that is not gets a line of its own among its likes.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, InlineTable

from backbeat import settings
from backbeat_host.errors import InputError
from backbeat_host.profile_text import BOM, Looked, look

HEAD = "# A Backbeat profile. `backbeat config docs` tells every setting; one that is not here has its default.\n"


def with_settings(text: str, wanted: Mapping[str, Any]) -> str:
    """Give a profile's text with these settings, in the device's form.

    Raises:
        InputError: the text is TOML that cannot be changed without touching more than that.
    """
    begins = BOM if text.startswith(BOM) else ""
    body = text.removeprefix(BOM)
    windows = "\r\n" in body and "\n" not in body.replace("\r\n", "")
    body = body.replace("\r\n", "\n") if windows else body
    before = look(body)
    held = {name: value for name, value in wanted.items() if before.values.get(name) != value}
    changed = _replaced(body, {name: value for name, value in held.items() if name in before.lines})
    for name, value in held.items():
        if name not in before.lines:
            changed = _added(changed, name, value)
    after = look(changed)
    if not after.parses or any(after.values.get(name) != value for name, value in wanted.items()):
        raise _beyond()
    if any(after.values.get(name) != value for name, value in before.values.items() if name not in wanted):
        raise _beyond()
    return begins + (changed.replace("\n", "\r\n") if windows else changed)


def written(values: Mapping[str, Any]) -> str:
    """Give a profile with all of these settings, each below its help."""
    return "\n".join(
        [HEAD, *(f"# {about(row)}\n{line(row.name, row.name, values[row.name])}" for row in settings.TABLE)]
    )


def offered() -> str:
    """Give a new profile in which every setting stands ready at its default, behind a #."""
    return "\n".join([HEAD, *(f"# {about(row)}\n#{line(row.name, row.name, row.default)}" for row in settings.TABLE)])


def about(row: Any) -> str:
    """Say of a setting, in a comment's words, what it is and what it may be."""
    expects = row.expects().strip()
    return f"{row.help} {expects[0].upper()}{expects[1:]}."


def line(key: str, name: str, held: Any) -> str:
    """Give a setting's line, below a key of its table or its whole name."""
    return f"{key} = {_toml(name, held).as_string()}\n"


def _toml(name: str, held: Any) -> Any:
    return tomlkit.item(settings.find(name).plain(held))


def _beyond() -> InputError:
    return InputError("this profile is written in a way that cannot be changed for you; use `backbeat config edit`.")


def _replaced(text: str, wanted: Mapping[str, Any]) -> str:
    """Change values that are there."""
    if not wanted:
        return text
    try:
        document = tomlkit.parse(text)
        if document.as_string() != text:
            raise _beyond()
        for name, held in wanted.items():
            table, key = next(_places(document, "", name))
            old, new = table[key], _toml(name, held)
            if isinstance(old, Array) and isinstance(new, Array) and len(old) == len(new):
                for at, part in enumerate(new):
                    if old[at] != part:
                        old[at] = part
            else:
                table[key] = new
        return document.as_string()
    except (TOMLKitError, StopIteration, ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise _beyond() from error


def _places(table: MutableMapping[str, Any], prefix: str, name: str) -> Iterator[tuple[MutableMapping[str, Any], str]]:
    for key in list(table):
        if prefix + key == name:
            yield table, key
        elif isinstance(table[key], MutableMapping) and name.startswith(f"{prefix}{key}."):
            yield from _places(table[key], f"{prefix}{key}.", name)


def _added(text: str, name: str, held: Any) -> str:
    """Add a line for a setting: in its [table] where there is one, else below the last line outside all tables."""
    looked = look(text)
    prefix, _, last = name.rpartition(".")
    if prefix and any(prefix in (says.says or {}) and not says.table for says in looked.statements):
        inline = _in_inline(text, prefix, last, _toml(name, held))
        if inline is not None:
            return inline
    if prefix and (end := _end_of(looked, prefix)):
        return _inserted(text, end, line(last, name, held))
    if end := _end_of(looked, ""):
        return _inserted(text, end, line(name, name, held))
    lines = _lines(text)
    first = next((says.first - 1 for says in looked.statements), None)
    if first is None:
        return _inserted(text, len(lines), line(name, name, held))
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1  # the table's own comment stays above it
    return _inserted(text, first, line(name, name, held) + "\n")


def _in_inline(text: str, table: str, key: str, item: Any) -> str | None:
    try:
        document = tomlkit.parse(text)
        if not isinstance(document.get(table), InlineTable):
            return None
        document[table][key] = item
        return document.as_string()
    except (TOMLKitError, ValueError, TypeError) as error:
        raise _beyond() from error


def _end_of(looked: Looked, table: str) -> int:
    """The last line of what a table says, the table's own included; 0 where it says nothing."""
    return max((says.last for says in looked.statements if says.table == table), default=0)


def _inserted(text: str, after: int, added: str) -> str:
    lines = _lines(text)
    if after and after == len(lines) and not lines[-1].endswith("\n"):
        added = "\n" + added.removesuffix("\n")
    return "".join([*lines[:after], added, *lines[after:]])


def _lines(text: str) -> list[str]:
    """Cut at newlines only: a comment may hold what str.splitlines cuts at as well."""
    lines = [part + "\n" for part in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
