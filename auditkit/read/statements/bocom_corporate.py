"""交通银行企业明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "bocom-corporate",
    "交通银行企业明细",
    "bank",
    header=("交易时间", "凭证种类", "凭证号码", "借方发生额", "贷方发生额", "余额", "对方账号", "对方户名"),
    columns={
        "time": "交易时间",
        "credit": "贷方发生额",
        "debit": "借方发生额",
        "balance": "余额",
        "counterparty": "对方户名",
        "counterparty_account": "对方账号",
        "summary": "摘要",
    },
)
