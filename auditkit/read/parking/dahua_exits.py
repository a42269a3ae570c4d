"""停车平台出场记录（actType 为代码）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-acttype-exits",
    "停车平台出场记录（actType 为代码）",
    "parking",
    header=("actType", "carNum|plateNo|plate", "enterTime|inTime", "exitTime|outTime"),
    columns={
        "session_id": ("id", "recordId"),
        "plate": ("carNum", "plateNo", "plate"),
        "kind": "actType",
        "entry": ("enterTime", "inTime"),
        "exit": ("exitTime", "outTime"),
        "due": ("totalAmount", "dueAmount"),
        "paid": ("paidAmount", "realAmount"),
        "operator": "operator",
    },
    words={
        "kind": {"0": "月卡", "月租": "月卡", "1": "临时", "时租": "临时", "2": "免费", "免费": "免费"},
    },
)
