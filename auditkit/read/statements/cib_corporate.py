"""兴业银行企业明细."""

from auditkit.read.importers import BALANCE, MONEY_IN, MONEY_OUT, USUAL, Cells, Importer
from auditkit.read.layout import Section, cell_text


def _date_of_serial(cells: Cells, section: Section) -> None:
    """The day is the head of the serial."""
    cells["date"] = [cell_text(c)[:8] for c in cells["serial"]]


IMPORTER = Importer(
    "cib-corporate",
    "兴业银行企业明细",
    "bank",
    header=(
        "流水编号",
        "|".join(MONEY_OUT),
        "|".join(MONEY_IN),
        "|".join(BALANCE),
    ),
    columns={**USUAL, "date": (), "time": (), "credit": MONEY_IN, "debit": MONEY_OUT, "serial": "流水编号"},
    without=("交易日期",),
    marks=("兴业银行|CIB",),
    rework=_date_of_serial,
)
