"""PRK06: cars that pass as card holders on days that no card of theirs covers."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import yuan
from auditkit.reconcile.cards import GRACE, begun_months, last_end, may_cover, misread, read_cards
from auditkit.reconcile.plates import normal_plates
from auditkit.reconcile.stays import SHOWN
from auditkit.reconcile.tariff import CARD, monthly_fee

RULE = Rule(
    "PRK06",
    "card-expired-passing",
    "月卡过期仍通行",
    "2.3",
    "S2",
    "exception",
    ("parking", "cards"),
    "plate",
    ("民法典282",),
    {"grace_days": GRACE},
)


def examine(books: Books, case: Case) -> Verdict:
    """Each plate with card holders' stays that began in the period: a card on the day, or one just ended."""
    rows, doubtful = _stays(books["parking"], case)
    cards = read_cards(books["cards"])
    asked = rows.drop_duplicates(["key", "day"])
    asked = asked[~asked["key"].isin(cards.exempt)]
    asked = asked.assign(until=last_end(cards.sure, asked["key"], asked["day"]))
    open_ = asked[~(asked["until"] + pd.Timedelta(days=GRACE) >= asked["day"])]
    open_ = open_.assign(
        misread=misread(cards, open_["key"], open_["day"]), unread=may_cover(cards.unread, open_["key"], open_["day"])
    )
    lost = {key: rows_of for key, rows_of in doubtful.groupby("key") if key}
    findings, untested = list[Finding](), list(_unread(doubtful))
    for key, days in open_.groupby("key", sort=True):
        bare = days[~days["misread"] & ~days["unread"]]
        subject = Subject("plate", str(rows.loc[rows["key"] == key, "plate"].iloc[0]))
        if key in lost:
            continue
        if len(bare):
            findings.append(_finding(books, case, subject, bare, rows[rows["key"] == key]))
        elif days["misread"].all():
            reason = "与另一有效月卡的车牌只差一个字符，可能是识别错误"
            untested.append(Untested(subject, reason, "one character away from a plate whose card is valid: misread?"))
        else:
            reason = "可能对应的月卡有车牌或起止日空缺、无法读取"
            untested.append(Untested(subject, reason, "a card that may be this plate's cannot be read"))
    nameless = int((doubtful["key"] == "").sum())
    return RULE.verdict(len(set(rows["key"]) | set(lost)) + nameless, findings, untested)


def _stays(parking: pd.DataFrame, case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Card holders' stays that began in the period, and those that may be such; cars without a plate are nobody's."""
    after = case.end + pd.Timedelta(days=1)
    began = (parking["entry"] >= case.start) & (parking["entry"] < after)
    unread = in_doubt(parking, "kind", "entry", "plate")
    holder = (parking["kind"] == CARD) | in_doubt(parking, "kind")
    rows = parking[holder & (began | in_doubt(parking, "entry"))]
    rows = rows.assign(key=normal_plates(rows["plate"]), day=rows["entry"].dt.normalize())
    doubtful = unread[rows.index]
    return rows[~doubtful & (rows["key"] != "")], rows[doubtful]


def _unread(doubtful: pd.DataFrame) -> Iterator[Untested]:
    reason, reason_en = "停车记录的车牌、类型或入场时间空缺或无法读取", "a stay of the plate cannot be read"
    named = doubtful[doubtful["key"] != ""].drop_duplicates("key")
    for rows, column in ((named, "plate"), (doubtful[doubtful["key"] == ""], "session_id")):
        for subject in row_subject(rows, column):
            yield Untested(subject, reason, reason_en)


def _finding(books: Books, case: Case, subject: Subject, bare: pd.DataFrame, stays: pd.DataFrame) -> Finding:
    begun = begun_months(bare, case.start)
    last = bare["day"].max()
    prices = [monthly_fee(books["tariff"], day) or monthly_fee(books["tariff"], last) for day in begun]
    priced = [price for price in prices if price is not None]
    whole = len(priced) == len(prices)
    low, high = (sum(p[0] for p in priced), sum(p[1] for p in priced)) if whole else (None, None)
    known = bare["until"].dropna()
    ended = f"最近一张月卡 {known.max():%Y-%m-%d} 到期" if len(known) else "登记中没有该车牌在此前起始的月卡"
    told = f"，按月卡标准 {yuan(low)} 元" if low is not None and low == high else ""
    shown = stays[stays["day"].isin(bare["day"])]
    return RULE.finding(
        subject,
        f"车牌 {subject.id} 在 {bare['day'].min():%Y-%m-%d} 至 {last:%Y-%m-%d} 之间有 {len(shown)} 次按月卡通行，"
        f"当日（含 {GRACE} 天宽限）没有有效月卡；{ended}，缺 {len(begun)} 个月{told}。"
        "请查续费记录、系统白名单及其操作日志。",
        f"Plate {subject.id} passed as a card holder {len(shown)} times between {bare['day'].min():%Y-%m-%d} and "
        f"{last:%Y-%m-%d} without a card, {len(begun)} begun months. Ask for renewals and the white list.",
        evidence("parking", shown.iloc[:SHOWN], [f"{d:%Y-%m-%d} 按月卡入场" for d in shown["day"].iloc[:SHOWN]]),
        amount=low,
        up_to=high,
    )
