"""停车场桌面软件：停车场收费日报表."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-desktop-days",
    "停车场桌面软件：停车场收费日报表",
    "",
    header=("日期", "私家车", "月租车", "时租车", "小计金额"),
)
