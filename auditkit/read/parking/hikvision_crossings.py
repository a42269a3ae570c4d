"""海康卡口过车记录."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-hikvision-crossings",
    "海康卡口过车记录",
    "",
    header=("plateNo", "parkName", "crossTime", "vehicleOut", "releaseMode"),
)
