"""The weekly package: ledger, summary by county, briefing, lists; all foots to the register or nothing is written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from auditkit.money import yuan
from auditkit.reconcile.persons import is_person
from auditkit.reconcile.privacy import mask
from auditkit.reconcile.workdays import add_workdays, is_workday
from auditkit.register.figures import CLASSES, COLUMNS, MONEY, DoesNotFootError, Figures, Week, figures
from auditkit.register.log import EDIT, SEEN, recovered
from auditkit.register.states import BRANCHES, CLOSED, CLUE, ENDED, RECOVERY
from auditkit.register.store import PROBLEMS, STEPS, Register
from auditkit.register.templates import fill_document, fill_workbook, layout

CAMPAIGN: Final = "物业管理突出问题专项整治"
TOTAL: Final = "合计"


@dataclass(frozen=True, slots=True)
class Office:
    """Who reports: names for the papers, and the folder of the office's own layouts, if it has one."""

    name: str
    campaign: str = CAMPAIGN
    layouts: Path | None = None
    began: dt.date = dt.date(2024, 5, 24)


def week_of(friday: dt.date) -> Week:
    """The week Saturday to Friday; its papers fall due on the Friday by noon, on the next workday where it is none.

    Raises: ValueError where the day is no Friday.
    """
    if friday.weekday() != 4:
        raise ValueError(
            f"{friday} 不是星期五; 周报以星期五为期 (该周星期五为 {friday + dt.timedelta((4 - friday.weekday()) % 7)})"
        )
    due = friday if is_workday(friday) else add_workdays(friday, 1)
    return Week(friday - dt.timedelta(days=6), friday, due)


@dataclass(frozen=True)
class _Material:
    """All that the papers of one week are made from."""

    figures: Figures
    problems: Sequence[Mapping[str, Any]]
    steps: Mapping[str, Sequence[Mapping[str, Any]]]
    office: Office

    @property
    def head(self) -> dict[str, Any]:
        week = self.figures.week
        return {
            "活动名称": self.office.campaign, "填报单位": self.office.name, "周起": _day(week.first),
            "周止": _day(week.last), "报送时限": f"{_day(week.due)}12:00前", "开始": _day(self.office.began),
            "期数": (week.last - self.office.began).days // 7,
        }  # fmt: skip


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def write_weekly(register: Register, friday: dt.date, folder: Path, office: Office) -> list[Path]:
    """Write the package of one week and return its files.

    Raises: DoesNotFootError with nothing written; ValueError where the day is no Friday.
    """
    material = _material(register, week_of(friday), office)
    ledger = [_ledger_row(i, p, material) for i, p in enumerate(material.problems, 1)]
    summary = _summary_rows(material.figures)
    _check_papers(material.figures, ledger, summary)
    folder.mkdir(parents=True, exist_ok=True)
    so = [r for r in ledger if r["是否属实"] in ("属实", "部分属实")]
    rectifying = [{**row, "序号": i} for i, row in enumerate(so, 1)]
    papers: dict[str, Sequence[Mapping[str, Any]]] = {
        "工作台账.xlsx": ledger, "问题清单.xlsx": ledger, "整改台账.xlsx": rectifying, "情况汇总表.xlsx": summary,
    }  # fmt: skip
    for name, rows in papers.items():
        fields = rows or [dict.fromkeys(_ledger_row(0, _BLANK, material), "")]
        fill_workbook(layout(name, office.layouts), folder / name, material.head, fields)
    _write_briefing(material, folder / "工作简报.docx")
    return [folder / name for name in (*papers, "工作简报.docx")]


_BLANK: Final[Mapping[str, Any]] = {column.name: "" for column in PROBLEMS.columns} | {
    "problem": "0", "amount_low": None, "amount_high": None,
}  # fmt: skip


def _material(register: Register, week: Week, office: Office) -> _Material:
    found = figures(register, week)
    with register.reading() as connection:
        query = sa.select(PROBLEMS).order_by(PROBLEMS.c.county, PROBLEMS.c.compound_id, PROBLEMS.c.number)
        problems = [{str(k): v for k, v in r.items()} for r in connection.execute(query).mappings()]
        log = connection.execute(sa.select(STEPS).order_by(STEPS.c.seq)).mappings()
        steps: dict[str, list[dict[str, Any]]] = {}
        for s in log:
            if s["at"][:10] <= week.last.isoformat():
                steps.setdefault(s["problem_id"], []).append({str(k): v for k, v in s.items()})
    return _Material(found, [p for p in problems if p["id"] in steps], steps, office)


