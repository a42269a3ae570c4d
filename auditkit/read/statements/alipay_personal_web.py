"""支付宝个人账单（旧网页版）."""

from typing import Final

from auditkit.read.importers import Cells, Importer
from auditkit.read.layout import Section, cell_text

_FUNDS: Final = {"已收入": "收入", "已支出": "支出", "资金转移": "不计收支", "冻结": "不计收支", "解冻": "不计收支"}


def _fill(cells: Cells, section: Section) -> None:
    """A trade that was not paid yet has only the time of its creation; where 收/支 is blank the funds say it."""
    created, funds = cells.pop("created"), cells.pop("funds")
    cells["time"] = [t if cell_text(t) else c for t, c in zip(cells["time"], created, strict=True)]
    cells["mark"] = [
        m if cell_text(m) else _FUNDS.get(cell_text(f), m) for m, f in zip(cells["mark"], funds, strict=True)
    ]


IMPORTER = Importer(
    "alipay-personal-web",
    "支付宝个人账单（旧网页版）",
    "bank",
    header=(
        "交易号",
        "交易创建时间",
        "付款时间",
        "类型",
        "交易对方",
        "商品名称",
        "金额(元)",
        "收/支",
        "交易状态",
        "资金状态",
    ),
    columns={
        "time": "付款时间",
        "created": "交易创建时间",
        "mark": "收/支",
        "funds": "资金状态",
        "moved": "金额(元)",
        "status": "交易状态",
        "counterparty": "交易对方",
        "summary": ("商品名称", "备注"),
        "serial": "交易号",
    },
    account=r"账号\s*:\s*\[([^\]\s]+)\]",
    rework=_fill,
)
