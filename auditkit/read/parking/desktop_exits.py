"""停车场桌面软件：车辆出场记录报表."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-desktop-exits",
    "停车场桌面软件：车辆出场记录报表",
    "parking",
    header=("停车类别", "车牌", "入场时间", "出场时间", "实收金额", "操作员"),
    columns={
        "session_id": ("记录号", "流水号"),
        "plate": "车牌",
        "kind": "停车类别",
        "entry": "入场时间",
        "exit": "出场时间",
        "paid": "实收金额",
        "operator": "操作员",
        "lane": "地址",
    },
    words={
        "kind": {
            "临时车": "临时",
            "临停": "临时",
            "时租车": "临时",
            "月租车": "月卡",
            "月卡": "月卡",
            "月卡车": "月卡",
            "免费车": "免费",
            "特免车": "免费",
            "员工车": "内部",
            "内部车": "内部",
        },
    },
)
