"""用友 U8 日记账: one bank account, with the other account of each entry and a running balance."""

from auditkit.read.books.entries import DAYBOOK
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "yonyou-u8-daybook",
    "用友 U8 银行（现金）日记账",
    DAYBOOK,
    header=("年", "月", "日", "凭证号数", "摘要", "对方科目", "借方金额|借方", "贷方金额|贷方", "方向",
            "余额金额|余额"),
    columns={
        "year": "年", "month": "月", "day": "日", "voucher": "凭证号数", "summary": "摘要", "contra": "对方科目",
        "debit": ("借方金额", "借方"), "credit": ("贷方金额", "贷方"), "side": "方向", "balance": ("余额金额", "余额"),
    },
)  # fmt: skip
