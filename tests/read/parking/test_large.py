"""A large export read column by column is the same as read row by row; anything odd in it is left to the latter."""

import pandas as pd
import pytest

from auditkit.read import grids
from auditkit.read.folder import read_papers
from auditkit.read.lines import LargeText

HEAD = "记录编号,车牌号,车辆类型,入场时间,出场时间,应收金额,实收金额,支付方式,放行方式,操作员,通道"
LINES = [
    f"P{n:06d},晋E{10000 + n % 97},{'月卡' if n % 3 else '临时'},2024-01-{n % 28 + 1:02d} 08:00:0{n % 10},"
    f"{'' if n % 50 == 0 else f'2024-01-{n % 28 + 1:02d} 18:00:00'},{n % 7}.50,{n % 7}.5,微信,自动,王示例,东门"
    for n in range(2_000)
]


def both(tmp_path, monkeypatch, text, encoding="utf-8"):
    (tmp_path / "停车.csv").write_bytes(text.encode(encoding))
    slow = read_papers(tmp_path, {})
    monkeypatch.setattr(grids, "LARGE", 100)
    fast = read_papers(tmp_path, {})
    return slow, fast


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("above", ["", "示例小区停车记录\n导出时间,2024-02-01\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_same_table(tmp_path, monkeypatch, encoding, above, end):
    text = (above + "\n".join([HEAD, *LINES]) + "\n").replace("\n", end)
    slow, fast = both(tmp_path, monkeypatch, text, encoding)
    assert isinstance(fast.parts[0].grid.rows, LargeText)
    assert fast.parts[0].grid.rows._all is None, "it was not cut into cells"
    pd.testing.assert_frame_equal(slow.parts[0].frame, fast.parts[0].frame)
    assert slow.parts[0].columns == fast.parts[0].columns
    assert slow.parts[0].section.rows == fast.parts[0].section.rows
    assert slow.aside == fast.aside


ODD = {
    "a total": "合计,,,,,100.00,100.00,,,,",
    "an impossible time": "P9,晋E1,临时,2024-02-30 08:00:00,,1,1,微信,自动,甲,东门",
    "an amount in brackets": "P9,晋E1,临时,2024-02-03 08:00:00,,1,(1.00),微信,自动,甲,东门",
    "an unknown word": "P9,晋E1,贵宾,2024-02-03 08:00:00,,1,1.00,微信,自动,甲,东门",
    "a blank must": "P9,晋E1,临时,,,1,1.00,微信,自动,甲,东门",
    "a quoted cell": '"P,9",晋E1,临时,2024-02-03 08:00:00,,1,1.00,微信,自动,甲,东门',
    "a short line": "P9,晋E1,临时",
    "the header again": HEAD,
    "a blank line": "",
    "a rounded number": "6.22E+18,晋E1,临时,2024-02-03 08:00:00,,1,1.00,微信,自动,甲,东门",
    "a foot": "导出人：甲,,,,,,,,,,",
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("at", [5, 2_000])
def test_anything_odd_is_read_row_by_row(tmp_path, monkeypatch, odd, at):
    lines = [*LINES[:at], ODD[odd], *LINES[at:]]
    slow, fast = both(tmp_path, monkeypatch, "\n".join([HEAD, *lines]) + "\n")
    pd.testing.assert_frame_equal(slow.parts[0].frame, fast.parts[0].frame)
    assert (slow.issues, slow.aside) == (fast.issues, fast.aside)
    assert slow.parts[0].issues == fast.parts[0].issues
