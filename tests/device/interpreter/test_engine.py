"""Does the harness tell the truth? What the core's tests rely on, shown on programs whose answer is known."""

import subprocess

import numpy as np
import pytest

import backbeat

from . import engine
from .engine import ProgramError, core_files

COST = """
import gc

def cost(work, a):
    work(a)
    before = gc.mem_alloc()
    work(a)
    return gc.mem_alloc() - before
"""


def test_it_is_the_pinned_interpreter(micropython):
    printed = micropython("import sys; print(sys.implementation.name, sys.implementation.version, sys.platform)")
    assert printed == "micropython (1, 27, 0, '') webassembly\n"


def test_integers_are_small_below_two_to_the_30_and_heap_objects_from_there(micropython):
    program = """
half = 2**29
print(cost(lambda a: a + (a - 1), half), cost(lambda a: a + a, half))
print(cost(lambda a: -a - a, half), cost(lambda a: -a - a - 1, half))
"""
    up, down = micropython(COST + program).splitlines()
    assert up == "0 32"  # 2**30 - 1 and 2**30
    assert down == "0 32"  # -2**30 and -2**30 - 1


@pytest.mark.parametrize(
    ("work", "bytes_each"),
    [("pass", 0), ("i + 1", 0), ("(i, i)", 16), ("[i]", 32), ("i / 2", 16), ("view[0:1]", 16), ("rows[i % 4]", 0)],
)
def test_a_leak_of_one_object_a_round_is_seen_to_the_byte(micropython, work, bytes_each):
    program = f"""
import gc
from array import array

def leak(rounds):
    rows = array("h", (1, 2, 3, 4))
    view = memoryview(rows)
    gc.disable()
    before = gc.mem_alloc()
    for i in range(rounds):
        {work}
    return gc.mem_alloc() - before

leak(1)
print(leak(1000))
"""
    assert int(micropython(program)) == 1000 * bytes_each


def test_garbage_stays_counted_even_after_a_collection_is_asked_for(micropython):
    program = """
import gc
before = gc.mem_alloc()
for _ in range(1000):
    bytearray(112)
gc.enable()
gc.collect()
print(gc.mem_alloc() - before)
"""
    assert int(micropython(program)) >= 112_000


def test_an_error_arrives_with_its_traceback_and_what_was_printed_before(micropython):
    with pytest.raises(ProgramError) as failed:
        micropython("print('before', end='')\ndef fall():\n    raise ValueError('hard floor')\nfall()\n")
    assert str(failed.value).splitlines() == [
        "Traceback (most recent call last):",
        '  File "<stdin>", line 4, in <module>',
        '  File "<stdin>", line 3, in fall',
        "ValueError: hard floor",
    ]
    assert failed.value.output == "before"


def test_an_error_in_a_copied_file_names_that_file(micropython):
    with pytest.raises(ProgramError, match=r'File "/lib/bad\.py", line 2, in <module>\nZeroDivisionError'):
        micropython("import bad", {"/lib/bad.py": b"x = 0\n1 // x\n"})


def test_a_program_that_never_ends_is_stopped(micropython):
    with pytest.raises(subprocess.TimeoutExpired):
        micropython("while True:\n    pass", timeout_s=0.5)


def test_the_modules_the_core_may_import_are_there(micropython):
    program = """
import array, binascii, gc, json, struct
from micropython import const
_TEN = const(10)
print(_TEN, struct.calcsize("<hIB"), array.array("h", b"\\x01\\x00\\xff\\xff"), binascii.crc32(b"123456789"))
print(json.loads('{"cadence": 1700}'))
"""
    assert micropython(program) == "10 7 array('h', [1, -1]) 3421780262\n{'cadence': 1700}\n"


def test_long_output_comes_whole_and_unchanged(micropython):
    lines = micropython("for i in range(50_000):\n    print(i, 'ta\\u0165')\nprint('no line end', end='')").split("\n")
    assert lines[:-1] == [f"{i} tať" for i in range(50_000)]
    assert lines[-1] == "no line end"


def test_recorded_rows_arrive_bit_for_bit(micropython):
    rows = np.random.default_rng(1).integers(-32768, 32768, (2_050, 6), dtype=np.int16)
    program = """
from array import array
rows = array("h", bytes(2 * 6 * 100))
sums = [0] * 6
with open("/samples.bin", "rb") as samples:
    while (size := samples.readinto(rows)) > 0:
        for at in range(0, size // 2, 6):
            for axis in range(6):
                sums[axis] = (sums[axis] * 31 + rows[at + axis]) % 65_521
print(sums)
"""
    expected = [0] * 6
    for row in rows.tolist():
        expected = [(total * 31 + value) % 65_521 for total, value in zip(expected, row, strict=True)]
    assert micropython(program, {"/samples.bin": rows.astype("<i2").tobytes()}) == f"{expected}\n"


def test_a_call_chain_too_deep_for_a_board_fails(micropython):
    program = """
def down(levels, a=1, b=2, c=3):
    return a + b + c if levels == 0 else down(levels - 1, a, b, c) + a
print(down(10))
down(40)
"""
    with pytest.raises(ProgramError, match="pystack exhausted") as failed:
        micropython(program)
    assert failed.value.output == "16\n"
    assert micropython(program, stack_bytes=8192) == "16\n"


def test_the_heap_only_starts_at_its_size(micropython):
    program = "import gc\nkept = bytearray(1_000_000)\nprint(len(kept), gc.mem_alloc() > 1_000_000)"
    assert micropython(program, heap_bytes=64 * 1024) == "1000000 True\n"


def test_every_core_module_is_copied_without_the_boards_and_can_be_imported(micropython):
    files = core_files()
    assert not any("/board/" in inside or "__pycache__" in inside for inside in files)
    modules = [
        inside[len("/lib/") :].removesuffix(".py").removesuffix("/__init__").replace("/", ".") for inside in files
    ]
    assert {"backbeat", "backbeat.sense"} <= set(modules)
    lines = [f"import {module}" for module in modules]
    assert micropython("\n".join([*lines, "print(backbeat.__version__)"]), files) == f"{backbeat.__version__}\n"


def test_where_the_interpreter_is_absent_its_tests_skip_but_fail_in_ci(monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "FOLDER", tmp_path)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="MicroPython is not there: `make test` installs it"):
        engine.require()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="MicroPython is not there"):
        engine.require()
