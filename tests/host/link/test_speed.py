"""How fast files come and go over the console, by the time of the board alone, paced like a real one: no wall clock."""

import sys

import pytest

from ...bench.bench_link import installing, pulling

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals: no board is served")


@pytest.fixture(autouse=True)
def own_runtime(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_runtime_path", lambda name: tmp_path / "runtime" / name)


def test_a_log_comes_home_ten_times_as_fast_as_by_mpremote():
    theirs, ours = pulling(speed=20)
    assert theirs.board / ours.board >= 10


def test_the_firmware_is_installed_three_times_as_fast_as_by_mpremote():
    theirs, ours = installing(speed=20)
    assert theirs.board / ours.board >= 3
