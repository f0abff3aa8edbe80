"""What was done in each trial of the published data sets: the codes of their files, in this project's words.

From their own tables of activities; the same code has the same words in every corpus. Directions are those of the fall.
"""

from typing import Final, NamedTuple


class Activity(NamedTuple):
    """What a code stands for; `falls` is the fall's direction, None where nobody falls."""

    name: str
    falls: str | None = None

    @property
    def labels(self) -> dict[str, str]:
        """Give the labels that follow from it."""
        fall = {} if self.falls is None else {"fall_direction": self.falls}
        return {"activity": self.name, "kind": "daily" if self.falls is None else "fall", **fall}


SISFALL: Final = {
    "D01": Activity("walking slowly"),
    "D02": Activity("walking quickly"),
    "D03": Activity("jogging slowly"),
    "D04": Activity("jogging quickly"),
    "D05": Activity("stairs slowly"),
    "D06": Activity("stairs quickly"),
    "D07": Activity("sit and rise slowly"),
    "D08": Activity("sit and rise quickly"),
    "D09": Activity("low chair slowly"),
    "D10": Activity("low chair quickly"),
    "D11": Activity("collapse into a chair"),
    "D12": Activity("lie down slowly"),
    "D13": Activity("lie down quickly"),
    "D14": Activity("turn over lying"),
    "D15": Activity("squat"),
    "D16": Activity("bend"),
    "D17": Activity("get into a car and out"),
    "D18": Activity("stumble while walking"),
    "D19": Activity("jump to reach"),
    "F01": Activity("slip walking, fall forward", "forward"),
    "F02": Activity("slip walking, fall backward", "backward"),
    "F03": Activity("slip walking, fall sideways", "sideways"),
    "F04": Activity("trip walking, fall forward", "forward"),
    "F05": Activity("trip jogging, fall forward", "forward"),
    "F06": Activity("faint walking, fall down", "down"),
    "F07": Activity("faint walking, hands on table", "down"),
    "F08": Activity("rising, fall forward", "forward"),
    "F09": Activity("rising, fall sideways", "sideways"),
    "F10": Activity("sitting down, fall forward", "forward"),
    "F11": Activity("sitting down, fall backward", "backward"),
    "F12": Activity("sitting down, fall sideways", "sideways"),
    "F13": Activity("faint seated, fall forward", "forward"),
    "F14": Activity("faint seated, fall backward", "backward"),
    "F15": Activity("faint seated, fall sideways", "sideways"),
}

UMAFALL: Final = {
    "Walking": Activity("walking"),
    "Jogging": Activity("jogging"),
    "Hopping": Activity("hopping"),
    "Bending": Activity("bend"),
    "Sitting_GettingUpOnAChair": Activity("sit and rise"),
    "LyingDown_OnABed": Activity("lie down"),
    "GoUpstairs": Activity("stairs up"),
    "GoDownstairs": Activity("stairs down"),
    "Aplausing": Activity("clap hands"),
    "HandsUp": Activity("raise hands"),
    "MakingACall": Activity("make a call"),
    "OpeningDoor": Activity("open a door"),
    "forwardFall": Activity("fall forward", "forward"),
    "backwardFall": Activity("fall backward", "backward"),
    "lateralFall": Activity("fall sideways", "sideways"),
}
