"""Each company of a batch gets its notebook and page; the county its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from auditkit.audit import folder_name
from auditkit.batch import views
from auditkit.batch.county import County
from auditkit.batch.one import STATE, Record
from auditkit.report.notebook import execute
from auditkit.report.page import write_page
from auditkit.shipped import shipped


def write_companies(out: Path, county: County) -> None:
    """`companies/<uscc or name>/` for every company that manages a compound here, and the county's overview."""
    sources = shipped("notebooks")
    for company, folder in company_folders(county.records).items():
        target = out / "companies" / folder
        target.mkdir(parents=True, exist_ok=True)
        own = views.of_company(county, company)
        _write(sources / "company_findings.ipynb", target / "company", own, ("../..", company), out)
    _write(sources / "county_overview.ipynb", out / "overview", county, (".", ""), out)


def company_folders(records: Sequence[Record]) -> dict[str, str]:
    """Company -> folder: its social credit code where a compound gives one, else its name."""
    found: dict[str, str] = {}
    for r in sorted(records, key=lambda r: r.case):
        if r.company:
            code = r.company_uscc if re.fullmatch(r"[0-9A-Z]{18}", r.company_uscc) else ""
            found[r.company] = code or found.get(r.company, folder_name(r.company))
    return found


def _write(source: Path, target: Path, county: County, where: tuple[str, str], out: Path) -> None:
    """Executed on what is in hand and moved to its place; the parameters are those that hold where it stands."""
    work = out / STATE / "work"
    work.mkdir(parents=True, exist_ok=True)
    notebook, page = work / f"{target.name}.ipynb", work / f"{target.name}.html"
    given = {"out": where[0], "company": where[1]} if where[1] else {"out": where[0]}
    views.ready[where] = county
    try:
        done = execute(source, notebook, given)
    finally:
        del views.ready[where]
    write_page(done, page, where[1] or county.county_name)
    notebook.replace(target.with_suffix(".ipynb"))
    page.replace(target.with_suffix(".html"))
