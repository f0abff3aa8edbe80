"""The same task for many items: here, on processes, on a cluster of two workers."""

import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from backbeat_host.errors import MissingExtraError, WorkError
from backbeat_host.lab.workers import Failure, _awaited, work

from .cluster_program import ITEMS, die, square

PROGRAM = Path(__file__).parent / "cluster_program.py"
CLUSTER_MOST_S = 300

WANTED = [number * number for number in ITEMS]
WANTED[7] = Failure("seven: not to be squared; leave it out.")
WANTED[9] = Failure("ZeroDivisionError: nine")


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_results_are_the_same_and_in_order_on_any_number_of_processes(jobs):
    assert list(work(square, ITEMS, jobs)) == WANTED


def on_cluster(*words: str) -> str:
    """Run a part of cluster_program; give what it printed. How it ends is the cluster's own affair."""
    command = [sys.executable, PROGRAM, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=CLUSTER_MOST_S, check=False).stdout


def test_a_cluster_gives_the_same_and_nothing_of_nothing():
    assert on_cluster("same").splitlines() == [str(WANTED), "[]"]


def test_a_cluster_s_workers_that_have_threads_work_on_one_item_at_a_time():
    assert on_cluster("threads") == "1\n"


def test_of_nothing_comes_nothing():
    assert list(work(square, [], 2)) == []


def test_results_come_while_others_are_still_worked_on():
    found = work(square, ITEMS, 1)
    assert next(found) == 0
    found.close()


def test_a_process_that_dies_is_said_in_one_sentence():
    with pytest.raises(WorkError, match="a process died"):
        list(work(die, ITEMS, 2))


def test_a_cluster_whose_worker_dies_again_and_again_is_said():
    assert "the Dask cluster failed" in on_cluster("death")


def test_a_cluster_without_workers_is_said():
    assert "has no worker" in on_cluster("nobody")


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr("backbeat_host.lab.workers.PATIENCE_S", 0.6)


@pytest.mark.parametrize("listening", [False, True])
def test_an_address_where_nothing_answers_is_said_in_time(impatient, listening):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if listening:
            taken.listen()  # takes the call and says nothing
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(WorkError, match="no Dask scheduler answers there") as caught:
            list(work(square, ITEMS, dask=address))
    assert time.monotonic() - begun < 30
    assert caught.value.message.startswith(address) and "\n" not in caught.value.message


@pytest.mark.parametrize("address", ["", "nowhere", "http//:x", "zzz://127.0.0.1:1"])
def test_what_is_no_address_is_said(impatient, address):
    with pytest.raises(WorkError, match="no Dask scheduler answers there"):
        list(work(square, ITEMS, dask=address))


def test_without_distributed_one_sentence_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'backbeat\[cluster\]'"):
        list(work(square, ITEMS, dask="127.0.0.1:1"))


def test_a_cluster_that_lost_its_workers_is_not_waited_for():
    class Waiting:
        def result(self, timeout):
            raise TimeoutError

        def done(self):
            return False

    left = [{"a": 1, "b": 1}, {"b": 1}, {}]
    client = SimpleNamespace(scheduler_info=lambda: {"workers": left.pop(0)})
    with pytest.raises(ConnectionError, match="lost its workers"):
        _awaited(client, Waiting())
    assert left == []
