"""A county of 300 compounds with 3,000 findings: import of a run, the same again, the weekly package.

Without an argument on SQLite; else on the empty database at that URL.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditkit.register.intake import Compound, import_run
from auditkit.register.log import verify
from auditkit.register.store import open_register
from auditkit.register.weekly import Office, write_weekly

COMPOUNDS = 300
FINDINGS = 10


def finding(compound: str, n: int) -> dict[str, Any]:
    return {
        "id": f"INC02-{compound[-4:]}{n:06d}", "rule": "INC02", "subject": {"type": "contract_no", "id": f"HT-{n}"},
        "severity": "S2", "kind": "exception", "problem": "2.3", "amount_low": 1000 * n, "amount_high": 1000 * n,
        "message": f"应收 5,000.00 元，台账记 3,000.00 元，差额第 {n} 项", "basis": ["民法典282"], "evidence": [],
    }  # fmt: skip


def make(folder: Path) -> tuple[list[Path], dict[str, Compound]]:
    files: list[Path] = []
    compounds: dict[str, Compound] = {}
    for number in range(COMPOUNDS):
        own = f"1408{number:05d}"
        found = [finding(own, n) for n in range(1, FINDINGS + 1)]
        run = {"compound_id": own, "findings": found, "tests": [{"rule": "INC02", "state": "findings"}]}
        files.append(folder / own / "findings.json")
        files[-1].parent.mkdir()
        files[-1].write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
        compounds[own] = Compound(f"虚构小区{number}", f"虚构县{number % 8}", f"虚构物业{number % 40}", "2024-06-03")
    return files, compounds


def timed(label: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{label:28} {time.perf_counter() - start:6.2f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "runs").mkdir()
        files, compounds = make(folder / "runs")
        register = open_register(sys.argv[1] if len(sys.argv) > 1 else folder / "register.db")

        def take(at: str) -> None:
            import_run(register, files, at=at, who="甲", compounds=compounds)

        timed(f"import of {COMPOUNDS * FINDINGS} findings", lambda: take("2024-06-03T09:00:00"))
        timed("the same run again", lambda: take("2024-06-04T09:00:00"))
        week = dt.date(2024, 6, 7)
        timed("weekly package", lambda: write_weekly(register, week, folder / "week", Office("虚构县住建局")))
        timed("verification of the log", lambda: verify(register))
        register.close()


if __name__ == "__main__":
    main()
