"""A real MicroPython compiler reads every Python file that goes onto a board, the Adafruit driver's included."""

import json

from backbeat_host.link import layout

COMPILE_ALL = """
import json
with open("/paths.json") as file:
    paths = json.load(file)
for path in paths:
    with open("/drive/" + path) as file:
        source = file.read()
    try:
        compile(source, path, "exec")
    except SyntaxError as error:
        print(path, error)
print(len(paths), "read")
"""


def test_every_file_of_the_tree_compiles(micropython):
    files = layout.contents()
    drive = {f"/drive/{place}": raw for place, raw in files.items()}
    printed = micropython(COMPILE_ALL, {**drive, "/paths.json": json.dumps(list(files)).encode()})
    assert printed == f"{len(files)} read\n"


def test_a_file_that_does_not_compile_is_named(micropython):
    files = {"/drive/code.py": b"match x:\n    case 1: pass\n", "/paths.json": b'["code.py"]'}
    assert micropython(COMPILE_ALL, files).splitlines()[0].startswith("code.py invalid syntax")
