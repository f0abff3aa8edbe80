"""Settings as they are held somewhere, in a profile or on a board: read alike, changed alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from backbeat import settings
from backbeat_host.complaints import Complaint


@dataclass
class Held:
    """Every setting in the device's form, the names that are given, and what is wrong."""

    values: dict[str, Any] = field(default_factory=settings.defaults)
    given: set[str] = field(default_factory=set)
    complaints: list[Complaint] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """One setting with two values, in the device's form."""

    name: str
    before: Any
    after: Any


class Place(Protocol):
    """Where settings are held."""

    @property
    def where(self) -> str:
        """As a person finds it."""

    def held(self) -> Held:
        """What is there."""

    def put(self, wanted: Mapping[str, Any], wrong: Sequence[Complaint] = ()) -> list[Change]:
        """Change these, unless anything is `wrong` with them or would then be with the whole; tells what changed.

        Raises:
            InputError: something is, and nothing was changed.
        """

    def reset(self) -> list[Change]:
        """Change every setting to its default."""


def changes(before: Mapping[str, Any], after: Mapping[str, Any], names: Iterable[str] | None = None) -> list[Change]:
    """Give the settings that differ, in the table's order."""
    rows = [row.name for row in settings.TABLE] if names is None else names
    return [Change(name, before[name], after[name]) for name in rows if before[name] != after[name]]
