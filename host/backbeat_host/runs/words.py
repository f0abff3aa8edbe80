"""An event in words: the sentence, symbol and colour a person sees for it, in the terminal and in pictures.

From one event's fields; times as minutes and seconds of the run.
"""

from collections.abc import Mapping
from typing import Any, Final

# Symbol, its stand-in where only ASCII can be shown, and the terminal's style: red is for what needs help.
_LOOKS: Final[Mapping[str, tuple[str, str, str]]] = {
    "session_start": ("▸", ">", "dim"),
    "session_end": ("■", "#", "dim"),
    "segment": ("§", "=", "bold"),
    "cue": ("♪", "~", "dim"),
    "gait": ("≈", "g", "cyan"),
    "travel": ("→", "-", "blue"),
    "suspect": ("?", "?", "yellow"),
    "fall": ("▼", "V", "bold red"),
    "roll": ("●", "O", "bold green"),
    "roll_score": ("·", ".", "green"),
    "mount_forward": ("⌂", "^", "green"),
    "mount_up": ("⌂", "^", "green"),
    "stumble": ("◆", "*", "yellow"),
    "alarm": ("!", "!", "bold red"),
    "alarm_cancelled": ("✓", "+", "green"),
    "siren": ("◉", "!", "bold reverse red"),
    "mark": ("◇", "+", "bold"),
    "pause": ("‖", "|", "dim"),
    "resume": ("▸", ">", "dim"),
    "low_battery": ("▁", "_", "yellow"),
    "gap": ("…", ".", "yellow"),
    "sensor_lost": ("✗", "x", "bold red"),
    "sensor_back": ("✓", "+", "green"),
    "fault": ("✗", "x", "bold red"),
    "idle": ("☾", "z", "dim"),
    "awake": ("▸", ">", "dim"),
    "thin": ("▁", "_", "yellow"),
}
_TRAVEL_ARROWS: Final = {"forward": "↑", "backward": "↓", "left": "←", "right": "→", "still": "∘"}
_UNKNOWN_LOOK: Final = ("·", ".", "dim")


def clock(seconds: float, decimals: int = 1) -> str:
    """Say a time of the run as m:ss.s; the lead-in before the recording is negative."""
    unit: int = 10**decimals
    units = round(abs(seconds) * unit)
    sign = "-" if seconds < 0 and units else ""
    minutes, rest = divmod(units, 60 * unit)
    fraction = f".{rest % unit:0{decimals}d}" if decimals else ""
    return f"{sign}{minutes}:{rest // unit:02d}{fraction}"


def symbol(event: Mapping[str, Any], ascii_only: bool = False) -> str:
    """Give the one character that stands for this kind of event."""
    name = event["event"]
    if name == "travel" and not ascii_only:
        return _TRAVEL_ARROWS.get(event.get("travel", ""), "→")
    return _LOOKS.get(name, _UNKNOWN_LOOK)[1 if ascii_only else 0]


def style(event: Mapping[str, Any]) -> str:
    """Give the terminal style of this kind of event; the words alone say everything as well."""
    return _LOOKS.get(event["event"], _UNKNOWN_LOOK)[2]


def words(event: Mapping[str, Any]) -> str:
    """Say what happened, in the words of the design; what an event does not carry is left out."""
    name = str(event["event"])
    if name in ("fall", "stumble", "suspect"):
        return _impact(name, event)
    if name == "roll":
        took = f" in {event['duration']:.1f} s" if "duration" in event else ""
        turned = f" {event['rotation']:.0f} degrees" if "rotation" in event else ""
        return f"roll{turned}{took}{_at(event)}"
    if name == "roll_score":
        return _score(event)
    if name in ("mount_forward", "mount_up"):
        axes = ", ".join(f"{part}" for part in event.get("axes", ()))
        return f"mount found: {name[6:]}{f' is [{axes}]' if axes else ''}"
    if name == "travel":
        if event.get("travel") == "still":
            return "travel still"
        heading = f"heading {event['heading']:.0f}" if "heading" in event else ""
        sure = f"{event['confidence']:.0f} % sure" if "confidence" in event else ""
        details = ", ".join(part for part in (heading, sure) if part)
        return f"travel {event.get('travel', 'unknown')}" + (f" ({details})" if details else "")
    if name == "gait":
        return f"gait {event.get('gait', 'unknown')}"
    if name == "cue":
        return f"cue: {_spoken(event.get('cue', 'unknown'))}"
    if name == "alarm":
        return f"alarm: {event['countdown']:.3g} s to cancel" if "countdown" in event else "alarm"
    if name == "alarm_cancelled":
        by = event.get("by")
        return {"press": "cancelled by a press", "steps": "cancelled by steady steps"}.get(str(by), "cancelled")
    if name == "gap":
        return f"gap: {event['ms']:.0f} ms of movement lost" if "ms" in event else "gap: movement lost"
    if name == "space":
        return f"room for {event['minutes']:.0f} minutes of log" if "minutes" in event else "room for the log"
    if name == "thin":
        return {
            "raw": "the drive fills: no raw samples any more",
            "summaries": "the drive is nearly full: events only",
        }.get(str(event.get("without")), "the log has room again")
    if name == "parts":
        return f"self-test: {', '.join(map(str, event.get('failed', ()))) or 'every part is there'}"
    if name == "low_battery":
        return f"battery low: {event['percent']:.0f} %" if "percent" in event else "battery low"
    if name == "fault":
        return f"fault: {_spoken(event.get('fault', 'unknown'))}"
    if name == "session_start":
        return f"session {event['session']} starts" if "session" in event else "session starts"
    if name == "session_end":
        return f"session ends ({_spoken(event['reason'])})" if "reason" in event else "session ends"
    return _spoken(name) + _rest(event)


def _score(event: Mapping[str, Any]) -> str:
    """Say how well a roll went."""
    parts = [
        f"{event['straightness']} % straight" if "straightness" in event else "",
        f"hardest {event['peak_mg'] / 1000:.1f} g" if "peak_mg" in event else "",
        f"upright after {event['upright']:.1f} s" if "upright" in event else "",
    ]
    return "its score: " + (", ".join(part for part in parts if part) or "unknown")


def _impact(name: str, event: Mapping[str, Any]) -> str:
    """Say a fall, a stumble or an impact that may become one."""
    direction = event.get("direction", "")
    if direction == "unknown":
        direction = ", direction unknown"
    elif direction:
        direction = f" {direction}"
    what = "impact looked at" if name == "suspect" else name
    peak = f", peak {event['peak_mg'] / 1000:.1f} g" if "peak_mg" in event else ""
    return f"{what}{direction}{peak}{_at(event)}"


def _at(event: Mapping[str, Any]) -> str:
    return f", at {clock(event['at'])}" if "at" in event else ""


def _spoken(name: object) -> str:
    return str(name).replace("_", " ")


def _rest(event: Mapping[str, Any]) -> str:
    """List the fields of an event that has no sentence of its own."""
    fields = [
        _spoken(value) if name == "segment" else f"{_spoken(name)} {_spoken(value)}"
        for name, value in event.items()
        if name not in ("trial", "t", "event")
    ]
    return f" {', '.join(fields)}" if fields else ""
