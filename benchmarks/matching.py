"""Matching against what a user would do instead: `python benchmarks/matching.py [--full]`.

Beside auditkit.match: a pandas merge on amount and date, and datacompy in an environment of its own, which this script
makes (and skips, saying so, where it cannot). Each run in a child of its own, for its time and its memory; one to one
at 100,000 rows a side, the same with 5 % batches, small sides, and with --full one to one at 1,000,000.
Right = pairs that the data were made with; none of the two others knows of a window, a fee or a batch.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
CASES = (("one_to_one", 3_000), ("one_to_one", 100_000), ("with_batches", 100_000))
FULL = (*CASES, ("one_to_one", 1_000_000))


def sides(make: str, rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    from benchmarks import matching_data

    return getattr(matching_data, make)(rows)


def ours(ledger: pd.DataFrame, statement: pd.DataFrame) -> int:
    from auditkit import match

    found = match(ledger, statement)
    return int((found.rows["side"].eq("statement") & found.rows["state"].eq("matched")).sum())


def merged(ledger: pd.DataFrame, statement: pd.DataFrame) -> int:
    return int(ledger.merge(statement, on=["amount", "date"])["id_y"].nunique())


def datacompy(ledger: pd.DataFrame, statement: pd.DataFrame) -> int:
    import datacompy  # pyright: ignore[reportMissingImports]

    compared = datacompy.Compare if hasattr(datacompy, "Compare") else datacompy.PandasCompare
    return len(compared(ledger, statement, join_columns=["amount", "date"]).intersect_rows)


def child(how: str, make: str, rows: int) -> None:
    if how == "datacompy":
        ledger, statement = (pd.read_pickle(path) for path in (Path(make) / "ledger.pkl", Path(make) / "statement.pkl"))
    else:
        ledger, statement = sides(make, rows)
    run = {"ours": ours, "merge": merged, "datacompy": datacompy}[how]
    if how == "ours":
        run(ledger.head(50), statement.head(50))
    wall, cpu = time.perf_counter(), time.process_time()
    right = run(ledger, statement)
    told = {
        "seconds": round(time.perf_counter() - wall, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        "answered": right,
        "rows": len(statement),
    }
    print(json.dumps(told))


def started(python: str | Path, *args: object) -> dict[str, float] | str:
    done = subprocess.run(
        [str(python), __file__, "--child", *map(str, args)],
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else done.stderr.strip()[-200:]


def other_python(folder: Path) -> Path | str:
    """A Python with datacompy, in an environment of its own; or why there is none."""
    try:
        venv.create(folder, with_pip=True)
        python = folder / "bin" / "python"
        done = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "datacompy"], capture_output=True, text=True, check=False
        )
    except (OSError, subprocess.CalledProcessError) as error:
        return str(error)
    return python if done.returncode == 0 else done.stderr.strip()[-200:]


def main(cases: tuple[tuple[str, int], ...]) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, pandas {pd.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        python = other_python(Path(folder) / "environment")
        if isinstance(python, str):
            print(f"datacompy skipped, its environment could not be made: {python}")
        for make, rows in cases:
            print(f"{make}, {rows:,} rows a side")
            results: dict[str, dict[str, float] | str] = {
                how: started(sys.executable, how, make, rows) for how in ("ours", "merge")
            }
            if isinstance(python, Path):
                # The other environment has its own pandas: it gets plain columns.
                for name, frame in zip(("ledger", "statement"), sides(make, rows), strict=True):
                    plain = frame[["id", "amount"]].astype({"id": object}).assign(date=frame["date"].astype("int64"))
                    plain.to_pickle(Path(folder) / f"{name}.pkl", protocol=4)
                results["datacompy"] = started(python, "datacompy", folder, rows)
            for how, told in results.items():
                print(f"  {how:10}", told)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        sys.path.insert(0, str(ROOT))
        main(FULL if "--full" in sys.argv else CASES)
