"""微信支付个人账单."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "wechat-personal",
    "微信支付个人账单",
    "bank",
    header=("交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "交易单号"),
    columns={
        "time": "交易时间",
        "mark": "收/支",
        "moved": "金额(元)",
        "status": "当前状态",
        "counterparty": "交易对方",
        "summary": ("商品", "备注", "交易类型"),
        "serial": "交易单号",
    },
    account=r"微信昵称\s*:\s*\[([^\]]+)\]",
)
