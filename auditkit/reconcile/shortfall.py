"""Due against received, contract by contract, over the instalments that a period can be judged by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, Subject, Untested, in_doubt, row_subject
from auditkit.money import divide, exact
from auditkit.reconcile.doubt import doubtful, untested_row
from auditkit.reconcile.receipts import nameless, pool_keys, receipts
from auditkit.reconcile.schedule import CALENDAR, PRICE, instalments
from auditkit.reconcile.terms import last_day

NEEDED: Final = (*CALENDAR, *PRICE, "contract_no", "category", "counterparty")
"""Cells of a contract without which it cannot be said what it owes, or which income is its own."""

TOLERANCE: Final = 100
"""Fen: what is less apart is equal, or not worth a finding."""

TAX_RATES: Final = tuple(exact(r) for r in ("0.01", "0.03", "0.05", "0.06", "0.09", "0.10", "0.11", "0.13", "0.17"))
"""VAT rates and levy rates in force since 2009 (增值税暂行条例, 增值税法)."""

Reason = tuple[str, str]
_NAMELESS: Final = ("台账收入既无合同编号又无对方，不知道是哪份合同的", "no income names a contract or a party")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What contracts owed in a period and what came in.

    `due`: the instalments summed. `came`: the receipts counted. `sums`: one row a contract number with such
    instalments: due, received, mixed (in rows that are part deposit), movable (in rows that may be another
    contract's), pool. `untested`: contract number, or file#row where it has none, and why. Units: fen.
    """

    due: pd.DataFrame
    came: pd.DataFrame
    sums: pd.DataFrame
    untested: dict[str, Reason]
    unnumbered: list[int]
    """Rows of contracts whose number cannot be read."""


def compare(books: Books, case: Case) -> Comparison:
    """Instalments that fell due in the period and whose grace ended in it, against the income for the period."""
    return books.once(f"shortfall {case.start} {case.end}", lambda: _compare(books, case))


def _compare(books: Books, case: Case) -> Comparison:
    contracts = books["contracts"]
    rent = instalments(books)
    rent = rent.assign(contract_no=contracts["contract_no"].loc[rent["contract"]].to_numpy())
    tested = (rent["due_on"] >= case.start) & (rent["grace_end"] <= case.end)
    untested, unnumbered = _doubts(contracts, rent[tested], case)
    whose = rent["contract"].map(contracts["category"]).isin(nameless(books))
    for number in rent.loc[tested & whose & (rent["contract_no"] != ""), "contract_no"].unique():
        untested.setdefault(str(number), _NAMELESS)
    came = _counted(receipts(books), rent, tested, case)
    due = rent[tested & (rent["contract_no"] != "") & ~rent["contract_no"].isin(untested)]
    for number, rows in came[came["unread"] & came["contract_no"].isin(due["contract_no"])].groupby("contract_no"):
        untested[str(number)] = _unread(books, rows["row"])
    came = came[~came["unread"]]
    sure = came[~came["mixed"]]
    sums = pd.DataFrame({"due": due.groupby("contract_no")["amount"].sum()})
    pools = pool_keys(contracts)
    pools = pools[pools.isin(sure["pool"])]
    sums = sums.reindex(sums.index.union(pools.index).rename("contract_no"), fill_value=0)
    for name, rows in (("received", sure), ("mixed", came[came["mixed"]]), ("movable", sure[sure["pool"] != ""])):
        sums[name] = rows.groupby("contract_no")["amount"].sum().reindex(sums.index, fill_value=0).astype("Int64")
    sums["pool"] = pools.reindex(sums.index, fill_value="")
    sums["tested"] = sums.index.isin(due["contract_no"]) & ~sums.index.isin(list(untested))
    return Comparison(due, came, sums, untested, unnumbered)


