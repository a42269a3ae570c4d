"""What matching is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

MATCHED, NETTED, AMBIGUOUS, LEFT = "matched", "netted", "ambiguous", "left"


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of the matching; bounds are inclusive.

    Units: rates are parts of one (0.01 = 1 %); limits are counts of rows, groups or candidates.
    """

    max_fee_rate: float = 0.01
    """A channel's fee, at the most."""
    rate_step: float = 0.0001
    """How far a rate may lie from one that the case has already seen for the channel."""
    subset_rows: int = 12
    """Rows in one searched sum, at the most."""
    subset_candidates: int = 40
    """Rows that one sum is searched among, at the most; where there are more, it is not searched and that is said."""
    chance: float = 0.01
    """A searched sum is taken only if fewer hits than this were to be expected by chance."""
    settle_days: int = 5
    """Days by which a whole week's or month's sum may come after its end."""
    batch_days: int = 7
    """Successive days that one settlement may hold."""
    booking_days: int = 35
    """Successive days of a channel that one row may be: a month, and what a weekend or a holiday puts off."""
    reversal_days: int = 7
    """Days by which a statement's 冲正, 退回, 撤销 follows its original, at the most."""
    red_letter_days: int = 180
    """The same for books: rows with a category, or with a column `reversal` that says which row takes one back."""
    transfer_days: int = 3
    listed_accounts: tuple[str, ...] = ()
    """The case's own accounts, between which a transfer is neither income nor cost."""
    reversal_words: tuple[str, ...] = (
        "冲正", "退回", "撤销", "退汇", "退票", "冲销", "红冲", "红字", "作废",
        "VOID", "VOIDED", "REVERSAL", "REVERSED", "CANCELLED", "CANCELED",
    )  # fmt: skip
    exact_rows: int = 600
    """Rows of a cluster up to which the texts of its rows are compared one by one."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Which row answers which.

    Shape: groups (group, pass, fee, sentence, sentence_en, remark); rows (side, id, group, state, alternatives,
    reason), every row of both sides once; nearest (side, id, other_id, difference, why, why_en) for what is left
    over; bounds (pass, side, id, note, note_en) for what was not searched. Money in fen.
    """

    groups: pd.DataFrame
    rows: pd.DataFrame
    nearest: pd.DataFrame
    bounds: pd.DataFrame
