"""A group's name and size in words."""

from backbeat_host.lab.evaluate import Group
from backbeat_host.lab.report.table import long


def headline(group: Group) -> tuple[str, str]:
    """Give the heading of a group and the line below it."""
    made = "made recordings, not real ones" if group.made else ""
    name = f"{group.name} ({made})" if made and group.name in group.corpora else group.name
    kinds = ", ".join(f"{count} {kind}" for kind, count in group.kinds.items())
    people = f", {group.subjects} {'person' if group.subjects == 1 else 'people'}" if group.subjects else ""
    trials = f"{group.trials} trial{'' if group.trials == 1 else 's'}"
    return name, f"{trials}{people}, {long(group.hours)}: {kinds}"
