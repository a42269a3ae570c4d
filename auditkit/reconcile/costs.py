"""The cost rows that a rule looks at, and those that cannot be read well enough to be looked at."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Case, Untested, in_doubt, row_subject
from auditkit.reconcile.doubt import untested_row
from auditkit.schema import categories


def cost_rows(ledger: pd.DataFrame, case: Case, *also: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cost rows dated in the period: those that can be read, and those that may be such and cannot.

    A row is read when its date, direction, category, amount and the columns `also` are.
    """
    aimless = in_doubt(ledger, "direction") & ~ledger["category"].isin(categories("income"))
    wanted = (ledger["direction"] == "支出") | aimless
    timely = case.in_period(ledger["date"]) | in_doubt(ledger, "date")
    unread = in_doubt(ledger, "date", "direction", "category", "amount", *also)
    return ledger[wanted & timely & ~unread], ledger[wanted & timely & unread]


def unread(rows: pd.DataFrame) -> list[Untested]:
    """Rows in doubt as untested items, each by its voucher."""
    subjects = row_subject(rows, "voucher_no")
    return [
        untested_row("ledger", row, subject, f"凭证 {subject.id}")
        for (_, row), subject in zip(rows.iterrows(), subjects, strict=True)
    ]
