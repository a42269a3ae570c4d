"""京东交易流水."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "jd-personal",
    "京东交易流水",
    "bank",
    header=("交易时间", "商户名称", "交易说明", "金额", "收/付款方式", "交易状态", "收/支", "交易订单号"),
    columns={
        "time": "交易时间",
        "mark": "收/支",
        "moved": "金额",
        "status": "交易状态",
        "counterparty": "商户名称",
        "summary": "交易说明",
        "serial": "交易订单号",
    },
    account=r"京东账号名\s*:\s*(\S+)",
)
