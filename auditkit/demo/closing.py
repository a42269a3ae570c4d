"""Closing the year: takings, fees, the company's share, the owners' share, then order, numbers, balances, notices."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from typing import Any, Final

from auditkit.demo.books import DAY, Compound, Row, booked_month, month
from auditkit.demo.instalments import instalments
from auditkit.demo.parking import collect
from auditkit.demo.treasury import bank_cash
from auditkit.money import share

TRANSFERS: Final = ("维修资金划转", "业主分配")


def close(c: Compound) -> None:
    """Everything that follows from the year's events."""
    collect(c)
    c.deposits = bank_cash(c)
    _book_fees(c)
    _management_share(c)
    _owners_share(c)
    _limits(c)
    _number_sessions(c)
    _number_statements(c)
    _number_vouchers(c)
    _publish(c)
    if c.style.exits:
        hand_over(c)


def months(c: Compound, quarter: int) -> list[str]:
    """The months of a quarter (0-3), YYYY-MM."""
    return [f"{c.year}-{3 * quarter + n:02d}" for n in (1, 2, 3)]


def total(c: Compound, direction: str, within: list[str], *, without: tuple[str, ...] = (), only: str = "") -> int:
    """Ledger sum of a direction over months, with sign."""
    return sum(
        r["amount"] for r in c.rows["ledger"]
        if r["direction"] == direction and booked_month(r) in within and r["category"] not in without
        and only in ("", r["category"])
    )  # fmt: skip


def _book_fees(c: Compound) -> None:
    for (method, when), fee in sorted(c.fees.items()):
        year, number = int(when[:4]), int(when[5:])
        if fee:
            last = dt.date(year, number, calendar.monthrange(year, number)[1])
            c.ledger(last, "支出", "手续费", fee, method=method, summary=f"{number}月{method}收款手续费")


def agreed(c: Compound, quarter: int) -> Row:
    """The resolution on distribution that holds in a quarter."""
    first = dt.date(c.year, 3 * quarter + 1, 1)
    shares = [r for r in c.rows["resolutions"] if r["matter"] == "收益分配" and r["date"] <= first]
    return max(shares, key=lambda r: r["date"])


def _management_share(c: Compound) -> None:
    """The company keeps its agreed part of each quarter's income; some only accrue it.

    A rest of last year's, paid in January, says so on its row.
    """
    c.cost(
        "management", dt.date(c.year, 1, 15), "物业计提", c.rng.randint(40_000, 90_000), period=f"{c.year - 1}-12",
        counterparty=c.facts["company_name"], summary="支付上年12月物业提成",
    )  # fmt: skip
    for quarter in range(4):
        span, day = months(c, quarter), dt.date(c.year, 3 * quarter + 3, 30)
        amount = int(total(c, "收入", span) * agreed(c, quarter)["management_share"]) + c.management_extra.get(
            quarter, 0
        )
        company = c.facts["company_name"]
        if c.style.accrues_management:
            c.ledger(
                day, "支出", "物业计提", amount, counterparty=company, summary=f"计提第{quarter + 1}季度物业管理费用"
            )
        else:
            c.cost(
                "management", day, "物业计提", amount, counterparty=company, summary=f"支付第{quarter + 1}季度物业提成"
            )


def _owners_share(c: Compound) -> None:
    """The owners' share of each quarter goes to the maintenance fund and to the owners, paid in the next month."""
    owed_before: dict[str, int] = defaultdict(int)
    for quarter in range(4):
        decision = agreed(c, quarter)
        own = [q for q in range(4) if agreed(c, q) is decision]
        span = [m for q in own if q <= quarter for m in months(c, q)]
        income = total(c, "收入", span)
        costs = total(c, "支出", span, without=TRANSFERS)
        base = income if decision["share_base"] == "总收入" else income - costs
        due = max(0, share(base, decision["owners_share"]) - owed_before[decision["resolution_no"]])
        if quarter != own[-1]:
            due = due * 8 // 10
        owed_before[decision["resolution_no"]] += due
        day = dt.date(c.year, 3 * quarter + 4, 12) if quarter < 3 else dt.date(c.year + 1, 1, 9)
        day = c.last if c.style.exits and quarter == 3 else day
        fund = due * c.fund_sevenths // 7
        for category, amount, party, account in (
            ("维修资金划转", fund, "虚构县住宅专项维修资金管理中心", c.fund_account),
            ("业主分配", due - fund - c.owners_short.get(quarter, 0), "业主分配批量代发", ""),
        ):
            if amount > 0:
                entry = c.cost(
                    "transfer", day, category, amount, counterparty=party, period=months(c, quarter)[2],
                    summary=f"第{quarter + 1}季度{category}",
                )  # fmt: skip
                entry.bank[0]["counterparty_account"] = account


def year_months(c: Compound) -> list[str]:
    """All months of the audit period."""
    return [m for q in range(4) for m in months(c, q)]


