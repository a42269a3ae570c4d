"""auditkit: is money of the owners missing in this compound?"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.reconcile.matching import match as match

__version__ = "0.1.0"

_PUBLIC = {"match": "auditkit.reconcile.matching"}


def __getattr__(name: str) -> Any:
    """Public functions are loaded when they are asked for: `import auditkit` stays light."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)
