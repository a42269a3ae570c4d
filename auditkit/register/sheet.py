"""The work ledger in Excel, both ways: out with drop-downs and locked ids, back with a difference shown first."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import xlsxwriter

from auditkit.money import fen, yuan
from auditkit.register.intake import add_problem
from auditkit.register.log import EDIT, EDITABLE, SEEN, Act, ForbiddenError, perform
from auditkit.register.returned import BASE, SHEET, day_text, is_day, read_returned
from auditkit.register.states import BRANCHES, FACTS, MACHINE, RECOVERY, step
from auditkit.register.store import PROBLEMS, STEPS, Register

HEADER_ROW: Final = 3
CLASSES: Final = (
    "1.1 未按约服务",
    "1.2 信息公开",
    "1.3 安全防范",
    "1.4 退出移交",
    "2.1 擅自经营",
    "2.2 未公示收支",
    "2.3 侵占收益",
    "0 账务质量",
)
SOURCES: Final = ("审计", "投诉电话", "投诉邮箱", "排查", "督查", "纪委转办", "其他")  # fmt: skip

LOCKED: Final[Mapping[str, str]] = {
    "id": "内部编号", "number": "编号", "source": "线索来源", "county": "县区", "compound_id": "小区编号",
    "compound_name": "小区名称", "company": "物业企业", "problem": "问题类别", "severity": "严重度",
    "message": "问题描述", "at_stake": "涉及金额(元)", "basis": "依据条款", "state": "状态", "seen": "最近一次审计",
}  # fmt: skip
"""Columns that a filled row keeps as exported; a new row fills those of `NEW_ROW`."""

NEW_ROW: Final = ("source", "county", "compound_id", "compound_name", "company", "problem", "message")
ACTING: Final[Mapping[str, str]] = {
    "action": "本周办理", "who": "办理人", "second": "审核人", "at": "办理日期",
    **{name: zh for name, (zh, _) in FACTS.items() if name != "deadline"}, "new_deadline": "整改时限",
}  # fmt: skip
DAYS: Final[Mapping[str, str]] = {
    "deadline": EDITABLE["deadline"], "at": ACTING["at"], "date": ACTING["date"],
    "visited_on": ACTING["visited_on"], "new_deadline": ACTING["new_deadline"],
}  # fmt: skip
WIDE: Final = {
    "message": 44,
    "measures": 26,
    "progress": 26,
    "evidence": 22,
    "feedback": 22,
    "reason": 22,
    "company": 22,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a returned sheet asks for: the row it stands in, in words, and the act that does it."""

    row: int
    number: str
    words: str
    act: Act | None = None
    problem: Mapping[str, Any] | None = None


