"""What a good analyst would script instead of `auditkit batch`: papermill over a folder, one cold kernel a compound.

The notebook reads every paper with pandas (openpyxl for workbooks), checks the input with Great Expectations, makes the
same tests (the rules are auditkit's: the same findings are compared, not the same ideas), draws charts, writes the list
of findings with pandas and the annotated ledger with openpyxl; nbconvert makes the page with its default template.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

PARAMETERS = 'case = ""\nout = ""'
IMPORTS = """\
import csv, io, json, warnings
from pathlib import Path
import matplotlib.pyplot as plt
import openpyxl
import pandas as pd
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from auditkit.audit import judge_all
from auditkit.check import expectations
from auditkit.read import case as reading, folder
from auditkit.read.grids import Grid
from auditkit.report.outcome import Outcome
warnings.simplefilter("ignore")"""
READ = """\
def read_paper(path, name):
    if path.suffix == ".csv":
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
        width = max(len(row) for row in csv.reader(io.StringIO(text)))
        as_it_stands = {"header": None, "names": range(width), "dtype": str, "skip_blank_lines": False}
        sheets = {"": pd.read_csv(io.StringIO(text), **as_it_stands)}
    else:
        sheets = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    grids = []
    for sheet, frame in sheets.items():
        cells = frame.astype(object).where(frame.notna(), "").values.tolist()
        cells = [[c.to_pydatetime() if isinstance(c, pd.Timestamp) else float(c) if type(c) is int else c for c in row]
                 for row in cells]
        grids.append(Grid(name, sheet, cells, encoding="utf-8" if sheet == "" else ""))
    return grids, []

folder.read_grids = read_paper
books, settled, intake = reading.read_case(Path(case))
{name: len(books[name]) for name in books.tables}"""
CONTRACT = """\
issues = expectations.check_books(books)
pd.DataFrame([(i.table, i.row, i.message) for i in issues], columns=["表", "行", "问题"])"""
JUDGE = """\
outcome = Outcome(books, settled, tuple(judge_all(books, settled)), {}, ())
found = pd.DataFrame(
    [(outcome.finding_id(f), f.rule, f.severity, f.subject.id, f.amount_low, f.amount_high, f.message)
     for f in outcome.findings],
    columns=["id", "rule", "severity", "subject", "low", "high", "message"])
tests = pd.DataFrame([(v.rule.code, v.state, v.population, v.passed) for v in outcome.verdicts])
found"""
CHARTS = """\
plt.rcParams["font.family"] = ["Noto Sans CJK SC", "DejaVu Sans"]
ledger = books["ledger"].assign(month=lambda f: f["date"].dt.to_period("M").astype(str))
sums = ledger.pivot_table(index="month", columns=["direction", "category"], values="amount", aggfunc="sum")
for direction in ("收入", "支出"):
    (sums[direction].astype(float) / 100).plot.bar(stacked=True, figsize=(6.4, 3.6))
    plt.show()
books["bank"].set_index("date")["balance"].astype(float).plot(figsize=(6.4, 3))
plt.show()
if len(found):
    found["rule"].value_counts().plot.barh(figsize=(6.4, 3))
    plt.show()"""
WRITE = """\
target = Path(out)
with pd.ExcelWriter(target / "findings.xlsx", engine="openpyxl") as book:
    found.to_excel(book, sheet_name="疑点清单", index=False)
    tests.to_excel(book, sheet_name="测试情况", index=False)
(target / "findings.json").write_text(json.dumps(sorted(found["id"])))
name = ledger["file"].iloc[0]
if name.endswith(".xlsx"):
    book = openpyxl.load_workbook(Path(case) / name)
    for f in outcome.findings:
        for e in f.evidence:
            if e.file == name and e.sheet in book.sheetnames:
                cell = book[e.sheet].cell(e.row, 1)
                cell.comment = Comment(f.message, "audit")
                cell.fill = PatternFill("solid", "FFEB9C")
    book.save(target / f"标注-{name}")"""


def notebook() -> nbformat.NotebookNode:
    """The analyst's notebook."""
    cells = [new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source) for source in (IMPORTS, READ, CONTRACT, JUDGE, CHARTS, WRITE)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata=kernel)


def run_baseline(cases: list[Path], out: Path) -> list[tuple[float, list[str]]]:
    """The script: one compound after the other; seconds and finding ids of each."""
    import papermill
    from nbconvert.exporters import HTMLExporter

    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    out.mkdir(parents=True, exist_ok=True)
    source = out / "audit.ipynb"
    nbformat.write(notebook(), source)
    exporter, done = HTMLExporter(), list[tuple[float, list[str]]]()
    for case in cases:
        began = time.perf_counter()
        target = out / case.name
        target.mkdir(exist_ok=True)
        given = {"case": str(case.resolve()), "out": str(target.resolve())}
        papermill.execute_notebook(source, target / "audit.ipynb", given, progress_bar=False)
        body, _ = exporter.from_filename(str(target / "audit.ipynb"))
        (target / "audit.html").write_text(body, encoding="utf-8")
        done.append((time.perf_counter() - began, json.loads((target / "findings.json").read_text())))
    return done
