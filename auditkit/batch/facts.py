"""What one compound contributes to the county: its findings and tests, and the facts that compounds are compared by."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from auditkit.model import Books, Case
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.peers import facts
from auditkit.report.findings_json import reasons
from auditkit.report.matters import matters
from auditkit.report.outcome import Outcome
from auditkit.report.phrases import articles, places

TABLES: Final = (
    "findings", "matters", "tests", "income", "peer_income", "peer_drivers", "peer_contracts", "contracts", "compound",
    "resources", "accounts", "parties",
)  # fmt: skip
"""The tables of a batch, each partitioned by county_code and compound_id below `tables/`."""

_KEPT: Final = ("compound", "contracts", "resources", "accounts")
"""Tables that the county's own rules read again, whole."""


def write_facts(outcome: Outcome, case_name: str, folder: Path) -> None:
    """One Parquet file a table; money is whole fen."""
    folder.mkdir(parents=True)
    books, case = outcome.books, outcome.case
    frames = {
        "findings": _findings(outcome, case_name),
        "matters": _matters(outcome),
        "tests": _tests(outcome),
        "income": condensed_ledger(books, case),
        "parties": _parties(books),
        **{name: books[name] for name in _KEPT},
        **{f"peer_{name}": frame for name, frame in facts(books, case).items()},
    }
    for name in TABLES:
        frames[name].to_parquet(folder / f"{name}.parquet", index=False)


def _findings(outcome: Outcome, case_name: str) -> pd.DataFrame:
    names = (
        "id", "rule", "subject_type", "subject_id", "severity", "kind", "problem", "amount_low", "amount_high",
        "message", "message_en", "basis", "where",
    )  # fmt: skip
    rows = [
        (
            outcome.finding_id(f), f.rule, f.subject.type, f.subject.id, f.severity, f.kind, f.problem, f.amount_low,
            f.amount_high, f.message, f.message_en, "、".join(articles(f.basis).split("\n")),
            places(f.evidence).replace("\n", "；"),
        )
        for f in outcome.findings
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(names)).astype({"amount_low": "Int64", "amount_high": "Int64"})
    texts = [n for n in names if not n.startswith("amount")]
    return frame.astype(dict.fromkeys(texts, "str")).assign(case=case_name)


def _matters(outcome: Outcome) -> pd.DataFrame:
    rows = [
        (m.id, m.severity, m.amount_kind, m.amount.low if m.amount else None, m.amount.high if m.amount else None,
         len(m.findings), "；".join(f.message for f in m.findings[:3]))
        for m in matters(outcome)
    ]  # fmt: skip
    columns = ["matter", "severity", "amount_kind", "amount_low", "amount_high", "findings", "message"]
    types = {"amount_low": "Int64", "amount_high": "Int64", "findings": "int64"}
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(types | dict.fromkeys(("matter", "severity", "amount_kind", "message"), "str"))


def _tests(outcome: Outcome) -> pd.DataFrame:
    rows = [
        (v.rule.code, v.state, v.population, v.passed, v.found_items, v.untested_items, reasons(v))
        for v in outcome.verdicts
    ]
    return pd.DataFrame(rows, columns=["rule", "state", "population", "passed", "found", "untested", "reason"])


def condensed_ledger(books: Books, case: Case) -> pd.DataFrame:
    """The ledger's sums by direction, category and month of the period; rows in doubt stand apart.

    Shape: direction, category, month (YYYY-MM), doubt, amount (fen), rows.
    """
    ledger = books["ledger"]
    rows = ledger[case.in_period(ledger["date"]) | ledger["date"].isna()]
    month = rows["period"].where(rows["period"].str.len() == 7, rows["date"].dt.strftime("%Y-%m")).fillna("")
    keyed = rows.assign(month=month)
    grouped = keyed.groupby(["direction", "category", "month", "doubt"], sort=True)["amount"]
    return grouped.agg(amount="sum", rows="size").reset_index()


def _parties(books: Books) -> pd.DataFrame:
    """Everyone the compound dealt with: name as compared, number, account, and in which papers."""
    found: list[pd.DataFrame] = []
    for table, name, uscc, account in (
        ("contracts", "counterparty", "counterparty_uscc", "payee_account"),
        ("bank", "counterparty", None, "counterparty_account"),
        ("confirmations", "counterparty", None, "payee_account"),
        ("related", "name", "uscc", None),
    ):
        rows = books[table]
        blank = pd.Series("", index=rows.index, dtype="str")
        frame = pd.DataFrame(
            {
                "party": rows[name].map(normal_name),
                "name": rows[name],
                "uscc": rows[uscc] if uscc else blank,
                "account": rows[account] if account else blank,
                "paper": table,
            }
        )
        found.append(frame[frame["party"] != ""].drop_duplicates())
    return pd.concat(found, ignore_index=True).astype("str")
