"""Contracts that have ended and go on: nobody followed, and the place is still used or paid for."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Case, in_doubt
from auditkit.reconcile import terms
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.quantities import IN_USE
from auditkit.reconcile.reversals import reversals
from auditkit.reconcile.spans import spans

LATE_DAYS: Final = 60
"""A last instalment may come so many days after the end."""

REVERSED: Final = "冲正|退回|撤销|退款"


def followed(books: Books) -> pd.DataFrame:
    """What nobody took over when a contract ended.

    A newer contract starts later and ends not earlier, for the same resource or, where one of the two lists none, for
    the same counterparty and category.

    Shape: one row a contract and resource it lists («» where it lists none): contract, resource_id, newer (a newer
    contract is there), maybe (one with dates in doubt may be).
    """
    return books.once("followed", lambda: _followed(books["contracts"]))


def _followed(contracts: pd.DataFrame) -> pd.DataFrame:
    listed = terms.listings(contracts)
    every = pd.DataFrame({"contract": contracts.index}).merge(listed[["contract", "resource_id"]], how="left")
    every["resource_id"] = every["resource_id"].fillna("")
    facts = pd.DataFrame(
        {
            "contract": contracts.index,
            "party": contracts["counterparty"].map(normal_name),
            "category": contracts["category"],
            "start": contracts["start"],
            "last": terms.last_day(contracts),
            "known": terms.known(contracts),
        }
    )
    every = every.merge(facts, on="contract")
    listing = every[every["resource_id"] != ""].merge(every, on="resource_id", suffixes=("", "_new"))
    party = every[every["party"] != ""].merge(every, on=["party", "category"], suffixes=("", "_new"))
    party = party[(party["resource_id"] == "") | (party["resource_id_new"] == "")]
    pairs = pd.concat([listing, party])
    pairs = pairs[pairs["contract"] != pairs["contract_new"]]
    later = (pairs["start_new"] > pairs["start"]) & (pairs["last_new"] >= pairs["last"])
    ruled_out = (pairs["start_new"] <= pairs["start"]) | (pairs["last_new"] < pairs["last"])
    pairs["newer"] = later & pairs["known_new"]
    pairs["maybe"] = ~pairs["known_new"] & ~ruled_out
    found = pairs.groupby(["contract", "resource_id"])[["newer", "maybe"]].any()
    joined = every[["contract", "resource_id"]].join(found, on=["contract", "resource_id"])
    return joined.fillna({"newer": False, "maybe": False}).astype({"newer": "bool", "maybe": "bool"})


def seen_after(books: Books, ended: pd.DataFrame) -> pd.DataFrame:
    """Surveys after the end of a contract that found a resource of it in use which nobody took over.

    A new tenant whose contract lists no resource took it over where he is the occupant and the category is the same.

    Shape: contract, at (index of the resources), maybe (a cell in doubt decides it).
    """
    contracts, resources = books["contracts"], books["resources"]
    left = followed(books)
    left = left[left["contract"].isin(ended.index) & ~left["newer"] & (left["resource_id"] != "")]
    left = left.assign(last=terms.last_day(contracts).loc[left["contract"]].to_numpy())
    used = resources[(resources["status"] == IN_USE) | in_doubt(resources, "status")]
    used = used[["resource_id", "category", "surveyed_on"]].assign(
        at=used.index,
        unread=in_doubt(used, "status", "surveyed_on", "resource_id"),
        party=used["occupant"].map(normal_name),
    )
    pairs = left.merge(used, on="resource_id")
    pairs = pairs[~(pairs["surveyed_on"] <= pairs["last"])].reset_index(drop=True)
    general = contracts[contracts["resource_ids"] == ""]
    tenants = general[["category", "start"]].assign(
        party=general["counterparty"].map(normal_name), last=terms.last_day(general), known=terms.known(general)
    )
    new = (
        pairs[pairs["party"] != ""]
        .reset_index(names="pair")
        .merge(tenants, on=["party", "category"], suffixes=("", "_new"))
    )
    new = new[~(new["start"] > new["surveyed_on"]) & ~(new["last_new"] < new["surveyed_on"])]
    taken_over = pairs.index.isin(new.loc[new["known"], "pair"])
    pairs["maybe"] = pairs["maybe"] | pairs["unread"] | pairs.index.isin(new["pair"])
    return pairs.loc[~taken_over, ["contract", "at", "maybe"]]


def payments(books: Books) -> pd.DataFrame:
    """What counterparties paid, as each paper says it: the ledger, the bank, the confirmations that were given.

    Reversed rows, and the rows that they take back, are left out.

    Shape: table, at (index of its frame), party, category and contract_no («» where the paper says none), date,
    first (first day it counts for), amount, unread. Units: fen.
    """
    ledger, bank, said, back = books["ledger"], books["bank"], books["confirmations"], reversals(books)
    income = ledger[(ledger["direction"] == "收入") | in_doubt(ledger, "direction")]
    income = income.drop(index=income.index.intersection([*back["reversal"], *back["original"]]))
    income = income[(income["amount"] > 0).fillna(True)]
    credited = bank[(bank["credit"] > 0).fillna(True)].drop(index=_sent_back(bank))
    ledger_doubt = in_doubt(income, "date", "amount", "direction", "category", "period")
    return pd.concat(
        [
            _paid("ledger", income, "date", "amount", ledger_doubt, income["category"], spans(income)["first"]),
            _paid("bank", credited, "date", "credit", in_doubt(credited, "date", "credit")),
            _paid("confirmations", said, "paid_on", "amount", in_doubt(said, "paid_on", "amount")),
        ],
        ignore_index=True,
    )


def _paid(
    table: str,
    rows: pd.DataFrame,
    day: str,
    amount: str,
    unread: pd.Series[bool],
    category: pd.Series[str] | str = "",
    first: pd.Series[pd.Timestamp] | None = None,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "table": pd.Series(table, rows.index, dtype="str"),
            "at": rows.index,
            "party": rows["counterparty"].map(normal_name).astype("str"),
            "category": pd.Series(category, rows.index, dtype="str"),
            "contract_no": rows["contract_no"] if "contract_no" in rows else pd.Series("", rows.index, dtype="str"),
            "date": rows[day],
            "first": rows[day] if first is None else first,
            "amount": rows[amount],
            "unread": unread,
        }
    )


def _sent_back(bank: pd.DataFrame) -> pd.Index[Any]:
    """Credits that an equal debit of account and party took back within a week, where one of the two says so."""
    rows = bank[["account", "date", "summary"]].assign(party=bank["counterparty"].map(normal_name))
    out = rows.assign(amount=bank["debit"], debit=bank.index)[(bank["debit"] > 0).fillna(False)]
    pairs = rows.assign(amount=bank["credit"], at=bank.index).merge(
        out, on=["account", "amount"], suffixes=("", "_out")
    )
    pairs["days"] = (pairs["date_out"] - pairs["date"]).dt.days
    pairs["blank"] = (pairs["party"] == "") | (pairs["party_out"] == "")
    says = (pairs["summary"] + pairs["summary_out"]).str.contains(REVERSED, regex=True)
    pairs = pairs[says & pairs["days"].between(0, 7) & (pairs["blank"] | (pairs["party"] == pairs["party_out"]))]
    pairs = pairs.sort_values(["blank", "days", "at"]).drop_duplicates("debit").drop_duplicates("at")
    return pd.Index(pairs["at"])


def receipts_after(books: Books, case: Case, ended: pd.DataFrame) -> pd.DataFrame:
    """What the counterparties of ended contracts paid after the end and no other contract of theirs explains.

    Another contract explains it that the paper names; where it names none, one in force on the day or ended at most
    60 days before. A ledger row counts where its category is the contract's, and not where it is for days before
    the end.

    Shape: contract, table, at, date, amount, late (more than 60 days after the end, in the period), maybe (a cell in
    doubt decides it).
    """
    contracts = books["contracts"]
    parties = contracts["counterparty"].map(normal_name)
    facts = pd.DataFrame({"contract": contracts.index, "party": parties, "own": contracts["contract_no"]})
    facts = facts.assign(of=contracts["category"], start=contracts["start"], last=terms.last_day(contracts))
    facts = facts[facts["party"] != ""]
    pairs = facts[facts["contract"].isin(ended.index)].merge(payments(books), on="party")
    pairs = pairs[(pairs["category"] == "") | (pairs["category"] == pairs["of"])]
    pairs = pairs[~(pairs["date"] <= pairs["last"]) & ~(pairs["first"] <= pairs["last"]) & ~(pairs["date"] > case.end)]
    pairs = pairs[(pairs["contract_no"] == "") | (pairs["contract_no"] == pairs["own"])].reset_index(drop=True)
    plain = pairs[pairs["contract_no"] == ""].reset_index(names="pair")[["pair", "party", "contract", "date"]]
    others = facts.assign(known=terms.known(contracts)).drop(columns=["own", "of"])
    others = plain.merge(others, on="party", suffixes=("", "_other"))
    others = others[others["contract"] != others["contract_other"]]
    reach = others["last"] + pd.Timedelta(days=LATE_DAYS)
    others = others[~(others["start"] > others["date"]) & ~(reach < others["date"])]
    explained = set(others.loc[others["known"] & others["date"].notna(), "pair"])
    pairs["maybe"] = pairs["unread"] | pairs.index.isin(set(others["pair"]) - explained)
    pairs["late"] = ~(pairs["date"] <= pairs["last"] + pd.Timedelta(days=LATE_DAYS)) & ~(pairs["date"] < case.start)
    return pairs[~pairs.index.isin(explained)][["contract", "table", "at", "date", "amount", "late", "maybe"]]
