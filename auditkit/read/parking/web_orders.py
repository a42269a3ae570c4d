"""停车管理网站：停车订单（优惠券、分区、楼层）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-web-orders",
    "停车管理网站：停车订单（优惠券、分区、楼层）",
    "parking",
    header=("订单号", "车牌号", "入场时间", "出场时间", "应收金额", "实付金额", "优惠券", "状态"),
    columns={
        "session_id": "订单号",
        "plate": "车牌号",
        "entry": "入场时间",
        "exit": "出场时间",
        "due": "应收金额",
        "paid": "实付金额",
        "lane": "分区",
    },
)
