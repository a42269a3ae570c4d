"""微信支付商户资金账单."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "wechat-merchant-fund",
    "微信支付商户资金账单",
    "bank",
    header=("记账时间", "微信支付业务单号", "资金流水单号", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)"),
    columns={
        "time": "记账时间",
        "mark": "收支类型",
        "moved": "收支金额(元)",
        "balance": "账户结余(元)",
        "summary": ("业务名称", "业务类型", "备注"),
        "serial": "资金流水单号",
    },
    second=("资金流水总笔数",),
)
