"""The command itself, in this process and as a person starts it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from backbeat import __version__
from backbeat_host.cli import main

COMMAND = Path(sys.executable).with_name("backbeat")


@pytest.fixture
def started():
    """Start the real command."""

    def run(*words, **environment):
        return subprocess.run(
            [COMMAND, *words], capture_output=True, timeout=60, env={**os.environ, **environment}, check=False
        )

    return run


def test_help_lists_every_command(backbeat):
    told = backbeat("--help")
    assert told.code == 0
    assert all(f"\n  {name} " in told.out for name in ("demo", "logs", "simulate"))
    assert backbeat("-h").out == told.out


@pytest.mark.skipif(not hasattr(click.exceptions, "NoSuchCommand"), reason="an older click makes no guess")
def test_a_word_that_is_nearly_a_command_is_told_which(backbeat):
    told = backbeat("conf")
    assert told.code == 2 and "Did you mean 'config'?" in told.err


@pytest.mark.parametrize("words", [["simulate"], ["demo"], ["logs"], ["logs", "decode"]])
def test_every_command_has_its_own_help(backbeat, words):
    told = backbeat(*words, "--help")
    assert told.code == 0 and told.out.startswith("Usage: ") and told.err == ""


def test_a_wrong_command_line_is_refused(backbeat):
    assert "No such command 'run'" in backbeat("run").refused()
    told = backbeat("simulate", "x.csv", "--fast")
    assert told.code == 2 and "--fast" in told.err and "Traceback" not in told.err
    assert "Missing argument 'INPUT...'" in backbeat("simulate").refused()


def test_the_command_is_installed_and_knows_its_version(started):
    done = started("--version")
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, f"backbeat, version {__version__}\n", b"")


def test_a_pipe_gets_json_lines_only_and_errors_their_status(started, recordings):
    done = started("simulate", recordings / "run.csv", "--events", "-")
    assert done.returncode == 0
    assert {json.loads(line)["trial"] for line in done.stdout.splitlines()} == {"run"}
    failed = started("simulate", "none.csv", "--events", "-")
    assert (failed.returncode, failed.stdout) == (2, b"")
    assert failed.stderr.startswith(b"Error: none.csv: no such file")


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_name_the_terminal_cannot_show_is_told_all_the_same(started, recordings, tmp_path, encoding):
    for name in (b"run\xff.csv", "läufer.csv".encode()):
        path = os.fsencode(tmp_path) + b"/" + name
        Path(os.fsdecode(path)).write_bytes((recordings / "run.csv").read_bytes())
        for words in ([], ["--events", "-"]):
            done = started("simulate", path, "--core", *words, PYTHONIOENCODING=encoding)
            assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a shell with pipes")
def test_a_reader_that_goes_away_is_no_traceback(recordings):
    line = f"'{COMMAND}' simulate '{recordings / 'run.csv'}' --core --beats --steps --events - | head -n 1"
    done = subprocess.run(["sh", "-c", line], capture_output=True, timeout=60, check=False)
    assert json.loads(done.stdout)["event"] == "session_start"
    assert b"Traceback" not in done.stderr and b"Error" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "words",
    [
        "simulate RUN --core",
        "simulate RUN --core --events -",
        "simulate RUN --core --steps --beats --events -",
        "logs decode LOG",
        "logs decode LOG --events -",
        "--help",
        "simulate --help",
    ],
)
def test_a_full_standard_output_is_a_failure_told_in_one_sentence(backbeat, recordings, tmp_path, words):
    assert backbeat("simulate", recordings / "run.csv", "--core", "--log", tmp_path).code == 0
    paths = {"RUN": str(recordings / "run.csv"), "LOG": str(tmp_path / "run.bbl")}
    with Path("/dev/full").open("wb") as full:
        line = [COMMAND, *(paths.get(word, word) for word in words.split())]
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1
    sentence = b"Error: standard output: cannot be written (No space left on device); choose another place.\n"
    assert done.stderr.endswith(sentence) and b"Traceback" not in done.stderr and b"Exception" not in done.stderr


def test_a_closed_standard_output_is_no_traceback(recordings):
    line = f'exec "{COMMAND}" simulate "{recordings / "run.csv"}" --core >&-'
    done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_nothing_of_blinka_but_const_is_imported(recordings):
    code = f"""
import sys
from backbeat_host.cli import main
main(["simulate", {str(recordings / "run.csv")!r}], standalone_mode=False)
real = [name for name in sys.modules if name.startswith("adafruit_") or name in {{
    "board", "busio", "digitalio", "pwmio", "analogio", "keypad", "supervisor", "storage", "microcontroller",
    "usb_cdc", "watchdog"}}]
assert real == [], real
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"fall backward" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that closes handles")
@pytest.mark.parametrize("words", ["doctor", "logs list", "config show"])
def test_a_closed_standard_input_is_no_traceback(tmp_path, words):
    line = f'exec "{COMMAND}" {words} --board "{tmp_path}" <&-'
    done = subprocess.run(["sh", "-c", line], capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr


def test_input_that_was_closed_reads_as_empty(backbeat, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    main(["--version"], standalone_mode=False)
    assert not sys.stdin.isatty() and sys.stdin.read() == ""
    sys.stdin.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT")
def test_ctrl_c_while_a_command_is_being_loaded_is_no_traceback():
    program = (
        "import builtins, signal\n"
        "find = builtins.__import__\n"
        "def slow(name, *rest):\n"
        "    if name == 'numpy':\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "    return find(name, *rest)\n"
        "builtins.__import__ = slow\n"
        "from backbeat_host.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program, "demo"], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.split()) == (1, b"", [b"Aborted!"])
