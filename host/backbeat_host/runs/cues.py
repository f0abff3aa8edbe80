"""What every cue asks of the wearer, or lets them know, in the groups of the quick card.

The keys are the log's names (`backbeat.names.CUES`), and the beat.
"""

from collections.abc import Mapping
from typing import Final

GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "Running": {
        "beat": "A step to each. Higher: the accent.",
        "pause": "Beats rest. Falls are still felt.",
        "resume": "Beats are back: step in.",
        "mark": "This moment is marked in the log.",
        "roll": "No fall, no alarm: run on.",
        "idle": "Five still minutes. Walk to wake it.",
        "awake": "Beats are back, if not paused.",
    },
    "Look": {
        "glance_left": "Look over your left shoulder.",
        "glance_right": "Look over your right shoulder.",
    },
    "Alarm": {
        "countdown": "All is well? Hold the button, or run on.",
        "siren": "It calls for help. Hold the button to end it.",
        "cancelled": "The alarm is off: carry on.",
    },
    "Before and after": {
        "ready": "Heard, felt, seen? Press to begin.",
        "start": "Your first beat follows.",
        "mounted": "It knows now how it sits on you.",
        "end": "The run is over. Press for the next.",
        "service": "For the laptop. A press begins a run.",
    },
    "Battery, room for the log": {
        "low_battery": "At 20 %: charge. The run ends at 5 %.",
        "space_hour": "Room for under an hour of log.",
        "space_half_hour": "Under 30 minutes: make room soon.",
        "space_little": "Under 10 minutes, then events only.",
    },
    "Something is wrong": {
        "sensor_lost": "No fall is felt, no alarm: take care!",
        "sensor_back": "Falls are felt again.",
        "no_log": "Nothing more is kept. The alarm works.",
        "fault": "A setting is refused. Mend it at a laptop.",
        "no_sound": "You only feel it. No siren is heard!",
        "no_touch": "You only hear it: listen.",
        "no_light": "Sound and touch go on.",
        "no_button": "No press counts. Steps end an alarm.",
        "no_battery": "The battery cannot be read: charge.",
    },
}
DOES: Final[Mapping[str, str]] = {cue: does for group in GROUPS.values() for cue, does in group.items()}


def called(cue: str) -> str:
    """Give a cue's name as people read it."""
    return cue.replace("_", " ")
