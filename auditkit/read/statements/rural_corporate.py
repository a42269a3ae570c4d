"""农商行、农信社企业明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "rural-corporate",
    "农商行、农信社企业明细",
    "bank",
    header=("交易日期", "对方户名", "收入金额", "支出金额", "余额", "账号", "核心流水号"),
    columns={
        "account": "账号",
        "date": "交易日期",
        "time": "交易时间",
        "credit": "收入金额",
        "debit": "支出金额",
        "balance": "余额",
        "currency": "币种",
        "counterparty": "对方户名",
        "counterparty_account": "对方账号",
        "summary": ("附言", "用途", "摘要"),
        "serial": "核心流水号",
    },
)
