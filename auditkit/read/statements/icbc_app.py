"""工商银行交易明细（收支与状态）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "icbc-app",
    "工商银行交易明细（收支与状态）",
    "bank",
    header=("交易时间", "交易对方", "收/支", "交易金额", "交易状态", "交易流水号", "交易渠道"),
    columns={
        "time": "交易时间",
        "mark": "收/支",
        "moved": "交易金额",
        "status": "交易状态",
        "counterparty": "交易对方",
        "summary": ("摘要", "备注"),
        "serial": "交易流水号",
    },
)
