"""支付宝商家账务明细."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "alipay-merchant-account",
    "支付宝商家账务明细",
    "bank",
    header=(
        "账务流水号",
        "业务流水号",
        "商户订单号",
        "发生时间",
        "对方账号",
        "收入金额(+元)",
        "支出金额(-元)",
        "账户余额(元)",
    ),
    columns={
        "time": "发生时间",
        "credit": "收入金额(+元)",
        "debit": "支出金额(-元)",
        "balance": "账户余额(元)",
        "counterparty_account": "对方账号",
        "summary": ("业务类型", "商品名称", "备注"),
        "serial": "账务流水号",
    },
    account=r"#?账号\s*:\s*\[([^\]\s]+)\]",
)
