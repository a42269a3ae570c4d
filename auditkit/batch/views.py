"""What the company's and the county's notebooks show of a batch: tables and charts over its Parquet."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from auditkit.batch.county import County, fire_warnings, gather, lines
from auditkit.batch.one import STATE, record_of
from auditkit.model import InputError, Issue
from auditkit.money import yuan
from auditkit.report.phrases import severity, title
from auditkit.report.style import Chart, draw, tone
from auditkit.report.tables import Note, Table, table
from auditkit.rules import catalogue
from auditkit.schema import tables

PROBLEMS = {
    "1.2": "信息公开", "1.4": "退出移交", "2.1": "擅自经营", "2.2": "未公示收支", "2.3": "侵占收益", "0": "账务质量",
}  # fmt: skip
MOST = 40
ready: dict[tuple[str, str], County] = {}
"""What a batch has in hand when it runs the notebooks itself: it is not read again for each of them."""


def open_batch(out: str | Path, company: str = "") -> County:
    """The results of a batch, or those of one company's compounds.

    Raises: InputError where nothing is there, or no compound of that company.
    """
    if (str(out), company) in ready:
        return ready[str(out), company]
    place = Path(out)
    records = [record_of(json.loads(p.read_bytes())) for p in sorted((place / STATE / "cases").glob("*.json"))]
    if not records:
        raise InputError([Issue("B02", "这里没有批量审计的结果", "no results of a batch here", file=str(place))])
    whole = gather(place, sorted(records, key=lambda r: r.case))
    return of_company(whole, company) if company else whole


def of_company(whole: County, company: str) -> County:
    """One company's part of a county.

    Raises: InputError where it has no compound here.
    """
    own = [r for r in whole.records if r.company == company]
    if not own:
        known = "、".join(sorted({r.company for r in whole.records if r.company}))
        raise InputError([Issue("B03", f"没有物业企业“{company}”的小区; 有: {known}", f"no compound of {company}")])
    ids = {r.compound_id for r in own}

    def part(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["compound_id"].isin(ids)] if len(frame) else frame

    return replace(
        whole, records=own, failed=[], findings=part(whole.findings), tests=part(whole.tests),
        matters=part(whole.matters), income=part(whole.income),
        prices=part(whole.prices),
    )  # fmt: skip


def totals(county: County) -> Table:
    """How much there is of everything; the parts of each line add up."""
    matters = county.matters
    money = matters.groupby("amount_kind")["amount_high"].sum().to_dict() if len(matters) else {}
    rows = [
        ("小区", str(len(county.records))),
        ("其中有疑点的", str(county.findings["compound_id"].nunique() if len(county.findings) else 0)),
        ("未能审计的案卷", str(len(county.failed))),
        ("疑点", str(len(county.findings))),
        ("事项（同一行为的几项疑点归为一件）", str(len(matters))),
        ("有据可查金额", f"{yuan(int(money.get('established', 0)))} 元"),
        ("线索金额（估计上限, 不与上一行相加）", f"{yuan(int(money.get('indicator', 0)))} 元"),
    ]
    return table(("项目", "数"), rows, [1])


def by_problem(county: County) -> Table | Note:
    """Findings by county unit and the campaign's problem class; rows and columns add up."""
    if county.findings.empty:
        return Note("没有疑点。")
    unit = {r.compound_id: r.county or "（未填县区）" for r in county.records}
    found = county.findings.assign(unit=county.findings["compound_id"].map(unit))
    grid = found.pivot_table(index="unit", columns="problem", values="id", aggfunc="count", fill_value=0)
    kinds = [k for k in PROBLEMS if k in grid.columns]
    rows = [(str(u), *(str(grid.at[u, k]) for k in kinds), str(int(grid.loc[u].sum()))) for u in grid.index]
    rows.append(("合计", *(str(int(grid[k].sum())) for k in kinds), str(len(found))))
    heads = ("县区", *(f"{k} {PROBLEMS[k]}" for k in kinds), "合计")
    return table(heads, rows, range(1, len(heads)))


