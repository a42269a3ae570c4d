"""Do the books hold together? The input contract of each table, in pandas or in Great Expectations."""

from auditkit.check.tables import check_books, check_county

__all__ = ["check_books", "check_county"]
