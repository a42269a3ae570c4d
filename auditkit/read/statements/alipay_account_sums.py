"""支付宝商家账务汇总: sums, no movements."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "alipay-account-sums",
    "支付宝商家账务汇总",
    "",
    header=("业务类型|门店编号|门店名称|类型",),
    marks=(r"#?支付宝账务汇总查询",),
)
