"""农业银行个人明细（带正负号的一列金额）."""

from auditkit.read.importers import Importer
from auditkit.read.parties import split_party

IMPORTER = Importer(
    "abc-personal-signed",
    "农业银行个人明细（带正负号的一列金额）",
    "bank",
    header=("交易日期", "交易时间", "交易摘要", "交易金额", "本次余额", "对手信息", "日志号"),
    columns={
        "date": "交易日期",
        "time": "交易时间",
        "moved": "交易金额",
        "balance": "本次余额",
        "counterparty": "对手信息",
        "summary": ("交易摘要", "交易附言"),
        "serial": "日志号",
    },
    rework=split_party,
)
