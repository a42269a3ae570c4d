"""What the law says, where and when."""

from auditkit.law.citations import Citation, basis_on, citation, citations, in_force
from auditkit.law.packs import NATION, pack, places

__all__ = ["NATION", "Citation", "basis_on", "citation", "citations", "in_force", "pack", "places"]
