"""Whether a sum proves something, or whether chance makes it too."""

from __future__ import annotations

from itertools import accumulate
from math import comb

from auditkit.reconcile.matching.sides import Ints


def expected_hits(amounts: Ints, most: int, targets: int = 1) -> dict[int, float]:
    """For each number of rows from two, the sums of so many of these amounts that chance would put on the one sought.

    C(n, k) subsets over the spread of their sums in fen; the spread reaches down to a single row, since the sum of all
    rows has none of its own. `targets` is how many sums would do (a fee's rate leaves a little room).
    """
    least = sorted(amounts.tolist())
    low, high = list(accumulate(least)), list(accumulate(reversed(least)))
    return {
        k: comb(len(least), k) * targets / (high[k - 1] - min(low[k - 1], least[0]) + 1) for k in range(2, most + 1)
    }
