"""How the cases of a batch are run: in this process, or as tasks of Dask, on this machine or on many."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, Final

from auditkit.batch.cases import CasePlace
from auditkit.batch.one import Record, Settings, run_chunk, write_record

MOST_IN_A_CHUNK: Final = 16
CHUNKS_A_WORKER: Final = 12
"""Enough chunks that the last ones of a run end together, few enough that the scheduler is not what takes the time."""

Seen = Callable[[Record], None]


def run_here(cases: Sequence[CasePlace], settings: Settings, seen: Seen) -> None:
    """One case after the other in this process."""
    for case in cases:
        for record in run_chunk([case], settings):
            seen(record)


def run_on_dask(
    cases: Sequence[CasePlace], settings: Settings, seen: Seen, *, jobs: int | None, scheduler: str | None
) -> None:
    """The cases as chunks on a Dask cluster: a scheduler that is running, or processes of this machine.

    A chunk whose worker died is taken apart and its cases are tried alone; one that kills its worker again is
    recorded as failed, and the rest goes on.
    """
    with _client(jobs, scheduler) as client:
        workers = max(1, len(client.scheduler_info()["workers"]))
        size = max(1, min(MOST_IN_A_CHUNK, len(cases) // (workers * CHUNKS_A_WORKER)))
        chunks = [cases[i : i + size] for i in range(0, len(cases), size)]
        suspects: list[CasePlace] = []
        for chunk, records in _results(client, chunks, settings):
            if records is None:
                suspects += chunk
            for record in records or ():
                seen(record)
        for chunk, records in _results(
            client, [[c] for c in sorted(suspects, key=lambda c: c.name)], settings, alone=True
        ):
            for record in records or (_killed(chunk[0], settings),):
                seen(record)


def _results(
    client: Any, chunks: Sequence[Sequence[CasePlace]], settings: Settings, *, alone: bool = False
) -> Iterator[tuple[Sequence[CasePlace], list[Record] | None]]:
    """Each chunk with its records as it ends; None where it took its worker with it."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    futures = {client.submit(run_chunk, list(chunk), settings, pure=False): chunk for chunk in chunks}
    try:
        for future in as_completed(futures):
            error = future.exception()
            if isinstance(error, KilledWorker):
                yield futures[future], None
            elif error is not None:
                raise error
            else:
                yield futures[future], future.result()
    finally:
        client.cancel(list(futures))


def _killed(case: CasePlace, settings: Settings) -> Record:
    record = Record(case.name, "", error="KilledWorker: 处理本案时工作进程崩溃（内存不足或程序库崩溃）, 已单独重试")
    write_record(settings.out, case, record)
    return record


@contextmanager
def _client(jobs: int | None, scheduler: str | None) -> Generator[Any]:
    from dask import config
    from distributed import Client, LocalCluster

    for part in ("distributed", "distributed.nanny", "distributed.worker", "distributed.scheduler"):
        logging.getLogger(part).setLevel(logging.CRITICAL)
    quiet = {
        "distributed.scheduler.allowed-failures": 2,
        "distributed.admin.large-graph-warning-threshold": "100MB",
    }
    with config.set(quiet):
        if scheduler:
            with Client(scheduler) as client:
                yield client
            return
        with _deaf_to_ctrl_c():
            cluster = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                dashboard_address=":0",
                silence_logs=logging.CRITICAL,
            )
        with cluster, Client(cluster) as client:
            yield client


@contextmanager
def _deaf_to_ctrl_c() -> Generator[None]:
    """What is started in here never hears Ctrl-C; this process hears it at the end.

    A terminal sends Ctrl-C to the workers too, and each would print its traceback; ending them is the cluster's task.
    Threads and processes inherit the mask, those too that the cluster starts later in place of a killed worker.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # Where it is started only with the first worker, it takes the mask off again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
