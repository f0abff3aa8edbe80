"""The board under the wearer's hand: one small file a part, and one a board: a table of pins named by `board.board_id`.

The chip is found by asking it, not by the board's name.
"""

# What a board may lack: its file names only what it has.
_MAY_LACK = (
    "POWER INT1 SOUNDER HAPTIC BUTTON LIGHT LIGHT_ON NEOPIXEL NEOPIXEL_POWER "
    "BATTERY BATTERY_RATIO BATTERY_ENABLE CHARGING"
)


def find():
    """Give the Board that this is.

    Raises RuntimeError with the file to write when the board is not known.
    """
    from board import board_id as name

    try:
        table = __import__("backbeat.board." + name, None, None, ("SCL",))
    except ImportError as error:
        raise RuntimeError(
            "Backbeat does not know the board " + name + ": add /lib/backbeat/board/" + name + ".py with its pins, "
            "like raspberry_pi_pico.py."
        ) from error
    for pin in _MAY_LACK.split():
        if not hasattr(table, pin):
            setattr(table, pin, None)
    from backbeat.board.board import Board

    return Board(table)
