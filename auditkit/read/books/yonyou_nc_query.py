"""用友 NC 综合查询表: entries with the other account, and auxiliary items in pairs of columns."""

from auditkit.read.books.entries import ENTRIES
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "yonyou-nc-query",
    "用友 NC 综合查询表",
    ENTRIES,
    header=("日期", "凭证号码", "科目代码", "科目名称", "对方科目", "摘要", "借方金额", "贷方金额"),
    columns={
        "date": "日期", "voucher": "凭证号码", "summary": "摘要", "code": "科目代码", "name": "科目名称",
        "contra": "对方科目", "debit": "借方金额", "credit": "贷方金额",
        "party": ("客商－名称", "客商名称", "客商－代码/名称"),
    },
)  # fmt: skip
