"""The input contract over all compounds of a batch: Great Expectations once a table, and the county's page of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb
import pandas as pd

from auditkit.batch.county import table_of
from auditkit.batch.one import STATE, Record
from auditkit.check.contract import CASE, CODES, Expectation, expectations, issue
from auditkit.model import Books, InputError, Issue
from auditkit.schema import frame, tables

ROWS: Final = "rows_{}"
"""Where a table's rows stand among the tables of a batch."""
MOST_ROWS: Final = 1_000_000
"""So many rows are checked at a time: about 20 seconds and a gigabyte."""
MOST_SHOWN: Final = 500
_KINDS: Final[Mapping[str, str]] = {
    "must": "必填", "type": "类型", "choice": "可选值", "between": "合理范围", "match": "格式", "check_digit": "校验码",
    "unique": "不重复", "order": "先后次序", "one_side": "恰有一项有金额",
}  # fmt: skip


class Kept(NamedTuple):
    """How many rows were held to one expectation, and how many of how many compounds do not keep it."""

    expectation: Expectation
    rows: int
    wrong: int
    compounds: int


def write_rows(books: Books, folder: Path) -> None:
    """The rows of every table handed in, for the contract that is checked over all compounds at the end."""
    for name in sorted(books.given):
        books[name].to_parquet(folder / f"{ROWS.format(name)}.parquet", index=False)


def check_contract(out: Path, records: Sequence[Record]) -> tuple[list[Kept], pd.DataFrame]:
    """Each table's rows of all compounds against its suite.

    Shape: the second has compound_id, code, table, file, sheet, row, column, value, message; one line a row and
    expectation.
    Raises: InputError where Great Expectations is not installed.
    """
    from auditkit.check.expectations import installed, validate

    if not installed():
        zh = "--contract 需要 Great Expectations：请安装 auditkit[contract]"
        raise InputError([Issue("B04", zh, "--contract needs Great Expectations: install auditkit[contract]")])
    kept: list[Kept] = []
    wrong: list[dict[str, Any]] = []
    for name in tables():
        counts: dict[Expectation, list[int]] = {e: [0, 0, 0] for e in expectations(name)}
        for rows in _pieces(out, name, [r.compound_id for r in records if not r.error and name in r.given]):
            found = validate({name: rows}).get(name, {})
            for expectation, count in counts.items():
                positions = found.get(expectation, [])
                count[0] += len(rows)
                count[1] += len(positions)
                count[2] += rows[CASE].iloc[positions].nunique()
            wrong += [_line(e, rows.iloc[n]) for e, positions in found.items() for n in positions]
        kept += [Kept(e, *count) for e, count in counts.items()]
    columns = ["compound_id", "code", "table", "file", "sheet", "row", "column", "value", "message"]
    return kept, pd.DataFrame(wrong, columns=columns).sort_values(columns[:6], ignore_index=True)


def _pieces(out: Path, name: str, ids: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The rows of whole compounds, as many as are checked at a time, each with its compound."""
    if not ids:
        return
    connection, source = duckdb.connect(), table_of(out, ROWS.format(name))
    connection.register("handed_in", pd.DataFrame({"compound_id": list(ids)}, dtype="str"))
    joined = f"{source} SEMI JOIN handed_in USING (compound_id)"
    sizes = connection.sql(f"SELECT compound_id, count(*) FROM {joined} GROUP BY 1 ORDER BY 1").fetchall()
    empty, waiting, rows = frame(name), list[str](), 0
    for at, (compound, size) in enumerate(sizes, start=1):
        waiting.append(str(compound))
        rows += int(size)
        if rows >= MOST_ROWS or at == len(sizes):
            chosen = "WHERE compound_id IN (SELECT unnest(?)) ORDER BY compound_id, file, sheet, row"
            query = f"SELECT * FROM {joined} {chosen}"
            found = connection.execute(query, [waiting]).df()
            typed = found[list(empty.columns)].astype(empty.dtypes.to_dict())
            yield typed.assign(**{CASE: found["compound_id"].astype("str")})
            waiting, rows = [], 0


def _line(expectation: Expectation, row: pd.Series[Any]) -> dict[str, Any]:
    said = issue(expectation, row)
    return {
        "compound_id": str(row[CASE]), "code": said.code, "table": said.table, "file": said.file, "sheet": said.sheet,
        "row": said.row, "column": said.column, "value": said.value, "message": said.message,
    }  # fmt: skip


def write_contract(out: Path, records: Sequence[Record]) -> None:
    """contract.html and contract.parquet of the county, each replaced in one piece."""
    kept, wrong = check_contract(out, records)
    work = out / STATE / "work"
    work.mkdir(parents=True, exist_ok=True)
    wrong.to_parquet(work / "contract.parquet", index=False)
    (work / "contract.html").write_text(_page(kept, wrong), encoding="utf-8", newline="\n")
    for name in ("contract.parquet", "contract.html"):
        (work / name).replace(out / name)


def _page(kept: Sequence[Kept], wrong: pd.DataFrame) -> str:
    css = resources.files("auditkit").joinpath("data", "page.css").read_text(encoding="utf-8")
    parts = [f"<h1>资料校验</h1><p>{_summary(kept, wrong)}</p>"]
    for name, spec in tables().items():
        own = [k for k in kept if k.expectation.table == name]
        if own and own[0].rows:
            parts.append(f"<h2>{escape(spec.zh)}（{own[0].rows:,} 行）</h2>{_table(_HEADS, map(_cells, own))}")
        else:
            parts.append(f"<h2>{escape(spec.zh)}</h2><p class='note'>没有小区提供，未校验。</p>")
    shown = wrong.head(MOST_SHOWN)
    rest = f"，此处列前 {MOST_SHOWN} 条，全部见 contract.parquet" if len(wrong) > MOST_SHOWN else ""
    parts.append(f"<h2>不符合的行（{len(wrong):,} 条{rest}）</h2>")
    columns = ["compound_id", "code", "file", "sheet", "row", "message"]
    lines = ([str(v) for v in line] for line in shown[columns].itertuples(index=False))
    parts.append(_table(("小区编号", "代码", "文件", "工作表", "行", "内容"), lines))
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>资料校验</title>\n<style>\n{css}</style></head>\n<body><main>\n{''.join(parts)}\n</main></body></html>\n"
    )


_HEADS: Final = ("约定", "列", "校验行数", "不符合", "涉及小区")


def _summary(kept: Sequence[Kept], wrong: pd.DataFrame) -> str:
    broken = sum(k.wrong > 0 for k in kept)
    made = sum(k.rows > 0 for k in kept)
    compounds = wrong["compound_id"].nunique()
    return (
        f"全部小区同一种表的行合在一起校验：{made} 项约定中 {broken} 项有不符合的行，"
        f"共 {len(wrong):,} 条，涉及 {compounds} 个小区；另有 {len(kept) - made} 项因没有资料未校验。"
        "这里只看表格填写是否合乎约定，不是审计疑点。"
    )


def _cells(k: Kept) -> list[str]:
    spec = tables()[k.expectation.table]
    columns = "、".join(spec.column(c).zh for c in k.expectation.columns) or "全表一行"
    kind = f"{CODES[k.expectation.kind]} {_KINDS[k.expectation.kind]}"
    return [kind, columns, f"{k.rows:,}", f"{k.wrong:,}" if k.wrong else "无", str(k.compounds or "")]


def _table(heads: Sequence[str], rows: Any) -> str:
    head = "".join(f"<th>{escape(h)}</th>" for h in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