@dataclass
class Plan:
    """What a returned sheet would do: changes, refused rows with their reason, conflicts that people must settle."""

    changes: list[Change] = field(default_factory=list)
    refused: list[Change] = field(default_factory=list)
    conflicts: list[Change] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether everything in the sheet can be taken."""
        return not self.refused and not self.conflicts


def _headers() -> dict[str, str]:
    return {**LOCKED, **EDITABLE, **ACTING}


def _amount(row: Mapping[str, Any]) -> str:
    low, high = row["amount_low"], row["amount_high"]
    if high is None:
        return ""
    return yuan(high) if low in (None, high) else f"{yuan(low)}~{yuan(high)}"


def _shown(row: Mapping[str, Any]) -> dict[str, str]:
    classes = {c.split()[0]: c for c in CLASSES}
    seen = "仍存在" if row["present"] else "未再发现"
    return {
        **{name: str(row[name]).strip() for name in (*LOCKED, *EDITABLE) if name in row},
        "problem": str(classes.get(row["problem"], row["problem"])), "at_stake": _amount(row),
        "seen": seen if row["source"] == "审计" else "",
    }  # fmt: skip


def export_sheet(register: Register, path: Path, *, counties: Iterable[str] = ()) -> int:
    """Write the work ledger of all problems (or of some counties); returns the number of rows."""
    wanted = set(counties)
    with register.reading() as connection:
        query = sa.select(PROBLEMS).order_by(PROBLEMS.c.county, PROBLEMS.c.compound_id, PROBLEMS.c.number)
        rows = [dict(r) for r in connection.execute(query).mappings() if not wanted or r["county"] in wanted]
        log = connection.execute(sa.select(STEPS.c.problem_id, STEPS.c.action)).all()
    moved = Counter(id_ for id_, action in log if action not in (*SEEN, EDIT, *BRANCHES, RECOVERY))
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": dt.datetime(2024, 1, 1)})
        _write_ledger(book, rows)
        base = book.add_worksheet(BASE)
        base.very_hidden()
        for i, row in enumerate(rows):
            held = {n: row[n] for n in (*EDITABLE, "state", "number")} | {"moved": moved[row["id"]]}
            base.write_string(i, 0, row["id"])
            base.write_string(i, 1, json.dumps(held, ensure_ascii=False))
    return len(rows)


def _write_ledger(book: xlsxwriter.Workbook, rows: Sequence[Mapping[str, Any]]) -> None:
    sheet = book.add_worksheet(SHEET)
    names = list(_headers())
    plain: dict[str, Any] = {"border": 1, "valign": "top", "text_wrap": True, "font_size": 10}
    locked = book.add_format({**plain, "bg_color": "#F2F2F2"})
    free = book.add_format({**plain, "locked": False, "num_format": "@"})
    head = book.add_format({**plain, "bold": True, "bg_color": "#DDEBF7", "align": "center", "valign": "vcenter"})
    sheet.merge_range(0, 1, 0, 12, "公共收益专项整治工作台账", book.add_format({"bold": True, "font_size": 16}))
    sheet.write(
        1, 1, "灰色各列不可改动；在白色各列填写。新增问题写在最后, 编号留空。", book.add_format({"font_size": 10})
    )
    for column, name in enumerate(names):
        sheet.write(HEADER_ROW - 1, column, _headers()[name], head)
        sheet.set_column(column, column, WIDE.get(name, 13), None, {"hidden": name == "id"})
    for i, row in enumerate(rows):
        shown = _shown(row)
        for column, name in enumerate(names):
            cell_format = locked if name in LOCKED else free
            sheet.write_string(HEADER_ROW + i, column, shown.get(name, ""), cell_format)
        choices = [*MACHINE[row["state"]], *BRANCHES, RECOVERY]
        action = names.index("action")
        sheet.data_validation(HEADER_ROW + i, action, HEADER_ROW + i, action, {"validate": "list", "source": choices})
    last = HEADER_ROW + len(rows)
    for i in range(last, last + 50):
        for column in range(len(names)):
            sheet.write_blank(i, column, None, free)
    for name, source in (("source", SOURCES[1:]), ("problem", CLASSES)):
        column = names.index(name)
        sheet.data_validation(last, column, last + 49, column, {"validate": "list", "source": list(source)})
    sheet.freeze_panes(HEADER_ROW, names.index("source"))
    sheet.autofilter(HEADER_ROW - 1, 0, max(last - 1, HEADER_ROW), len(names) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW - 1)


def plan_import(register: Register, path: Path, *, who: str, at: str) -> Plan:
    """What a returned work ledger asks for, compared with what was exported and with what the register holds now.

    Raises: InputError where the file is not a work ledger of ours.
    """
    returned = read_returned(path, _headers())
    base = returned.base
    with register.reading() as connection:
        current = {r["id"]: dict(r) for r in connection.execute(sa.select(PROBLEMS)).mappings()}
        done = set(connection.scalars(sa.select(STEPS.c.key).where(STEPS.c.key.startswith("sheet:"))))
        edits = Counter(connection.scalars(sa.select(STEPS.c.problem_id).where(STEPS.c.action == EDIT)))
    plan = Plan(refused=[Change(*fault) for fault in returned.faults])
    for number, row in returned.rows:
        for name in DAYS:
            row[name] = day_text(row[name])
        if not row["id"]:
            _plan_new(plan, number, row, current, who, at)
        elif row["id"] not in current or row["id"] not in base:
            words = f"内部编号“{row['id']}”不在台账中: 被改动, 或来自别的台账"
            plan.refused.append(Change(number, row["number"], words))
        elif wrong := _locked_changed(row, _shown(current[row["id"]]), base[row["id"]]):
            plan.refused += [Change(number, row["number"], words) for words in wrong]
        else:
            now = current[row["id"]] | {"edits": edits[row["id"]]}
            _plan_fields(plan, number, row, base[row["id"]], now, who, at)
            _plan_action(plan, number, row, base[row["id"]], current[row["id"]], who, at, done)
    return plan


def _locked_changed(row: Mapping[str, str], shown: Mapping[str, str], base: Mapping[str, Any]) -> list[str]:
    """Facts that say which problem a row is: where one was changed nothing of the row is taken."""
    # The state and what the audit saw may have moved on since the export, the number have its suffix; the rest stays.
    return [
        f"{LOCKED[name]}被改为“{row[name]}”, 应为“{shown[name]}”"
        for name in LOCKED
        if name not in ("state", "seen", "at_stake", "message") and row[name] not in (shown[name], base.get(name))
    ]


def _plan_fields(
    plan: Plan, number: int, row: Mapping[str, str], base: Mapping[str, Any], now: Mapping[str, Any], who: str, at: str
) -> None:
    facts: dict[str, list[str]] = {}
    for name, word in EDITABLE.items():
        wrote, was, is_ = row[name], str(base[name]).strip(), str(now[name]).strip()
        if wrote in (was, is_):
            continue
        if is_ != was:
            words = f"{word}: 导出时“{was}”, 台账现为“{is_}”, 本表写作“{wrote}”"
            plan.conflicts.append(Change(number, row["number"], words))
        else:
            facts[name] = [now[name], wrote]
    if facts:
        words = "；".join(f"{EDITABLE[n]}: “{a}”→“{b}”" for n, (a, b) in facts.items())
        # A cell may come back to what it was once: the same words are a new entry after each other one.
        key = _key(now["id"], {"edits": now["edits"], **facts})
        act = Act(now["id"], EDIT, who, at, key, facts=facts)
        if "deadline" in facts and facts["deadline"][1] and not is_day(facts["deadline"][1]):
            plan.refused.append(
                Change(number, row["number"], f"完成时限“{facts['deadline'][1]}”不是日期, 应如2024-06-30")
            )
        else:
            plan.changes.append(Change(number, row["number"], words, act))


def _plan_action(
    plan: Plan,
    number: int,
    row: Mapping[str, str],
    base: Mapping[str, Any],
    now: Mapping[str, Any],
    who: str,
    at: str,
    done: set[str],
) -> None:
    action = row["action"]
    filled = {n: row[n] for n in ACTING if n not in ("action", "who", "second", "at") and row[n]}
    if not action:
        if filled:
            words = "、".join(ACTING[n] for n in filled)
            plan.refused.append(Change(number, row["number"], f"填写了{words}, 但没有选择“本周办理”"))
        return
    facts: dict[str, Any] = dict(filled)
    if "new_deadline" in facts:
        facts["deadline"] = facts.pop("new_deadline")
    try:
        _check_days(row, at)
        if "amount" in facts:
            facts["amount"] = _fen(facts["amount"])
        # How often the state had moved at the export: the same step of a later round is not this one done again.
        key = _key(now["id"], {"action": action, "at": row["at"], "moved": base.get("moved", 0), **facts})
        if key in done:
            return
        to_state = step(now["state"], action, facts, row["who"] or who, row["second"])
    except ForbiddenError as error:
        plan.refused.append(Change(number, row["number"], error.zh))
        return
    act = Act(now["id"], action, row["who"] or who, row["at"] or at, key, row["reason"], row["second"], facts)
    plan.changes.append(Change(number, row["number"], f"{action}: {now['state']}→{to_state}", act))


def _check_days(row: Mapping[str, str], at: str) -> None:
    """Days are days, and what is said to be done was done by now."""
    for name, word in DAYS.items():
        if row[name] and name not in EDITABLE and not is_day(row[name]):
            raise ForbiddenError(f"{word}“{row[name]}”不是日期, 应如2024-06-30", f"{name} «{row[name]}» is no date")
        if row[name] > at[:10] and name in ("at", "visited_on"):
            raise ForbiddenError(f"{word}{row[name]}晚于今天{at[:10]}", f"{name} {row[name]} is later than {at[:10]}")


def _plan_new(plan: Plan, number: int, row: Mapping[str, str], current: Mapping[str, Any], who: str, at: str) -> None:
    if row["number"] or row["state"]:
        words = "没有内部编号却有编号或状态: 像是从别处粘贴的行; 新增问题的编号、状态须留空"
        plan.refused.append(Change(number, row["number"], words))
        return
    if row["action"]:
        plan.refused.append(Change(number, "", "新增问题须先登记, 下次导出后再办理; 请清空“本周办理”"))
        return
    filled = {name: row[name] for name in NEW_ROW}
    missing = [LOCKED[n] for n in ("source", "compound_id", "problem", "message") if not filled[n]]
    if missing:
        plan.refused.append(Change(number, "", f"新增问题缺少: {'、'.join(missing)}"))
        return
    code = filled["problem"].split()[0]
    if code not in {c.split()[0] for c in CLASSES}:
        plan.refused.append(Change(number, "", f"问题类别“{filled['problem']}”不在清单中"))
        return
    digest = hashlib.sha256("\x1f".join(filled[n] for n in ("compound_id", "problem", "message")).encode())
    problem = {**filled, "problem": code, "id": f"MAN-{digest.hexdigest()[:10]}"}
    if problem["id"] in current or any(c.problem and c.problem["id"] == problem["id"] for c in plan.changes):
        return
    if row["deadline"] and not is_day(row["deadline"]):
        plan.refused.append(Change(number, "", f"完成时限“{row['deadline']}”不是日期, 应如2024-06-30"))
        return
    facts = {name: ["", row[name]] for name in EDITABLE if row[name]}
    act = Act(problem["id"], EDIT, who, at, _key(problem["id"], facts), facts=facts) if facts else None
    plan.changes.append(Change(number, "", f"新增: {filled['compound_id']} {filled['problem']}", act, problem))


def apply_plan(register: Register, plan: Plan, *, who: str, at: str, all_or_nothing: bool = False) -> Plan:
    """Do what the plan holds; returns what the register refused on top (somebody else was quicker).

    With `all_or_nothing` a plan with anything refused or in conflict does nothing.
    """
    left = Plan(refused=list(plan.refused), conflicts=list(plan.conflicts))
    if all_or_nothing and not plan.clean:
        return left
    new = [change for change in plan.changes if change.problem is not None]
    by_act = {c.act.key: c for c in plan.changes if c.act is not None and c.problem is None}
    acts = [c.act for c in by_act.values() if c.act is not None]
    refused: list[tuple[Act, ForbiddenError]] = []
    if all_or_nothing:
        try:
            perform(register, acts)
        except ForbiddenError as error:
            left.refused.append(Change(0, "", f"全部未收: {error.zh}"))
            return left
    else:
        perform(register, acts, refused)
    bad = {act.key: error for act, error in refused}
    for key, change in by_act.items():
        if key in bad:
            left.refused.append(Change(change.row, change.number, bad[key].zh, change.act))
        else:
            left.changes.append(change)
    for change in new:
        # After the rest: nothing forbids a new problem, so all of a sheet is in, or none.
        if add_problem(register, change.problem or {}, who=who, at=at) and change.act is not None:
            perform(register, [change.act])
        left.changes.append(change)
    return left


def _key(id_: str, facts: Mapping[str, Any]) -> str:
    text = json.dumps([id_, facts], ensure_ascii=False, sort_keys=True)
    return f"sheet:{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def _fen(text: str) -> int:
    try:
        return fen(text.replace(",", ""))
    except ArithmeticError as error:
        raise ForbiddenError(f"金额“{text}”不是数字", f"«{text}» is no amount") from error
