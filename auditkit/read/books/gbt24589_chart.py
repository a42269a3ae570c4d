"""GB/T 24589.1 会计科目: the names of the accounts whose codes the vouchers give."""

from auditkit.read.books.entries import CHART
from auditkit.read.importers import Importer

IMPORTER = Importer(
    "gbt24589-chart",
    "GB/T 24589.1 会计科目",
    CHART,
    header=("科目编号", "科目名称", "科目级次", "余额方向"),
    without=("期初余额",),
    columns={"code": "科目编号", "name": "科目名称"},
)
