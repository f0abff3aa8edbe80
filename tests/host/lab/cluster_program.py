"""What the tests of a Dask cluster do, each in a process of its own: `python cluster_program.py WHAT [ARGUMENT...]`.

A cluster brings threads and processes that must not outlive a test, nor meet those of another.
"""

import os
import sys
import time
from typing import Any

from backbeat_host.errors import InputError, WorkError
from backbeat_host.lab import workers
from backbeat_host.lab.workers import work

ITEMS = list(range(40))


def square(number: int) -> int:
    """Fail at 7 and 9; end in another order than begun."""
    time.sleep(0.001 * (number % 3))
    if number == 7:
        raise InputError("seven: not to be squared; leave it out.")
    if number == 9:
        raise ZeroDivisionError("nine\nand more")
    return number * number


def die(number: int) -> int:
    """Take the worker along."""
    if number == 5:
        os._exit(1)
    return number


def local_cluster(**options: Any) -> Any:
    """Start a cluster on this machine."""
    from distributed import LocalCluster

    return LocalCluster(dashboard_address=":0", **options)


def two_workers() -> Any:
    """Start two worker processes."""
    return local_cluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", protocol="tcp")


def same() -> None:
    """Print what comes of all items, and of none."""
    with two_workers() as cluster:
        print(list(work(square, ITEMS, dask=cluster.scheduler_address, chunk=3)))
        print(list(work(square, [], dask=cluster.scheduler_address)))


def death() -> None:
    """Print the sentence about a worker that dies again and again."""
    with two_workers() as cluster:
        try:
            list(work(die, ITEMS[:8], dask=cluster.scheduler_address, chunk=8))
        except WorkError as error:
            print(error.message)


def threads() -> None:
    """Print how many items a worker with four threads works on at a time, at the most."""
    inside: list[int] = []

    def alone(number: int) -> int:
        inside.append(number)
        time.sleep(0.002)
        found = len(inside)
        inside.remove(number)
        return found

    with local_cluster(n_workers=1, threads_per_worker=4, processes=False) as one:
        print(max(result for result in work(alone, ITEMS, dask=one.scheduler_address, chunk=2)))


def nobody() -> None:
    """Print the sentence about a cluster without workers."""
    workers.WORKER_S = 0.6  # type: ignore[misc]
    with local_cluster(n_workers=0, processes=False, host="127.0.0.1", protocol="tcp") as none:
        try:
            list(work(square, ITEMS, dask=none.scheduler_address))
        except WorkError as error:
            print(error.message)


def command(*words: str) -> None:
    """Run a command of backbeat on two workers."""
    from backbeat_host.cli import main

    with two_workers() as cluster:
        main([*words, "--dask", cluster.scheduler_address], standalone_mode=False)


if __name__ == "__main__":
    workers.PATIENCE_S = 60.0  # type: ignore[misc]
    {"same": same, "death": death, "threads": threads, "nobody": nobody, "command": command}[sys.argv[1]](*sys.argv[2:])
