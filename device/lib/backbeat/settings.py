"""Every setting once: name, unit, range, default, help; and the reading of `settings.json`.

The same on the board, on the command line and in a profile. A value that is unknown, of the wrong type or out of range
is refused alone, with one clear sentence; all others stand.
"""

import json

FALL_SENSITIVITIES = ("low", "normal", "high")
STARTS = ("press", "power")

_SWITCH = (False, True)
_THOUSANDTHS = 1000
_SHOWN = 60  # characters of what was found, in a complaint


class Setting:
    """A row of the table. `kind`: "whole" (number), "tenths" (one decimal, held as whole tenths), "choice" (of `among`)
    or "vector" (three whole numbers, a direction).

    `low` and `high` are as a person writes them, `default` as the device computes with it. 0 has a meaning of its own
    where the default is 0 or a direction's `low` is 1.
    """

    def __init__(self, name, kind, default, help, unit="", low=0, high=0, among=()):
        self.name = name
        self.kind = kind
        self.default = default
        self.help = help
        self.unit = unit
        self.low = low
        self.high = high
        self.among = among

    def expects(self):
        """Say in words what a value must be."""
        if self.kind == "choice":
            return "one of " + ", ".join([_written(choice) for choice in self.among])
        if self.kind == "vector":
            zero = ", or all zero to find it by walking" if self.low_or_off() else " that are not all zero"
            return "three whole numbers from -1000 to 1000" + zero
        number = "a number with at most one decimal" if self.kind == "tenths" else "a whole number"
        off = ", or 0 for none" if self.low_or_off() else ""
        return number + " from " + str(self.low) + " to " + str(self.high) + " " + self.unit + off

    def low_or_off(self):
        """Tell whether 0 has a meaning of its own although the range begins higher."""
        return self.low > 0 and (self.default == 0 or self.kind == "vector")

    def parse(self, value):
        """Give what JSON, TOML or a command line holds in the device's form, None when it will not do."""
        if self.kind == "choice":
            return value if value in self.among and type(value) is type(self.among[0]) else None
        if self.kind == "vector":
            return _vector(value, self.low_or_off())
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        if not -1_000_000 < value < 1_000_000:  # also refuses NaN
            return None
        scale = 10 if self.kind == "tenths" else 1
        whole = round(value * scale)
        if abs(value * scale - whole) > 1e-3:  # a board's float carries 22 bits: 168.3 comes as 168.29999
            return None
        if whole == 0 and self.low_or_off():
            return 0
        return whole if self.low * scale <= whole <= self.high * scale else None

    def plain(self, value):
        """Give the device's form back as a person writes it; the opposite of `parse`."""
        if self.kind == "tenths":
            return value // 10 if value % 10 == 0 else value / 10
        return list(value) if self.kind == "vector" else value


TABLE = (
    Setting("cadence", "tenths", 1680, "Beats a minute, one for each step.", "spm", 40, 240),
    Setting("accent", "whole", 0, "Every so many beats one sounds higher.", "beats", 2, 16),
    Setting("volume", "whole", 100, "Loudness of beats and cues; the alarm is always at full.", "percent", 10, 100),
    Setting("sound", "choice", True, "Beats are heard.", among=_SWITCH),
    Setting("haptic", "choice", True, "Beats are felt.", among=_SWITCH),
    Setting("light", "choice", True, "The light blinks with the beats.", among=_SWITCH),
    Setting("start", "choice", "press", "A session starts by a press, or as soon as there is power.", among=STARTS),
    Setting("alarm.countdown", "whole", 12, "Time to cancel after a fall, before the siren.", "s", 5, 60),
    Setting(
        "fall.sensitivity",
        "choice",
        "normal",
        "How readily a fall is called: high for old or frail wearers, low for rough sport.",
        among=FALL_SENSITIVITIES,
    ),
    Setting(
        "mount.forward", "vector", (1000, 0, 0), "The wearer's forward in the chip's axes.", "thousandths", 1, 1000
    ),
    Setting(
        "mount.up",
        "vector",
        (0, 0, 1000),
        "The wearer's up in the chip's axes; at the default the first still second tells.",
        "thousandths",
        0,
        1000,
    ),
    Setting("glance.every", "whole", 0, "A reminder to look over a shoulder, left and right in turn.", "s", 5, 600),
)


