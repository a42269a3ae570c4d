"""How cost grows with the number of compounds, what a second process costs, and the scheduler's share of a province.

python benchmarks/scale.py growth COUNTY 25 50 100       seconds a compound, a worker's memory
python benchmarks/scale.py overhead COUNTY [COMPOUNDS]   two workers against two serial runs side by side
python benchmarks/scale.py scheduler [CASES]             a province's tasks with nothing in them
python benchmarks/scale.py province [CASES]              that many small cases, in fact audited, over Dask
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from county import timed

from auditkit.batch import engine
from auditkit.batch.cases import CasePlace
from auditkit.batch.one import Record, Settings
from auditkit.demo import write_county

SMALL = {"stays": 40, "costs": 24}


def some(county: Path, count: int, work: Path, skip: int = 0) -> Path:
    """The first so many compounds, as a county of their own."""
    target = work / f"{count}-from-{skip}"
    for case in sorted(p for p in county.iterdir() if p.is_dir())[skip : skip + count]:
        shutil.copytree(case, target / case.name)
    return target


def growth(county: Path, counts: list[int]) -> None:
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            own = some(county, count, Path(folder))
            wall, used, memory = timed(own, Path(folder) / "out", 2, "none")
        early, late = memory.thirds()
        print(f"{count:5d} compounds {wall:8.1f} s, {wall / count:6.2f} s each, of processor {used / count:6.2f} s; "
              f"a worker {early} MB in the first third, {late} MB in the last", flush=True)  # fmt: skip


def overhead(county: Path, count: int) -> None:
    """Two processes that share the cases of a Dask run, against two that each do half of them alone."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        halves = [some(county, count // 2, work, skip) for skip in (0, count // 2)]
        command = [sys.executable, "-m", "auditkit", "batch", "--jobs", "1", "--notebooks", "none"]
        began = time.perf_counter()
        running = [
            subprocess.Popen([*command, str(half), "--out", str(work / f"out-{n}")], stdout=subprocess.DEVNULL)
            for n, half in enumerate(halves)
        ]
        for process in running:
            process.wait()
        serial = time.perf_counter() - began
        whole = some(county, count, work)
        began = time.perf_counter()
        subprocess.run(
            [*command[:4], "--jobs", "2", "--notebooks", "none", str(whole), "--out", str(work / "out")],
            stdout=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        together = time.perf_counter() - began
    print(f"{count} compounds: two serial runs side by side {serial:.1f} s, two workers {together:.1f} s, "
          f"{together / serial - 1:+.1%}")  # fmt: skip


def _nothing(cases: list[CasePlace], settings: Settings) -> list[Record]:
    del settings
    return [Record(case.name, "") for case in cases]


def scheduler(count: int) -> None:
    """The engine as it is, with cases in which there is nothing to do."""
    cases = [CasePlace(f"{n:06d}", f"file:///{n:06d}") for n in range(count)]
    seen: list[Record] = []
    engine.run_chunk = _nothing
    began = time.perf_counter()
    engine.run_on_dask(cases, Settings("nowhere"), seen.append, jobs=2, scheduler=None)
    seconds = time.perf_counter() - began
    assert len(seen) == count
    print(
        f"{count} cases without work: {seconds:.1f} s, {seconds / count * 1000:.2f} ms a case, cluster's start included"
    )


def province(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        county = Path(folder) / "cases"
        write_county(county, count, plant=False, **SMALL)
        wall, used, memory = timed(county, Path(folder) / "out", 2, "none")
    early, late = memory.thirds()
    print(f"{count} small cases: {wall:.1f} s, {count / wall:.2f} a second, of processor {used / count:.2f} s a case; "
          f"a worker {early} MB in the first third, {late} MB in the last")  # fmt: skip


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "growth":
        growth(Path(rest[0]), [int(n) for n in rest[1:]])
    elif what == "overhead":
        overhead(Path(rest[0]), int(rest[1]) if rest[1:] else 16)
    elif what == "scheduler":
        scheduler(int(rest[0]) if rest else 20_000)
    else:
        province(int(rest[0]) if rest else 200)
