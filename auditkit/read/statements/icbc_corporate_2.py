"""工商银行企业网银历史明细（转入转出两列）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "icbc-corporate-2",
    "工商银行企业网银历史明细（转入转出两列）",
    "bank",
    header=("凭证号", "交易时间", "对方单位", "对方账号", "转入金额", "转出金额", "余额"),
    columns={
        "time": "交易时间",
        "credit": "转入金额",
        "debit": "转出金额",
        "balance": "余额",
        "counterparty": "对方单位",
        "counterparty_account": "对方账号",
        "summary": ("摘要", "用途", "附言"),
    },
)
