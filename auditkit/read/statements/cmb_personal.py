"""招商银行个人明细."""

from auditkit.read.importers import Importer
from auditkit.read.parties import split_party

IMPORTER = Importer(
    "cmb-personal",
    "招商银行个人明细",
    "bank",
    header=("记账日期", "货币", "交易金额", "联机余额", "交易摘要", "对手信息"),
    columns={
        "date": "记账日期",
        "moved": "交易金额",
        "balance": "联机余额",
        "currency": "货币",
        "counterparty": "对手信息",
        "summary": ("交易摘要", "客户摘要"),
    },
    rework=split_party,
)
