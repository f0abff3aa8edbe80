"""The pages on hardware are held against the board files, and the sums of the current budget against its own tables."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "hardware").glob("*.md")}
BOARDS = [
    path
    for path in sorted((ROOT / "device/lib/backbeat/board").glob("*.py"))
    if "\nSCL = " in path.read_text(encoding="utf-8")
]
PARTS = {
    "sensor's clock": "SCL",
    "sensor's data": "SDA",
    "sensor's supply": "POWER",
    "sensor's interrupt": "INT1",
    "piezo": "SOUNDER",
    "motor": "HAPTIC",
    "button": "BUTTON",
    "light": "LIGHT",
    "light's supply": "NEOPIXEL_POWER",
    "battery": "BATTERY",
    "divider's foot": "BATTERY_ENABLE",
    "charger at work": "CHARGING",
}


def section(page: str, title: str) -> str:
    return PAGES[page].partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """A table's rows without its rule, cell by cell."""
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [row for row in table if set("".join(row)) != {"-", " "} and set("".join(row)) != {"-"}]


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\w+) = board\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_the_wiring_of_a_board_is_that_of_its_file(path):
    _, *wiring = rows(section("boards.md", path.stem))
    wired = {PARTS[part]: pin.strip("`") for part, pin, _ in wiring}
    if wired.get("LIGHT") == "NEOPIXEL":
        wired["NEOPIXEL"] = wired.pop("LIGHT")
    assert wired == pins(path)


def test_the_drawing_of_the_reference_build_has_its_pins():
    reference = pins(next(path for path in BOARDS if path.stem == "Seeed_XIAO_nRF52840_Sense"))
    drawn = dict(re.findall(r"^      (D\d) ──.*?(piezo|gate|button)", PAGES["README.md"], re.MULTILINE))
    assert drawn == {reference["SOUNDER"]: "piezo", reference["HAPTIC"]: "gate", reference["BUTTON"]: "button"}


def test_every_name_that_a_board_file_may_have_is_explained():
    explained = set(re.findall(r"`([A-Z0-9_]+)`", section("boards.md", "Another board")))
    used = {
        name for path in BOARDS for name in re.findall(r"^(\w+) = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert explained == used


def test_the_current_budget_adds_up():
    _, *draws = rows(section("power.md", "What draws current"))
    milliamperes = {what: float(amount) for what, amount, _ in draws}
    head, *states = rows(section("power.md", "How much of the time"))
    assert head[1:10] == list(milliamperes)
    for state, *cells in states:
        shares = dict(zip(head[1:10], map(float, cells[:9]), strict=True))
        total = sum(milliamperes[what] * share for what, share in shares.items())
        told, hours_100, hours_250 = map(float, cells[9:])
        assert told == pytest.approx(total, abs=0.05), state
        assert hours_100 == pytest.approx(95 / total, abs=0.06), state
        assert hours_250 == pytest.approx(237.5 / total, abs=0.06), state


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", PAGES[page]):
        assert (ROOT / "hardware" / target).exists(), target