def by_compound(county: County) -> Table | Note:
    """Compounds side by side: findings by severity, amounts established and at stake, tests not made."""
    if not county.records:
        return Note("没有小区。")
    found, matters, tests = county.findings, county.matters, county.tests
    rows: list[tuple[str, ...]] = []
    for r in county.records:
        own = found[found["compound_id"] == r.compound_id] if len(found) else found
        of = matters[matters["compound_id"] == r.compound_id] if len(matters) else matters
        money = of.groupby("amount_kind")["amount_high"].sum().to_dict() if len(of) else {}
        states = tests.loc[tests["compound_id"] == r.compound_id, "state"]
        counts = [int((own["severity"] == s).sum()) if len(own) else 0 for s in ("S1", "S2", "S3", "S4")]
        rows.append(
            (r.compound_name, *(str(c) for c in counts), yuan(int(money.get("established", 0))),
             yuan(int(money.get("indicator", 0))), str(int(states.isin(("untested", "partial")).sum())))
        )  # fmt: skip
    return table(("小区", "S1", "S2", "S3", "S4", "有据可查(元)", "线索(元)", "未测试"), rows, range(1, 8))


def repeating(county: County) -> Table | Note:
    """Rules that find in more than one compound: patterns rather than slips."""
    if county.findings.empty:
        return Note("没有疑点。")
    names = {r.compound_id: r.compound_name for r in county.records}
    rows: list[tuple[str, ...]] = []
    for code, own in county.findings.groupby("rule"):
        where = sorted({names[c] for c in own["compound_id"]})
        if len(where) > 1:
            rule = catalogue()[str(code)][0]
            listed = "、".join(where[:8]) + (f" 等{len(where)}个" if len(where) > 8 else "")
            rows.append((f"{code} {title(rule)}", severity(rule.severity), str(len(where)), str(len(own)), listed))
    rows.sort(key=lambda r: (-int(r[2]), r[0]))
    return (
        table(("规则", "严重度", "小区数", "疑点数", "小区"), rows, [2, 3])
        if rows
        else Note("没有在多个小区重复出现的疑点。")
    )


def top_matters(county: County) -> Table | Note:
    """The largest matters with an exact amount, each counted once."""
    if county.matters.empty:
        return Note("没有事项。")
    names = {r.compound_id: r.compound_name for r in county.records}
    top = county.matters[county.matters["amount_kind"] == "established"]
    top = top.sort_values(["amount_high", "matter"], ascending=[False, True]).head(MOST)
    rows = [(names[m.compound_id], m.severity, yuan(int(m.amount_high)), m.message) for m in lines(top)]
    return table(("小区", "严重度", "金额(元)", "内容"), rows, [2]) if rows else Note("没有有确切金额的事项。")


def fires(county: County) -> Table | Note:
    """Rules that find in too many compounds to be believed without a look at the rule."""
    rows = [(words,) for *_, words in fire_warnings(county.tests)]
    return (
        table(("命中比例过高的规则",), rows) if rows else Note("没有命中比例过高的规则（超过四成且不少于十个小区）。")
    )


def coverage(county: County) -> Table | Note:
    """Who handed in what."""
    if not county.records:
        return Note("没有小区。")
    rows = [(r.compound_name, *("有" if t in r.given else "缺" for t in tables())) for r in county.records]
    counts = ("合计", *(f"{sum(t in r.given for r in county.records)}/{len(county.records)}" for t in tables()))
    return table(("小区", *(t.zh for t in tables().values())), [*rows, counts])


def not_audited(county: County) -> Table | Note:
    """Cases that failed, with the reason."""
    rows = [(r.case, r.error) for r in county.failed]
    return table(("案卷", "原因"), rows) if rows else Note("所有案卷均已审计。")


def amounts_chart(county: County) -> Chart | Note:
    """Amounts established by compound, the largest first."""
    matters = county.matters
    exact = matters[matters["amount_kind"] == "established"] if len(matters) else matters
    if exact.empty:
        return Note("没有有确切金额的事项。")
    names = {r.compound_id: r.compound_name for r in county.records}
    sums = exact.groupby("compound_id")["amount_high"].sum().sort_values(ascending=False, kind="stable").head(20)
    labels = [names[str(i)] for i in sums.index]
    alt = "各小区有据可查金额: " + "、".join(f"{n} {yuan(int(v))} 元" for n, v in zip(labels, sums, strict=True))

    def paint(figure: Figure, axes: Axes) -> None:
        values: list[Any] = [int(v) / 1_000_000 for v in sums]
        axes.barh(range(len(values)), values, **tone(0))
        axes.set_yticks(range(len(values)), labels)
        axes.invert_yaxis()
        axes.set_xlabel("万元")
        axes.set_title(f"有据可查金额, 前{len(values)}个小区")
        del figure

    return draw(alt, paint, 1.2 + 0.28 * len(labels))
