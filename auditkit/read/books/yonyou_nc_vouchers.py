"""用友 NC 凭证明细: months and days without a year; numbers begin again each month."""

from auditkit.read.books.entries import ENTRIES
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "yonyou-nc-vouchers",
    "用友 NC 凭证明细",
    ENTRIES,
    header=("月", "日", "核算账簿名称", "凭证号", "分录号", "摘要", "科目编码", "科目名称", "借方-本币", "贷方-本币"),
    columns={
        "book": "核算账簿名称", "year": "年", "month": "月", "day": "日", "voucher": "凭证号", "line": "分录号",
        "summary": "摘要",
        "code": "科目编码", "name": "科目名称", "aux": "辅助项", "currency": "币种", "debit": "借方-本币",
        "credit": "贷方-本币",
    },
)  # fmt: skip
