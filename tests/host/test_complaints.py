import pytest

from backbeat_host.complaints import Complaint, listed, quoted, told
from backbeat_host.errors import InputError


def test_a_complaint_says_its_file_and_line_as_far_as_they_are_known():
    complaint = Complaint("cadence: no.", "cadence", 3)
    assert str(complaint) == "line 3: cadence: no."
    assert str(complaint.at("p.toml")) == "p.toml, line 3: cadence: no."
    assert str(Complaint("no.").at("p.toml")) == "p.toml: no."
    assert str(Complaint("no.")) == "no."


def test_all_are_told_in_one_go_but_no_wall_of_them():
    told([])
    with pytest.raises(InputError) as error:
        told([Complaint(f"{number}.") for number in range(100)])
    lines = error.value.message.split("\n")
    assert (len(lines), lines[0], lines[-1]) == (31, "0.", "70 more like these.")


def test_what_a_terminal_would_obey_is_escaped():
    assert str(Complaint("a\x1b[31m\nb")) == r"a\x1b[31m\nb"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5, "5"),
        ("5", '"5"'),
        (None, "null"),
        ([True, "é\n"], r'[true, "é\n"]'),
        ("\u202e", r'"\u202e"'),
        ("x" * 5000, '"' + "x" * 56 + "..."),
    ],
)
def test_a_value_is_shown_as_json_has_it_and_never_at_length(value, said):
    assert quoted(value) == said


def test_a_list_ends_where_it_is_long_enough():
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a" * 100, "b", "c"], 2) == "a" * 57 + "..., b, ..."
