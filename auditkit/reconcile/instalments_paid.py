"""Which instalments of the period are unpaid, late or short, and which receipts paid the others."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case
from auditkit.money import yuan
from auditkit.reconcile.receivables import apply_receipts
from auditkit.reconcile.schedule import instalments
from auditkit.reconcile.shortfall import compare

COLUMNS: Final = (
    "contract_no", "n", "first", "last", "due_on", "grace_end", "amount", "paid", "left", "paid_on", "late", "state",
)  # fmt: skip

_EARLY: Final = pd.Timedelta(days=5)
"""So many days before an instalment falls due it is usual to pay it. A heuristic."""


def paid_instalments(books: Books, case: Case) -> pd.DataFrame:
    """The instalments due in the period of every contract that can be compared, with what paid each.

    A receipt pays the instalments of the months it is labelled with; without a label the one that fell due last, as
    far as it is open; what is over pays the oldest of its contract (民法典 560).

    Shape: COLUMNS by contract and due day; late: days from the due day to the last receipt, negative = early, missing
    where nothing came; state: paid, short (a stated deduction), part, unpaid, or open (grace beyond the period).
    Units: fen; days.
    """
    return books.once(f"paid instalments {case.start} {case.end}", lambda: _paid(books, case))


def lines(books: Books, case: Case, number: str) -> list[str]:
    """One line an instalment of a contract that the period is judged by: cycle, due day, due, received, days late."""
    rows = paid_instalments(books, case)
    rows = rows[(rows["contract_no"] == number) & (rows["grace_end"] <= case.end)]
    return [
        f"{row['first']:%Y-%m-%d}至{row['last']:%Y-%m-%d}（{row['due_on']:%Y-%m-%d}到期）"
        f"应收{yuan(row['amount'])}元、实收{yuan(row['paid'])}元{_late(row)}"
        for row in rows.to_dict("records")
    ]


def _late(row: dict[Any, Any]) -> str:
    if pd.isna(row["paid_on"]) or row["paid_on"] <= row["grace_end"]:
        return ""
    return f"（{row['paid_on']:%Y-%m-%d}收到，迟{int(row['late'])}天）"


def _paid(books: Books, case: Case) -> pd.DataFrame:
    found = compare(books, case)
    contracts, rent = books["contracts"], instalments(books)
    rent = rent.assign(contract_no=contracts["contract_no"].loc[rent["contract"]].to_numpy())
    rent = rent[case.in_period(rent["due_on"]) & rent["amount"].notna() & (rent["contract_no"] != "")]
    rent = rent[~rent["contract_no"].isin(list(found.untested))]
    rent["id"] = [f"INSTALMENT{i:07d}" for i in range(len(rent))]
    came = _netted(found.came[~found.came["mixed"] & found.came["contract_no"].isin(rent["contract_no"])])
    came = came.assign(id=[f"RECEIPT{i:07d}" for i in range(len(came))])
    applied = apply_receipts(
        pd.DataFrame(
            {
                "id": rent["id"],
                "date": rent["due_on"],
                "amount": rent["amount"],
                "reference": rent["contract_no"],
                "counterparty": rent["contract_no"],
            }
        ),
        came[["id", "date", "amount"]].assign(reference=came["contract_no"], counterparty=came["contract_no"]),
        _labels(rent, came),
    )
    told = applied.receivables.set_index("id").loc[rent["id"]]
    rent = rent.assign(
        paid=told["applied"].to_numpy(),
        left=told["left"].to_numpy(),
        paid_on=told["paid_on"].to_numpy(),
        late=told["days"].to_numpy(),
        state=told["state"].to_numpy(),
    )
    rent.loc[(rent["grace_end"] > case.end) & (rent["left"] > 0), "state"] = "open"
    return rent.sort_values(["contract_no", "due_on", "n"])[list(COLUMNS)].reset_index(drop=True)


def _netted(came: pd.DataFrame) -> pd.DataFrame:
    """Receipts less what red-letter rows take back: from those of the same label first, the latest first."""
    left = came["amount"].astype("int64").copy()
    for at in came.index[left < 0]:
        row = came.loc[at]
        own = came[(came["contract_no"] == row["contract_no"]) & (left > 0)]
        alike = (own["first"] == row["first"]) & (own["last"] == row["last"])
        for other in own.assign(alike=alike).sort_values(["alike", "date", "row"], ascending=False).index:
            part = min(-left[at], left[other])
            left[other] -= part
            left[at] += part
    return came.assign(amount=left.astype("Int64"))[left != 0]


def _labels(rent: pd.DataFrame, came: pd.DataFrame) -> pd.DataFrame:
    """What receipts say that they pay, as lines of a remittance advice."""
    columns: dict[str, Any] = {"first": "begin", "last": "finish", "id": "reference", "amount": "owed"}
    cycles = rent[["contract_no", "first", "last", "due_on", "id", "amount"]].rename(columns=columns)
    pairs = came.merge(cycles, on="contract_no").sort_values(["date", "id", "due_on", "reference"])
    lines = pd.concat([_by_label(pairs[pairs["labelled"]]), _by_day(pairs[~pairs["labelled"]])])
    return lines.assign(id=[f"LINE{i:07d}" for i in range(len(lines))])


def _by_label(pairs: pd.DataFrame) -> pd.DataFrame:
    """The instalments that fall due in the months of the label, else those that run through them."""
    due_in = pairs["due_on"].between(pairs["first"], pairs["last"])
    running = (pairs["begin"] <= pairs["last"]) & (pairs["finish"] >= pairs["first"])
    pairs = pairs[due_in | (running & ~due_in.groupby(pairs["id"]).transform("any"))]
    several = pairs["id"].duplicated(keep=False) & (pairs["amount"] > 0)
    return _lines(pairs.assign(amount=pairs["owed"].where(several, 0)))


def _by_day(pairs: pd.DataFrame) -> pd.DataFrame:
    """The instalment that fell due last, unless what came in since is more than it asks for."""
    pairs = pairs[(pairs["due_on"] - _EARLY <= pairs["date"]) & (pairs["amount"] > 0)]
    pairs = pairs.drop_duplicates("id", keep="last")
    fits = pairs.groupby("reference")["amount"].cumsum() <= pairs["owed"]
    return _lines(pairs[fits])


def _lines(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs[["id", "reference", "amount"]].rename(columns={"id": "receipt"}).astype({"amount": "Int64"})
