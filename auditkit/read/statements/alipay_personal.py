"""支付宝个人账单（2021 年以来）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "alipay-personal",
    "支付宝个人账单（2021 年以来）",
    "bank",
    header=("交易时间", "交易分类", "交易对方", "商品说明", "收/支", "金额", "收/付款方式", "交易状态", "交易订单号"),
    columns={
        "time": "交易时间",
        "mark": "收/支",
        "moved": "金额",
        "status": "交易状态",
        "counterparty": "交易对方",
        "counterparty_account": "对方账号",
        "summary": ("商品说明", "备注"),
        "serial": "交易订单号",
    },
    account=r"支付宝账户\s*:\s*(\S+)",
)
