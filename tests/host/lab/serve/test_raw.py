"""The raw REPL, byte by byte."""

import pytest

RAW = (1.0, b"\r"), (1.1, b"\x01")


def answers(talk, *packets, **options):
    """What the board says from the first raw prompt on."""
    told = talk(*RAW, *packets, **options).bytes
    return told.partition(b"raw REPL; CTRL-B to exit\r\n")[2]


def test_source_gets_ok_its_output_and_its_error(talk):
    assert answers(talk, (2.0, b"print(1)\x04")) == b">OK1\r\n\x04\x04>"
    error = b'Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\n'
    assert answers(talk, (2.0, b"1/0\x04")) == b">OK\x04" + error + b"ZeroDivisionError: division by zero\r\n\x04>"


def test_names_last_until_the_soft_reset(talk):
    told = answers(talk, (2.0, b"x = 5\x04"), (2.1, b"print(x)\x04"), (2.2, b"\x04"), (2.3, b"print(x)\x04"))
    assert told.startswith(b">OK\x04\x04>OK5\r\n\x04\x04>OK\r\nsoft reboot\r\nraw REPL; CTRL-B to exit\r\n>OK\x04")
    assert b"NameError" in told


def test_ctrl_c_clears_what_was_sent_and_ctrl_a_begins_anew(talk):
    told = answers(talk, (2.0, b"garbage\x03print(1)\x04"), (2.1, b"more\x01"), (2.2, b"print(2)\x04"))
    assert told == b">OK1\r\n\x04\x04>raw REPL; CTRL-B to exit\r\n>OK2\r\n\x04\x04>"


def test_ctrl_c_ends_what_runs(talk):
    told = answers(talk, (2.0, b"while True: pass\x04"), (3.0, b"\x03"), (3.1, b"print(1)\x04"))
    assert told.startswith(b">OK\x04Traceback") and told.endswith(b"KeyboardInterrupt: \r\n\x04>OK1\r\n\x04\x04>")


def test_raw_paste_gives_its_window_and_takes_source_with_flow_control(talk):
    source = b"print(%d)" % 7 + b"#" * 300
    told = answers(
        talk, (2.0, b"\x05A\x01"), *[(2.1 + n / 100, source[n * 50 : n * 50 + 50]) for n in range(7)], (3.0, b"\x04")
    )
    windows = len(source) // 128
    assert told == b">R\x01\x80\x00\x01" + b"\x01" * windows + b"\x04" + b"7\r\n\x04\x04>"


def test_another_kind_of_paste_is_refused(talk):
    assert answers(talk, (2.0, b"\x05B\x01")) == b">R\x00>"


def test_a_paste_that_is_given_up_ends_as_an_interrupt(talk):
    told = answers(talk, (2.0, b"\x05A\x01"), (2.1, b"print(\x03"), (2.2, b"print(1)\x04"))
    assert told.startswith(b">R\x01\x80\x00\x01\x04\x04") and told.endswith(
        b"KeyboardInterrupt: \r\n\x04>OK1\r\n\x04\x04>"
    )


@pytest.mark.parametrize(
    ("source", "error"),
    [(b"if", b"SyntaxError"), (b"x = '\x00'", b"SyntaxError"), (b"  x\n y", b"IndentationError"), (b"\xff", b"Error")],
)
def test_what_is_no_python_is_an_error_and_no_more(talk, source, error):
    told = answers(talk, (2.0, source + b"\x04"), (2.1, b"print(1)\x04"))
    assert error in told and told.endswith(b">OK1\r\n\x04\x04>")


def test_a_system_exit_says_nothing(talk):
    assert answers(talk, (2.0, b"raise SystemExit\x04")) == b">OK\x04\x04>"


def test_a_module_that_lacks_a_name_says_so_as_a_board_does(talk):
    told = answers(talk, (2.0, b"import os\nos.ilistdir('/')\x04"))
    assert b"AttributeError: 'module' object has no attribute 'ilistdir'\r\n" in told


def test_hashlib_is_there_on_an_rp2040_only(talk):
    ask = (2.0, b"import hashlib\nprint(hashlib.new('sha256', b'').digest().hex()[:8])\x04")
    assert answers(talk, ask).startswith(b">OKe3b0c442")
    assert b"no module named 'hashlib'" in answers(talk, ask, board="clue_nrf52840_express")


def test_a_packet_that_finds_no_room_waits_in_the_cable(talk):
    source = b"print(%r)" % ("x" * 2000)
    packets = [(2.0, source[at : at + 64]) for at in range(0, len(source), 64)]
    assert b"x" * 2000 in answers(talk, *packets, (2.0, b"\x04"))


def test_the_pace_charges_lines_source_and_what_is_shown(talk):
    clock = b"import time\ndef ms(): return time.monotonic_ns() // 1000000\n"
    loop = clock + b"a = ms()\nfor i in range(10000): pass\nprint(ms() - a)\x04"
    took = int(answers(talk, (2.0, loop[:64]), (2.0, loop[64:])).partition(b"OK")[2].split()[0])
    assert 45 <= took <= 110  # 10 000 turns of a loop: 5 us a line
    shown = clock + b"a = ms()\nx = repr(b'a' * 10000)\nprint(ms() - a)\x04"
    took = int(answers(talk, (2.0, shown[:64]), (2.0, shown[64:])).partition(b"OK")[2].split()[0])
    assert 49 <= took <= 55
    printed = clock + b"a = ms()\nprint('x' * 10000)\nprint(ms() - a)\x04"
    took = int(answers(talk, (2.0, printed[:64]), (2.0, printed[64:])).split(b"x\r\n")[1].split()[0])
    assert 9 <= took <= 12  # 1 MB/s
