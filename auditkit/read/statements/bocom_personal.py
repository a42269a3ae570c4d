"""交通银行个人明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "bocom-personal",
    "交通银行个人明细",
    "bank",
    header=("序号", "交易日期", "交易时间", "交易类型", "借贷", "交易金额", "余额", "交易地点"),
    columns={
        "date": "交易日期",
        "time": "交易时间",
        "mark": "借贷",
        "moved": "交易金额",
        "balance": "余额",
        "counterparty": "对方户名",
        "counterparty_account": "对方账号",
        "summary": ("摘要", "交易类型"),
    },
)
