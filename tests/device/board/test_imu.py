"""The reading of the chip's FIFO, on the register-level chip: samples come whole, in order, and of one instant."""

from textwrap import dedent

import numpy as np
import pytest

from backbeat_host.lab.board import VirtualBoard
from backbeat_host.lab.motion import Recorded

READ_ALL = """
    import time
    import board
    from backbeat.board.imu import Fifo
    fifo = Fifo(board.GP5, board.GP4)
    time.sleep(0.5)
    for _ in range(fifo.level()):
        if fifo.read():
            print(*fifo.sample)
"""

SLEEPING_NS = 1_200_000_000  # the driver is done, and the code sleeps


@pytest.fixture
def board(tmp_path):
    (tmp_path / "code.py").write_text(dedent(READ_ALL))
    return VirtualBoard(tmp_path, counting())


def rows_read(board):
    return [tuple(map(int, line.split())) for line in board.console.splitlines() if line[:1] in "-0123456789"]


def counting():
    """Every sample's axes tell its number, the gyro's negative: a pair of two instants gives itself away."""
    numbers = np.arange(2000)[:, None] * np.array([[1, 1, 1, -1, -1, -1]])
    motion = Recorded(numbers.astype(np.int16), 104)
    motion.begin(0)
    return motion


def test_samples_come_in_order_with_both_halves_of_one_instant(board):
    board.power_on()
    rows = rows_read(board)
    assert len(rows) == 52
    assert all(row == (row[0],) * 3 + (-row[0],) * 3 for row in rows)
    assert [row[0] for row in rows] == list(range(rows[0][0], rows[0][0] + 52))


def test_a_pair_that_an_overrun_cut_costs_one_sample_and_no_mixture(board):
    board.clock.schedule(SLEEPING_NS, lambda: lose_a_word(board.chip))
    board.power_on()
    rows = rows_read(board)
    assert len(rows) == 51
    assert all(row == (row[0],) * 3 + (-row[0],) * 3 for row in rows)
    assert np.diff([row[0] for row in rows]).tolist() == [1] * 50


def lose_a_word(chip):
    """Drop the oldest word, as an overrun by one word does."""
    chip.int1()  # whoever looks at a pin has the chip catch up with the clock
    assert chip.fifo.level
    chip.fifo.take(1)
