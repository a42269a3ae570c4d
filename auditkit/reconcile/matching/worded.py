"""Pass 5 for rows that name nobody: whole days, or a week, of rows whose words name one party."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from auditkit.reconcile.matching.chance import expected_hits
from auditkit.reconcile.matching.packing import Sum, choose
from auditkit.reconcile.matching.pairs import Edges, same_account
from auditkit.reconcile.matching.periods import as_sum, runs_of_days, whole_periods
from auditkit.reconcile.matching.result import Settings
from auditkit.reconcile.matching.sides import Ints, Side
from auditkit.reconcile.matching.texts import ALIKE, Words
from auditkit.reconcile.matching.work import Work

_DAYS, _WEEK = ("整日", "whole days"), ("整周", "a whole week")
_SUNDAY: Final = 6


def reach(settings: Settings, window: int) -> int:
    """Days by which the first row of a sum may come before the row that it is."""
    return max(window + settings.batch_days - 1, settings.settle_days + _SUNDAY)


def whole_days_by_words(work: Work, words: Words) -> None:
    """All that the words of some days or of a week name, if it is one row to the fen, and chance would not make it."""
    sums = {(s.one, s.other): s for near, far, first in work.sides() for s in _sums(work, near, far, words, first)}
    taken, doubtful = choose(work.one, work.other, [sums[key] for key in sorted(sums)])
    work.take_sums("5", taken)
    work.doubtful += [("5", part) for part in doubtful]


def _sums(work: Work, near: Side, far: Side, words: Words, many_is_one: bool) -> Iterator[Sum]:
    rows, anchors = _pools(near, far, words, many_is_one=many_is_one)
    settings = work.settings
    for (zh, en), stretches, late in (
        (_DAYS, runs_of_days(near, rows, anchors, settings.batch_days), range(-work.window, work.window + 1)),
        (_WEEK, whole_periods(near, rows, anchors, "W"), range(settings.settle_days + 1)),
    ):
        anchor = anchors[stretches.start]
        days = far.day[anchor] - stretches.last
        equal = (stretches.total == far.amount[anchor]) & (days >= late.start) & (days < late.stop)
        for i in np.flatnonzero(equal & (stretches.size() > 1)).tolist():
            pool = slice(*np.searchsorted(anchors, [anchor[i], anchor[i] + 1]).tolist())
            size = int(stretches.size()[i])
            hits = expected_hits(np.abs(near.amount[rows[pool]]), size)[size]
            if hits < settings.chance:
                said = f"偶然相符的期望 {hits:.2g} 次", f"{hits:.2g} hits to be expected by chance"
                notes = f"摘要所指同一方{zh}合计，{said[0]}", f"{en} whose words name one party, {said[1]}"
                yield as_sum(near, stretches, i, far, int(anchor[i]), many_is_one=many_is_one, notes=notes)


def _pools(near: Side, far: Side, words: Words, *, many_is_one: bool) -> tuple[Ints, Ints]:
    """For each row of one side the open rows of the other that its words are likest to, in the order of their days."""
    rows, anchors = (words.at, words.to) if many_is_one else (words.to, words.at)
    may = near.open[rows] & far.open[anchors] & same_account(near, far, Edges(rows, anchors, rows))
    rows, anchors, score = rows[may], anchors[may], words.score[may]
    best = np.zeros(len(far), dtype=np.int64)
    np.maximum.at(best, anchors, score)
    likest = score >= ALIKE * best[anchors]
    order = np.lexsort((rows[likest], anchors[likest]))
    return rows[likest][order], anchors[likest][order]
