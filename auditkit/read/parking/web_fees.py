"""停车管理网站：停车记录（应收、实收、支付状态）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-web-fees",
    "停车管理网站：停车记录（应收、实收、支付状态）",
    "parking",
    header=("车牌号", "入场时间", "出场时间", "停车时长(小时)", "计费单价", "应收金额", "实收金额", "支付状态"),
    columns={
        "session_id": ("记录编号", "编号"),
        "plate": "车牌号",
        "entry": "入场时间",
        "exit": "出场时间",
        "due": "应收金额",
        "paid": "实收金额",
    },
)