def _ledger_row(i: int, p: Mapping[str, Any], material: _Material) -> dict[str, Any]:
    """One problem as it stood at the end of the week, told by its log."""
    steps = material.steps.get(p["id"], ())
    facts = [(s, json.loads(s["facts"])) for s in steps]
    filled = dict.fromkeys(("lead", "person", "deadline", "measures", "progress", "note"), "")
    for s, f in facts:
        if s["action"] == EDIT:
            filled |= {name: after for name, (_, after) in f.items()}
        elif f.get("deadline"):
            filled["deadline"] = f["deadline"]
    judged = [s["action"] for s in steps if s["action"].startswith("认定") or s["action"] in ("接受说明", "重新核查")]
    last = {s["action"]: (s, f) for s, f in facts}
    low, high = next(
        ((f["amount_low"], f["amount_high"]) for s, f in reversed(facts) if s["action"] in (SEEN[0], SEEN[2])),
        (None, None),
    )
    back = recovered(steps)
    return {
        "序号": i, "编号": p["number"], "线索来源": p["source"], "县区": p["county"],
        "小区": p["compound_name"] or p["compound_id"], "物业企业": p["company"],
        "问题类别": f"{p['problem']} {CLASSES[p['problem']]}", "问题描述": p["message"],
        "涉及金额(元)": _at_stake(low, high),
        "依据条款": p["basis"], "严重度": p["severity"], "牵头单位": filled["lead"], "责任人": filled["person"],
        "完成时限": filled["deadline"], "整改措施": filled["measures"], "进展": filled["progress"],
        "备注": filled["note"],
        "是否属实": judged[-1].removeprefix("认定") if judged and judged[-1] != "重新核查" else "",
        "整改状态": steps[-1]["to_state"] if steps else "", "追回金额(元)": Decimal(back) / 100 if back else "",
        "移送": _branch(last, "移送", "receiver", "date", "receipt"),
        "处罚": _branch(last, "立案处罚", "document_no", "date"),
        "销号": f"{last['销号'][0]['at'][:10]} {last['销号'][0]['second']}" if "销号" in last else "",
        "整改情况": last["整改反馈"][1].get("feedback", "") if "整改反馈" in last else "",
        "证据": next((f["evidence"] for _, f in reversed(facts) if f.get("evidence")), ""),
        "复核结论": last["复核"][1].get("result", "") if "复核" in last else "",
    }  # fmt: skip


def _at_stake(low: int | None, high: int | None) -> Decimal | str:
    if high is None:
        return ""
    return Decimal(high) / 100 if low == high else f"{yuan(low or 0)}~{yuan(high)}"


def _branch(last: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]], action: str, *names: str) -> str:
    return " ".join(str(last[action][1].get(n, "")) for n in names) if action in last else ""


def _summary_rows(found: Figures) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for county in (*found.counties, TOTAL):
        for word, week in (("本周", True), ("累计", False)):
            side = found.this_week if week else found.to_date
            value = {c: found.sum(c, week=week) if county == TOTAL else side[county][c] for c in COLUMNS}
            shown = {c: Decimal(v) / 100 if c in MONEY else v for c, v in value.items()}
            rows.append({"县区": county or "（未填县区）", "口径": word, **shown})
    return rows


def _check_papers(found: Figures, ledger: Sequence[Mapping[str, Any]], summary: Sequence[Mapping[str, Any]]) -> None:
    """The papers against each other, as an inspector would add them up."""
    wrong: list[str] = []
    if len(ledger) != found.sum("发现问题", week=False):
        wrong.append(f"工作台账{len(ledger)}行, 汇总表发现问题{found.sum('发现问题', week=False)}件")
    so = sum(r["是否属实"] in ("属实", "部分属实") for r in ledger)
    if so != found.sum("属实", week=False):
        wrong.append(f"工作台账属实{so}件, 汇总表{found.sum('属实', week=False)}件")
    back = sum(int(r["追回金额(元)"] * 100) for r in ledger if r["追回金额(元)"] != "")
    if back != found.sum("追回金额", week=False):
        wrong.append(f"工作台账追回{yuan(back)}元, 汇总表{yuan(found.sum('追回金额', week=False))}元")
    for word in ("本周", "累计"):
        parts = [r for r in summary if r["口径"] == word and r["县区"] != TOTAL]
        total = next(r for r in summary if r["口径"] == word and r["县区"] == TOTAL)
        wrong += [
            f"{word}{c}: 各县区之和不等于合计" for c in COLUMNS if sum(r[c] for r in parts) != total[c]
        ]  # fmt: skip
    if wrong:
        raise DoesNotFootError("；".join(wrong))


