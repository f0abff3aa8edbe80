"""Numbers with a unit as people write them (`30s`, `1min 30s`, `2.8 Hz`, `80 %`), in the unit that a setting has."""

import re
from fractions import Fraction

_LONGEST = 40  # characters; nobody writes more
_TERM = re.compile(r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*([^\W\d_]+|%)\s*")

_BY_UNIT: dict[str, dict[str, Fraction]] = {
    "s": {"ms": Fraction(1, 1000), "s": Fraction(1), "min": Fraction(60), "h": Fraction(3600)},
    "spm": {"spm": Fraction(1), "bpm": Fraction(1), "Hz": Fraction(60)},
    "percent": {"%": Fraction(1), "percent": Fraction(1)},
    "beats": {"beats": Fraction(1), "beat": Fraction(1)},
}
_ALSO = {"sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "hour": "h", "hours": "h"}
_ADDS_UP = {"s"}  # 1min 30s


def understood(text: str, unit: str) -> int | float | None:
    """Give a number with its unit in the unit asked for; None when it is none, or its unit measures something else."""
    factors = {name.lower(): factor for name, factor in _BY_UNIT.get(unit, {}).items()}
    if not factors or len(text) > _LONGEST:
        return None
    total, at, terms = Fraction(0), 0, 0
    while at < len(text):
        term = _TERM.match(text, at)
        name = term[2].lower() if term else ""
        factor = factors.get(_ALSO.get(name, name))
        if term is None or factor is None or (terms and (unit not in _ADDS_UP or term[1][0] in "+-")):
            return None
        total += Fraction(term[1]) * factor
        at, terms = term.end(), terms + 1
    if not terms:
        return None
    return int(total) if total.denominator == 1 else float(total)


def known(unit: str) -> str:
    """Say which other units may be written for one; "" where there are none."""
    names = [name for name in _BY_UNIT.get(unit, ()) if name not in (unit, unit.removesuffix("s"))]
    return " or ".join(filter(None, (", ".join(names[:-1]), "".join(names[-1:]))))
