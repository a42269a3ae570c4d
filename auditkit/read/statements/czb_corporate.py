"""浙商银行企业明细."""

from auditkit.read.importers import BALANCE, USUAL, Importer

IMPORTER = Importer(
    "czb-corporate",
    "浙商银行企业明细",
    "bank",
    header=("交易日期|交易时间|记账日期", "借贷标志", "交易金额|发生额|金额", "|".join(BALANCE)),
    columns={**USUAL, "mark": "借贷标志", "moved": ("交易金额", "发生额", "金额")},
    marks=("浙商银行|CZB",),
    words={"mark": {"1": "贷", "2": "借"}},
)