def find(name):
    """Give the table's row of that name, or None."""
    for setting in TABLE:
        if setting.name == name:
            return setting
    return None


def defaults():
    """Give a fresh dict of every setting at its default."""
    return {setting.name: setting.default for setting in TABLE}


def apply(values, given):
    """Put the good ones of what is `given` (dotted names or nested tables) into `values`; give complaints about the
    others, a sentence each.
    """
    return put(values, given) + together(values)


def put(values, given):
    """Do as `apply`, without a look at how the values go together."""
    complaints = []
    for name, value in _flat(given, ""):
        setting = find(name)
        if setting is None:
            complaints.append((_short(name) or '""') + ": there is no such setting.")
            continue
        parsed = setting.parse(value)
        if parsed is None:
            complaints.append(name + ": " + _written(value) + " will not do; expected " + setting.expects() + ".")
        else:
            values[name] = parsed
    return complaints


def together(values, last=None):
    """Complain about values that do not go together, and put the `last` good ones back, or the defaults.

    Forward must not point along up: less than 19.5 degrees between them (tan squared is 1/8) leaves no direction.
    All zero points nowhere, and so goes with any; with up at its default any goes, for up is measured then.
    """
    a, b = values["mount.forward"], values["mount.up"]
    x = a[1] * b[2] - a[2] * b[1]
    y = a[2] * b[0] - a[0] * b[2]
    z = a[0] * b[1] - a[1] * b[0]
    along = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    if 8 * (x * x + y * y + z * z) >= along * along or b == (0, 0, 1000):
        return []
    last = last or defaults()
    values["mount.forward"], values["mount.up"] = last["mount.forward"], last["mount.up"]
    return ["mount.forward: it points along mount.up; expected a direction across it, so neither is taken."]


def load(text, last=None):
    """Read `settings.json`'s text. Returns (settings, complaints); what is not good keeps its value in `last`, or its
    default."""
    values = dict(last or defaults())
    try:
        given = json.loads(text)
    except (ValueError, RuntimeError):  # a RuntimeError is a nesting too deep to follow
        return values, ["settings.json: this is not JSON; correct it or write it anew."]
    if not isinstance(given, dict):
        return values, ["settings.json: expected one table of settings."]
    names = [name for name, _ in _flat(given, "")]
    for row in TABLE:
        if row.name not in names:
            values[row.name] = row.default
    return values, put(values, given) + together(values, last)


def dump(values):
    """Give settings as the text of a `settings.json`, in the table's order."""
    lines = ['"' + row.name + '": ' + json.dumps(row.plain(values[row.name])) for row in TABLE]
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def _flat(given, prefix):
    rows = []
    for key, value in given.items():
        name = prefix + str(key)
        if isinstance(value, dict) and name.count(".") < 2:  # no setting lies deeper
            rows.extend(_flat(value, name + "."))
        else:
            rows.append((name, value))
    return rows


def _vector(value, may_be_zero):
    if not isinstance(value, (list, tuple)) or len(value) != 3:
        return None
    for part in value:
        if isinstance(part, bool) or not isinstance(part, int) or not -_THOUSANDTHS <= part <= _THOUSANDTHS:
            return None
    return tuple(value) if any(value) or may_be_zero else None


def _written(value):
    try:
        return _short(json.dumps(value))
    except TypeError:  # TOML has dates
        return _short(str(value))
    except ValueError:  # a number of thousands of digits
        return "this"


def _short(text):
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
