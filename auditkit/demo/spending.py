"""What the compound spends: free costs with honest digits, works in parts, corrections, a service by contract."""

from __future__ import annotations

import datetime as dt
from typing import Final

from auditkit.demo import names
from auditkit.demo.books import DAY, Compound, Entry, Row
from auditkit.money import divide

USES: Final = ("维修养护", "业委会经费", "审计服务", "其他支出")
"""Costs that need a decision of use (among those that honest books have)."""
_MIX: Final = (
    ("维修养护", "works"), ("能耗", "power"), ("人工", "labour"), ("维修养护", "works"), ("业委会经费", "works"),
    ("人工", "labour"), ("其他支出", "works"), ("能耗", "power"), ("维修养护", "works"), ("人工", "labour"),
)  # fmt: skip
THRESHOLD: Final = 500_000
"""The approval threshold of every case, in fen."""


def spend(c: Compound) -> None:
    """A year's costs."""
    _free_costs(c)
    _works_in_parts(c)
    _one_transfer_for_two(c)
    _corrected(c)
    _by_contract(c)
    for quarter in range(4):
        day = dt.date(c.year, 3 * quarter + 1, 14)
        pay(c, "tax", day, "税费", c.rng.randint(20_000, 60_000), "国家税务总局虚构县税务局", "增值税及附加", "")


def pay(
    c: Compound,
    kind: str,
    day: dt.date,
    category: str,
    amount: int,
    party: str,
    summary: str,
    invoice: str | None = None,
) -> Entry:
    """One cost, paid by transfer on the day or up to two days before or after it is booked."""
    bank_day = min(c.last, max(c.first, day + DAY * c.rng.randint(-2, 2)))
    return c.cost(
        kind, day, category, amount, bank_day=bank_day, counterparty=party, summary=summary,
        invoice_no=new_invoice(c) if invoice is None else invoice, resolution_no=use_of(c, category),
    )  # fmt: skip


def use_of(c: Compound, category: str) -> str:
    """The number of the decision that allows such a cost; none is needed for the others."""
    if category in (*USES, "招待费", "物业服务成本"):
        return next(r["resolution_no"] for r in c.rows["resolutions"] if r["matter"] == "收益使用")
    return ""


def new_invoice(c: Compound) -> str:
    """An invoice number not used before."""
    return f"24142000{names.digits(c.rng, 12)}"


def _free_costs(c: Compound) -> None:
    """Amounts spread evenly over the logarithm, from 10 to 1,000 yuan, as natural amounts do."""
    suppliers = {line: [c.company(line) for _ in range(n)] for line, n in (("works", 9), ("power", 2), ("labour", 4))}
    shift = c.rng.random()
    for n in range(c.costs):
        category, line = _MIX[n % len(_MIX)]
        spread = (n * 0.618033988749895 + shift) % 1
        amount = round(1000 * 10 ** (2 * spread)) if c.cost_digits else 48_000 + c.rng.randrange(2_000)
        day = c.first + DAY * (n * 363 // max(1, c.costs) + 1)
        pay(c, "cost", day, category, amount, c.rng.choice(suppliers[line]), f"{category}费用第{n + 1}笔")


def _works_in_parts(c: Compound) -> None:
    """One invoice, paid as a first part and the rest."""
    party, invoice, total = c.company("works"), new_invoice(c), 240_000 + 100 * c.rng.randrange(500)
    first = divide(total * 3, 10)
    day = dt.date(c.year, 4, 16)
    note = f"监控改造工程 合同总价{total / 100:.2f}元"
    pay(c, "parts", day, "维修养护", first, party, f"{note} 首付款", invoice)
    pay(c, "parts", day + DAY * 40, "维修养护", total - first, party, f"{note} 尾款", invoice)


def _one_transfer_for_two(c: Compound) -> None:
    """Two invoices of one supplier, one debit."""
    party, day = c.company("works"), dt.date(c.year, 9, 5)
    amounts = [61_000 + c.rng.randrange(9_000), 23_000 + c.rng.randrange(9_000)]
    rows = [
        c.ledger(
            day, "支出", "维修养护", amount, counterparty=party, summary=f"更换{what}", invoice_no=new_invoice(c),
            resolution_no=use_of(c, "维修养护"), _with_previous=what == "井盖",
        )
        for amount, what in zip(amounts, ("路灯", "井盖"), strict=True)
    ]  # fmt: skip
    c.enter("cost", rows, [c.debit(day + DAY, sum(amounts), party, "工程款")])


def _corrected(c: Compound) -> None:
    """A cost entered wrongly, taken back in red and entered again; an income entered twice and taken back."""
    party, invoice, day = c.company("works"), new_invoice(c), dt.date(c.year, 5, 21)
    wrong, right = 86_000 + c.rng.randrange(900), 68_000 + c.rng.randrange(900)
    common: Row = {"counterparty": party, "invoice_no": invoice, "resolution_no": use_of(c, "维修养护")}
    c.ledger(day, "支出", "维修养护", wrong, summary="门禁维修", **common)
    c.ledger(day + DAY, "支出", "维修养护", -wrong, summary="冲销 门禁维修 金额录错", **{**common, "invoice_no": ""})
    c.cost("cost", day + DAY, "维修养护", right, summary="门禁维修（更正）", **common)
    entry = c.rents(c.leases["clothes-1"]["contract_no"])[4].ledger[0]
    again: Row = {**entry, "date": entry["date"] + DAY * 2, "summary": "重复录入"}
    c.rows["ledger"].append(again)
    c.rows["ledger"].append(
        {**again, "date": again["date"] + DAY, "amount": -again["amount"], "summary": "冲销重复录入"}
    )


def _by_contract(c: Compound) -> None:
    """Bookkeeping by contract: the same fee on the same day of each month."""
    party, amount = c.company("office"), 260_000
    number = f"FW-{c.year}-{c.id[-3:]}1"
    for month in range(1, 13):
        c.cost(
            "service", dt.date(c.year, month, 10), "审计服务", amount, counterparty=party, contract_no=number,
            summary=f"代理记账服务费 合同第{month}期", invoice_no=new_invoice(c), resolution_no=use_of(c, "审计服务"),
        )  # fmt: skip
