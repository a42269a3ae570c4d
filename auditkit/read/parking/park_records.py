"""停车平台通行记录（parkRecordId，放行方式为代码）."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-passage-records",
    "停车平台通行记录（parkRecordId，放行方式为代码）",
    "parking",
    header=(
        "parkRecordId",
        "plate|plateNo",
        "plateType",
        "releaseMode",
        "entryTime|enterTime|inTime",
        "exitTime|leaveTime|outTime",
    ),
    columns={
        "session_id": "parkRecordId",
        "plate": ("plate", "plateNo"),
        "kind": "plateType",
        "entry": ("entryTime", "enterTime", "inTime"),
        "exit": ("exitTime", "leaveTime", "outTime"),
        "due": "totalAmount",
        "paid": "paidAmount",
        "release": "releaseMode",
        "operator": "operator",
        "lane": ("exitPassage", "exitPassageName"),
    },
    words={
        "kind": {"临时": "临时"},
        "release": {
            "1": "自动",
            "自动": "自动",
            "2": "确认",
            "确认": "确认",
            "3": "异常",
            "异常放行": "异常",
            "4": "手动",
            "遥控开闸": "手动",
            "8": "离线",
            "离线自动": "离线",
            "9": "离线",
            "离线遥控": "离线",
        },
    },
)
