import subprocess
import sys
from textwrap import dedent

import pytest


def test_the_driver_gets_the_board_s_sleep_and_nothing_enters_sys_modules(tmp_path):
    """In a process of its own: what is imported here must not depend on what other tests imported."""
    program = dedent(
        """
        import sys
        from pathlib import Path
        from backbeat_host.lab.board import VirtualBoard

        class Still:
            def at(self, ns):
                return (0, 0, 2049, 0, 0, 0)

        drive = Path(sys.argv[1])
        (drive / "code.py").write_text(
            "import board, busio, digitalio, analogio, pwmio, keypad, microcontroller, micropython\\n"
            "from adafruit_lsm6ds.lsm6dsox import LSM6DSOX\\n"
            "LSM6DSOX(busio.I2C(board.GP5, board.GP4))\\n"
        )
        before = set(sys.modules)
        virtual = VirtualBoard(drive, Still())
        assert virtual.power_on() == "finished", virtual.console
        assert virtual.clock.ns > 400_000_000
        words = "board busio digitalio analogio pwmio keypad microcontroller supervisor storage adafruit".split()
        strays = [name for name in sys.modules if name.partition(".")[0].partition("_")[0] in words]
        assert strays == [], strays
        import micropython
        strays = [name for name in sys.modules if name.startswith(("adafruit", "board", "busio", "digitalio"))]
        assert strays == [], strays
        """
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=60)


@pytest.mark.parametrize("name", ["typing", "__future__", "pathlib", "threading", "machine", "numpy", "backbeat_host"])
def test_what_a_board_lacks_cannot_be_imported(board_with, name):
    board = board_with(f"try:\n    import {name}\nexcept ImportError as error:\n    print(error)\n")
    assert board.power_on() == "finished", board.console
    assert board.console == f"no module named '{name}'\n"


def test_what_a_board_has_can_be_imported(board_with):
    board = board_with(
        """
        import array, binascii, collections, errno, gc, io, json, math, micropython, os, random, re, struct, sys
        from micropython import const
        gc.collect()
        print(const(7), sys.implementation.name, gc.mem_free() > 0, io.BytesIO(b"x").read(), sys.modules["os"] is os)
        print(os.uname().machine, hasattr(os, "ilistdir"), hasattr(micropython, "native"), json.loads("[1]"))
        """
    )
    assert board.power_on() == "finished", board.console
    assert board.console == ("7 circuitpython True b'x' True\nRaspberry Pi Pico with rp2040 False False [1]\n")


def test_builtins_a_board_lacks_are_absent(board_with):
    board = board_with("try:\n    FileNotFoundError\nexcept NameError as error:\n    print(error)\n")
    assert board.power_on() == "finished"
    assert "FileNotFoundError" in board.console


def test_packages_on_the_drive_import_each_other_relatively(board_with):
    board = board_with(
        "import pack.deep.one\nfrom pack import two\nprint(pack.deep.one.sum, two.number, pack.name)",
        files={
            "lib/pack/__init__.py": "from .two import number\nname = __name__",
            "lib/pack/two.py": "number = 2",
            "lib/pack/deep/__init__.py": "",
            "lib/pack/deep/one.py": "from ..two import number\nfrom .. import two\nfrom . import side\n"
            "sum = number + two.number + side.number",
            "lib/pack/deep/side.py": "number = 10",
        },
    )
    assert board.power_on() == "finished", board.console
    assert board.console == "14 2 pack\n"


def test_a_missing_part_of_a_package_is_an_import_error(board_with):
    board = board_with(
        "try:\n    from pack import none\nexcept ImportError:\n    print('missing')\n"
        "try:\n    import pack.none\nexcept ImportError as error:\n    print(error)\n",
        files={"pack/__init__.py": ""},
    )
    assert board.power_on() == "finished", board.console
    assert board.console == "missing\nno module named 'pack.none'\n"


def test_each_start_loads_afresh(board_with):
    board = board_with("import count\ncount.n += 1\nprint(count.n)", files={"lib/count.py": "n = 0"})
    board.power_on()
    board.power_on()
    assert board.console == "1\n1\n"


def test_a_module_that_failed_can_be_tried_again(board_with):
    board = board_with(
        "for _ in range(2):\n    try:\n        import bad\n    except ValueError as error:\n        print(error)\n",
        files={"bad.py": "raise ValueError('bad')"},
    )
    assert board.power_on() == "finished", board.console
    assert board.console == "bad\nbad\n"


def test_the_core_is_shared_with_the_laptop(board_with):
    import backbeat

    board = board_with(
        "import backbeat\nprint(backbeat.__version__)\nfrom backbeat import ticks\nprint(ticks.__name__)"
    )
    assert board.power_on() == "finished", board.console
    assert board.console == f"{backbeat.__version__}\nbackbeat.ticks\n"


def test_a_core_on_the_drive_is_taken_from_the_drive(board_with):
    board = board_with("import backbeat\nprint(backbeat.mine)", files={"lib/backbeat/__init__.py": "mine = 'own'"})
    assert board.power_on() == "finished", board.console
    assert board.console == "own\n"


def test_a_board_file_of_the_core_gets_the_board_s_modules(board_with, tmp_path, monkeypatch):
    """`backbeat.board` is loaded for the board, though `backbeat` itself is the laptop's."""
    import backbeat
    from backbeat_host.lab import machine

    (tmp_path / "backbeat/board").mkdir(parents=True)
    (tmp_path / "backbeat/board/odd.py").write_text(
        "import supervisor\nfrom .. import ticks\nname = supervisor.__name__"
    )
    monkeypatch.setattr(machine, "_installed_folder", lambda top: tmp_path)
    board = board_with(
        "from backbeat.board import odd\nimport backbeat.board.odd\nprint(backbeat.board.odd.name, odd.ticks)"
    )
    assert board.power_on() == "finished", board.console
    assert board.console.startswith("supervisor <module 'backbeat.ticks'")
    assert "backbeat.board.odd" not in sys.modules
    assert not hasattr(getattr(backbeat, "board", None), "odd")


def test_sleep_ends_exactly_and_refuses_the_past(board_with):
    board = board_with(
        """
        import time
        time.sleep(0.1)
        time.sleep(1e-9)
        try:
            time.sleep(-1)
        except ValueError as error:
            print(error)
        """,
        pass_cost_us=0,
    )
    assert board.power_on() == "finished"
    assert board.clock.ns == 100_000_001
    assert board.console == "sleep length must be non-negative\n"


def test_a_loop_that_only_looks_at_the_clock_ends(board_with):
    board = board_with(
        "import supervisor\nend = supervisor.ticks_ms() + 20\nwhile supervisor.ticks_ms() < end:\n    pass"
    )
    assert board.power_on() == "finished"
    assert 19_000_000 <= board.clock.ns <= 21_000_000


def test_tracebacks_can_be_formatted_by_the_code_itself(board_with):
    board = board_with(
        """
        import sys, traceback
        try:
            1 / 0
        except Exception as error:
            print("".join(traceback.format_exception(error)), end="")
            sys.print_exception(error)
        """
    )
    assert board.power_on() == "finished", board.console
    place = 'Traceback (most recent call last):\n  File "code.py", line 4, in <module>\n'
    once = place + "ZeroDivisionError: division by zero\n"
    assert board.console == once * 2
