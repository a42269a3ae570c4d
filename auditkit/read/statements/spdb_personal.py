"""浦发银行：个人账户交易明细 (xls, every cell a text)."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "spdb-personal",
    "浦发银行个人账户交易明细",
    "bank",
    header=("顺序号", "交易日期", "交易类型", "存入金额", "取出金额", "余额", "交易对手名称", "交易对手账号"),
    columns={
        "date": "交易日期",
        "credit": "存入金额",
        "debit": "取出金额",
        "balance": "余额",
        "counterparty": "交易对手名称",
        "counterparty_account": "交易对手账号",
        "summary": ("附言", "交易类型"),
    },
    account=r"账号\s+(\d[\d*]{5,})",
)
