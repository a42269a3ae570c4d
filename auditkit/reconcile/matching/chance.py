"""Whether a sum proves something, or whether chance makes it too."""

from __future__ import annotations

from math import comb

import numpy as np

from auditkit.reconcile.matching.sides import Ints


def expected_hits(amounts: Ints, rows: int, targets: int = 1) -> float:
    """Sums of so many of these amounts that chance alone would put on the sum that is sought.

    C(n, k) subsets over the spread of their sums in fen; the spread reaches down to a single row, since the sum of all
    rows has none of its own. `targets` is how many sums would do (a fee's rate leaves a little room).
    """
    ordered = np.sort(amounts)
    spread = int(ordered[len(ordered) - rows :].sum()) - min(int(ordered[:rows].sum()), int(ordered[0]))
    return comb(len(amounts), rows) * targets / (spread + 1)
