"""支付宝商家业务明细."""

from auditkit.read.importers import Cells, Importer
from auditkit.read.layout import Section, cell_text


def _unsign(cells: Cells, section: Section) -> None:
    """A refund is negative in some exports and unsigned in others: the kind of business says the direction."""
    cells["moved"] = [
        cell_text(c).lstrip("-") if cell_text(m) == "支出" else c
        for c, m in zip(cells["moved"], cells["mark"], strict=True)
    ]


IMPORTER = Importer(
    "alipay-merchant-business",
    "支付宝商家业务明细",
    "bank",
    header=(
        "支付宝交易号",
        "商户订单号",
        "业务类型",
        "创建时间",
        "完成时间",
        "对方账户",
        "订单金额(元)",
        "商家实收(元)",
    ),
    columns={
        "time": "完成时间",
        "mark": "业务类型",
        "moved": "商家实收(元)",
        "counterparty_account": "对方账户",
        "summary": ("商品名称", "备注"),
        "serial": "支付宝交易号",
    },
    account=r"#?账号\s*:\s*\[([^\]\s]+)\]",
    words={"mark": {"交易": "收入", "退款": "支出"}},
    rework=_unsign,
)
