"""招商银行企业明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "cmb-corporate",
    "招商银行企业明细",
    "bank",
    header=("账号", "账号名称", "交易日", "交易时间", "起息日", "借方金额", "贷方金额", "余额", "收(付)方名称"),
    columns={
        "account": "账号",
        "date": "交易日",
        "time": "交易时间",
        "credit": "贷方金额",
        "debit": "借方金额",
        "balance": "余额",
        "currency": "币种",
        "counterparty": "收(付)方名称",
        "counterparty_account": ("收(付)方账号", "收(付)方帐号"),
        "summary": "摘要",
        "serial": "流水号",
    },
)
