"""`auditkit batch`: all cases of a county, once each, and what the county adds."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tqdm.auto import tqdm

from auditkit import __version__
from auditkit.batch.cases import CasePlace, find_cases, input_key
from auditkit.batch.engine import run_here, run_on_dask
from auditkit.batch.one import STATE, Record, Settings, forget_record, read_record
from auditkit.batch.place import county_folder, read_json

RUN: Final = "run.json"


def run_batch(
    county: str,
    out: str,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    notebooks: str = "flagged",
    period: str | None = None,
    pack: str | None = None,
    fresh: bool = False,
    contract: bool = False,
    lang: str = "zh",
) -> list[Record]:
    """Audits every case below a county; unchanged ones are left as they are. Returns a record a case, by name.

    `contract`: the rows of all compounds are held to the input contract together, by Great Expectations.

    What has been finished stands, whenever the run ends; the next run goes on from there.
    Raises: FileNotFoundError, OSError where the output cannot be written, KeyboardInterrupt.
    """
    started = time.perf_counter()
    settings = Settings(out, period, pack, notebooks, contract)
    cases = find_cases(county)
    records: dict[str, Record] = {}
    if fresh:
        for case in cases:
            forget_record(out, case)
    else:
        records = _unchanged(cases, settings)
    due = [c for c in cases if c.name not in records]
    kept = len(records)
    with tqdm(total=len(due), unit="案", desc="审计" if lang == "zh" else "audit", disable=None) as bar:
        failures = 0

        def seen(record: Record) -> None:
            nonlocal failures
            records[record.case] = record
            failures += bool(record.error)
            bar.set_postfix({"失败": failures} if lang == "zh" else {"failed": failures}, refresh=False)
            bar.update()

        if due and (jobs == 1 and scheduler is None):
            run_here(due, settings, seen)
        elif due:
            run_on_dask(due, settings, seen, jobs=jobs, scheduler=scheduler)
    ordered = [records[c.name] for c in cases]
    if not due and _county_stands(out, ordered):
        return _as_told(out, ordered)
    with county_folder(out, ordered) as place:
        told = _write_county(place, ordered, lang, contract)
        _write_run(place, told, kept, time.perf_counter() - started)
    return told


def _unchanged(cases: Sequence[CasePlace], settings: Settings) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for case in cases:
        record = read_record(settings.out, case)
        if record is not None and not record.error and record.key == input_key(case, settings.parameters()):
            found[case.name] = record
    return found


def _signature(records: Sequence[Record]) -> list[list[str]]:
    return [[r.case, r.key, r.error] for r in records]


def _county_stands(out: str, records: Sequence[Record]) -> bool:
    """Whether the county's files were made from exactly these results."""
    return read_json(out, f"{STATE}/county.json") == _signature(records) and read_json(out, RUN) is not None


def _as_told(out: str, records: Sequence[Record]) -> list[Record]:
    """The records with what the last run told of them, the county's own tests included."""
    told = {c["case"]: c for c in read_json(out, RUN)["compounds"]}
    return [
        replace(r, exit=told[r.case]["exit"], findings=told[r.case]["findings"]) if r.case in told else r
        for r in records
    ]


def _write_county(place: Path, records: Sequence[Record], lang: str, contract: bool) -> list[Record]:
    """Writes the county's files; returns the records with the county's own tests counted in."""
    from auditkit.batch.companies import write_companies
    from auditkit.batch.county import gather, write_county
    from auditkit.batch.written_back import write_back

    place.mkdir(parents=True, exist_ok=True)
    county = gather(place, records)
    write_back(place, county)
    write_county(place, county, lang)
    write_companies(place, county)
    if contract:
        from auditkit.batch.contract import write_contract

        write_contract(place, records)
    (place / STATE / "county.json").write_text(json.dumps(_signature(records), ensure_ascii=False), encoding="utf-8")
    # What a broken run left half-made is nobody's any more: every case has its record.
    for left in (place / STATE / "work").iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
    return [record if record.error else county.counted(record) for record in records]


def _write_run(place: Path, records: Sequence[Record], kept: int, seconds: float) -> None:
    failed = [{"case": r.case, "error": r.error} for r in records if r.error]
    run = {
        "auditkit": __version__, "cases": len(records), "kept": kept, "audited": len(records) - kept - len(failed),
        "seconds": round(seconds, 1), "failures": failed,
        "compounds": [
            {"case": r.case, "compound_id": r.compound_id, "folder": r.folder, "exit": r.exit, "findings": r.findings,
             "seconds": r.seconds}
            for r in records if not r.error
        ],
    }  # fmt: skip
    (place / RUN).write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def exit_code(records: Sequence[Record]) -> int:
    """4 when a case failed, else as one audit: 1 findings, 3 something untested, 0 clean."""
    if any(r.error for r in records):
        return 4
    codes = {r.exit for r in records}
    return 1 if 1 in codes else 3 if 3 in codes else 0
