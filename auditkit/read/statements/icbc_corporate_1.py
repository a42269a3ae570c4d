"""工商银行企业网银历史明细（借贷两列）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "icbc-corporate-1",
    "工商银行企业网银历史明细（借贷两列）",
    "bank",
    header=("本方账号", "对方账号", "交易时间", "借/贷", "借方发生额", "贷方发生额", "对方单位名称", "余额"),
    columns={
        "account": "本方账号",
        "time": "交易时间",
        "credit": "贷方发生额",
        "debit": "借方发生额",
        "balance": "余额",
        "counterparty": "对方单位名称",
        "counterparty_account": "对方账号",
        "summary": ("摘要", "用途", "个性化信息"),
    },
)