def _doubts(contracts: pd.DataFrame, tested: pd.DataFrame, case: Case) -> tuple[dict[str, Reason], list[int]]:
    """Contracts that cannot be compared and may have an instalment in the period, and why."""
    timeless = in_doubt(contracts, *CALENDAR)
    may_run = ~(contracts["start"] > case.end) & ~(last_day(contracts) < case.start)
    concerned = (timeless & may_run) | (~timeless & contracts.index.isin(tested["contract"]))
    numbered = (contracts["contract_no"] != "") & ~in_doubt(contracts, "contract_no")
    untested: dict[str, Reason] = {}
    for _, row in contracts[concerned & numbered & in_doubt(contracts, *NEEDED)].iterrows():
        zh, en = doubtful("contracts", row, *NEEDED)
        untested[row["contract_no"]] = (f"合同的{zh}空缺或无法读取，应收无法计算", f"{en} of the contract unreadable")
    ordered = contracts[numbered & ~timeless].sort_values(["contract_no", "start"])
    reached = last_day(ordered).groupby(ordered["contract_no"]).cummax()
    twice = ordered["start"] <= reached.groupby(ordered["contract_no"]).shift()
    for number in ordered.loc[twice, "contract_no"]:
        if (concerned & (contracts["contract_no"] == number)).any():
            reason = (
                "合同编号在期限重叠的几行上重复，收款无法分清",
                "the contract number stands on rows whose terms overlap",
            )
            untested.setdefault(number, reason)
    return untested, [int(i) for i in contracts.index[concerned & ~numbered]]


def _counted(rows: pd.DataFrame, rent: pd.DataFrame, tested: pd.Series[bool], case: Case) -> pd.DataFrame:
    """Receipts for the period, less those labelled into the cycle of an instalment that is not summed."""
    rows = rows[~((rows["last"] < case.start) | (rows["first"] > case.end))]
    cycles = rent[["contract_no", "first", "last"]].rename(columns={"first": "begin", "last": "finish"})
    pairs = rows[rows["labelled"]].reset_index(names="at").merge(cycles.assign(tested=tested), on="contract_no")
    pairs = pairs[(pairs["begin"] <= pairs["last"]) & (pairs["finish"] >= pairs["first"])]
    elsewhere = pairs.groupby("at")["tested"].max().astype("bool")
    return rows.drop(index=elsewhere.index[~elsewhere])


def _unread(books: Books, rows: pd.Series[Any]) -> Reason:
    first = books["ledger"].loc[rows.iloc[0]]
    zh, en = doubtful("ledger", first)
    place = f"{first['file']}#{first['sheet']}"
    return (
        f"可能属于本合同的收入（{place} 第{first['row']}行）{zh}空缺或无法读取",
        f"{en} unreadable in income that may be this contract's (row {first['row']} of {place})",
    )


def untested_items(books: Books, case: Case) -> list[Untested]:
    """The contracts that cannot be compared, each by its name and with the cell that stands in the way."""
    found = compare(books, case)
    items = [
        Untested(Subject("contract_no", number), f"合同{number}：{zh}，未测试", f"Contract {number}: {en}")
        for number, (zh, en) in sorted(found.untested.items())
    ]
    rows = books["contracts"].loc[found.unnumbered]
    for (_, row), subject in zip(rows.iterrows(), row_subject(rows, "contract_no"), strict=True):
        items.append(untested_row("contracts", row, subject, f"{row['counterparty']}的合同", *NEEDED))
    return items


def shortfalls(books: Books, case: Case) -> pd.DataFrame:
    """What each tested contract received less than was due.

    Where rows without a number may be several contracts', only what all of them together lack is certain: `low` is
    what the contract lacks even so, `high` what it lacks as the rows were laid, `others` the contracts meant.

    Shape: contract_no (index), due, received, low, high, mixed, others. Units: fen.
    """
    found = compare(books, case)
    rows = found.sums.copy()
    rows["high"] = (rows["due"] - rows["received"]).clip(lower=0).where(rows["tested"], 0)
    over = (rows["received"] - rows["due"]).clip(lower=0)
    over = over.where(over <= rows["movable"].clip(lower=0), rows["movable"].clip(lower=0))
    shared = rows["pool"] != ""
    spare = over.groupby(rows["pool"]).transform("sum").where(shared, 0)
    lacking = rows["high"].groupby(rows["pool"]).transform("sum").where(shared, rows["high"])
    rows["low"] = (rows["high"] - spare).clip(lower=0)
    missing = (lacking - spare).clip(lower=0)
    rows["high"] = rows["high"].where(rows["high"] <= missing, missing)
    members = {pool: list(group.index) for pool, group in rows[shared & rows["tested"]].groupby("pool")}
    rows["others"] = [
        ";".join(other for other in members.get(pool, []) if other != number) for number, pool in rows["pool"].items()
    ]
    return rows[rows["tested"]].drop(columns=["tested", "movable", "pool"])


