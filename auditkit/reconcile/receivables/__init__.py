"""Which receipt pays which instalment, and by how much."""

from auditkit.reconcile.receivables.apply import apply_receipts
from auditkit.reconcile.receivables.result import Applications

__all__ = ["Applications", "apply_receipts"]
