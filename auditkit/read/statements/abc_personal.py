"""农业银行个人账户明细查询."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "abc-personal",
    "农业银行个人账户明细查询",
    "bank",
    header=("交易日期", "交易时间", "收入金额", "支出金额", "对方户名", "交易用途", "交易摘要", "本次余额"),
    columns={
        "date": "交易日期",
        "time": "交易时间",
        "credit": "收入金额",
        "debit": "支出金额",
        "balance": "本次余额",
        "counterparty": "对方户名",
        "summary": ("交易摘要", "交易用途"),
    },
)
