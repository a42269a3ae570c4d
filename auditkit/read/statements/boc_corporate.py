"""中国银行企业明细."""

from auditkit.read.importers import Cells, Importer
from auditkit.read.layout import Section, cell_text
from auditkit.read.parties import choose_party


def _unsign(cells: Cells, section: Section) -> None:
    """往账 stands with a minus: the word says the direction, the minus says it again."""
    choose_party(cells, section)
    out = [cell_text(m) == "往账" for m in cells["mark"]]
    if all(cell_text(c).startswith("-") for c, o in zip(cells["moved"], out, strict=True) if o):
        cells["moved"] = [cell_text(c).removeprefix("-") if o else c for c, o in zip(cells["moved"], out, strict=True)]


IMPORTER = Importer(
    "boc-corporate",
    "中国银行企业明细",
    "bank",
    header=("交易类型", "付款人账号", "付款人名称", "收款人账号", "收款人名称", "交易日期", "交易金额", "交易后余额"),
    columns={
        "mark": "交易类型",
        "date": "交易日期",
        "time": "交易时间",
        "moved": "交易金额",
        "balance": "交易后余额",
        "currency": "交易货币",
        "serial": "交易流水号",
        "summary": ("摘要", "用途", "交易附言", "备注"),
        "payer": "付款人名称",
        "payer_account": "付款人账号",
        "payee": "收款人名称",
        "payee_account": "收款人账号",
    },
    rework=_unsign,
)
