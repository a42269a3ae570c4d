"""P 云（4pyun）出场记录."""

import datetime as dt
from typing import Any, Final

from auditkit.read.importers import Cells, Importer
from auditkit.read.layout import Section, cell_text

_CHINA: Final = dt.timezone(dt.timedelta(hours=8))
_PAID: Final = ("online", "balance", "cash", "prepaid")


def _rework(cells: Cells, section: Section) -> None:
    """Times are milliseconds; what was paid stands by its channel and must come to the total less what was free."""
    for name in ("entry", "exit"):
        cells[name] = [_time(cell_text(c)) for c in cells[name]]
    free = cells.pop("free")
    parts = [cells.pop(name) for name in _PAID if name in cells]
    cells["paid"] = [
        _paid(total, less, several) for total, less, *several in zip(cells["due"], free, *parts, strict=True)
    ]


def _time(text: str) -> str:
    if not text.isdecimal() or len(text) != 13:
        return text
    return f"{dt.datetime.fromtimestamp(int(text) // 1000, _CHINA):%Y-%m-%d %H:%M:%S}"


def _paid(total: Any, free: Any, several: list[Any]) -> Any:
    texts = [cell_text(c) or "0" for c in (total, free, *several)]
    if not all(t.isdecimal() for t in texts):
        return "、".join(texts)
    whole, less, *paid = map(int, texts)
    return str(sum(paid)) if sum(paid) == whole - less else f"{sum(paid)}（应为 {whole - less}）"


IMPORTER = Importer(
    "parking-4pyun-leaves",
    "P 云（4pyun）出场记录",
    "parking",
    header=("parking_serial", "plate", "car_type", "enter_time", "leave_time", "total_value", "free_value"),
    columns={
        "session_id": "parking_serial",
        "plate": "plate",
        "kind": "car_type",
        "entry": "enter_time",
        "exit": "leave_time",
        "due": "total_value",
        "free": "free_value",
        "online": "online_value",
        "balance": "balance_value",
        "cash": "cash_value",
        "prepaid": "prepaid_value",
    },
    words={
        "kind": {"1": "临时", "临停": "临时", "2": "月卡", "月卡": "月卡"},
    },
    unit="分",
    rework=_rework,
)
