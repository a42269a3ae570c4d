"""平安银行企业明细（旧）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "pingan-corporate-old",
    "平安银行企业明细（旧）",
    "bank",
    header=("交易时间", "账号", "收入", "支出", "冲正标志", "账户余额", "对方账号", "对方户名", "核心唯一流水号"),
    columns={
        "account": "账号",
        "time": "交易时间",
        "credit": "收入",
        "debit": "支出",
        "status": "冲正标志",
        "balance": "账户余额",
        "currency": "币种",
        "counterparty": "对方户名",
        "counterparty_account": "对方账号",
        "summary": "交易用途",
        "serial": ("核心唯一流水号", "交易流水号"),
    },
)
