"""GB/T 24589.1 记账凭证: the voucher lines of the data interface of accounting software, as XML or csv."""

from auditkit.read.books.entries import ENTRIES
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "gbt24589-vouchers",
    "GB/T 24589.1 记账凭证",
    ENTRIES,
    header=("记账凭证日期", "会计年度", "会计期间号", "记账凭证编号", "科目编号", "借方本币金额", "贷方本币金额"),
    columns={
        "date": "记账凭证日期", "year": "会计年度", "period": "会计期间号", "word": "记账凭证类型编号",
        "number": "记账凭证编号", "line": "记账凭证行号", "summary": "记账凭证摘要", "code": "科目编号",
        "currency": "币种编码", "debit": "借方本币金额", "credit": "贷方本币金额", "void": "作废标志",
    },
)  # fmt: skip
