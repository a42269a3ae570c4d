"""The passes, in order, on one screen."""

from __future__ import annotations

import pandas as pd

from auditkit.reconcile.matching.answer import answer
from auditkit.reconcile.matching.channels import pass_2b
from auditkit.reconcile.matching.fees import pass_4
from auditkit.reconcile.matching.nearest import nearest_misses
from auditkit.reconcile.matching.netting import net
from auditkit.reconcile.matching.result import Matches, Settings
from auditkit.reconcile.matching.sides import prepare
from auditkit.reconcile.matching.singles import pass_1, pass_2, pass_3, pass_8
from auditkit.reconcile.matching.subsets import passes_5_6_searched
from auditkit.reconcile.matching.totals import pass_7, passes_5_6_whole
from auditkit.reconcile.matching.work import Work


def match(
    ledger: pd.DataFrame, statement: pd.DataFrame, *, window_days: int = 5, settings: Settings | None = None
) -> Matches:
    """Which statement row answers which ledger row, by which pass and on what evidence.

    Shape: each side has id, date, amount (signed, in = positive) and whatever it has of counterparty, text, reference,
    account, category, method, contract_no, counterparty_account, and reversal (true = the row takes another back).
    Units: fen.
    Raises: ValueError where a column is missing or an id is blank or stands twice.
    """
    settings = settings or Settings()
    one, other = prepare(ledger, statement)
    work = Work(one, other, settings, window_days)
    netted = net(one, other, settings, window_days)
    pass_1(work)
    pass_2(work)
    pass_2b(work)
    pass_3(work)
    pass_4(work)
    passes_5_6_whole(work)
    passes_5_6_searched(work)
    pass_7(work)
    pass_8(work)
    return answer(work, netted, nearest_misses(work))
