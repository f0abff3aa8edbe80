"""What the codes of events and cues are called, in their order: for the laptop; a board never loads this."""

EVENTS = (
    "session_start",
    "session_end",
    "segment",
    "cue",
    "gait",
    "travel",
    "suspect",
    "fall",
    "roll",
    "stumble",
    "alarm",
    "alarm_cancelled",
    "siren",
    "mark",
    "pause",
    "resume",
    "low_battery",
    "gap",
    "sensor_lost",
    "sensor_back",
    "fault",
    "step",
    "beat",
    "mount_forward",
    "mount_up",
    "roll_score",
    "idle",
    "awake",
    "space",
    "thin",
    "chip",
    "parts",
    "heap",
)

CUES = (
    "start",
    "end",
    "pause",
    "resume",
    "mark",
    "glance_left",
    "glance_right",
    "countdown",
    "siren",
    "cancelled",
    "roll",
    "low_battery",
    "fault",
    "sensor_lost",
    "sensor_back",
    "mounted",
    "ready",
    "service",
    "idle",
    "awake",
    "space_hour",
    "space_half_hour",
    "space_little",
    "no_log",
    "no_sound",
    "no_touch",
    "no_light",
    "no_button",
    "no_battery",
)

REASONS = ("button", "console", "battery", "fault", "service")
GAITS = ("still", "walk", "run")
TRAVELS = ("forward", "backward", "left", "right", "still")
DIRECTIONS = ("forward", "backward", "sideways", "down", "unknown")
CANCELLERS = ("press", "steps")
FAULTS = ("settings", "log", "sound", "touch", "light", "button", "battery")
THINNED = ("nothing", "raw", "summaries")
PARTS = ("sound", "touch", "light", "button", "battery")
