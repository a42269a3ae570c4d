"""华夏银行企业明细."""

from auditkit.read.importers import BALANCE, MONEY_IN, MONEY_OUT, USUAL, Importer

IMPORTER = Importer(
    "hxb-corporate",
    "华夏银行企业明细",
    "bank",
    header=(
        "交易日期|记账日期",
        "|".join(MONEY_OUT),
        "|".join(MONEY_IN),
        "|".join(BALANCE),
    ),
    columns={**USUAL, "credit": MONEY_IN, "debit": MONEY_OUT},
    marks=("华夏银行|HXB",),
)
