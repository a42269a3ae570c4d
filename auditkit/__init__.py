"""auditkit: is money of the owners missing in this compound?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.audit import open_case
    from auditkit.reconcile.matching import Matches, Settings, match
    from auditkit.reconcile.receivables import Applications, apply_receipts

__version__ = "0.1.0"
__all__ = ["Applications", "Matches", "Settings", "__version__", "apply_receipts", "match", "open_case"]

_LATER = {
    "Applications": "auditkit.reconcile.receivables",
    "Matches": "auditkit.reconcile.matching",
    "Settings": "auditkit.reconcile.matching",
    "apply_receipts": "auditkit.reconcile.receivables",
    "match": "auditkit.reconcile.matching",
    "open_case": "auditkit.audit",
}


def __getattr__(name: str) -> Any:
    """The functions of the package, loaded when they are first asked for."""
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
