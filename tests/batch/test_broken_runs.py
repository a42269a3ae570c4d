"""Runs that are broken, by a killed worker or by Ctrl-C, give in the end what an undisturbed run gives, to the byte."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from auditkit.batch.run import run_batch
from auditkit.demo import write_county
from tests.batch.test_batch import prints

pytestmark = pytest.mark.slow
COMPOUNDS = 9


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    write_county(folder, COMPOUNDS, plant=False, stays=60, costs=40)
    (folder / "truth.json").unlink()
    return folder


@pytest.fixture(scope="module")
def undisturbed(county, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    run_batch(str(county), str(out), jobs=1, notebooks="none")
    return prints(out)


def done(out):
    return len(list((out / ".batch" / "cases").glob("*.json")))


def workers_of(pid):
    """The processes that work, below the one that was started: those that have no further child of their own."""
    below = psutil.Process(pid).children(recursive=True)
    return [p for p in below if not p.children() and "resource_tracker" not in " ".join(p.cmdline())]


@contextmanager
def killing(pid, out, after):
    """Kills one worker by its id as soon as so many cases are done."""
    killed = []

    def kill():
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and done(out) < after:
            time.sleep(0.02)
        workers = workers_of(pid)
        if workers:
            workers[-1].kill()
            killed.append(workers[-1].pid)

    killer = threading.Thread(target=kill)
    killer.start()
    yield killed
    killer.join()


@pytest.mark.parametrize("after", [COMPOUNDS // 3, 2 * COMPOUNDS // 3])
def test_a_killed_worker_of_the_local_cluster(county, undisturbed, tmp_path, after):
    out = tmp_path / "out"
    with killing(os.getpid(), out, after) as killed:
        records = run_batch(str(county), str(out), jobs=2, notebooks="none")
    assert killed
    assert [r.error for r in records] == [""] * COMPOUNDS
    assert prints(out) == undisturbed


@contextmanager
def separate_cluster(folder):
    """A scheduler and two workers of their own, as on real machines."""
    place = folder / "scheduler.json"
    begin = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen(
        [*begin, "scheduler", "--port", "0", "--dashboard-address", ":0", "--scheduler-file", str(place)], **quiet
    )
    worker = subprocess.Popen(
        [*begin, "worker", "--scheduler-file", str(place), "--nworkers", "2", "--nthreads", "1"], cwd=folder, **quiet
    )
    try:
        deadline = time.monotonic() + 60
        while not place.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        yield json.loads(place.read_text())["address"], worker.pid
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait(30)


@pytest.mark.parametrize("after", [COMPOUNDS // 3, 2 * COMPOUNDS // 3])
def test_a_killed_worker_of_a_separate_cluster(county, undisturbed, tmp_path, after):
    out = tmp_path / "out"
    with separate_cluster(tmp_path) as (address, pid), killing(pid, out, after) as killed:
        records = run_batch(str(county), str(out), scheduler=address, notebooks="none")
    assert killed
    assert [r.error for r in records] == [""] * COMPOUNDS
    assert prints(out) == undisturbed


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of a console cannot be sent there")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_after_ctrl_c_the_run_goes_on_where_it_was(county, undisturbed, tmp_path, jobs):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "auditkit", "batch", str(county), "--out", str(out), "--jobs", jobs]
    command += ["--notebooks", "none"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while run.poll() is None and done(out) < 2:
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=300)
    assert run.returncode == 130, said
    assert said.strip().splitlines()[-1].endswith("再次运行从这里继续。")
    assert "Traceback" not in said
    assert "KeyboardInterrupt" not in said
    finished = {p: p.stat().st_mtime_ns for p in Path(out / ".batch" / "cases").glob("*.json")}
    assert 2 <= len(finished) < COMPOUNDS
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode in (1, 3), again.stderr
    assert all(p.stat().st_mtime_ns == stamp for p, stamp in finished.items())
    assert prints(out) == undisturbed
    assert not list((out / ".batch" / "work").iterdir())
