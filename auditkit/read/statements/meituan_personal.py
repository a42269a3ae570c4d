"""美团交易账单."""

from auditkit.read.importers import Cells, Importer
from auditkit.read.layout import Section


def _created(cells: Cells, section: Section) -> None:
    """The day of a trade is that of its creation."""
    cells["time"] = cells.pop("created")


IMPORTER = Importer(
    "meituan-personal",
    "美团交易账单",
    "bank",
    header=(
        "交易创建时间",
        "交易成功时间",
        "交易类型",
        "订单标题",
        "收/支",
        "支付方式",
        "订单金额",
        "实付金额",
        "交易单号",
    ),
    columns={
        "time": "交易成功时间",
        "created": "交易创建时间",
        "mark": "收/支",
        "moved": "实付金额",
        "counterparty": "订单标题",
        "summary": "交易类型",
        "serial": "交易单号",
    },
    account=r"美团用户名\s*:\s*\[([^\]\s]+)\]",
    rework=_created,
)
