"""GB/T 24589.1 科目余额及发生额."""

from auditkit.read.books.entries import BALANCES
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "gbt24589-balances",
    "GB/T 24589.1 科目余额及发生额",
    BALANCES,
    header=("科目编号", "期初余额方向", "期末余额方向", "会计年度", "会计期间号"),
    columns={
        "code": "科目编号", "month": "会计期间号", "aux": "辅助项1编号", "opening_side": "期初余额方向",
        "closing_side": "期末余额方向", "opening": ("期初本币余额", "期初本币"),
        "debit": ("借方本币发生额", "借方本币金额", "借方本币"),
        "credit": ("贷方本币发生额", "贷方本币金额", "贷方本币"),
        "closing": ("期末本币余额", "期末本币"),
    },
)  # fmt: skip
