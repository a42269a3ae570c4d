"""The books of one invented compound while they are being written: events in, rows out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

from auditkit.demo import names
from auditkit.schema import tables

Row = dict[str, Any]
DAY = dt.timedelta(1)


@dataclass
class Style:
    """How this compound keeps its books and hands them in: each way is innocent."""

    channel: str
    """daily | workday (weekends settled on Monday) | weekly (booked by the week) | merchant (its own statement)."""
    vouchers: str
    """year (JZ-00001) | month (记202401-001)."""
    sessions: str
    """daily (TC20240105-0007) | running (P0000007) | dated (202401050007)."""
    names_account: bool
    tariff_changes: bool
    free_deducted: bool
    deposit_days: int
    joint_account: bool
    new_share: bool
    accrues_management: bool
    council: bool
    exits: bool
    lifts: bool
    totals_only: bool
    books_month_ends_late: bool
    """The last day's takings of a month are booked on the first of the next."""
    last_notice_pending: bool
    """The audit comes before the fourth quarter's notice is due."""
    packing: int
    """0 one workbook · 1 one xlsx a table · 2 csv, UTF-8 with BOM · 3 csv, GB18030."""

    @classmethod
    def drawn(cls, rng: Random, index: int) -> Style:
        """Any mixture of habits."""
        return cls(
            channel=rng.choice(("daily", "workday", "weekly", "merchant")),
            vouchers=rng.choice(("year", "month")),
            sessions=rng.choice(("daily", "running", "dated")),
            names_account=rng.random() < 0.7,
            tariff_changes=rng.random() < 0.5,
            free_deducted=rng.random() < 0.3,
            deposit_days=rng.choice((5, 10)),
            joint_account=rng.random() < 0.4,
            new_share=rng.random() < 0.3,
            accrues_management=rng.random() < 0.4,
            council=index % 12 == 6,
            exits=index % 12 == 3,
            lifts=index % 12 != 8,
            totals_only=index % 12 == 9,
            books_month_ends_late=rng.random() < 0.3,
            last_notice_pending=rng.random() < 0.3,
            packing=index % 4,
        )


@dataclass(eq=False)
class Entry:
    """One event: the ledger rows and the bank rows that answer them."""

    kind: str
    ledger: list[Row]
    bank: list[Row]
    contract: str = ""