def _limits(c: Compound) -> None:
    """Caps and limits that these books keep, in round numbers."""
    cap = 0
    for quarters in ((0, 1), (2, 3), (0, 1, 2, 3)):
        span = [m for q in quarters for m in months(c, q)]
        income, costs = total(c, "收入", span), total(c, "支出", span, without=TRANSFERS)
        cap = min(100, max(cap, -(-100 * costs // income) + 5))
    for row in c.rows["resolutions"]:
        if row["matter"] == "收益分配":
            row["cost_cap"] = cap / 100
        if row["matter"] == "收益使用":
            spent = sum(r["amount"] for r in c.rows["ledger"] if r.get("resolution_no") == row["resolution_no"])
            row["spending_limit"] = (spent // 1_000_000 + 2) * 1_000_000


def _number_sessions(c: Compound) -> None:
    rows = c.rows["parking"]
    rows.sort(key=lambda r: r["entry"])
    today: dict[dt.date, int] = defaultdict(int)
    for n, row in enumerate(rows, start=1):
        day = row["entry"].date()
        today[day] += 1
        row["session_id"] = {
            "running": f"P{n:07d}",
            "daily": f"TC{day:%Y%m%d}-{today[day]:04d}",
            "dated": f"{day:%Y%m%d}{today[day]:04d}",
        }[c.style.sessions]


def _number_statements(c: Compound) -> None:
    """Each account's rows by day, with serial, time and a balance that chains."""
    c.rows["bank"].sort(key=lambda r: (r["account"], r["date"]))
    balance: dict[str, int] = {}
    count: dict[tuple[str, dt.date], int] = defaultdict(int)
    for row in c.rows["bank"]:
        account, day = row["account"], row["date"]
        count[account, day] += 1
        n = count[account, day]
        start = c.opening + 5_000_000 if account == c.account else 0
        balance[account] = balance.get(account, start) + row["credit"] - row["debit"]
        row["balance"] = balance[account]
        row["serial"] = f"{day:%Y%m%d}{account[-3:]}{n:04d}"
        row["time"] = f"{9 + n // 12:02d}:{n % 12 * 5:02d}:{n * 13 % 60:02d}"


def _number_vouchers(c: Compound) -> None:
    """The ledger by date, with voucher numbers in their series and a balance that chains."""
    rows = c.rows["ledger"]
    rows.sort(key=lambda r: r["date"])
    balance, count, before = c.opening, defaultdict[str, int](int), dict[str, Any]()
    for row in rows:
        series = "JZ-" if c.style.vouchers == "year" else f"记{row['date']:%Y%m}-"
        width = 5 if c.style.vouchers == "year" else 3
        fault = c.voucher_fault if not c.faulty_voucher and _ordinary(before, row) else ""
        if fault == "gap":
            count[series] += 1
            c.faulty_voucher = f"{series}{count[series]:0{width}d}"
        if row.get("_with_previous"):
            pass
        elif fault == "repeat":
            c.faulty_voucher = f"{series}{count[series]:0{width}d}"
        else:
            count[series] += 1
        row["voucher_no"] = f"{series}{count[series]:0{width}d}"
        balance += row["amount"] if row["direction"] == "收入" else -row["amount"]
        row["balance"] = balance
        before = row


def _ordinary(before: Row, row: Row) -> bool:
    """Two parking receipts of different days in one month of spring: no other act touches them."""
    both = {r.get("category") for r in (before, row)} <= {"临时停车", "地面停车"}
    return (
        both and row["date"].month >= 4 and month(before["date"]) == month(row["date"]) and before["date"] < row["date"]
    )


def _publish(c: Compound) -> None:
    """A notice a quarter: opening, each category, closing; some publish totals alone."""
    balance = c.opening
    for quarter in range(3 if c.style.last_notice_pending else 4):
        span = months(c, quarter)
        end_month = 3 * quarter + 3
        first, last = (
            dt.date(c.year, end_month - 2, 1),
            dt.date(c.year, end_month, calendar.monthrange(c.year, end_month)[1]),
        )
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for row in c.rows["ledger"]:
            if booked_month(row) in span:
                sums[row["direction"], "" if c.style.totals_only else row["category"]] += row["amount"]
        closing = balance + sum(a if d == "收入" else -a for (d, _), a in sums.items())
        lines = [
            ("期初结余", "", balance),
            *((d, k, a) for (d, k), a in sorted(sums.items())),
            ("期末结余", "", closing),
        ]
        published = last + DAY * c.rng.randint(8, 25)
        for direction, category, amount in lines:
            c.add(
                "disclosures", period_start=first, period_end=last, direction=direction, category=category,
                amount=amount, published_on=published, days_posted=30, place="小区公告栏及各单元门口",
            )  # fmt: skip
        balance = closing


def hand_over(c: Compound) -> None:
    """The company leaves on the year's last day and gives up the balance, the prepaid rent and the papers."""
    c.facts["exit_date"] = c.last
    handed = c.last + DAY * 6
    until = [r for r in c.rows["ledger"] if r["date"] <= c.last]
    for item, kind, amount in (
        ("公共收益账户结余", "公共收益结余", until[-1]["balance"]),
        ("预收租金及广告费", "预收款项", sum(prepaid(c).values())),
        ("合同押金", "押金", sum(e.ledger[0]["amount"] for e in c.entries if e.kind == "deposit")),
        ("合同、决议、凭证", "资料", None),
        ("物业服务用房", "用房设施", None),
    ):
        c.add("handover", item=item, kind=kind, amount=amount, handed_on=handed)


def prepaid(c: Compound) -> dict[str, int]:
    """Rent received before the exit for days after it, by contract, oldest contract first."""
    parts: dict[str, int] = {}
    for contract in sorted(c.rows["contracts"], key=lambda r: r["start"]):
        entries = c.rents(contract["contract_no"])
        received = sum(e.ledger[0]["amount"] for e in entries if e.ledger[0]["date"] <= c.last)
        for item in instalments(contract):
            if item.due < c.first and item.first.year < c.year:
                continue
            received -= item.amount
            if received < 0:
                break
            days = (item.last - max(item.first, c.last + DAY)).days + 1
            if days > 0:
                parts[contract["contract_no"]] = parts.get(contract["contract_no"], 0) + item.part(days)
    return parts
