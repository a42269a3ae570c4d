"""Runs the examples of a rule's page.

An example is a level-3 heading below «## 示例», then parameters as a list (`- 期间: 2024-01..2024-12`), then tables,
each headed by a bold line with the table's Chinese name (**经营合同台账**), and one headed **结论** with the columns
对象 | 结论, where 结论 is «疑点», «疑点 1234.50», «疑点 100.00~300.00», «通过» or «未测试»; «全部 | 不适用» where nothing
falls under the test.
A table whose title stands without rows («**公示记录**» then «(空)») was given and is empty.
A column 文件 says in which file a row stands (else all of a table stand in one); `- 流水期间: 2024-01-01..2024-12-31` is
what the head of each bank statement states.
A column 重复 repeats its row: 3 makes three of it; in its cells {n} is 1, 2, 3, {n:03d} pads, {2*n+5} reckons.
Tables **同县收入** (类别 | 金额 | 条件: the driver) and **同县合同** (类别 | 每单位每月) hold the county's other compounds, one
a row; the n-th row of each category is the n-th compound's.
A table **小计合计** holds total cells as reading a sheet gives them, its columns those of TOTALS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from auditkit.audit import judge
from auditkit.model import Books, Case, LocalNumber, Pack, Verdict
from auditkit.money import fen
from auditkit.read.typed import type_rows
from auditkit.rules import catalogue
from auditkit.schema import headers, normal, tables

PAGES = Path(__file__).parents[2] / "docs" / "rules"
TOTALS = {
    "文件": "file", "工作表": "sheet", "单元格": "cell", "标题": "label", "收支": "direction", "书写": "written",
    "明细合计": "sum_plain", "收支相抵": "sum_net", "收入合计": "sum_income", "支出合计": "sum_cost", "公式": "formula",
    "漏行": "left_out",
}  # fmt: skip

COUNTY = {"同县收入": "income", "同县合同": "contracts"}
APART = ("结论", "小计合计", *COUNTY)


@dataclass
class Example:
    rule: str
    title: str
    parameters: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    totals: list[dict[str, str]] = field(default_factory=list)
    county: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    expected: list[tuple[str, str]] = field(default_factory=list)


def examples(code: str) -> list[Example]:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    section = re.split(r"^## 示例.*$", text, flags=re.M)
    if len(section) < 2:
        return []
    section = re.split(r"^## ", section[1], flags=re.M)[0]
    return [_example(code, part) for part in re.split(r"^### ", section, flags=re.M)[1:]]


def _example(code: str, text: str) -> Example:
    lines = text.splitlines()
    example = Example(code, lines[0].strip())
    name, header = "", []
    by_zh = {t.zh: t.name for t in tables().values()}
    for line in lines[1:]:
        line = line.strip()
        if bold := re.fullmatch(r"\*\*(.+?)\*\*", line):
            name, header = bold[1], []
            if name not in APART:
                example.tables.setdefault(by_zh[name], [])
                example.columns.setdefault(by_zh[name], [])
        elif item := re.fullmatch(r"- (\S+?)\s*[:：]\s*(.+)", line):
            if not name:
                example.parameters[item[1]] = item[2]
        elif line.startswith("|"):
            cells = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not header:
                header = cells
                if name not in APART:
                    words = headers(by_zh[name])
                    example.columns[by_zh[name]] = [words[normal(c)] for c in cells if c not in ("重复", "文件")]
            elif set("".join(cells)) <= set("-: "):
                continue
            elif name == "结论":
                example.expected.append((cells[0], cells[1]))
            elif name == "小计合计":
                example.totals.append({TOTALS[h]: c for h, c in zip(header, cells, strict=True)})
            elif name in COUNTY:
                example.county.setdefault(name, []).extend(_rows(header, cells))
            else:
                _repeat(example, by_zh[name], header, cells)
    return example


def _repeat(example: Example, table: str, header: list[str], cells: list[str]) -> None:
    words = {**headers(table), "文件": "file"}
    example.tables[table] += [{words[normal(h)]: c for h, c in row.items()} for row in _rows(header, cells)]


def _rows(header: list[str], cells: list[str]) -> list[dict[str, str]]:
    times = int(cells[header.index("重复")]) if "重复" in header else 1
    return [{h: _reckon(c, n) for h, c in zip(header, cells, strict=True) if h != "重复"} for n in range(1, times + 1)]


def _reckon(cell: str, n: int) -> str:
    def value(match: re.Match[str]) -> str:
        expression, _, spec = match[1].partition(":")
        if not re.fullmatch(r"[\dn+*/%() .-]+", expression):
            raise ValueError(f"{match[0]}: only n, numbers and + - * / % ( )")
        return format(eval(expression, {"n": n}), spec)

    return re.sub(r"\{([^}]*n[^}]*)\}", value, cell)


def books_of(example: Example) -> Books:
    frames, columns, issues = {}, {}, []
    for name, table in tables().items():
        rows = example.tables.get(name, [])
        place = {"file": f"{table.zh}.xlsx", "sheet": table.zh}
        placed = [{**place, **row, "row": i + 2} for i, row in enumerate(rows)]
        frames[name], found = type_rows(name, placed)
        issues += found
        columns[name] = frozenset(example.columns.get(name, []))
    county = county_of(example) if example.county else None
    return Books(
        frames, frozenset(example.tables), columns, tuple(issues), totals_of(example),
        statements_of(example, frames["bank"]), county=county,
    )  # fmt: skip


def statements_of(example: Example, bank: pd.DataFrame) -> pd.DataFrame:
    if "流水期间" not in example.parameters:
        return pd.DataFrame()
    first, last = (pd.Timestamp(day) for day in example.parameters["流水期间"].split(".."))
    heads = bank[["account", "file", "sheet"]].drop_duplicates()
    return heads.assign(first=first, last=last, opening=pd.NA, closing=pd.NA)


def county_of(example: Example) -> dict[str, pd.DataFrame]:
    def numbered(name: str) -> pd.DataFrame:
        rows = pd.DataFrame(example.county.get(name, []), columns=["类别", "金额", "条件", "每单位每月"])
        return rows.assign(compound_id="C" + rows.groupby("类别").cumcount().astype(str))

    income, contracts = numbered("同县收入"), numbered("同县合同")
    return {
        "income": pd.DataFrame(
            {
                "compound_id": income["compound_id"], "category": income["类别"],
                "amount": income["金额"].map(fen).astype("int64"), "months": 12.0,
            }
        ),
        "drivers": pd.DataFrame(
            {"compound_id": income["compound_id"], "category": income["类别"], "driver": income["条件"].astype(float)}
        ),
        "contracts": pd.DataFrame(
            {
                "compound_id": contracts["compound_id"], "category": contracts["类别"], "quantity": 1.0,
                "unit_price_month": contracts["每单位每月"].map(fen).astype(float),
            }
        ),
    }  # fmt: skip


def totals_of(example: Example) -> pd.DataFrame:
    money = ("written", "sum_plain", "sum_net", "sum_income", "sum_cost")
    rows = [
        {
            **cells,
            **{c: fen(cells[c]) if cells[c] else None for c in money},
            "table": "ledger",
            "column": "amount",
            "row": int(re.sub(r"\D", "", cells["cell"])),
        }
        for cells in example.totals
    ]
    return pd.DataFrame(rows).astype(dict.fromkeys(money, "Int64")) if rows else pd.DataFrame()


def case_of(example: Example) -> Case:
    known = {"期间", "截至", "窗口", "审批限额", "区划", "流水期间"}
    numbers: dict[str, tuple[LocalNumber, ...]] = {}
    parameters = dict(example.parameters)
    for name in list(parameters):
        if name.startswith("pack."):
            text = parameters.pop(name)
            value: object = text
            if re.fullmatch(r"-?\d+", text):
                value = int(text)
            elif re.fullmatch(r"-?\d*\.\d+", text):
                value = float(text)
            elif text in ("是", "否"):
                value = text == "是"
            elif "、" in text:
                value = text.split("、")
            numbers[name.removeprefix("pack.")] = (LocalNumber(value, "示例"),)
    if unknown := set(parameters) - known:
        raise ValueError(f"{example.rule} {example.title}: unknown parameters {unknown}")
    first, _, last = parameters.get("期间", "2024-01..2024-12").partition("..")
    start = pd.Period(first).start_time
    end = pd.Period(last or first).end_time.normalize()
    case = Case("示例小区", start, end, pd.Timestamp(parameters.get("截至", end)), Pack(numbers=numbers, loaded=True))
    if "窗口" in parameters:
        case = replace(case, window_days=int(parameters["窗口"]))
    if "审批限额" in parameters:
        case = replace(case, approval_threshold=int(float(parameters["审批限额"]) * 100))
    return case


def run(example: Example) -> Verdict:
    rule, examine = catalogue()[example.rule]
    return judge(rule, examine, books_of(example), case_of(example))


def said(verdict: Verdict) -> dict[str, str]:
    """What the verdict says of each subject, in the words of the page."""
    words: dict[str, str] = {}
    for finding in verdict.findings:
        if finding.amount_low is None:
            words[finding.subject.id] = "疑点"
        elif finding.amount_low == finding.amount_high:
            words[finding.subject.id] = f"疑点 {finding.amount_low / 100:.2f}"
        else:
            words[finding.subject.id] = f"疑点 {finding.amount_low / 100:.2f}~{finding.amount_high / 100:.2f}"
    for item in verdict.untested:
        words[item.subject.id] = "未测试"
    if not words and verdict.state in ("untested", "empty"):
        words["全部"] = "未测试" if verdict.state == "untested" else "不适用"
    return words
