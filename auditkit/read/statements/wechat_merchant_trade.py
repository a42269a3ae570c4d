"""微信支付商户交易账单."""

from auditkit.read.amounts import fold
from auditkit.read.importers import Cells, Importer
from auditkit.read.layout import Section, cell_text


def _sides(cells: Cells, section: Section) -> None:
    """A payment is money in, a refund money out; a refund that failed or is under way moved nothing."""
    state = [fold(cell_text(c)) for c in cells.pop("state")]
    blank = [""] * len(state)
    settled, back = cells.pop("settled", blank), cells.pop("back", blank)
    cells["credit"] = [c if s == "收入" else "" for c, s in zip(settled, state, strict=True)]
    cells["debit"] = [c if s == "支出" else "" for c, s in zip(back, state, strict=True)]
    refunds = [fold(cell_text(c)) for c in cells.pop("refund_state", blank)]
    cells["status"] = [
        "退款未成功" if s == "支出" and r in ("FAIL", "PROCESSING", "CHANGE") else ""
        for s, r in zip(state, refunds, strict=True)
    ]
    numbers = cells.pop("refund_no", blank)
    cells["serial"] = [
        n if s == "支出" and fold(cell_text(n)) not in ("", "0") else own
        for n, own, s in zip(numbers, cells["serial"], state, strict=True)
    ]
    shops = cells.pop("sub", blank)
    cells["account"] = [
        s if fold(cell_text(s)) not in ("", "0") else a for s, a in zip(shops, cells["account"], strict=True)
    ]


IMPORTER = Importer(
    "wechat-merchant-trade",
    "微信支付商户交易账单",
    "bank",
    header=("交易时间", "公众账号ID", "商户号", "微信订单号", "商户订单号", "用户标识", "交易状态", "商品名称"),
    columns={
        "account": "商户号",
        "sub": "特约商户号",
        "time": "交易时间",
        "state": "交易状态",
        "settled": ("应结订单金额", "总金额", "订单金额"),
        "back": ("退款金额",),
        "refund_state": "退款状态",
        "refund_no": "微信退款单号",
        "counterparty_account": "用户标识",
        "summary": ("商品名称",),
        "serial": "微信订单号",
    },
    second=("总交易单数",),
    words={"state": {"SUCCESS": "收入", "REFUND": "支出", "REVOKED": "支出"}},
    rework=_sides,
)
