"""A report as one page of HTML that needs nothing beside itself: styles and drawings are in it; light or dark.

Needs the extra `analysis` (jinja2); `page.html` beside this file is the template.
"""

from pathlib import Path
from typing import Any, Final

from backbeat import __version__
from backbeat_host.errors import from_extra
from backbeat_host.lab.evaluate import Group, Report
from backbeat_host.lab.peers import PEERS
from backbeat_host.lab.report.headline import headline
from backbeat_host.lab.report.table import Table
from backbeat_host.lab.report.tables import tables, worst_table
from backbeat_host.lab.scores.intervals import Share

WORST: Final = 50  # of each kind of trouble
BAR: Final = 120  # points wide


def jinja() -> Any:
    """Give the template engine.

    Raises:
        MissingExtraError: it is not installed.
    """
    with from_extra("--html", "jinja2", "analysis"):
        import jinja2
    return jinja2


def write_page(report: Report, path: Path) -> None:
    """Write the page.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    environment = jinja().Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["bar"] = bar
    template = environment.from_string((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
    told = {name for group in report.groups for name in group.scores}
    groups = [
        {"name": name, "about": about, "made": group.made, "tables": _tables(group)}
        for group in report.groups
        for name, about in [headline(group)]
    ]
    peers = [peer for peer in PEERS if peer.name in told]
    page = template.render(version=__version__, groups=groups, peers=peers, failed=report.failed, width=BAR)
    path.write_text(page, encoding="utf-8", newline="\n")


def _tables(group: Group) -> list[Table]:
    return tables(group) if group.together else [*tables(group), worst_table(group, WORST)]


def bar(share: Share) -> dict[str, float] | None:
    """Give a share and its interval in points of a bar."""
    if share.rate is None or share.interval is None:
        return None
    low, high = share.interval
    return {"rate": round(BAR * share.rate, 1), "low": round(BAR * low, 1), "high": round(BAR * high, 1)}
