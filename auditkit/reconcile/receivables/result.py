"""What the application of receipts answers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Applications:
    """Which receipt pays which receivable, by how much, and what is left on both sides.

    Shape: applied (receipt, receivable, amount, how, days, sentence, sentence_en): how is full, part, short (a stated
    deduction or a plain rate off: the rest is not to come), over (more came than was due), credit (a credit set off);
    days from the due day to the receipt, negative = early. receivables (id, amount, applied, left, state, paid_on,
    days): state is paid, short, part or unpaid; the last day on which something came and how late that was. receipts
    (id, amount, applied, left, state, reason, reason_en): state is applied, over, twice, ambiguous or left. Every row
    of both sides stands once, and applied + left = amount.
    Units: fen; days.
    """

    applied: pd.DataFrame
    receivables: pd.DataFrame
    receipts: pd.DataFrame
