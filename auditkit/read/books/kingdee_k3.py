"""金蝶 K/3 会计分录序时簿: a voucher's head stands on its first line only."""

from auditkit.read.books.entries import ENTRIES
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "kingdee-k3",
    "金蝶 K/3 会计分录序时簿",
    ENTRIES,
    header=("日期", "会计期间|期间", "凭证字号", "摘要", "科目代码", "科目名称", "借方|借方金额", "贷方|贷方金额"),
    without=("对方科目",),
    columns={
        "date": "日期", "period": ("会计期间", "期间"), "voucher": "凭证字号",
        "summary": "摘要", "code": "科目代码",
        "name": "科目名称", "debit": ("借方", "借方金额"), "credit": ("贷方", "贷方金额"),
        "party": "往来业务", "line": "序号", "currency": "币别",
    },
)  # fmt: skip
