"""工银亚洲明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "icbc-asia",
    "工银亚洲明细",
    "bank",
    header=("日期", "扣賬|扣账", "入賬|入账", "結餘|结余|余额|餘額"),
    columns={
        "date": "日期",
        "credit": ("入賬", "入账"),
        "debit": ("扣賬", "扣账"),
        "balance": ("結餘", "结余", "余额", "餘額"),
        "summary": ("摘要", "交易说明", "交易說明"),
        "currency": ("貨幣", "货币", "币种"),
    },
)
