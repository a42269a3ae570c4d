"""民生银行企业明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "cmbc-corporate",
    "民生银行企业明细",
    "bank",
    header=("交易时间", "交易流水号", "借方发生额", "贷方发生额", "账户余额", "客户附言", "对方账号", "对方账号名称"),
    columns={
        "time": "交易时间",
        "credit": "贷方发生额",
        "debit": "借方发生额",
        "balance": "账户余额",
        "counterparty": "对方账号名称",
        "counterparty_account": "对方账号",
        "summary": "客户附言",
        "serial": "交易流水号",
    },
)
