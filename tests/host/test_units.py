import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbeat import settings
from backbeat_host.units import known, understood


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("30s", "s", 30),
        ("30 s", "s", 30),
        ("30\u00a0s", "s", 30),
        ("0.5min", "s", 30),
        ("1min 30s", "s", 90),
        ("1min30s", "s", 90),
        ("12000 ms", "s", 12),
        ("0.1 h", "s", 360),
        (".5 Minutes", "s", 30),
        ("168 spm", "spm", 168),
        ("168.5bpm", "spm", 168.5),
        ("2.8 Hz", "spm", 168),
        ("80%", "percent", 80),
        ("80 percent", "percent", 80),
        ("4 beats", "beats", 4),
        ("1beat", "beats", 1),
    ],
)
def test_a_number_is_understood_in_every_unit_of_its_kind(text, unit, number):
    assert understood(text, unit) == number


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(("30", "s"), ("", "s"), ("s", "s"), ("30 parsec", "s"), ("30 %", "s"), ("3 3 s", "s"), ("1e3 s", "s")),
        *(("1min-30s", "s"), ("٣ s", "s"), ("1_0 s", "s"), ("80 % 10 %", "percent"), ("30 s", "percent")),
        *(("5 beats", "spm"), ("3 thousandths", "thousandths"), ("1 s", ""), ("9" * 60 + " s", "s"), ("nan s", "s")),
    ],
)
def test_what_is_no_such_number_is_not_guessed(text, unit):
    assert understood(text, unit) is None


def test_whole_results_are_whole_numbers_and_exact():
    for tenths in range(10, 200):
        found = understood(f"{tenths / 10}min", "s")
        assert found == tenths * 6 and isinstance(found, int)


def test_the_other_units_are_named():
    assert known("s") == "ms, min or h"
    assert known("percent") == "%"
    assert known("beats") == known("thousandths") == known("") == ""


@given(st.text(max_size=45))
def test_any_text_is_a_number_or_none(text):
    for row in settings.TABLE:
        found = understood(text, row.unit)
        assert found is None or isinstance(found, (int, float))
