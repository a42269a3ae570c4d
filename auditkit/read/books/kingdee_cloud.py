"""金蝶云 and generic import layouts: the account in one column with its name, or in two."""

from auditkit.read.books.entries import ENTRIES
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "kingdee-cloud",
    "金蝶云（及通用导入格式）凭证",
    ENTRIES,
    header=("日期|凭证日期", "凭证字号|凭证号", "摘要", "科目|科目编码", "借方金额", "贷方金额"),
    without=("核算账簿名称", "科目代码", "对方科目", "余额"),
    columns={
        "date": ("凭证日期", "日期"), "period": ("月份", "会计期间", "期间"), "voucher": "凭证字号",
        "word": "凭证字",
        "number": "凭证号", "line": ("行号", "分录号"), "summary": "摘要", "account": "科目", "code": "科目编码",
        "name": ("科目全名", "科目名称"), "debit": "借方金额", "credit": "贷方金额",
        "party": ("往来单位", "客户", "供应商"), "aux": ("辅助核算", "核算维度"),
    },
)  # fmt: skip
