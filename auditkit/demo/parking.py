"""The barrier's log, priced by the posted tariff, the cards sold, and the takings on their way to the account."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from auditkit.demo import names
from auditkit.demo.books import DAY, Compound, Row, month
from auditkit.demo.instalments import add_months
from auditkit.money import divide

WECHAT: Final = "财付通支付科技有限公司"
ALIPAY: Final = "支付宝（中国）网络技术有限公司"
WECHAT_RATE: Final = 60
ALIPAY_RATE: Final = 55
"""Channel fees, in ten-thousandths."""
_DAY: Final = 1440


def park(c: Compound) -> None:
    """Tariff, cards, a year of stays, and what was collected."""
    c.facts["common_spaces"] = 0
    _post_tariff(c)
    sell_cards(c)
    visits(c)
    _card_stays(c)
    _odd_stays(c)


def fee(c: Compound, entry: dt.datetime, exit_: dt.datetime) -> int:
    """What the posted tariff asks for a stay, in fen."""
    tariff = next(
        t for t in c.rows["tariff"]
        if t["kind"] == "临时" and t["valid_from"] <= entry.date() <= (t.get("valid_to") or dt.date.max)
    )  # fmt: skip
    minutes = int((exit_ - entry).total_seconds() // 60)
    if minutes <= tariff["free_minutes"]:
        return 0
    if tariff["free_deducted"]:
        minutes -= tariff["free_minutes"]
    days, rest = divmod(minutes, _DAY)
    return days * _segment(tariff, _DAY) + (_segment(tariff, rest) if rest else 0)


def _segment(tariff: Row, minutes: int) -> int:
    units = -(-max(0, minutes - tariff["first_minutes"]) // tariff["unit_minutes"])
    return min(tariff["cap_24h"], tariff["first_fee"] + units * tariff["unit_fee"])


def _post_tariff(c: Compound) -> None:
    def tariff(first: dt.date, last: dt.date | None, first_fee: int, unit_fee: int, cap: int) -> None:
        c.add(
            "tariff", kind="临时", valid_from=first, valid_to=last, free_minutes=30, first_minutes=60,
            first_fee=first_fee, unit_minutes=60, unit_fee=unit_fee, cap_24h=cap,
            free_deducted=c.style.free_deducted,
        )  # fmt: skip

    change = dt.date(c.year, 7, 1)
    start = dt.date(c.year - 2, 1, 1)
    if c.style.tariff_changes:
        tariff(start, change - DAY, 200, 100, 1000)
        tariff(change, None, 300, 150, 1500)
    else:
        tariff(start, None, 300, 100, 1500)
    c.add("tariff", kind="月卡", valid_from=start, valid_to=None, monthly_fee=c.rng.choice((8000, 10000, 12000)))


def monthly_fee(c: Compound) -> int:
    """What a card costs a month."""
    return next(t["monthly_fee"] for t in c.rows["tariff"] if t["kind"] == "月卡")


def sell_card(c: Compound, plate: str, start: dt.date, months: int, *, free: str = "") -> Row:
    """One card and, unless it is free for a reason, its payment through the second channel."""
    number = f"YK-{len(c.rows['cards']) + 1:04d}"
    end = add_months(start, months) - DAY
    card = c.add("cards", card_no=number, plate=plate, start=start, end=end, paid=0, exemption=free)
    if not free:
        paid_on = max(c.first, start - DAY * c.rng.randint(0, 4))
        card.update(paid=months * monthly_fee(c), paid_on=paid_on)
        if start > c.first - DAY:
            c.ledger(
                paid_on, "收入", "地面停车", card["paid"], method="支付宝", summary=f"月卡{number} {plate}",
                invoice_no=f"SJ{names.digits(c.rng, 8)}",
            )  # fmt: skip
    return card


def sell_cards(c: Compound) -> None:
    """Two dozen plates with monthly, quarterly or yearly cards; one free by resolution, one plate with two."""
    for n in range(24):
        plate = names.plate(c.rng, c.used_plates)
        if n == 0:
            sell_card(c, plate, c.first, 12, free="残疾人车辆，业主大会决议")
            continue
        start = dt.date(c.year, 1 + n % 3, 1 + c.rng.randrange(20))
        months = (1, 3, 6, 12)[n % 4]
        renewals = c.rng.randint(1, max(1, 12 // months - 1))
        for k in range(renewals):
            first = add_months(start, k * months)
            if first <= c.last:
                sell_card(c, plate, first, months)
        if n == 5:
            sell_card(c, plate, start, 1)
    c.facts["common_spaces"] = 40 + c.rng.randrange(30)


def visits(c: Compound) -> None:
    """Visitors' stays through the year; each operator lets off the same small share (ambulances, police)."""
    operators = [f"{shift}班{names.person(c.rng)}" for shift in "早中晚"]
    long_ones: dict[str, int] = defaultdict(int)
    outage = dt.date(c.year, 8, 14)
    for n in range(c.stays):
        day = c.first + DAY * (n * ((c.last - c.first).days + 1) // c.stays)
        start = dt.datetime.combine(day, dt.time(6)) + dt.timedelta(seconds=c.rng.randrange(15 * 3600))
        kind = c.rng.random()
        minutes = c.rng.randint(3, 28) if kind < 0.2 else c.rng.randint(32, 600)
        if kind > 0.97 and not c.style.free_deducted:
            minutes = c.rng.randint(1450, 3000)
        operator = operators[n % 10 // 3] if n % 10 < 9 else ""
        release = "自动" if not operator or n % 2 else "确认"
        if minutes > 30 and operator:
            long_ones[operator] += 1
            if long_ones[operator] % 25 == 13:
                release = "免费"
        stay(c, names.visitor(n), start, minutes, operator, release)
    for n in range(15):
        start = dt.datetime.combine(outage, dt.time(8)) + dt.timedelta(minutes=17 * n)
        stay(c, names.visitor(c.stays + n), start, 95 + n, operators[n % 3], "离线")


def stay(
    c: Compound, plate: str, start: dt.datetime, minutes: int, operator: str, release: str, method: str = ""
) -> Row | None:
    """One visitor's stay, charged and paid as posted; none where it would end after the year."""
    end = start + dt.timedelta(minutes=minutes, seconds=c.rng.randrange(60))
    if end.date() > c.last:
        return None
    due = 0 if release == "免费" else fee(c, start, end)
    if not method:
        method = "微信" if not operator or c.rng.random() < 0.8 else "现金"
    return c.add(
        "parking", plate=plate, kind="临时", entry=start, exit=end, due=due, paid=due, method=method if due else "",
        release=release, operator=operator, lane=c.rng.choice(("东门出口", "南门出口")),
    )  # fmt: skip


def _card_stays(c: Compound) -> None:
    """Card holders come and go inside their cards' days; one returns two days after the end, in grace."""
    graced = False
    for card in c.rows["cards"]:
        days = (min(card["end"], c.last) - card["start"]).days
        at = 1 + c.rng.randrange(6)
        while at < days:
            pass_card(c, card["plate"], card["start"] + DAY * at)
            at += 20 + c.rng.randrange(15)
        later = [k for k in c.rows["cards"] if k["plate"] == card["plate"] and k["end"] > card["end"]]
        if not graced and not later and card["end"] + 3 * DAY < c.last:
            pass_card(c, card["plate"], card["end"] + 2 * DAY)
            graced = True


def pass_card(c: Compound, plate: str, day: dt.date) -> Row | None:
    """One stay of a card holder within a day; none where that car is inside already."""
    start = dt.datetime.combine(day, dt.time(7)) + dt.timedelta(seconds=c.rng.randrange(8 * 3600))
    end = start + dt.timedelta(minutes=c.rng.randint(20, 480))
    inside = c.card_stays.setdefault(plate, [])
    if any(other["entry"] <= end and start <= other["exit"] for other in inside):
        return None
    row = c.add(
        "parking", plate=plate, kind="月卡", entry=start, exit=end, due=0, paid=0, method="", release="自动",
        operator="", lane="东门出口",
    )  # fmt: skip
    inside.append(row)
    return row


def _odd_stays(c: Compound) -> None:
    """What every log has: cars without a plate, staff, police, an entry whose exit was never seen."""
    for n, (kind, plate) in enumerate(
        (("临时", "无牌车"), ("临时", "无牌车"), ("内部", "晋Z0002学"), ("免费", "晋Z0001警"))
    ):
        start = dt.datetime(c.year, 6, 3 + n // 2, 9, 10 + n)
        minutes = 25 if kind == "临时" else 200
        c.add(
            "parking", plate=plate, kind=kind, entry=start, exit=start + dt.timedelta(minutes=minutes), due=0, paid=0,
            method="", release="自动", operator="", lane="南门出口",
        )  # fmt: skip
    again = names.visitor(c.stays + 101)
    start = dt.datetime(c.year, 9, 10, 10, 0, 12)
    for entry, exit_ in (
        (start, start + dt.timedelta(minutes=20, seconds=38)),
        (start + dt.timedelta(minutes=20), None),
    ):
        c.add(
            "parking", plate=again, kind="临时", entry=entry, exit=exit_ or entry + dt.timedelta(minutes=5), due=0,
            paid=0, method="", release="自动", operator="", lane="东门出口",
        )  # fmt: skip
    lost = names.visitor(c.stays + 100)
    start = dt.datetime(c.year, 3, 18, 20, 2, 11)
    c.add(
        "parking", plate=lost, kind="临时", entry=start, exit=None, due=None, paid=0, method="", release=None,
        operator="", lane="",
    )  # fmt: skip
    stay(c, lost, start + 3 * DAY, 20, "", "自动")


def collect(c: Compound) -> None:
    """The takings by channel: cash to the till, the rest to the account net of the channel's fee."""
    takings: dict[tuple[str, dt.date], int] = defaultdict(int)
    for row in c.rows["parking"]:
        if row["paid"] and row["exit"] and not row.get("_pocketed"):
            takings[row["method"], row["exit"].date()] += row["paid"]
    for (method, day), amount in sorted(takings.items()):
        if method == "现金":
            c.ledger(day, "收入", "临时停车", amount, method="现金", summary=f"{day:%m月%d日}临停现金")
    cards: dict[dt.date, int] = defaultdict(int)
    for row in c.rows["ledger"]:
        if row["method"] == "支付宝" and not row.get("_pocketed"):
            cards[row["date"]] += row["amount"]
    settle(c, cards, "支付宝", ALIPAY, ALIPAY_RATE)
    wechat = {day: amount for (method, day), amount in sorted(takings.items()) if method == "微信"}
    if c.style.channel == "merchant":
        _own_statement(c, wechat)
        return
    for day, last, amount in _booked(c, wechat):
        c.ledger(day, "收入", "临时停车", amount, method="微信", summary=f"临停微信收款 至{last:%m月%d日}")
    settle(c, wechat, "微信", WECHAT, WECHAT_RATE)


def _booked(c: Compound, takings: dict[dt.date, int]) -> list[tuple[dt.date, dt.date, int]]:
    """Booked on, for takings up to, how much: by the day (a month's last perhaps on the next day), or by the week."""
    if c.style.channel != "weekly":
        late = c.style.channel == "daily" and c.style.books_month_ends_late
        ends = [day for day in takings if late and (day + DAY).day == 1 and day < c.last]
        return [(day + DAY if day in ends else day, day, amount) for day, amount in takings.items()]
    weeks: dict[dt.date, int] = defaultdict(int)
    for day, amount in takings.items():
        month_end = add_months(day.replace(day=1), 1) - DAY
        weeks[min(day + DAY * (6 - day.weekday()), month_end)] += amount
    return [(day, day, amount) for day, amount in weeks.items()]


def settle(c: Compound, takings: dict[dt.date, int], method: str, channel: str, rate: int) -> None:
    """The channel pays out on the next day (after a weekend on Monday, where so agreed), net of its fee."""
    arrives: Callable[[dt.date], dt.date] = lambda day: day + DAY  # noqa: E731
    if c.style.channel == "workday":
        arrives = lambda day: day + DAY * (7 - day.weekday() if day.weekday() >= 4 else 1)  # noqa: E731
    batches: dict[dt.date, int] = defaultdict(int)
    for day, amount in takings.items():
        batches[arrives(day)] += amount
    for day, gross in sorted(batches.items()):
        charged = divide(gross * rate, 10_000)
        c.credit(day, gross - charged, channel, f"{method}支付结算{day:%m%d}")
        c.fees[method, month(day - DAY)] += charged


def _own_statement(c: Compound, takings: dict[dt.date, int]) -> None:
    """The merchant account hands in its own statement and pays out each day to the compound's account."""
    holder, own = c.facts["compound_name"] + "业主大会", c.merchant
    for day, amount in takings.items():
        c.ledger(day, "收入", "临时停车", amount, method="微信", account=own, summary=f"临停微信收款 {day:%m月%d日}")
        c.credit(day, amount, "", "扫码收款", account=own)
        c.debit(day + DAY, amount, holder, "提现至银行卡", account=own, counterparty_account=c.account)
        c.credit(day + DAY, amount, holder, "微信提现", counterparty_account=own)
    for n in range(1, 13):
        total = sum(a for d, a in takings.items() if d.month == n)
        charged = divide(total * WECHAT_RATE, 10_000)
        if charged:
            last = add_months(dt.date(c.year, n, 1), 1) - DAY
            c.ledger(last, "支出", "手续费", charged, method="微信", account=own, summary=f"{n}月微信手续费")
            c.debit(last, charged, "", "交易手续费", account=own)
