"""Small papers for tests: workbooks and text files made on the spot."""

from __future__ import annotations

from pathlib import Path

import openpyxl

LEDGER = ["凭证号", "日期", "收支", "类别", "对方", "摘要", "金额", "余额"]
ROWS = [
    ["记-0001", "2024-03-05", "收入", "电梯广告", "甲传媒有限公司", "收广告费", 1000, 1000],
    ["记-0002", "2024-03-20", "支出", "维修养护", "乙维修部", "修灯", 200.5, 799.5],
    ["记-0003", "2024-04-02", "收入", "临时停车", "", "停车", 35, 834.5],
]
BANK = ["账号", "交易日期", "交易时间", "收入金额", "支出金额", "余额", "对方户名", "摘要", "流水号"]


def book(path: Path, **sheets) -> Path:
    """A workbook with these sheets; each a list of rows."""
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    for name, rows in sheets.items():
        ws = wb.create_sheet(name)
        for row in rows:
            ws.append(row)
    wb.save(path)
    return path


def text(path: Path, rows, encoding="utf-8", mark=",") -> Path:
    """A delimited text."""
    lines = [mark.join("" if c is None else str(c) for c in row) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path
