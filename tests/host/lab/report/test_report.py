"""A report's forms: words of the figures, tables, terminal, JSON and page."""

import io
import json
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from rich.console import Console

from backbeat_host.errors import MissingExtraError
from backbeat_host.lab.evaluate import OURS, Group, Report
from backbeat_host.lab.report.headline import headline
from backbeat_host.lab.report.page import bar, write_page
from backbeat_host.lab.report.plain import as_json, write_json
from backbeat_host.lab.report.table import close, hourly, long, percent, times
from backbeat_host.lab.report.tables import tables, worst_table
from backbeat_host.lab.report.terminal import print_report
from backbeat_host.lab.scores.intervals import Hourly, Share, spread
from backbeat_host.lab.scores.labels import Labels
from backbeat_host.lab.scores.sheet import score
from backbeat_host.lab.scores.told import Alarm, Case, Told

MARKS = np.arange(1.0, 21.0)


def case(trial, kind, activity, falls=(), steps=None, travel=(), ours=True, **labels):
    """One trial of 20 s."""
    alarms = tuple(Alarm(at + 2.5, at, "forward" if ours else None) for at in falls)
    told = Told(alarms, steps=steps)
    if ours:
        told = Told(alarms, (), (), (), tuple(travel), steps)
    return Case("a", Labels(trial, 20.0, kind, activity, **labels), told)


def group(ours, *, name="a", made=False, corpora=("a",), peer=None) -> Group:
    scores = {OURS: score(ours)} | ({"peak": score(peer)} if peer else {})
    return Group(name, made, corpora, len(ours), 2, len(ours) / 180, {"daily": len(ours)}, scores)


@pytest.fixture
def report() -> Report:
    ours = [
        case("f1", "fall", "slip", [4.0], fall_direction="backward"),
        case("f2", "fall", "slip", fall_direction="forward"),
        case("j", "daily", "jogging", travel=[(4.0, "forward"), (12.0, "backward")]),
        case("w<b>", "gait", "walking", [3.0], steps=MARKS[3:] + 0.05),
    ]
    ours[3] = Case("a", Labels("w<b>", 20.0, "gait", "walking", steps=MARKS), ours[3].told)
    peer = [case(one.labels.trial, one.labels.kind, one.labels.activity, [1.0], ours=False) for one in ours]
    quiet = group([case("m", "daily", "sitting")], made=True)
    both = group([*ours, case("x", "daily", "sitting")], name="all real corpora together", corpora=("a", "b"))
    return Report((group(ours, peer=peer), both, quiet), (("bad", "the firmware failed."),))


def printed(report: Report, width: int, encoding: str = "utf-8") -> str:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", write_through=True)
    print_report(Console(file=out, width=width, highlight=False), report)
    return out.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("share", "text", "quiet"),
    [
        (Share(900, 900), "100 %", "99.6-100  900/900"),
        (Share(9999, 10000), "99.9 %", "99.9-99.9  9999/10000"),
        (Share(99999, 100000), "99.9 %", "99.9-99.9  99999/100000"),  # 100 is kept for all
        (Share(1, 100000), "0.1 %", "0.1-0.1  1/100000"),
        (Share(0, 4), "0 %", "0-49.0  0/4"),
        (Share(0, 0), "-", ""),
    ],
)
def test_a_share_in_words(share, text, quiet):
    assert (percent(share).text, percent(share).quiet) == (text, quiet)
    assert close(share).text == text


def test_rates_and_times_in_words():
    assert (hourly(Hourly(3, 2.0)).text, hourly(Hourly(3, 2.0)).quiet) == ("1.50 /h", "3 in 2.0 h")
    assert (hourly(Hourly(40, 0.5)).text, hourly(Hourly(0, 0.5)).quiet) == ("80 /h", "0 in 30 min")
    assert hourly(None).text == hourly(Hourly(0, 0)).text == times(None).text == "-"
    assert (times(spread([1.0, 2.0])).text, times(spread([1.0, 2.0])).quiet) == ("1.50 s", "95 %: 1.95 s")


def test_the_tables_come_in_the_order_people_ask(report):
    assert [table.title for table in tables(report.groups[0])] == [
        "Falls",
        "Falls: how soon",
        "Falls found, by direction",
        "Falls found, by activity",
        "Trials without a false alarm, by activity",
        "Steps",
        "Cadence off",
        "Travel: 5 s windows",
        "Travel: how soon",
        "Rolls and stumbles",
        "What it was, and what was told",
    ]
    assert all(len(row) == len(table.columns) for table in tables(report.groups[0]) for row in table.rows)


@pytest.mark.parametrize(("way", "said"), [("down", "direction: 1 falls are labelled down, "), ("forward", "")])
def test_a_fall_straight_down_does_not_pass_for_a_missed_direction(way, said):
    soon = tables(group([case("f", "fall", "faint", [4.0], fall_direction=way)]))[1]
    assert soon.note.startswith(said) and bool(soon.note) == bool(said)


def test_peers_stand_beside_ours(report):
    falls = tables(report.groups[0])[0]
    assert [[cell.text for cell in row] for row in falls.rows] == [
        [OURS, "50.0 %", "50.0 %", "45 /h", "0 /h"],
        ["peak", "100 %", "0 %", "90 /h", "180 /h"],
    ]
    assert tables(report.groups[0])[3].columns == ("", OURS, "peak")


