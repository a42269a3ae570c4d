"""支付宝商家业务汇总: sums, no movements."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "alipay-business-sums",
    "支付宝商家业务汇总",
    "",
    header=("业务类型|门店编号|门店名称|类型",),
    marks=(r"#?支付宝业务汇总查询",),
)
