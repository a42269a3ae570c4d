"""建设银行（国家开发银行同）企业明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "ccb-corporate",
    "建设银行（国家开发银行同）企业明细",
    "bank",
    header=(
        "账号",
        "账户名称",
        "交易时间",
        "借方发生额(支取)|借方发生额/元(支取)",
        "贷方发生额(收入)|贷方发生额/元(收入)",
        "余额",
        "对方户名",
        "对方账号",
    ),
    columns={
        "account": "账号",
        "time": "交易时间",
        "credit": ("贷方发生额(收入)", "贷方发生额/元(收入)"),
        "debit": ("借方发生额(支取)", "借方发生额/元(支取)"),
        "balance": "余额",
        "counterparty": "对方户名",
        "counterparty_account": "对方账号",
        "summary": ("摘要", "备注"),
        "serial": "账户明细编号-交易流水号",
        "currency": "币种",
    },
)
