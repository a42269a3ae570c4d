"""工商银行信用卡明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "icbc-credit-card",
    "工商银行信用卡明细",
    "bank",
    header=("交易日期", "记账日期", "交易场所", "记账金额(收入)", "记账金额(支出)", "记账币种"),
    columns={
        "date": "交易日期",
        "credit": "记账金额(收入)",
        "debit": "记账金额(支出)",
        "currency": "记账币种",
        "counterparty": ("对方户名", "交易场所"),
        "summary": "摘要",
    },
    account=r"卡号\s*:?\s*([\d*]{6,})",
)
