"""The quick card is held against the firmware's patterns, its words against the READMEs, its layout against itself."""

import importlib.util
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest

from backbeat import cues, names, settings
from backbeat_host.runs.cues import DOES, GROUPS, called

ROOT = Path(__file__).resolve().parent.parent
SVG = (ROOT / "hardware" / "quick-card.svg").read_text(encoding="utf-8")
ALL = ("beat", *names.CUES)
REDRAW = "the card has aged: python hardware/quick_card.py draws it anew"
MM = 25.4 / 72  # of a point
NUMBER = re.compile(r"-?\d+\.\d+|-?\d+")


@pytest.fixture(scope="module")
def card():
    spec = importlib.util.spec_from_file_location("quick_card", ROOT / "hardware" / "quick_card.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sheet(card):
    with matplotlib.rc_context(card.STYLE):
        return card.drawn()


@pytest.fixture(scope="module")
def bars():
    """The bars in the committed file that have a name: left, top, right, bottom in mm."""
    found = {}
    for group in ElementTree.fromstring(SVG).iter("{http://www.w3.org/2000/svg}g"):
        name = group.get("id", "")
        if name.endswith(("-tone", "-touch")):
            (path,) = group
            numbers = [float(number) * MM for number in NUMBER.findall(path.attrib["d"])]
            found[name] = (min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))
    return found


def sounds(cue: str) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
    """What the firmware plays: tones (from, to, Hz) and touches (from, to), in ms."""
    if cue == "beat":
        every = 600_000 // settings.defaults()["cadence"]
        at = [number * every for number in range(3)]
        hz = (cues.ACCENT_HZ, cues.BEAT_HZ, cues.BEAT_HZ)
        tones = [(begin, begin + cues.BEAT_MS, tone) for begin, tone in zip(at, hz, strict=True)]
        return tones, [(begin, begin + cues.TOUCH_MS) for begin in at]
    row = cues._PATTERNS[names.CUES.index(cue)]
    tones, touches, at = [], [], 0
    for first in range(0, len(row), 3):
        ms, hz, touch = row[first : first + 3]
        if hz:
            tones.append((at, at + ms, hz))
        if touch:
            touches.append((at, at + ms))
        at += ms
    return tones, touches


@pytest.mark.parametrize("cue", ALL)
def test_a_cue_is_drawn_as_it_sounds_and_is_felt(cue, card, sheet, bars):
    (stave,) = (box for box in sheet.boxes if box.what == f"{cue}, drawn")
    mine = {name: bar for name, bar in bars.items() if re.fullmatch(rf"{cue}-\d+-(tone|touch)", name)}

    def ms(x: float) -> int:
        return round((x - stave.left) / card.SECOND * 1000)

    def hz(bar: tuple[float, ...]) -> float:
        depth = (bar[1] + bar[3]) / 2 - stave.top
        return card.HIGHEST * (card.LOWEST / card.HIGHEST) ** (depth / card.STAVE_HIGH)

    tones, touches = sounds(cue)
    drawn = sorted(bar for name, bar in mine.items() if name.endswith("-tone"))
    assert [(ms(bar[0]), ms(bar[2])) for bar in drawn] == [tone[:2] for tone in tones], REDRAW
    assert [hz(bar) for bar in drawn] == pytest.approx([tone[2] for tone in tones], rel=0.001), REDRAW
    felt = sorted(bar for name, bar in mine.items() if name.endswith("-touch"))
    assert [(ms(bar[0]), ms(bar[2])) for bar in felt] == touches, REDRAW
    for bar in felt:
        assert bar[1] > stave.top + card.STAVE_HIGH and bar[3] == pytest.approx(stave.bottom, abs=0.001)
    assert max(bar[2] for bar in mine.values()) <= stave.right + 0.001, "longer than the stave"


def test_no_bar_is_left_over(bars):
    assert {name.split("-")[0] for name in bars} == set(ALL)


@pytest.fixture(scope="module")
def anew(card, tmp_path_factory):
    path = tmp_path_factory.mktemp("card") / "card.svg"
    card.save(path)
    return path.read_text(encoding="utf-8")


def test_the_card_in_the_repository_is_the_one_that_is_drawn_now(anew):
    if f"Matplotlib v{matplotlib.__version__}," not in SVG:
        pytest.skip("the card was drawn by another matplotlib: its glyphs and tags may differ")
    assert NUMBER.sub("#", anew) == NUMBER.sub("#", SVG), REDRAW
    pairs = zip(NUMBER.findall(anew), NUMBER.findall(SVG), strict=True)
    assert all(abs(float(a) - float(b)) < 0.01 for a, b in pairs), REDRAW  # another machine's last digit is no change


def test_the_same_card_is_the_same_bytes(card, anew, tmp_path):
    card.save(tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_text(encoding="utf-8") == anew


def test_every_cue_has_its_words_once():
    assert sorted(cue for group in GROUPS.values() for cue in group) == sorted(ALL)
    assert all(does.endswith((".", "!")) for does in DOES.values())


@pytest.mark.parametrize("cue", ALL)
def test_a_cue_s_name_and_what_to_do_stand_on_the_card(cue, sheet):
    texts = [box.what for box in sheet.boxes]
    assert any(text.removesuffix(" ↻") == called(cue) for text in texts)
    assert DOES[cue] in " ".join(texts)


@pytest.mark.parametrize("cue", ALL)
def test_a_cue_has_the_same_name_in_the_table_of_sounds(cue):
    page = (ROOT / "device" / "README.md").read_text(encoding="utf-8")
    table = page.partition("## What the wearer hears")[2].partition("\n## ")[0]
    cells = [re.sub(r" \(.*\)$", "", cell) for cell in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)]
    assert ", ".join(cells).split(", ").count(called(cue)) == 1


def test_nothing_runs_into_anything_else(sheet):
    for a, b in combinations(sheet.boxes, 2):
        apart = a.right <= b.left or b.right <= a.left or a.bottom <= b.top or b.bottom <= a.top
        assert apart or (a.holds and inside(b, a)) or (b.holds and inside(a, b)), f"{a.what} runs into {b.what}"


def inside(small, large) -> bool:
    return bool(
        large.left <= small.left
        and small.right <= large.right
        and large.top <= small.top
        and small.bottom <= large.bottom
    )


def test_nothing_comes_near_the_edge_of_a_face(card, sheet):
    for box in sheet.boxes:
        left, top, wide, high, margin = 0.0, 0.0, *card.SHEET, 1.0
        if box.face >= 0:
            left, top = card.EDGE + box.face % 2 * card.FACE[0], card.EDGE + box.face // 2 * card.FACE[1]
            wide, high, margin = *card.FACE, card.SAFE
        assert box.left >= left + margin and box.right <= left + wide - margin, box.what
        assert box.top >= top + margin and box.bottom <= top + high - margin, box.what


def test_a_face_has_the_size_of_a_bank_card_and_the_sheet_fits_common_paper(card):
    assert card.FACE == (85.6, 54.0)
    wide, high = (float(size) * MM for size in re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', SVG).groups())
    assert (wide, high) == pytest.approx(card.SHEET, abs=0.001)
    assert wide <= 210 - 2 * 5 and high <= 279 - 2 * 5  # A4's width and Letter's height, less what printers leave out


def test_the_smallest_text_can_be_read(sheet):
    assert min(sheet.sizes) >= 5