def test_corpora_together_are_not_told_trial_by_trial(report):
    titles = [table.title for table in tables(report.groups[1])]
    assert "Falls found, by activity" not in titles and "Falls found, by direction" in titles
    assert printed(report, 120).count("Worst trials") == 1


def test_many_numbered_activities_are_put_together():
    ours = [case(f"t{k}", "daily", f"style_{k % 60:03d}", [1.0] if k == 7 else ()) for k in range(120)]
    (table,) = [table for table in tables(group(ours)) if "false alarm" in table.title]
    assert [[cell.text for cell in row] for row in table.rows] == [["style", "99.2 %"]]


def test_of_many_activities_those_that_went_wrong_are_shown():
    names = [f"{chr(97 + k // 26)}{chr(97 + k % 26)} style" for k in range(60)]
    ours = [case(name, "daily", name, [1.0] if name == "ac style" else ()) for name in names]
    (table,) = [table for table in tables(group(ours)) if "false alarm" in table.title]
    assert [row[0].text for row in table.rows] == ["ac style"]
    assert table.note == "and 59 other activities without a false alarm"


def test_the_worst_are_counted_where_they_are_too_many(report):
    ours = [case(f"t{k}", "daily", "sitting", [1.0]) for k in range(5)]
    table = worst_table(group(ours), 3)
    assert (len(table.rows), table.note) == (3, "and 2 more; all are in the JSON report")
    assert worst_table(report.groups[2], 3).rows == ()


def test_a_made_group_says_that_it_is_made(report):
    assert headline(report.groups[2])[0] == "a (made recordings, not real ones)"
    assert headline(report.groups[0]) == ("a", "4 trials, 2 people, 1 min: 4 daily")


@pytest.mark.parametrize("width", range(78, 134))
def test_no_figure_is_cut_off_however_narrow_the_terminal(report, width):
    text = printed(report, width)
    assert "…" not in text and max(map(len, text.splitlines())) <= width
    for table in tables(report.groups[0]):
        for row in table.rows:
            for cell in row[table.words :]:
                assert cell.text in text and cell.quiet in text


@pytest.mark.parametrize("width", range(78, 134))
def test_a_table_too_wide_for_its_peers_is_taken_apart(report, width):
    ours = report.groups[0].scores[OURS]
    crowd = replace(report.groups[0], scores=dict.fromkeys((OURS, "peak", "dip, peak", "dip, impact, lying"), ours))
    text = printed(Report((crowd,), ()), width)
    assert max(map(len, text.splitlines())) <= width
    assert text.count("\nFalls\n") == 1
    for table in tables(crowd):
        for said in (word for column in table.columns for word in column.split()):
            assert said in text
        for cell in (cell for row in table.rows for cell in row[table.words :]):
            assert cell.text in text and cell.quiet in text
    assert text.count("0 in 20 s") == 4  # each detector's false alarms while running


def test_less_than_a_minute_is_told_in_seconds():
    assert (long(0), long(15 / 3600), long(59.6 / 3600), long(1 / 60), long(2)) == (
        "0 s",
        "15 s",
        "1 min",
        "1 min",
        "2.0 h",
    )


def test_it_prints_in_plain_ascii(report):
    assert "falls found" in printed(report, 100, "ascii")


def test_json_holds_every_figure(report, tmp_path):
    write_json(report, tmp_path / "r.json")
    told = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert told == json.loads(json.dumps(as_json(report)))
    ours = told["groups"][0]["detectors"][OURS]
    assert ours["falls"]["sensitivity"] == {"hits": 1, "of": 2, "rate": 0.5, "low": 0.094531, "high": 0.905469}
    assert ours["falls"]["false_alarms"] == {"count": 1, "hours": 0.022222, "per_hour": 45.0}
    assert ours["falls"]["by_direction"]["forward"]["hits"] == 0
    assert ours["steps"]["all"]["f1"] == pytest.approx(34 / 37, abs=1e-6)
    assert ours["step_offsets_s"] == {"a": 0.05}
    assert ours["travel"]["groups"][0]["answers"] == {"forward": 2, "backward": 2}
    assert ours["worst"][0] == {"trial": "f2", "about": "fall", "why": "slip: no fall told", "cost": 1}
    assert "travel" not in told["groups"][0]["detectors"]["peak"]
    assert list(told["peers"]) == ["peak"] and told["failed"] == [{"trial": "bad", "why": "the firmware failed."}]
    assert [one["made"] for one in told["groups"]] == [False, False, True]


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in ("rect", "line")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_page_is_whole_and_needs_nothing_beside_itself(report, tmp_path):
    write_page(report, tmp_path / "r.html")
    source = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(source)
    assert page.open == [] and page.links == ["#g1", "#g2", "#g3"]
    assert "url(" not in source and "<script" not in source and "@import" not in source
    assert "prefers-color-scheme: dark" in source
    for said in ("falls found", "w<b>", "the acceleration exceeds 3 g", "the firmware failed.", "slip: no fall told"):
        assert said in page.text
    for table in tables(report.groups[0]):
        assert table.title in page.text
    write_page(report, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == source


def test_a_bar_shows_the_share_and_its_interval():
    assert bar(Share(1, 2)) == {"rate": 60.0, "low": 11.3, "high": 108.7}
    assert bar(Share(0, 0)) is None


def test_without_jinja_one_sentence_says_what_is_missing(report, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'backbeat\[analysis\]'"):
        write_page(report, tmp_path / "r.html")
