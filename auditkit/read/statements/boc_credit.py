"""中国银行信用卡账单."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "boc-credit-card",
    "中国银行信用卡账单",
    "bank",
    header=("交易日", "银行记账日", "卡号后四位", "交易描述", "存入", "支出", "币种"),
    columns={
        "account": "卡号后四位",
        "date": "交易日",
        "credit": "存入",
        "debit": "支出",
        "currency": "币种",
        "summary": "交易描述",
    },
)
