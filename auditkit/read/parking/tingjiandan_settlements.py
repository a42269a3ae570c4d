"""停简单结算单."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-tingjiandan-settlements",
    "停简单结算单",
    "",
    header=("停车场名称", "核算开始日期", "完成日期", "手续费金额", "到账金额"),
)
