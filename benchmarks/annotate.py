"""Annotating a ledger in its package against openpyxl's load, annotate, save: `python benchmarks/annotate.py [ROWS …]`.

Same file, same findings (300, spread over the rows), both in this process, each in a child of its own for its memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

from auditkit.report.annotate import annotate
from auditkit.report.annotate.listing import Line

COLUMNS = 14
FINDINGS = 300


def make(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for at in range(rows + 1):
            sheet.write_string(at, 0, f"JZ-{at:07d}")
            for column in range(1, COLUMNS):
                if column % 3:
                    sheet.write_number(at, column, at * column / 100)
                else:
                    sheet.write_string(at, column, f"摘要第{at % 997}项")


def marked(rows: int) -> list[int]:
    return [2 + n * (rows - 2) // FINDINGS for n in range(FINDINGS)]


def ours(source: Path, target: Path, rows: int) -> None:
    lines = [
        Line(
            "S2",
            "S2",
            "INC02",
            str(r),
            "差 2,000.00 元",
            200000,
            None,
            f"第 {r} 行",
            "",
            f"INC02-{r}",
            ("台账", r),
            f"差 {r}",
        )
        for r in marked(rows)
    ]
    annotate(source, target, lines)


def theirs(source: Path, target: Path, rows: int) -> None:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = openpyxl.load_workbook(source)
    sheet, fill = book["台账"], PatternFill("solid", fgColor="FFFFEB9C")
    listing = book.create_sheet("审计发现")
    for n, r in enumerate(marked(rows), start=1):
        sheet.cell(r, 1).comment = Comment(f"差 {r}", "auditkit")
        sheet.cell(r, 1).hyperlink = f"#'审计发现'!A{n}"
        for column in range(1, COLUMNS + 1):
            sheet.cell(r, column).fill = fill
        listing.append([n, "S2", "INC02", str(r), "差 2,000.00 元", 2000.0, f"第 {r} 行"])
    book.save(target)


def child(way: str, source: str, target: str, rows: str) -> None:
    start = time.perf_counter()
    (ours if way == "ours" else theirs)(Path(source), Path(target), int(rows))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(time.perf_counter() - start, peak)


def measure(way: str, source: Path, target: Path, rows: int) -> tuple[float, int]:
    command = [sys.executable, __file__, "--child", way, str(source), str(target), str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak)


def main(sizes: list[int]) -> None:
    print(f"{'rows':>8} {'way':>9} {'seconds':>8} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            source = Path(folder) / f"{rows}.xlsx"
            make(source, rows)
            told: dict[str, float] = {}
            for way in ("ours", "openpyxl") if rows <= 20_000 else ("ours",):
                told[way], peak = measure(way, source, Path(folder) / f"{rows}-{way}.xlsx", rows)
                print(f"{rows:8,} {way:>9} {told[way]:8.2f} {peak:8,}")
            if "openpyxl" in told:
                print(f"{'':8} {'ratio':>9} {told['openpyxl'] / told['ours']:8.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main([int(a) for a in sys.argv[1:]] or [10_000, 200_000])
