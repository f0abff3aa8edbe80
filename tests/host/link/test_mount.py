import pytest

from backbeat_host.link.mount import described


@pytest.mark.parametrize(
    ("forward", "up", "words"),
    [
        (
            (1000, 0, 0),
            (0, 0, 1000),
            ["Forward is the chip's +x.", "Left is the chip's +y.", "Up is the chip's +z."],
        ),
        (
            (0, -1000, 0),
            (1000, 0, 0),
            ["Forward is the chip's -y.", "Left is the chip's -z.", "Up is the chip's +x."],
        ),
        (
            (866, 500, 0),
            (0, 0, -1000),
            [
                "Forward is the chip's +x, 30 degrees off.",
                "Left is the chip's -y, 30 degrees off.",
                "Up is the chip's -z.",
            ],
        ),
    ],
)
def test_each_direction_has_its_axis_and_how_far_off(forward, up, words):
    assert described(forward, up) == words


def test_a_mount_that_is_not_known_says_how_to_find_it():
    (line,) = described((0, 0, 0), (0, 0, 1000))
    assert "ten steps" in line
