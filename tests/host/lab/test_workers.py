"""The same task for many items: here, on processes, on a cluster of two workers."""

import os
import socket
import sys
import time
from collections.abc import Iterator

import pytest

from backbeat_host.errors import InputError, MissingExtraError, WorkError
from backbeat_host.lab.workers import Failure, work

ITEMS = list(range(40))


def square(number: int) -> int:
    time.sleep(0.001 * (number % 3))  # so that they end in another order than they begin
    if number == 7:
        raise InputError("seven: not to be squared; leave it out.")
    if number == 9:
        raise ZeroDivisionError("nine\nand more")
    return number * number


WANTED = [number * number for number in ITEMS]
WANTED[7] = Failure("seven: not to be squared; leave it out.")
WANTED[9] = Failure("ZeroDivisionError: nine")


def die(number: int) -> int:
    if number == 5:
        os._exit(1)
    return number


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1", protocol="tcp"
    ) as two:
        two.wait_for_workers(2)
        yield two.scheduler_address


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_results_are_the_same_and_in_order_on_any_number_of_processes(jobs):
    assert list(work(square, ITEMS, jobs)) == WANTED


def test_a_cluster_gives_the_same(cluster):
    assert list(work(square, ITEMS, dask=cluster, chunk=3)) == WANTED


def test_a_cluster_s_workers_that_have_threads_work_on_one_item_at_a_time():
    from distributed import LocalCluster

    inside: list[int] = []

    def alone(number: int) -> int:
        inside.append(number)
        time.sleep(0.002)
        found = len(inside)
        inside.remove(number)
        return found

    with LocalCluster(n_workers=1, threads_per_worker=4, processes=False, dashboard_address=":0") as one:
        assert set(work(alone, ITEMS, dask=one.scheduler_address, chunk=2)) <= {1}


def test_of_nothing_comes_nothing(cluster):
    assert list(work(square, [], 2)) == list(work(square, [], dask=cluster)) == []


def test_results_come_while_others_are_still_worked_on():
    found = work(square, ITEMS, 1)
    assert next(found) == 0
    found.close()


def test_a_process_that_dies_is_said_in_one_sentence():
    with pytest.raises(WorkError, match="a process died"):
        list(work(die, ITEMS, 2))


def test_a_cluster_whose_worker_dies_again_and_again_is_said(cluster):
    with pytest.raises(WorkError, match="the Dask cluster failed"):
        list(work(die, ITEMS[:8], dask=cluster, chunk=8))


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr("backbeat_host.lab.workers.PATIENCE_S", 0.6)


def test_a_cluster_without_workers_is_said(impatient):
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address=":0", host="127.0.0.1", protocol="tcp") as none,
        pytest.raises(WorkError, match="has no worker"),
    ):
        list(work(square, ITEMS, dask=none.scheduler_address))


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
    assert time.monotonic() - begun < 5
    assert caught.value.message.startswith(address) and "\n" not in caught.value.message


@pytest.mark.parametrize("address", ["", "nowhere", "http//:x", "zzz://127.0.0.1:1"])
def test_what_is_no_address_is_said(impatient, address):
    with pytest.raises(WorkError, match="no Dask scheduler answers there"):
        list(work(square, ITEMS, dask=address))


def test_without_distributed_one_sentence_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'backbeat\[cluster\]'"):
        list(work(square, ITEMS, dask="127.0.0.1:1"))
