"""Draws quick-card.svg, the card that lives with the device: every sound and touch, the button, the light.

From the firmware's own patterns and times, and from the words of `backbeat_host.runs.cues`; needs the extra `draw`.
Run it after a change of either: python hardware/quick_card.py
"""

from math import log2
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from backbeat import alarm, cues, gesture, main, names, session, settings
from backbeat_host.files import written_whole
from backbeat_host.runs.cues import DOES, GROUPS, called

CARD = Path(__file__).with_name("quick-card.svg")
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "svg.hashsalt": "backbeat",
    "svg.fonttype": "path",
    "text.hinting": "none",
}
AGAIN = "\N{CLOCKWISE OPEN CIRCLE ARROW}"
INK, QUIET, STAVE = "#000000", "#5a5a5a", "#cfcfcf"
TOUCH, ALARM, PALE = "#0072B2", "#C23B00", "#ecb9a0"  # one meaning each; place and words say the same without colour

# All in mm, from the top left corner; text in points.
FACE = (85.6, 54.0)  # ISO/IEC 7810 ID-1, a bank card
EDGE = 7.5  # around the faces, for the marks where to cut and fold
SHEET = (2 * FACE[0] + 2 * EDGE, 2 * FACE[1] + 2 * EDGE + 3)
SAFE = 2.5  # nothing stands nearer to a face's edge: scissors slip
INSET = 3.4  # the columns' distance from a face's edge
GUTTER = 3.0
COLUMN = (FACE[0] - 2 * INSET - GUTTER) / 2
TITLE, BODY, HEAD, TINY = 7.2, 5.7, 7.0, 5.0
LINE = 2.1  # from one line of words to the next
HEADING = 4.35  # the depth of a group's heading
ROWS = 5  # of cells on each face
SECOND = 13.0  # the width of one second of sound
WORDS = SECOND + 1.5  # where a cell's words begin
HIGHEST, LOWEST = 3500, 280  # Hz, of the stave
STAVES = (500, 1000, 2000)  # Hz, of its lines
STAVE_HIGH, BAR, LANE = 5.0, 0.8, 0.75  # the stave's height, a tone's and a touch's thickness
PRESS_SECOND = 8.4  # the width of one second of a press
PRESS_HIGH = 2.4
MIDST = 3.9  # where presses lie in a cell


class Piece(NamedTuple):
    """A stretch of a cue: from and to in ms, its tone in Hz (0 for silence), whether it is felt and seen."""

    begin: int
    end: int
    hz: int
    touch: bool


class Box(NamedTuple):
    """What was drawn where, in mm on the sheet; one that `holds` may have text on it, but none across its edge."""

    what: str
    face: int
    holds: bool
    left: float
    top: float
    right: float
    bottom: float


def pieces(cue: str) -> list[Piece]:
    """Give a cue's pieces as the firmware plays them; of what goes on, the first time."""
    if cue == "beat":
        every = 600_000 // settings.defaults()["cadence"]
        begun = [(number * every, cues.BEAT_HZ if number else cues.ACCENT_HZ) for number in range(3)]
        tones = [Piece(at, at + cues.BEAT_MS, hz, False) for at, hz in begun]
        return tones + [Piece(at, at + cues.TOUCH_MS, 0, True) for at, _ in begun]
    row = cues._PATTERNS[names.CUES.index(cue)]
    found, at = [], 0
    for ms, hz, touch in zip(row[::3], row[1::3], row[2::3], strict=True):
        found.append(Piece(at, at + ms, hz, bool(touch)))
        at += ms
    return found


def goes_on(cue: str) -> bool:
    """Tell whether a cue is played again and again until it is cancelled."""
    return cue != "beat" and names.CUES.index(cue) in cues._GOES_ON


def height(hz: int) -> float:
    """Give a tone's place below the stave's top, in mm: an octave is as high everywhere."""
    return (log2(HIGHEST) - log2(hz)) / log2(HIGHEST / LOWEST) * STAVE_HIGH


