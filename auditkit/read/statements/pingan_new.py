"""平安银行企业明细（新）."""

from auditkit.read.importers import Importer
from auditkit.read.parties import choose_party

IMPORTER = Importer(
    "pingan-corporate-new",
    "平安银行企业明细（新）",
    "bank",
    header=("交易日期", "传票号", "借方", "贷方", "余额", "付款人账户", "付款人名称", "收款人账户", "收款人名称"),
    columns={
        "date": "交易日期",
        "credit": "贷方",
        "debit": "借方",
        "balance": "余额",
        "payer": "付款人名称",
        "payer_account": "付款人账户",
        "payee": "收款人名称",
        "payee_account": "收款人账户",
        "summary": ("摘要", "用途"),
    },
    rework=choose_party,
)
