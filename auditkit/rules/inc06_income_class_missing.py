"""INC06: a class of income that most comparable compounds record is missing here."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Evidence, Rule, Subject, Untested, Verdict, evidence, in_doubt
from auditkit.money import divide, exact, yuan
from auditkit.reconcile.peers import BY_LIFTS, BY_SPACES, LEAST, driver, facts
from auditkit.reconcile.quantities import months
from auditkit.schema import categories

RULE = Rule(
    code="INC06",
    name="income-class-missing",
    zh="同类小区普遍有而本小区无的收入",
    problem="2.3",
    severity="S2",
    kind="indicator",
    needs=("compound", "ledger", "county"),
    subject="category",
    basis=("民法典943",),
    thresholds={"least_peers": LEAST, "share_of_peers": 0.75},
)


def examine(books: Books, case: Case) -> Verdict:
    """Income categories that at least 75 % of at least eight peers record."""
    county = books.county or {}
    peers = county["drivers"]["compound_id"].nunique()
    if peers < LEAST:
        reason = f"样本不足：同县可比小区{peers}个，少于{LEAST}个"
        return Verdict(RULE, 0, 0, (), (), reason)
    income, drivers = county["income"], county["drivers"]
    counts = income.groupby("category")["compound_id"].nunique()
    own = set(facts(books, case)["income"]["category"])
    unread = bool(in_doubt(books["ledger"], "category", "direction", "amount", "date", "period").any())
    usual = [c for c in categories("income") if 4 * int(counts.get(c, 0)) >= 3 * peers]
    findings, untested = [], []
    for category in usual:
        if category in own:
            continue
        subject, here = Subject("category", category), driver(books, category)
        if here is None:
            untested.append(_unknown(subject))
        elif here > 0 and unread:
            words = f"{category}：台账有存疑的行，可能属于本类收入，未测试"
            untested.append(Untested(subject, words, "a ledger row in doubt may be of this category"))
        elif here > 0:
            low, high = _range(income, drivers, category, here, float(months(case.start, case.end)))
            told = (
                f"，按同县小区每单位收入的四分位区间估算{yuan(low)}元至{yuan(high)}元（估算）"
                if high is not None and low is not None
                else ""
            )
            findings.append(
                RULE.finding(
                    subject,
                    f"审计期间台账没有{category}收入；同县可比小区{peers}个，其中{int(counts[category])}个有此项收入，"
                    f"本小区有相应条件（{_told(category, here)}）{told}。"
                    "请现场查看是否经营、由谁收款",
                    f"No income of {category} in the period; {int(counts[category])} of {peers} peers record it and "
                    f"the compound has what it takes ({here:g})",
                    _rows(books, category),
                    amount=low,
                    up_to=high,
                )
            )
    return RULE.verdict(len(usual), findings, untested)


def _told(category: str, here: float) -> str:
    if category in BY_LIFTS:
        return f"电梯{here:g}部"
    return f"共有车位{here:g}个" if category in BY_SPACES else f"现场清点{here:g}处"


def _rows(books: Books, category: str) -> tuple[Evidence, ...]:
    if category in (*BY_LIFTS, *BY_SPACES):
        return evidence("compound", books["compound"].head(1), "小区概况")
    rows = books["resources"]
    return evidence("resources", rows[rows["category"] == category].head(5), "现场清点")


def _range(
    income: pd.DataFrame, drivers: pd.DataFrame, category: str, here: float, span: float
) -> tuple[int | None, int | None]:
    """The peers' quartiles of income per unit and month, times this compound's units and months."""
    joined = income[income["category"] == category].merge(drivers, on=["compound_id", "category"])
    joined = joined[joined["driver"] > 0]
    if joined.empty:
        return None, None
    each = joined["amount"] / joined["driver"] / joined["months"]
    values = [exact(float(each.quantile(q))) * exact(here) * exact(span) for q in (0.25, 0.75)]
    low, high = (divide(v.numerator, v.denominator) for v in values)
    return low, high


def _unknown(subject: Subject) -> Untested:
    return Untested(
        subject,
        f"{subject.id}：小区概况没有电梯数、共有车位数，或没有公共资源清单，不知道有无相应条件",
        f"{subject.id}: the number of lifts or spaces, or the survey, is missing",
    )
