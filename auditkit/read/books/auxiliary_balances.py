"""辅助核算余额汇总表: balances by customer, project or bank account, under a header of two merged rows."""

from auditkit.read.books.entries import BALANCES
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "auxiliary-balances",
    "辅助核算余额汇总表",
    BALANCES,
    header=("期初余额", "本期发生|本期发生额", "本年累计|本年累计发生额", "期末余额"),
    without=("科目编码", "科目代码", "科目编号", "会计年度"),
    columns={
        "code": ("辅助项编码", "辅助核算编码", "编码", "代码", "客商编码"),
        "name": ("辅助项名称", "辅助核算名称", "名称", "客商名称"), "opening": "期初余额", "closing": "期末余额",
        "side": "方向",
    },
)  # fmt: skip
