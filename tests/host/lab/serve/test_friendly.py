"""The prompt for people."""

VERSION = "Adafruit CircuitPython 10.2.1 on 2026-01-01; Raspberry Pi Pico with rp2040"


def typed(talk, *lines: bytes, **options):
    """What the board says after its first prompt; each of `lines` arrives by itself."""
    packets = [(2.0 + number / 10, line) for number, line in enumerate(lines)]
    return talk((1.0, b"a"), *packets, **options).text.partition(">>> ")[2]


def test_an_expression_is_echoed_and_shown(talk):
    assert typed(talk, b"1 + 1\r", b"None\r", b"x = 5\r", b"x\r", b"_\r") == (
        "1 + 1\r\n2\r\n>>> None\r\n>>> x = 5\r\n>>> x\r\n5\r\n>>> _\r\n5\r\n>>> "
    )


def test_a_compound_statement_is_continued_with_its_indent_until_an_empty_line(talk):
    told = typed(talk, b"for i in range(2):\r", b"i\r", b"\x7f\x7f\x7f\x7f\r")
    assert told.startswith("for i in range(2):\r\n...     i\r\n...     ") and told.endswith("0\r\n1\r\n>>> ")


def test_an_open_bracket_is_continued(talk):
    assert typed(talk, b"(1,\r", b"2)\r") == "(1,\r\n... 2)\r\n(1, 2)\r\n>>> "


def test_an_error_is_told_and_the_prompt_comes_back(talk):
    told = typed(talk, b"nothing\r", b"1 +\r")
    assert "NameError" in told and "SyntaxError" in told and told.endswith(">>> ")


def test_backspace_cursor_keys_and_ctrl_c(talk):
    assert typed(talk, b"12\x7f3\r") == "12\b\x1b[K3\r\n13\r\n>>> "
    assert typed(talk, b"\x1b[A7\r") == "7\r\n7\r\n>>> "
    assert typed(talk, b"half\x03") == "half\r\n>>> "
    assert typed(talk, b"if 1:\r", b"\x03") == "if 1:\r\n...     \r\n>>> "


def test_control_keys_on_an_empty_line(talk):
    assert typed(talk, b"\x02") == f"\r\n\r\n{VERSION}\r\n>>> "
    assert typed(talk, b"\x01").endswith("\r\nraw REPL; CTRL-B to exit\r\n>")


def test_paste_mode_takes_whole_programs(talk):
    told = typed(talk, b"\x05", b"def f():\r  return 7\rprint(f())\r", b"\x04")
    assert "paste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== def f():\r\n===   return 7\r\n" in told
    assert told.endswith("\r\n7\r\n>>> ")
    assert typed(talk, b"\x05", b"print(1)", b"\x03").endswith("=== print(1)\r\n>>> ")


def test_ctrl_c_ends_what_was_typed(talk):
    assert typed(talk, b"while True: pass\r", b"\r", b"\x03").endswith("KeyboardInterrupt: \r\n>>> ")
