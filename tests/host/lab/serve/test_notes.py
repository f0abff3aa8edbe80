"""The notes of served boards: found, read whole, dropped when dead."""

import json
import os
import subprocess
import sys

import psutil

from backbeat_host.lab.serve import notes


def note(folder, name="1-1.json", **fields):
    whole = {
        "pid": os.getpid(),
        "began": 0.0,
        "port": "/dev/pts/9",
        "drive": "/tmp/drive",
        "uid": "AB",
        "board_id": "raspberry_pi_pico",
        "capacity": 5,
        "laptop_writes": True,
    } | fields  # fmt: skip
    path = folder / "backbeat" / "served" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole))
    return path


def test_without_a_folder_nothing_is_served(runtime):
    assert notes.served() == []


def test_a_note_is_there_while_it_is_posted_and_follows_who_writes(runtime, tmp_path):
    with notes.posted("/dev/pts/9", tmp_path, "AB", "clue_nrf52840_express", 7) as post:
        assert notes.served() == [post.note]
        post.laptop_writes(False)
        assert [one.laptop_writes for one in notes.served()] == [False]
    assert notes.served() == [] and not post.path.exists()


def test_a_note_says_a_new_owner_itself_only_when_everybody_can_read_it(runtime, tmp_path, monkeypatch):
    with notes.posted("/dev/pts/9", tmp_path, "AB", "clue_nrf52840_express", 7) as post:
        written = notes.written_whole

        def watched(path):
            assert post.note.laptop_writes == notes.served()[0].laptop_writes
            return written(path)

        monkeypatch.setattr(notes, "written_whole", watched)
        post.laptop_writes(False)
        assert post.note == notes.served()[0]


def test_the_note_of_a_process_that_is_gone_is_removed(runtime):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    path = note(runtime, pid=gone.pid)
    assert notes.served() == [] and not path.exists()


def test_the_note_of_an_older_process_with_the_same_number_is_removed(runtime):
    path = note(runtime, pid=os.getpid(), began=1.0)
    assert notes.served() == [] and not path.exists()


def test_what_is_no_note_is_passed_over_and_left(runtime):
    path = note(runtime)
    for text in ("", "{", "[]", "null", '{"pid": 1}', json.dumps({"pid": "x", "drive": "y"}), '{"drive": 5}', "\ud800"):
        path.write_bytes(text.encode(errors="surrogatepass"))
        assert notes.served() == [] and path.exists()
    note(runtime, name="2.json", pid="many")
    note(runtime, name="3.json", pid=-4)
    note(runtime, name="4.json", began="long ago")
    alive = psutil.Process().create_time()
    wrong = {"port": 7, "drive": None, "uid": None, "board_id": [], "capacity": "much", "laptop_writes": 1, "pid": True}
    for number, (name, value) in enumerate(wrong.items(), 5):
        assert note(runtime, name=f"{number}.json", **{"began": alive, name: value}).exists()
    assert notes.served() == []
