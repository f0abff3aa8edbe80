"""The same task for many items: here, on worker processes, or on a Dask cluster; results come in the items' order.

For whoever has many: with `work` an item that fails gives a `Failure` in its place and stops no other.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import click

from backbeat_host.errors import WorkError, from_extra

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK: Final = 4  # items handed over at a time: few enough to share out evenly, enough to make the way worth while
PATIENCE_S: Final = 5.0  # for a cluster to answer
WORKER_S: Final = 5.0  # for one that has answered to have a worker

_alone = threading.Lock()
"""A Dask worker may have threads; a Python process gains nothing by them, and a virtual board wants to be alone."""


@dataclass(frozen=True)
class Failure:
    """Stands where an item's result would be; `why` is one sentence."""

    why: str


def work(
    task: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int | None = None,
    dask: str | None = None,
    chunk: int = CHUNK,
) -> Iterator[Result | Failure]:
    """Yield `task(item)` of every item, in order, as soon as it and all before it are there.

    `task` and the items must be picklable. `jobs` processes (as many as processors; 1 is this one), or the Dask
    cluster whose scheduler is at the address `dask`: the results are the same.

    Raises:
        WorkError: a process died, or the cluster does not answer, has no worker or was lost.
        MissingExtraError: a cluster is asked for and `distributed` is not installed.
    """
    if dask is not None:
        yield from _on_cluster(task, items, dask, chunk)
    else:
        yield from on_processes(partial(_tried, task), items, jobs, chunk)


def on_processes(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int | None = None, chunk: int = CHUNK
) -> Iterator[Result]:
    """Yield `task(item)` of every item, in order, from `jobs` processes, as `work` does; what the task raises goes on.

    Raises:
        WorkError: a process died.
    """
    processes = min(jobs or os.cpu_count() or 1, len(items))
    if processes <= 1:
        yield from map(task, items)
        return
    size = max(1, min(chunk, len(items) // (4 * processes)))
    with ProcessPoolExecutor(processes) as pool:
        try:
            yield from pool.map(task, items, chunksize=size)
        except BrokenProcessPool as error:
            raise WorkError("a process died, most likely for want of memory; try again with --jobs 1.") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # who stops listening wants no more of it


def _tried(task: Callable[[Item], Result], item: Item) -> Result | Failure:
    try:
        return task(item)
    except click.ClickException as error:
        return Failure(error.message)
    except Exception as error:  # whatever it is, it must not take the other items with it
        return Failure(f"{type(error).__name__}: {error}".partition("\n")[0])


def _all_tried(task: Callable[[Item], Result], items: Sequence[Item]) -> list[Result | Failure]:
    with _alone:
        return [_tried(task, item) for item in items]


def _on_cluster(
    task: Callable[[Item], Result], items: Sequence[Item], address: str, chunk: int
) -> Iterator[Result | Failure]:
    chunks = [items[begin : begin + chunk] for begin in range(0, len(items), chunk)]
    with ExitStack() as closing:
        client = _client(address)
        closing.callback(client.close, timeout=PATIENCE_S)
        try:
            futures = client.map(partial(_all_tried, task), chunks, pure=False)
            for future in futures:
                yield from _awaited(client, future)
                future.release()
        except GeneratorExit:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            raise WorkError(
                f"{address}: the Dask cluster failed ({_short(error)}); see its own log, or leave --dask out."
            ) from error


def _awaited(client: Any, future: Any) -> Any:
    """Give a future's result, unless all workers have gone: then nothing would ever come."""
    while True:
        try:
            return future.result(timeout=PATIENCE_S)
        except TimeoutError:
            if future.done():
                raise  # the task's own
            if not client.scheduler_info()["workers"]:
                raise ConnectionError("it has lost its workers") from None


def _client(address: str) -> Any:
    with from_extra("--dask", "distributed", "cluster"):
        from distributed import Client
        from distributed.comm.core import connect

    async def greet() -> None:
        (await asyncio.wait_for(connect(address, timeout=PATIENCE_S), 2 * PATIENCE_S)).abort()

    # Only who has answered gets a client: one that never was connected may lock up whatever clients come after it.
    try:
        asyncio.run(greet())
        client = Client(address, timeout=PATIENCE_S, set_as_default=False)
    except Exception as error:  # refused, silent, no address at all: each has its own class
        raise WorkError(
            f"{address}: no Dask scheduler answers there ({_short(error)}); start one, or leave --dask out."
        ) from error
    try:
        client.wait_for_workers(1, timeout=WORKER_S)
    except Exception as error:
        client.close(timeout=PATIENCE_S)
        raise WorkError(f"{address}: the Dask cluster has no worker; start one, or leave --dask out.") from error
    return client


def _short(error: BaseException) -> str:
    said = str(error).strip().partition("\n")[0]
    return said[:120] or type(error).__name__
