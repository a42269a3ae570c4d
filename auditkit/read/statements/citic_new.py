"""中信银行企业明细（新）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "citic-corporate-new",
    "中信银行企业明细（新）",
    "bank",
    header=("账号", "账号名称", "币种", "交易日", "借方金额", "贷方金额", "余额"),
    columns={
        "account": "账号",
        "date": "交易日",
        "time": "交易时间",
        "credit": "贷方金额",
        "debit": "借方金额",
        "balance": "余额",
        "currency": "币种",
        "counterparty": ("对方账号名称", "对方账户名称", "对方户名"),
        "counterparty_account": "对方账号",
        "summary": ("摘要", "附言"),
        "serial": ("流水号", "交易流水号"),
    },
    without=("收(付)方名称",),
    marks=("中信|CITIC",),
)
