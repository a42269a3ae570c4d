"""江苏银行企业明细."""

from auditkit.read.importers import BALANCE, USUAL, Importer

IMPORTER = Importer(
    "jsb-corporate",
    "江苏银行企业明细",
    "bank",
    header=("交易日期|交易时间|记账日期", "借贷标记", "交易金额|发生额|金额", "|".join(BALANCE)),
    columns={**USUAL, "mark": "借贷标记", "moved": ("交易金额", "发生额", "金额")},
)
