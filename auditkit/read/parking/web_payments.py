"""停车管理网站：缴费记录."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-web-payments",
    "停车管理网站：缴费记录",
    "parking",
    header=("车牌", "停车场", "入场时间", "出场时间", "缴费时间", "缴费金额", "支付单号"),
    columns={
        "session_id": "支付单号",
        "plate": "车牌",
        "entry": "入场时间",
        "exit": "出场时间",
        "paid": "缴费金额",
    },
)
