"""中信银行企业明细（旧）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "citic-corporate-old",
    "中信银行企业明细（旧）",
    "bank",
    header=("交易日期", "交易时间", "对方账号", "对方账户名称", "借方发生额", "贷方发生额", "账户余额", "摘要"),
    columns={
        "date": "交易日期",
        "time": "交易时间",
        "credit": "贷方发生额",
        "debit": "借方发生额",
        "balance": "账户余额",
        "counterparty": "对方账户名称",
        "counterparty_account": "对方账号",
        "summary": "摘要",
    },
)
