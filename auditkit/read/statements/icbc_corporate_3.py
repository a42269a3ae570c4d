"""工商银行企业网银历史明细（借贷标志一列）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "icbc-corporate-3",
    "工商银行企业网银历史明细（借贷标志一列）",
    "bank",
    header=("对方账号", "交易时间", "借贷标志", "对方单位", "对方行号", "发生额", "余额"),
    columns={
        "time": "交易时间",
        "mark": "借贷标志",
        "moved": "发生额",
        "balance": "余额",
        "counterparty": "对方单位",
        "counterparty_account": "对方账号",
        "summary": ("摘要", "用途", "附言"),
        "currency": "币种",
    },
)
