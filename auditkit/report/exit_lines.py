"""The lines of the settlement at an exit: money, timeline, votes, handover, prepaid rent, findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from auditkit.law import citation
from auditkit.reconcile.exit import MISSED, TOLD, UNKNOWN, Exit, Step
from auditkit.reconcile.votes import AXES
from auditkit.report.outcome import Outcome
from auditkit.report.phrases import message, title
from auditkit.report.sheets import FILLS, Cell
from auditkit.report.words import say

RULES: Final = ("EXT01", "EXT02")
_LAWS: Final = {"民法典": "民法典949", "物业管理条例": "物业管理条例38"}

Row = list[Any]


def about(outcome: Outcome, left: Exit, lang: str) -> str:
    """Whose exit it is."""
    known = outcome.books.compound
    start, end = (_day(known(column)) for column in ("service_start", "service_end"))
    return say(
        "exit.about", lang, name=outcome.compound_name, company=known("company_name") or "", start=start, end=end,
        day=_day(left.left_on),
    )  # fmt: skip


def settlement(left: Exit, lang: str) -> Iterator[Row]:
    """Opening, income and cost by category, balance reckoned and written, what was handed over, what is missing."""
    account, closing = left.account, left.closing
    first, last = _day(account.first), _day(account.last)
    how = "opening_unread" if account.opening is None else "opening_written" if account.opened else "opening_silent"
    yield [say("exit.opening", lang), account.opening, say(f"exit.{how}", lang, first=first)]
    for direction, total in (("收入", "income"), ("支出", "cost")):
        for line in account.lines[account.lines["direction"] == direction].to_dict("records"):
            name = say("exit.line", lang, direction=direction, category=line["category"])
            yield [name, line["amount"], say("exit.rows", lang, count=line["rows"])]
        between = say("exit.between", lang, first=first, last=last)
        yield [say(f"exit.{total}", lang), account.total(direction), between]
    reckoned = account.reckoned
    how = say("exit.reckoned_unread", lang, count=account.unread) if account.unread else say("exit.reckoned_how", lang)
    yield [say("exit.reckoned", lang), reckoned, how]
    if closing is None:
        why = (left.why or ("", ""))[lang == "en"]
        yield [say("exit.written", lang), None, say("exit.amount_unknown", lang, why=why)]
    else:
        how = (
            say("exit.written_yes", lang, place=_place(closing.rows))
            if closing.written
            else say("exit.written_no", lang)
        )
        yield [say("exit.written", lang), closing.amount, how]
        if reckoned is not None:
            gap = closing.amount - reckoned
            yield [say("exit.gap", lang), gap, say("exit.gap_some" if gap else "exit.gap_zero", lang)]
    money = {line["key"]: line for line in left.duties.to_dict("records")}
    for key, expected, short in (
        ("balance", "", "short"), ("prepaid", "ahead", "ahead_short"), ("deposits", "deposits", ""),
    ):  # fmt: skip
        line = money[key]
        if expected:
            how = say(f"exit.{expected}_how", lang, count=len(left.prepaid))
            yield [say(f"exit.{expected}", lang), line["expected"], how]
        handed = "handed" if key == "balance" else f"{expected}_handed"
        yield [say(f"exit.{handed}", lang), line["handed"], _listed(line, lang)]
        if short:
            missing = None if pd.isna(line["expected"]) else int(line["expected"]) - int(line["handed"])
            yield [say(f"exit.{short}", lang), missing, say("exit.see", lang, rule=RULES[key == "prepaid"])]


def steps(left: Exit, lang: str) -> Iterator[Row]:
    """The timeline by law, each step with what the papers show."""
    for step in left.steps:
        key = "handed_step" if step.key == "handed" else step.key
        yield [
            say(f"exit.{key}", lang), basis(step.article, lang), step.by, step.day,
            _state(step.state, lang), _remark(step, lang),
        ]  # fmt: skip


def _remark(step: Step, lang: str) -> str:
    if step.key == "handed" and step.days is not None:
        items = "、".join(dict.fromkeys(step.rows["item"]))
        return say("exit.handed_days", lang, days=step.days, items=items)
    if step.key == "exit" and step.days:
        return say("exit.exit_after" if step.days > 0 else "exit.exit_before", lang, days=abs(step.days))
    return say(f"exit.{step.key}_{step.state}", lang, days=step.days, number=step.note, note=step.note)


def votes(left: Exit, lang: str) -> Iterator[Row]:
    """Each majority counted again: what was needed, what there was; without a resolution what would be needed."""
    if left.votes.empty and left.steps[0].state != TOLD:
        for axis in AXES:
            for share, sign, (n, d) in (("participating", "at_least", (2, 3)), ("agreeing", "more_than", (1, 2))):
                asked = say(f"exit.{sign}", lang, n=n, d=d)
                yield [say(f"exit.{axis}", lang), say(f"exit.{share}", lang), "", "", asked, _state(UNKNOWN, lang)]
    for vote in left.votes.to_dict("records"):
        area = vote["axis"] == "area"
        whole = "agreeing_all" if vote["whole"].startswith("total") else "agreeing"
        share = "participating" if vote["part"].startswith("participating") else whole
        asked = say(
            "exit.more_than" if vote["strict"] else "exit.at_least", lang, n=vote["numerator"], d=vote["denominator"]
        )
        state = UNKNOWN if not vote["verifiable"] else "kept" if vote["holds"] else MISSED
        yield [
            say(f"exit.{vote['axis']}", lang), say(f"exit.{share}", lang), _count(vote["counted"], area),
            _count(vote["of"], area), asked, _state(state, lang),
        ]  # fmt: skip


def duties(left: Exit, lang: str) -> Iterator[Row]:
    """What the company is to hand over, and what the handover list has of it."""
    for line in left.duties.to_dict("records"):
        state = say("exit.found", lang) if line["found"] else Cell(say("exit.absent", lang), fill=FILLS["S3"])
        yield [
            say(f"exit.duty_{line['key']}", lang), line["kind"], basis(line["article"], lang), state, line["items"],
            _known(line["handed_on"]), _known(line["expected"]), _known(line["handed"]),
        ]  # fmt: skip


def prepaid(left: Exit, lang: str) -> Iterator[Row]:
    """Each instalment that reaches past the exit, split by days."""
    for line in left.prepaid.to_dict("records"):
        yield [
            line["contract_no"], line["first"], line["last"], int(line["amount"]), line["days"], line["whole"],
            int(line["after"]),
        ]  # fmt: skip
    if len(left.prepaid):
        yield [say("exit.total", lang), None, None, None, None, None, int(left.prepaid["after"].sum())]


def findings(outcome: Outcome, lang: str) -> Iterator[Row]:
    """What the tests on the exit say, found and untested."""
    for verdict in outcome.verdicts:
        if verdict.rule.code not in RULES:
            continue
        name = f"{verdict.rule.code} {title(verdict.rule, lang)}"
        if not verdict.findings and not verdict.untested:
            yield [name, "", say(f"state.{verdict.state}", lang), None, verdict.reason]
        for finding in verdict.findings:
            state = Cell(say("state.findings", lang), fill=FILLS[finding.severity])
            yield [name, finding.subject.id, state, finding.amount_low, message(finding, lang)]
        for item in verdict.untested:
            reason = item.reason if lang == "zh" else item.reason_en
            yield [name, item.subject.id, say("state.untested", lang), None, reason]


def basis(article: str, lang: str) -> str:
    """«民法典946» as people cite it."""
    law = article.rstrip("0123456789")
    number = article.removeprefix(law)
    return say("basis.article", lang, law=law if lang == "zh" else citation(_LAWS[law]).law_en, number=number)


def _state(state: str, lang: str) -> Any:
    text = say(f"exit.{state}", lang)
    return Cell(text, fill=FILLS["S2"]) if state == MISSED else text


def _listed(line: Any, lang: str) -> str:
    day = _day(line["handed_on"])
    return f"{day} {line['items']}".strip() if line["found"] else say("exit.absent", lang)


def _count(value: int | None, area: bool) -> str:
    if value is None or pd.isna(value):
        return ""
    return f"{int(value) / 100:,.2f} ㎡" if area else f"{int(value):,}"


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value


def _day(value: Any) -> str:
    return "" if value is None or pd.isna(value) else f"{pd.Timestamp(value):%Y-%m-%d}"


def _place(rows: pd.DataFrame) -> str:
    places = zip(rows["file"], rows["sheet"], rows["row"], strict=True)
    return "、".join(f"{file}{'#' if sheet else ''}{sheet}!{row}" for file, sheet, row in places)