def _words(found: Figures) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for c in COLUMNS:
        for prefix, week in (("", False), ("本周", True)):
            number = found.sum(c, week=week)
            values[prefix + c] = yuan(number) if c in MONEY else number
    return values


def _classes(found: Figures) -> list[dict[str, Any]]:
    return [
        {"类别": word, "件数": found.sum(f"发现{word}", week=False), "本周件数": found.sum(f"发现{word}", week=True)}
        for word in CLASSES.values()
        if found.sum(f"发现{word}", week=False)
    ]


def _anonymous(text: str, p: Mapping[str, Any]) -> str:
    """The compound and its company without their names; plates, telephones and accounts masked, a person's name too."""
    kind, _, subject = str(p["subject"]).partition("=")
    person = subject if kind == "operator" or is_person(subject) else ""
    for name, cover in (
        (p["compound_name"], "××小区"),
        (p["company"], "××物业公司"),
        (p["compound_id"], "××小区"),
        (person, f"{person[:1]}某"),
    ):
        text = text.replace(name, cover) if name else text
    return mask(text)


def _write_briefing(material: _Material, path: Path) -> None:
    week = material.figures.week
    ended = [
        (p, steps[-1]["to_state"])
        for p in material.problems
        if (steps := material.steps[p["id"]])[-1]["to_state"] in (CLOSED, "责令整改", "整改反馈", "复核")
        and any(week.first.isoformat() <= s["at"][:10] for s in steps)
    ]
    ended.sort(key=lambda pair: (pair[0]["severity"] or "S9", -(pair[0]["amount_high"] or 0), pair[0]["number"]))
    cases = [
        {"序": i, "小区代称": "××小区", "事实": _anonymous(p["message"], p), "依据": p["basis"], "状态": state}
        for i, (p, state) in enumerate(ended[:3], 1)
    ]
    late = [
        {"编号": r["编号"], "完成时限": r["完成时限"], "状态": r["整改状态"], "责任人": r["责任人"] or "未填"}
        for r in (_ledger_row(0, p, material) for p in material.problems)
        if r["完成时限"] and r["完成时限"] < week.last.isoformat() and r["整改状态"] not in ENDED
    ]
    values = {**material.head, **_words(material.figures), "无逾期": "" if late else "无逾期未整改事项。"}
    lists = {"分类": _classes(material.figures), "案例": cases, "逾期清单": late}
    fill_document(layout("工作简报.docx", material.office.layouts), path, values, lists)


def write_notice(register: Register, problem_id: str, path: Path, office: Office) -> None:
    """A typical-case notice with the compound anonymised; only of a problem that was judged to be so.

    Raises: KeyError where there is no such problem, ValueError where it was not judged to be so.
    """
    with register.reading() as connection:
        p = connection.execute(sa.select(PROBLEMS).where(PROBLEMS.c.id == problem_id)).mappings().first()
        query = sa.select(STEPS).where(STEPS.c.problem_id == problem_id).order_by(STEPS.c.seq)
        steps = connection.execute(query).mappings().all()
    if p is None:
        raise KeyError(problem_id)
    if not any(s["action"] in ("认定属实", "认定部分属实") for s in steps):
        raise ValueError(f"{p['number']} 尚未认定属实, 不能作为典型案例")
    row = {str(k): v for k, v in p.items()}
    handled = [
        {"日期": s["at"][:10], "动作": s["action"]}
        for s in steps
        if s["action"] in (*BRANCHES, RECOVERY) or s["to_state"] not in (s["from_state"], CLUE, "核查")
    ]
    values = {"小区代称": "××小区", "依据": row["basis"] or "（待补）", "填报单位": office.name}
    facts = [{"事实": _anonymous(row["message"], row)}]
    fill_document(layout("典型案例通报.docx", office.layouts), path, values, {"事实": facts, "处理": handled})


def write_closing(register: Register, friday: dt.date, path: Path, office: Office) -> None:
    """The closing summary of the campaign, as it stood at the end of a week.

    Raises: as write_weekly.
    """
    material = _material(register, week_of(friday), office)
    found = material.figures
    counties = [
        {"县区": c or "（未填县区）", **{k: yuan(v) if k in MONEY else v for k, v in found.to_date[c].items()}}
        for c in found.counties
    ]
    open_ = [
        {"编号": r["编号"], "状态": r["整改状态"], "事实": r["问题描述"]}
        for r in (_ledger_row(0, p, material) for p in material.problems)
        if r["是否属实"] in ("属实", "部分属实") and r["整改状态"] not in ENDED
    ]
    lists = {"县区": counties, "分类": _classes(found), "未完": open_}
    fill_document(layout("总结报告.docx", office.layouts), path, {**material.head, **_words(found)}, lists)