class Sheet:
    """The drawing, and the boxes of all that must not run into each other."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(SHEET[0] / 25.4, SHEET[1] / 25.4), dpi=600, facecolor="white")
        self.renderer = FigureCanvasAgg(self.figure).get_renderer()
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, SHEET[0])
        self.axes.set_ylim(SHEET[1], 0)
        self.face = -1
        self.boxes: list[Box] = []
        self.sizes: list[float] = []

    def text(self, x: float, y: float, text: str, size: float = BODY, **look: Any) -> None:
        """Write a line; `y` is its baseline."""
        drawn = self.axes.text(x, y, text, size=size, **({"va": "baseline", "color": INK} | look))
        box = drawn.get_window_extent(self.renderer).transformed(self.axes.transData.inverted())
        self.boxes.append(Box(text, self.face, False, box.x0, min(box.y0, box.y1), box.x1, max(box.y0, box.y1)))
        self.sizes.append(size)

    def claim(self, what: str, x: float, y: float, wide: float, high: float, holds: bool = False) -> None:
        """Note a drawing's place, so that nothing else is drawn there."""
        self.boxes.append(Box(what, self.face, holds, x, y, x + wide, y + high))

    def width(self, text: str, size: float, **look: Any) -> float:
        """Give a text's width in mm."""
        probe = self.axes.text(0, 0, text, size=size, **look)
        box = probe.get_window_extent(self.renderer).transformed(self.axes.transData.inverted())
        probe.remove()
        return float(box.width)

    def bar(self, x: float, y: float, wide: float, high: float, colour: str, gid: str | None = None) -> None:
        """Fill a rectangle."""
        self.axes.add_patch(Rectangle((x, y), wide, high, facecolor=colour, linewidth=0, gid=gid))

    def pill(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        """Fill a bar with round ends, or a disc."""
        for middle in (x + high / 2, x + wide - high / 2):
            self.axes.add_patch(Circle((middle, y + high / 2), high / 2, facecolor=colour, linewidth=0))
        self.bar(x + high / 2, y, wide - high, high, colour)

    def words(self, x: float, y: float, name: str, does: str, wide: float, colour: str = INK) -> None:
        """Write a name and, below it, what it means, in one line or two."""
        self.text(x, y + 2.2, name, TITLE, weight="bold", color=colour)
        for number, line in enumerate(self.lines(does, wide)):
            self.text(x, y + 4.65 + number * LINE, line)

    def lines(self, text: str, wide: float) -> list[str]:
        """Give a text in one line, or in two: broken at a stop that lets both fit, else where they are most alike."""
        if self.width(text, BODY) <= wide:
            return [text]
        words = text.split(" ")
        breaks = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
        longest = {first: max(self.width(first, BODY), self.width(second, BODY)) for first, second in breaks}
        at_stops = [lines for lines in breaks if lines[0][-1] in ".:,;?" and longest[lines[0]] <= wide]
        return min(at_stops or breaks, key=lambda lines: longest[lines[0]])

    def stave(self, x: float, y: float, cue: str, colour: str) -> None:
        """Draw a cue: tones on a stave of octaves, touches in a lane below."""
        for hz in STAVES:
            self.bar(x, y + height(hz) - 0.05, SECOND, 0.1, STAVE)
        lane = y + STAVE_HIGH + 0.9
        self.bar(x, lane + LANE - 0.05, SECOND, 0.1, STAVE)
        scale = SECOND / 1000
        found = pieces(cue)
        for number, piece in enumerate(found):
            left, wide = x + piece.begin * scale, (piece.end - piece.begin) * scale
            if piece.hz:
                self.bar(left, y + height(piece.hz) - BAR / 2, wide, BAR, colour, f"{cue}-{number}-tone")
            if piece.touch:
                self.bar(left, lane, wide, LANE, TOUCH, f"{cue}-{number}-touch")
        if 2 * found[-1].end <= 1000 and goes_on(cue):
            for piece in found:  # once more, paler: it goes on
                left = x + (found[-1].end + piece.begin) * scale
                self.bar(left, y + height(piece.hz) - BAR / 2, (piece.end - piece.begin) * scale, BAR, PALE)
        self.claim(f"{cue}, drawn", x, y, SECOND, lane + LANE - y)


def seconds(ms: int) -> str:
    """Say ms in seconds."""
    return f"{ms / 1000:g} s"


class Face:
    """One face: a grid of two columns, filled row by row, with headings between the rows."""

    def __init__(self, sheet: Sheet, number: int, headings: int) -> None:
        self.sheet = sheet
        sheet.face = number
        self.left = EDGE + number % 2 * FACE[0]
        self.top = EDGE + number // 2 * FACE[1]
        self.depth = INSET - 0.4
        self.filled = 0
        self.row = (FACE[1] - self.depth - SAFE - headings * HEADING) / ROWS

    def heading(self, text: str, colour: str = INK, note: str = "") -> None:
        """Begin a group."""
        sheet, left, wide = self.sheet, self.left + INSET, FACE[0] - 2 * INSET
        if self.filled % 2:
            self.filled += 1
        y = self.top + self.depth + (self.filled // 2) * self.row
        sheet.bar(left, y + 0.3, wide, 3.2, colour)
        sheet.claim(f"{text}, band", left, y + 0.3, wide, 3.2, holds=True)
        sheet.text(left + 0.9, y + 2.75, text.upper(), HEAD, weight="bold", color="white")
        if note:
            sheet.text(left + wide - 0.9, y + 2.7, note, BODY, ha="right", color="white")
        self.depth += HEADING

    def cell(self) -> tuple[float, float]:
        """Give the next cell's corner."""
        x = self.left + INSET + self.filled % 2 * (COLUMN + GUTTER)
        y = self.top + self.depth + self.filled // 2 * self.row
        self.filled += 1
        return x, y

    def cue(self, cue: str, colour: str = INK) -> None:
        """Draw a cue beside its words."""
        x, y = self.cell()
        self.sheet.stave(x, y + 0.4, cue, colour)
        name = called(cue) + (" " + AGAIN if goes_on(cue) else "")
        self.sheet.words(x + WORDS, y, name, DOES[cue], COLUMN - WORDS, colour)

    def group(self, group: str, colour: str = INK, note: str = "") -> None:
        """Draw a group of cues under its heading."""
        self.heading(group, colour, note)
        for cue in GROUPS[group]:
            self.cue(cue, colour)

    def said(self, name: str, does: str) -> None:
        """Fill a cell with words only."""
        x, y = self.cell()
        self.sheet.words(x, y, name, does, COLUMN)

    def press(self, name: str, does: str, *presses: tuple[int, int], label: str = "", colour: str = INK) -> None:
        """Fill a cell with presses, each from and to in ms, and what they do."""
        x, y = self.cell()
        scale = PRESS_SECOND / 1000
        self.sheet.bar(x, y + MIDST - 0.05, SECOND, 0.1, STAVE)
        self.sheet.claim(f"{name}, pressed", x, y + MIDST - PRESS_HIGH / 2, SECOND, PRESS_HIGH, holds=True)
        for begin, end in presses:
            self.sheet.pill(x + begin * scale, y + MIDST - PRESS_HIGH / 2, (end - begin) * scale, PRESS_HIGH, colour)
        if label:
            middle = x + (presses[0][0] + presses[0][1]) / 2 * scale
            self.sheet.text(middle, y + MIDST + 0.68, label, TINY + 0.2, ha="center", color="white", weight="bold")
        self.sheet.words(x + WORDS, y, name, does, COLUMN - WORDS, colour)

    def service(self, name: str, does: str) -> None:
        """Fill a cell with the start cue, the time after it, and a press in that time."""
        x, y = self.cell()
        sheet, cue = self.sheet, pieces("start")
        scale = SECOND / (cue[-1].end + service_ms())
        sheet.bar(x, y + MIDST - 0.05, SECOND, 0.1, STAVE)
        for piece in filter(lambda piece: piece.hz, cue):
            depth = (height(piece.hz) - height(1400)) * 1.6
            sheet.bar(x + piece.begin * scale, y + MIDST + depth - BAR / 2, (piece.end - piece.begin) * scale, BAR, INK)
        sheet.claim(f"{name}, pressed", x, y + MIDST - 1.8, SECOND, 3.6)
        left, wide = x + cue[-1].end * scale, service_ms() * scale
        sheet.bar(left, y + MIDST - 1.8, 0.15, 3.6, INK)
        sheet.bar(left + wide - 0.15, y + MIDST - 1.8, 0.15, 3.6, INK)
        sheet.pill(left + 0.3 * wide, y + MIDST - PRESS_HIGH / 2, PRESS_HIGH, PRESS_HIGH, INK)
        sheet.words(x + WORDS, y, name, does, COLUMN - WORDS)


def drawn() -> Sheet:
    """Draw the four faces and the marks for the scissors."""
    sheet = Sheet()
    _running(Face(sheet, 0, headings=2))
    _alarm(Face(sheet, 1, headings=2))
    _before(Face(sheet, 2, headings=2))
    _wrong(Face(sheet, 3, headings=1))
    _marks(sheet)
    return sheet


def _running(face: Face) -> None:
    face.heading("Running", note="Backbeat")
    first, *others = GROUPS["Running"]
    face.cue(first)
    _legend(face)
    for cue in others:
        face.cue(cue)
    face.group("Look")


def _legend(face: Face) -> None:
    """Say how to read a drawing."""
    sheet, (x, y) = face.sheet, face.cell()
    for row, (mark, thick, words) in enumerate(
        ((INK, BAR, f"tone; the line is {seconds(1000)}"), (TOUCH, LANE, "touch, and light"))
    ):
        base = y + 2.1 + row * 2.45
        sheet.bar(x, base - 0.7, SECOND, 0.1, STAVE)
        sheet.bar(x, base - 0.65 - thick / 2, SECOND * 0.3, thick, mark)
        sheet.claim(f"{words}, shown", x, base - 0.65 - thick / 2, SECOND, thick)
        sheet.text(x + WORDS, base, words)
    sheet.text(x + 1, y + 7.0, AGAIN)
    sheet.text(x + WORDS, y + 7.0, "goes on until cancelled")


def _alarm(face: Face) -> None:
    face.group("Alarm", ALARM, "Backbeat")
    face.said("to whoever helps", "They may have fallen. Help first, then hold the button to end the siren.")
    face.heading("The one button")
    tap = int(PRESS_HIGH / PRESS_SECOND * 1000)
    once, again = (0, tap), (tap + 150, 2 * tap + 150)
    hold, end = int(alarm.HOLD_MS), int(gesture._LONG_MS)
    face.press("press", "Begins a run. In it: pause, resume.", once)
    face.press("twice: mark", "Marks this moment in the log.", once, again)
    face.press("hold: end", "Ends the run; not just after a fall.", (0, end), label=seconds(end))
    face.press("hold: cancel", "Ends a countdown or a siren.", (0, hold), label=seconds(hold), colour=ALARM)
    face.service("service", f"Within {seconds(service_ms())} after the start cue.")
    face.press("wake", "When idle: a press only wakes it.", once)


def service_ms() -> int:
    """Give the ms after the start cue in which a press asks for service."""
    return int(session._SERVICE_MS) - pieces("start")[-1].end


def _before(face: Face) -> None:
    face.group("Before and after")
    _light(face)
    face.group("Battery, room for the log")


def _light(face: Face) -> None:
    """Show what the light says while the board waits for a press."""
    sheet, (x, y) = face.sheet, face.cell()
    scale = SECOND / main._SHOWN_MS
    sheet.text(x, y + 2.2, f"light, waiting ({seconds(main._SHOWN_MS)})", TITLE, weight="bold")
    for flashes, words in ((1, "charging or plugged in"), (2, "service, for a laptop")):
        base = y + 2.6 + flashes * LINE
        sheet.bar(x, base - 0.7, SECOND, 0.1, STAVE)
        sheet.claim(f"{words}, shown", x, base - 0.65 - LANE / 2, SECOND, LANE)
        for flash in range(flashes):
            sheet.bar(x + 2 * flash * main._LIT_MS * scale, base - 0.65 - LANE / 2, main._LIT_MS * scale, LANE, TOUCH)
        sheet.text(x + WORDS, base, words)


def _wrong(face: Face) -> None:
    face.group("Something is wrong")
    face.said("with all of these", "The beat goes on as well as it can. Mend it before the next run.")


def _marks(sheet: Sheet) -> None:
    """Mark where to cut and where to fold, and say how."""
    sheet.face = -1
    left, top = EDGE, EDGE
    right, bottom = EDGE + 2 * FACE[0], EDGE + 2 * FACE[1]
    middle, fold = EDGE + FACE[0], EDGE + FACE[1]
    for x in (left, middle, right):
        sheet.bar(x - 0.05, top - 5, 0.1, 4, QUIET)
        sheet.bar(x - 0.05, bottom + 1, 0.1, 4, QUIET)
    for y in (top, fold, bottom):
        sheet.bar(left - 5, y - 0.05, 4, 0.1, QUIET)
        sheet.bar(right + 1, y - 0.05, 4, 0.1, QUIET)
    how = (
        "Print at 100 %. Cut along the corner marks. Fold the lower half behind the upper, then down the middle, "
        "or cut there for two cards. Laminate."
    )
    sheet.text(left, bottom + 8.2, how, 6.2, color=QUIET)


def save(path: Path) -> None:
    """Draw the card into a file: the same bytes for the same patterns, words and matplotlib."""
    with matplotlib.rc_context(STYLE), written_whole(path) as beside:
        drawn().figure.savefig(beside, metadata={"Date": None})


if __name__ == "__main__":
    save(CARD)
