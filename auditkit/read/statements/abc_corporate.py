"""农业银行企业明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "abc-corporate",
    "农业银行企业明细",
    "bank",
    header=("交易时间", "收入金额", "支出金额", "账户余额", "对方账号", "对方户名", "交易用途"),
    columns={
        "time": "交易时间",
        "credit": "收入金额",
        "debit": "支出金额",
        "balance": "账户余额",
        "counterparty": "对方户名",
        "counterparty_account": "对方账号",
        "summary": ("摘要", "交易用途", "附言"),
    },
    without=("交易日期", "本次余额"),
)