def lay(rent: pd.DataFrame, came: pd.DataFrame) -> pd.Series[Any]:
    """What came in for each instalment: by 所属期间, else by date, from its due day to before the next.

    A receipt labelled with the months of several instalments is shared out by what they owe. One that fits none is
    laid on none.

    Shape: Int64 on the index of `rent`, which has contract_no. Units: fen.
    """
    cycles = rent.rename(columns={"first": "begin", "last": "finish", "amount": "owed"}).reset_index(names="of")
    cycles = cycles[["of", "contract_no", "begin", "finish", "due_on", "owed"]]
    pairs = came.reset_index(names="at").merge(cycles, on="contract_no")
    labelled = pairs[pairs["labelled"]]
    fits = labelled["due_on"].between(labelled["first"], labelled["last"])
    covers = (labelled["begin"] <= labelled["last"]) & (labelled["finish"] >= labelled["first"])
    due_in = fits.groupby(labelled["at"]).transform("any")
    labelled = labelled[fits | (covers & ~due_in)]
    dated = pairs[~pairs["labelled"] & (pairs["due_on"] <= pairs["date"])]
    dated = dated.sort_values(["at", "due_on", "of"]).drop_duplicates("at", keep="last")
    pairs = pd.concat([labelled, dated])
    shared = pairs["at"].duplicated(keep=False)
    laid: dict[Any, int] = pairs[~shared].groupby("of")["amount"].sum().to_dict()
    for _, group in pairs[shared].groupby("at"):
        total, owed, given = int(group["amount"].iloc[0]), [int(v) for v in group["owed"].fillna(0)], 0
        for at, (of, weight) in enumerate(zip(group["of"], owed, strict=True)):
            last = at == len(owed) - 1
            part = total - given if last else divide(total * weight, sum(owed) or 1)
            laid[of] = laid.get(of, 0) + part
            given += part
    return pd.Series(laid, dtype="Int64").reindex(rent.index, fill_value=0)


@dataclass(frozen=True, slots=True)
class TaxBasis:
    """All paid instalments of a contract are apart from their due by one VAT factor. Units: fen."""

    rate: Fraction
    over: bool
    """True where more came in than was due (due without tax, received with it)."""
    all_paid: bool
    paid: int
    """How many instalments."""
    due: int
    received: int

    def words(self) -> str:
        """«1.09 倍» as people write it."""
        return f"{'×' if self.over else '÷'}{float(1 + self.rate):.2f}"


def tax_basis(books: Books, case: Case) -> dict[str, TaxBasis]:
    """The contracts whose receipts differ from what is due by a VAT factor and nothing else."""
    return books.once(f"tax basis {case.start} {case.end}", lambda: _tax_bases(books, case))


def _tax_bases(books: Books, case: Case) -> dict[str, TaxBasis]:
    found = compare(books, case)
    contracts, rent = books["contracts"], instalments(books)
    rent = rent.assign(contract_no=contracts["contract_no"].loc[rent["contract"]].to_numpy())
    sure = found.came[~found.came["mixed"]]
    due = found.due.assign(paid=lay(rent, sure).loc[found.due.index])
    due = due[due["amount"] > 0]
    differs = (due["amount"] - due["paid"]).abs() > TOLERANCE
    suspects = due[due["contract_no"].isin(due.loc[differs & (due["paid"] != 0), "contract_no"])]
    suspects = suspects[suspects["contract_no"].map(found.sums["tested"]).fillna(False).astype(bool)]
    bases: dict[str, TaxBasis] = {}
    for number, rows in suspects.groupby("contract_no"):
        own = contracts.loc[contracts["contract_no"] == number, "tax_rate"].dropna()
        rates = tuple(dict.fromkeys((*(exact(r) for r in own if r > 0), *TAX_RATES)))
        if basis := _factor(rows, rates):
            bases[str(number)] = basis
    return bases


def _factor(rows: pd.DataFrame, rates: tuple[Fraction, ...]) -> TaxBasis | None:
    paid, due, received = rows[rows["paid"] != 0], int(rows["amount"].sum()), int(rows["paid"].sum())
    for amount in {int(a) for a in rows["amount"]}:
        whole = divide(abs(due - received), amount)
        if abs(abs(due - received) - whole * amount) <= TOLERANCE:
            return None
    pairs = [(int(a), int(p)) for a, p in zip(paid["amount"], paid["paid"], strict=True)]
    for rate in rates:
        for over in (False, True):
            factor = 1 + rate if over else 1 / (1 + rate)
            if all(abs(p - a * factor) <= TOLERANCE for a, p in pairs):
                return TaxBasis(rate, over, len(paid) == len(rows), len(paid), due, received)
    return None