@dataclass(eq=False)
class Compound:
    """One compound's year. Rows are open until `closing.close` sorts, numbers and sums them up."""

    id: str
    name: str
    year: int
    rng: Random
    style: Style
    stays: int
    costs: int
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in tables()})
    entries: list[Entry] = field(default_factory=list[Entry])
    facts: Row = field(default_factory=dict[str, Any])
    """The row of 小区概况, by column."""
    account: str = ""
    merchant: str = ""
    joint: str = ""
    company_account: str = ""
    fund_account: str = ""
    personal_account: str = ""
    opening: int = 0
    parameters: Row = field(default_factory=dict[str, Any])
    """What case.toml says: period, as_of, approval_threshold (yuan), pack_values."""
    leases: dict[str, Row] = field(default_factory=dict[str, Row])
    """Contract by the name of its shape: room-1, charger …"""
    totals_off: dict[str, int] = field(default_factory=dict[str, int])
    """Month -> by how much the ledger's printed monthly income total is wrong."""
    cost_digits: bool = True
    """False: free costs are made up just below five hundred."""
    fees: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    """(channel, month) -> what it kept back, to be booked as 手续费."""
    deposits: list[Row] = field(default_factory=list[Row])
    management_extra: dict[int, int] = field(default_factory=dict[int, int])
    """Quarter -> what the company takes above its agreed share."""
    owners_short: dict[int, int] = field(default_factory=dict[int, int])
    """Quarter -> what is kept from the owners."""
    fund_sevenths: int = 6
    """How much of the owners' share goes to the maintenance fund; the rest is paid out."""
    voucher_fault: str = ""
    """gap | repeat: what happens to the voucher numbers in the middle of the year."""
    faulty_voucher: str = ""
    """The number that is missing or repeated, once the year is closed."""
    card_stays: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    used_names: set[str] = field(default_factory=set[str])
    used_plates: set[str] = field(default_factory=set[str])
    taken: set[str] = field(default_factory=set[str])

    @property
    def first(self) -> dt.date:
        """First day of the audit period."""
        return dt.date(self.year, 1, 1)

    @property
    def last(self) -> dt.date:
        """Last day of the audit period."""
        return dt.date(self.year, 12, 31)

    def company(self, line: str) -> str:
        """A party that does not appear elsewhere in these books."""
        return names.company(self.rng, line, self.used_names)

    def add(self, table: str, **cells: Any) -> Row:
        """A new row of a table."""
        self.rows[table].append(cells)
        return cells

    def remove(self, table: str, row: Row) -> None:
        """Takes out exactly this row, not one that looks like it."""
        self.rows[table] = [r for r in self.rows[table] if r is not row]

    def income(
        self, kind: str, day: dt.date, category: str, amount: int, *, bank_day: dt.date | None = None, **cells: Any
    ) -> Entry:
        """Money that came in: the ledger row, and the credit that answers it."""
        row = self.ledger(day, "收入", category, amount, **cells)
        bank = self.credit(bank_day or day, amount, cells.get("counterparty", ""), account=cells.get("account", ""))
        return self.enter(kind, [row], [bank], cells.get("contract_no", ""))

    def cost(
        self, kind: str, day: dt.date, category: str, amount: int, *, bank_day: dt.date | None = None, **cells: Any
    ) -> Entry:
        """Money that went out: the ledger row, and the debit that answers it."""
        row = self.ledger(day, "支出", category, amount, **cells)
        bank = self.debit(bank_day or day, amount, cells.get("counterparty", ""), cells.get("summary", ""))
        return self.enter(kind, [row], [bank])

    def enter(self, kind: str, ledger: list[Row], bank: list[Row], contract: str = "") -> Entry:
        """Remembers which rows belong together."""
        entry = Entry(kind, ledger, bank, contract)
        self.entries.append(entry)
        return entry

    def ledger(self, day: dt.date, direction: str, category: str, amount: int, **cells: Any) -> Row:
        """A ledger row; its account stands on it where this ledger names accounts."""
        account = cells.pop("account", "") or self.account
        method = cells.pop("method", "银行转账")
        if method == "现金" or not self.style.names_account:
            account = ""
        return self.add(
            "ledger", date=day, direction=direction, category=category, amount=amount, method=method, account=account,
            **cells,
        )  # fmt: skip

    def credit(
        self, day: dt.date, amount: int, party: str = "", summary: str = "转账", account: str = "", **cells: Any
    ) -> Row:
        """Money into an account, the compound's main one unless said."""
        return self.add(
            "bank", account=account or self.account, date=day, credit=amount, debit=0, counterparty=party,
            summary=summary, **cells,
        )  # fmt: skip

    def debit(
        self, day: dt.date, amount: int, party: str = "", summary: str = "转账", account: str = "", **cells: Any
    ) -> Row:
        """Money out of an account, the compound's main one unless said."""
        return self.add(
            "bank", account=account or self.account, date=day, credit=0, debit=amount, counterparty=party,
            summary=summary, **cells,
        )  # fmt: skip

    def rents(self, contract_no: str) -> list[Entry]:
        """The receipts of a contract's rent, by date."""
        found = [e for e in self.entries if e.kind == "rent" and e.contract == contract_no]
        return sorted(found, key=lambda e: e.ledger[0]["date"])

    def forget(self, entry: Entry, *tables_: str) -> None:
        """Takes an event's rows out of the named tables (ledger and bank where none is named)."""
        for table in tables_ or ("ledger", "bank"):
            for row in entry.ledger if table == "ledger" else entry.bank:
                self.remove(table, row)

    def free(self, shape: str) -> Row:
        """A contract of that shape that no act has touched yet.

        Raises: LookupError where all are taken.
        """
        for key, contract in self.leases.items():
            if key.rpartition("-")[0] == shape and key not in self.taken:
                self.taken.add(key)
                return contract
        raise LookupError(f"{self.id}: no free lease of shape {shape}")

    def free_cost(self, *categories: str) -> Entry:
        """A plainly paid cost of one of these categories that no act has touched yet.

        Raises: LookupError where all are taken.
        """
        plain = [
            (f"cost {n}", e) for n, e in enumerate(self.entries)
            if e.kind == "cost" and len(e.ledger) == len(e.bank) == 1 and e.ledger[0]["category"] in categories
        ]  # fmt: skip
        free = [(key, e) for key, e in plain if key not in self.taken and e.ledger[0]["date"].month < 11]
        if not free:
            raise LookupError(f"{self.id}: no free cost of {categories}")
        key, entry = self.rng.choice(free)
        self.taken.add(key)
        return entry

    def resource(self, contract: Row) -> Row:
        """The first resource that a contract lists."""
        first = contract["resource_ids"].split(";")[0]
        return next(r for r in self.rows["resources"] if r["resource_id"] == first)


def month(day: dt.date) -> str:
    """YYYY-MM."""
    return f"{day.year}-{day.month:02d}"


def booked_month(row: Row) -> str:
    """The month a ledger row counts for: what is written on it, else that of its date."""
    return row.get("period") or month(row["date"])
