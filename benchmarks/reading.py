"""How long reading takes beside the fastest libraries alone: pandas for a csv, python-calamine for an xlsx.

python benchmarks/reading.py [rows of the csv] [rows of the ledger]
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import python_calamine as calamine

from auditkit.read.folder import read_papers

STAYS, ENTRIES = 1_000_000, 100_000


def write_stays(path: Path, count: int) -> None:
    rng = np.random.default_rng(1)
    entry = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 366 * 86_400, count)), unit="s")
    leave = entry + pd.to_timedelta(rng.integers(60, 86_400, count), unit="s")
    paid = [f"{amount:.2f}" for amount in rng.integers(0, 40, count) / 2]
    form = "%Y-%m-%d %H:%M:%S"
    pd.DataFrame(
        {
            "记录编号": [f"P{n:08d}" for n in range(count)],
            "车牌号": [f"晋E{n}" for n in rng.integers(10_000, 30_000, count)],
            "车辆类型": np.where(rng.random(count) < 0.3, "月卡", "临时"),
            "入场时间": entry.strftime(form), "出场时间": leave.strftime(form), "应收金额": paid, "实收金额": paid,
            "支付方式": np.where(rng.random(count) < 0.5, "微信", "支付宝"),
            "放行方式": "自动", "操作员": "王示例", "通道": "东门",
        }
    ).to_csv(path, index=False)  # fmt: skip


def write_ledger(path: Path, count: int) -> None:
    rng = np.random.default_rng(2)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(["凭证号", "日期", "收支方向", "类别", "金额", "对方单位", "摘要", "合同编号", "结算方式", "备注"])
    days = pd.date_range("2024-01-01", "2024-12-31").to_pydatetime()
    for n, (day, amount) in enumerate(zip(rng.integers(0, 366, count), rng.integers(1, 10**7, count), strict=True)):
        sheet.append(
            [f"记-{n:06d}", days[day], "收入", "电梯广告", amount / 100, f"晋城广告公司{n % 500}", "广告费",
             f"HT-{n % 900}", "银行转账", ""]
        )  # fmt: skip
    book.save(path)


def best(work, times: int = 3) -> float:
    """The shortest of several runs, in seconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def tell(name: str, alone: float, ours: float, most: float) -> None:
    print(f"{name}: library alone {alone:.2f} s, auditkit {ours:.2f} s, {ours / alone:.2f} times (at most {most})")


def main() -> None:
    stays, entries = (*map(int, sys.argv[1:]), *(STAYS, ENTRIES)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as folder:
        text, book = Path(folder) / "停车.csv", Path(folder) / "台账.xlsx"
        write_stays(text, stays)
        write_ledger(book, entries)
        assert len(read_papers(text, {}).parts[0].frame) == stays
        tell(
            f"{stays:,} stays of a csv, pandas with pyarrow",
            best(lambda: pd.read_csv(text, engine="pyarrow")), best(lambda: read_papers(text, {})), 2,
        )  # fmt: skip
        assert len(read_papers(book, {}).parts[0].frame) == entries

        def cells() -> None:
            for name in (opened := calamine.CalamineWorkbook.from_path(str(book))).sheet_names:
                opened.get_sheet_by_name(name).to_python(skip_empty_area=False)

        tell(
            f"{entries:,} ledger rows of an xlsx, python-calamine",
            best(cells),
            best(lambda: read_papers(book, {})),
            1.5,
        )


if __name__ == "__main__":
    main()
