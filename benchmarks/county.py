"""A county of typical compounds by `auditkit batch`, against what a good analyst would script, in the same run.

python benchmarks/county.py [--compounds 300] [--baseline 6] [--jobs 2] [--notebooks all none] [--work DIR]

A typical compound: at least 2,000 ledger rows (here some 3,500), 3,000 bank rows, 10,000 stays. The baseline is
measured on some of the compounds and multiplied: it has no state between compounds, so that one costs what the next
one costs.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import threading
import time
from pathlib import Path

import psutil
from baseline import run_baseline

from auditkit.batch.run import run_batch
from auditkit.demo import write_county

SIZE = {"stays": 9_800, "costs": 2_450}


class Memory(threading.Thread):
    """The largest resident memory of a worker process, in the first and in the last third of a run."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[tuple[float, int]] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            for child in psutil.Process().children(recursive=True):
                try:
                    self.seen.append((time.perf_counter(), child.memory_info().rss))
                except psutil.NoSuchProcess:
                    continue

    def thirds(self) -> tuple[int, int]:
        if not self.seen:
            return 0, 0
        first, last = self.seen[0][0], self.seen[-1][0]
        cut = (last - first) / 3
        early = [m for t, m in self.seen if t < first + cut]
        late = [m for t, m in self.seen if t > last - cut]
        return max(early) >> 20, max(late) >> 20


def processor() -> float:
    """Seconds of processor of this process and of all that it started and that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def timed(county: Path, out: Path, jobs: int, notebooks: str) -> tuple[float, float, Memory]:
    """One batch, with its wall time, its processor time and its workers' memory."""
    memory = Memory()
    memory.start()
    began, used = time.perf_counter(), processor()
    failed = [r for r in run_batch(str(county), str(out), jobs=jobs, notebooks=notebooks) if r.error]
    seconds, used = time.perf_counter() - began, processor() - used
    memory.over.set()
    assert not failed, failed[:3]
    return seconds, used, memory


def change(county: Path, how_many: int) -> None:
    """A remark in the settings of some compounds: their inputs are no longer the same."""
    for case in sorted(p for p in county.iterdir() if p.is_dir())[:how_many]:
        with (case / "case.toml").open("a", encoding="utf-8") as file:
            file.write(f"# {time.time()}\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--compounds", type=int, default=300)
    parser.add_argument("--baseline", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--notebooks", nargs="*", default=["none", "all"])
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args()
    work = asked.work or Path(tempfile.mkdtemp(prefix="auditkit-county-"))
    county = work / f"county-{asked.compounds}"
    if not county.exists():
        write_county(county, asked.compounds, **SIZE)
    cases = sorted(p for p in county.iterdir() if p.is_dir())
    print(f"{len(cases)} compounds, {asked.jobs} workers")
    walls: dict[str, float] = {}
    each_used: dict[str, float] = {}
    for notebooks in asked.notebooks:
        out = work / f"out-{notebooks}"
        shutil.rmtree(out, ignore_errors=True)
        walls[notebooks], used, memory = timed(county, out, asked.jobs, notebooks)
        early, late = memory.thirds()
        each, each_used[notebooks] = walls[notebooks] / len(cases), used / len(cases)
        print(f"notebooks {notebooks:5s} {walls[notebooks]:8.1f} s, {each:6.2f} s a compound, of processor "
              f"{used / len(cases):6.2f} s; "
              f"a worker at most {early} MB in the first third, {late} MB in the last")  # fmt: skip
    last = asked.notebooks[-1]
    again, _, _ = timed(county, work / f"out-{last}", asked.jobs, last)
    print(f"again, nothing changed {again:6.2f} s: {again / walls[last]:.2%} of the first run")
    change(county, 3)
    some, _, _ = timed(county, work / f"out-{last}", asked.jobs, last)
    print(f"again, 3 changed       {some:6.2f} s")
    if asked.baseline:
        sample = cases[:: max(1, len(cases) // asked.baseline)][: asked.baseline]
        used = processor()
        done = run_baseline(sample, work / "baseline")
        used = (processor() - used) / len(done)
        for case, (_, ids) in zip(sample, done, strict=True):
            made = json.loads((work / f"out-{last}" / case.name / "findings.json").read_bytes())
            assert sorted(f["id"] for f in made["findings"]) == ids, case
        each = sum(seconds for seconds, _ in done) / len(done)
        whole = each * len(cases)
        print(f"baseline {each:6.2f} s a compound, of processor {used:6.2f} s, measured on {len(done)}, same findings; "
              f"{whole:,.0f} s for {len(cases)}: {whole / walls[last]:.1f} times the batch, "
              f"{used / each_used[last]:.1f} times its processor")  # fmt: skip


if __name__ == "__main__":
    main()
