"""mpremote's own command line on a served board: what works and what fails is what works and fails on a real one."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served there"
)
HASH = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"


@pytest.fixture
def mpremote(serve, tmp_path):
    """`mpremote("fs", "cat", "x")`: exit code and all it said; the drive holds hello.txt and folder/."""
    (tmp_path / "drive" / "folder").mkdir(parents=True)
    (tmp_path / "drive" / "hello.txt").write_text("hello world")
    (tmp_path / "script.py").write_text("print('from a file')")

    def make(code_owns=False, code=""):
        if code_owns:
            (tmp_path / "drive" / "boot.py").write_text("import storage\nstorage.remount('/', readonly=False)")
        (tmp_path / "drive" / "code.py").write_text(code)
        board = serve()

        def run(*words):
            command = [sys.executable, "-m", "mpremote", "connect", board.port, *words]
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=50, cwd=tmp_path, stdin=subprocess.DEVNULL
            )
            return done.returncode, done.stdout + done.stderr

        return run

    return make


def test_what_works_on_a_drive_of_the_laptops(mpremote, tmp_path):
    run = mpremote()
    assert run("exec", "print(1 + 1)") == (0, "2\n")
    assert run("eval", "[1, 'two']") == (0, "[1, 'two']\n")
    assert run("run", "script.py") == (0, "from a file\n")
    assert run("resume", "exec", "x = 5", "exec", "print(x)") == (0, "5\n")
    assert run("soft-reset", "exec", "print('after')") == (0, "after\n")
    assert run("fs", "cat", "hello.txt") == (0, "hello world")
    assert run("fs", "cp", ":hello.txt", "copy.txt")[0] == 0
    assert (tmp_path / "copy.txt").read_text() == "hello world"
    assert HASH in run("fs", "sha256sum", "hello.txt")[1]


def test_what_works_when_the_code_has_the_drive(mpremote, tmp_path):
    run = mpremote(code_owns=True)
    assert run("fs", "mkdir", "made")[0] == 0 and (tmp_path / "drive" / "made").is_dir()
    assert run("fs", "rmdir", "made")[0] == 0 and not (tmp_path / "drive" / "made").exists()
    assert run("fs", "cp", "script.py", ":hello.txt")[0] == 0
    assert (tmp_path / "drive" / "hello.txt").read_text() == "print('from a file')"
    assert run("fs", "rm", "hello.txt")[0] == 0 and not (tmp_path / "drive" / "hello.txt").exists()


def test_running_code_is_interrupted(mpremote):
    run = mpremote(code="import time\nwhile True:\n    time.sleep(0.1)\n")
    assert run("exec", "print('in')") == (0, "in\n")


def test_what_fails_on_a_drive_of_the_laptops(mpremote, tmp_path):
    run = mpremote()
    code, told = run("fs", "mkdir", "made")
    assert code != 0 and "Read-only" in told
    assert not (tmp_path / "drive" / "made").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("fs", "ls"), "has no attribute 'ilistdir'"),
        (("fs", "tree"), "has no attribute 'ilistdir'"),
        (("fs", "rm", "-r", "folder"), "has no attribute 'ilistdir'"),
        (("df",), "no module named 'vfs'"),
        (("mount", "."), "Error"),
        (("fs", "cp", "script.py", ":new.py"), "OSError: [Errno 2] No such file/directory"),
    ],
)
def test_what_fails_anyhow(mpremote, tmp_path, words, told):
    code, said = mpremote(code_owns=True)(*words)
    assert code != 0 and told in said
    assert (tmp_path / "drive" / "folder").is_dir() and not (tmp_path / "drive" / "new.py").exists()


def test_reset_does_nothing(mpremote, tmp_path):
    run = mpremote(code_owns=True)
    run("reset")
    assert run("resume", "exec", "import microcontroller\nprint(microcontroller.cpu.reset_reason)")[1].endswith(
        "POWER_ON\n"
    )
