"""建设银行个人明细（网页版）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "ccb-personal",
    "建设银行个人明细（网页版）",
    "bank",
    header=("记账日", "交易日期", "交易时间", "支出", "收入", "账户余额", "对方户名", "交易地点"),
    columns={
        "date": "交易日期",
        "time": "交易时间",
        "credit": "收入",
        "debit": "支出",
        "balance": "账户余额",
        "currency": "币种",
        "counterparty": "对方户名",
        "counterparty_account": "对方账号",
        "summary": ("摘要", "交易地点"),
    },
    account=r"账\s*号\s*:?\s*([\w*]{6,})",
)
