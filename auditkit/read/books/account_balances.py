"""科目余额表 of any program: opening, movement and closing of each account, in one row of header or in two."""

from auditkit.read.books.entries import BALANCES
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "account-balances",
    "科目余额表",
    BALANCES,
    header=(
        "科目编码|科目代码|科目编号", "科目名称", "期初余额|期初借方|年初余额",
        "本期借方|本期发生|本期发生额|本期借方发生额|借方发生额", "期末余额|期末借方",
    ),
    without=("会计年度", "摘要"),
    columns={
        "month": ("月份", "会计期间"), "code": ("科目编码", "科目代码", "科目编号"), "name": "科目名称",
        "aux": "辅助核算", "side": ("余额方向", "方向"), "opening": ("期初余额", "年初余额"),
        "opening_debit": "期初借方",
        "opening_credit": "期初贷方", "debit": ("本期借方", "本期借方发生额", "借方发生额"),
        "credit": ("本期贷方", "本期贷方发生额", "贷方发生额"), "year_debit": ("累计借方", "本年累计借方"),
        "year_credit": ("累计贷方", "本年累计贷方"), "closing": "期末余额", "closing_debit": "期末借方",
        "closing_credit": "期末贷方",
    },
)  # fmt: skip
