"""邮政储蓄银行企业明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "psbc-corporate",
    "邮政储蓄银行企业明细",
    "bank",
    header=("序号", "交易日期", "支出金额", "收入金额", "余额", "对方账号", "对方户名"),
    columns={
        "date": "交易日期",
        "time": "交易时间",
        "credit": "收入金额",
        "debit": "支出金额",
        "balance": "余额",
        "counterparty": "对方户名",
        "counterparty_account": "对方账号",
        "summary": ("摘要", "用途", "附言"),
        "serial": ("流水号", "交易流水号"),
    },
    marks=("邮政储蓄|邮储|PSBC",),
)
