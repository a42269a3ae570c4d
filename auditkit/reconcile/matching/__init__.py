"""Which bank row answers which ledger row."""

from auditkit.reconcile.matching.engine import match
from auditkit.reconcile.matching.result import AMBIGUOUS, LEFT, MATCHED, NETTED, Matches, Settings

__all__ = ["AMBIGUOUS", "LEFT", "MATCHED", "NETTED", "Matches", "Settings", "match"]
