"""科拓平台账户流水."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "ketuo-account",
    "科拓平台账户流水",
    "bank",
    header=("入账日期", "交易日期", "结算金额", "手续费", "入账金额", "出账金额", "账户余额", "结算类型"),
    columns={
        "date": "入账日期",
        "credit": "入账金额",
        "debit": "出账金额",
        "balance": "账户余额",
        "summary": ("结算说明", "结算类型"),
    },
)
