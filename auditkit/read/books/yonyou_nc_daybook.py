"""用友 NC 银行日记账: the year stands in the first cell, the other account nowhere."""

from auditkit.read.books.entries import DAYBOOK
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "yonyou-nc-daybook",
    "用友 NC 银行日记账",
    DAYBOOK,
    header=("月", "日", "银行账户名称", "摘要", "借方", "贷方", "余额"),
    columns={
        "month": "月", "day": "日", "account_name": "银行账户名称", "summary": "摘要",
        "debit": "借方", "credit": "贷方",
        "balance": "余额", "voucher": ("凭证号", "凭证号数"), "contra": "对方科目",
    },
)  # fmt: skip
