"""Columns that people keep in another shape than ours, turned into ours cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from auditkit.read.amounts import AmountError, fold, parse_amount, parse_price
from auditkit.read.dates import DateError, parse_datetime, parse_term
from auditkit.read.marks import side_of

_CYCLES: Final = {"rent_month": "月", "rent_quarter": "季", "rent_half": "半年", "rent_year": "年"}


def make_columns(table: str, cells: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """The raw cells by our columns; what cannot be turned stays as it stands and is refused when it is typed."""
    made = dict(cells)
    match table:
        case "ledger":
            _year_month_day(made)
            _one_amount(made)
        case "bank":
            _year_month_day(made)
            made.pop("status", None)
            _two_sides(made)
            _day_and_time(made)
        case "contracts":
            _term(made)
            _rent(made)
        case "disclosures":
            _span(made)
        case _:
            pass
    return made


def _blank(cell: Any) -> bool:
    return cell is None or fold(str(cell)) in ("", "-", "--", "—", "/") or cell == 0


def _year_month_day(made: dict[str, list[Any]]) -> None:
    """Day and month in columns of their own, with the year where it stands, are one day."""
    years, months, days = (made.pop(name, None) for name in ("year", "month", "day"))
    if "date" in made or months is None or days is None:
        return
    made["date"] = [
        ""
        if _blank(month) and _blank(day)
        else f"{_figure(year)}{'年' if year else ''}{_figure(month)}月{_figure(day)}日"
        for year, month, day in zip(years or [""] * len(months), months, days, strict=True)
    ]


def _figure(cell: Any) -> str:
    return fold(f"{cell:g}" if isinstance(cell, float) else str(cell)).rstrip("年月日")


def _one_amount(made: dict[str, list[Any]]) -> None:
    """Two columns 收入 and 支出 are one amount with its direction."""
    income, cost = made.pop("income", None), made.pop("cost", None)
    if (income is None and cost is None) or "amount" in made:
        return
    count = len(income if income is not None else cost or ())
    income, cost = income or [""] * count, cost or [""] * count
    amounts: list[Any] = []
    sides: list[Any] = []
    for one, other in zip(income, cost, strict=True):
        if _blank(other):
            amounts.append(one)
            sides.append("" if one in ("", None) else "收入")
        elif _blank(one):
            amounts.append(other)
            sides.append("支出")
        else:
            amounts.append(f"收入 {one}，支出 {other}")
            sides.append("收入与支出同在一行")
    made["amount"] = amounts
    made.setdefault("direction", sides)


def _two_sides(made: dict[str, list[Any]]) -> None:
    """One amount with a mark, or with a sign, is money in or money out."""
    moved, mark = made.pop("moved", None), made.pop("mark", None)
    if moved is None or ("credit" in made and "debit" in made):
        return
    credit: list[Any] = []
    debit: list[Any] = []
    neutral: list[Any] = []
    for n, cell in enumerate(moved):
        side = None if mark is None else side_of(mark[n])
        if side is None and mark is None:
            side = _sign(cell)
        unknown = "" if side else _unknown(cell, mark, n)
        credit.append(cell if side == "in" else unknown)
        debit.append(_unsigned(cell, mark is None) if side == "out" else unknown)
        neutral.append(cell if side == "neutral" else "")
    made["credit"], made["debit"] = credit, debit
    if any(neutral):
        made["neutral"] = neutral


def _unknown(cell: Any, mark: list[Any] | None, n: int) -> Any:
    if _blank(cell):
        return ""
    return f"{cell}（借贷方向：{'' if mark is None else mark[n]}）"


def _sign(cell: Any) -> str | None:
    try:
        return "out" if parse_amount(cell).fen < 0 else "in"
    except AmountError:
        return None


def _unsigned(cell: Any, signed: bool) -> Any:
    if not signed:
        return cell
    if isinstance(cell, int | float):
        return -cell
    text = fold(str(cell))
    return text.strip("()").replace("-", "", 1)


def _day_and_time(made: dict[str, list[Any]]) -> None:
    """Where the day stands only in 交易时间, with its time, it is both; a day column with times gives the time too."""
    if "date" not in made and "time" in made:
        made["date"] = list(made["time"])
        made["time"] = [_clock(cell) for cell in made["time"]]
    elif "time" not in made and any(_clock(cell) for cell in made.get("date", ())[:50]):
        made["time"] = [_clock(cell) for cell in made["date"]]


def _clock(cell: Any) -> str:
    try:
        return f"{parse_datetime(cell):%H:%M:%S}".removesuffix("00:00:00")
    except DateError:
        return ""


def _term(made: dict[str, list[Any]]) -> None:
    """«2018.01.01-2018.12.31» in one cell is start and end; words such as 协商续签 stay, and are refused."""
    term = made.pop("term", None)
    if term is None:
        return
    starts, ends = made.get("start"), made.get("end")
    first: list[Any] = []
    last: list[Any] = []
    for cell in term:
        try:
            one, other = parse_term(cell)
        except DateError:
            one = other = cell
        first.append(one)
        last.append(other)
    made["start"] = first if starts is None else starts
    made["end"] = last if ends is None else ends


def _rent(made: dict[str, list[Any]]) -> None:
    """«5500元/年», or an amount under 年租金, is an amount and its cycle."""
    name = next((n for n in ("rent", *_CYCLES) if n in made), None)
    rents = [made.pop(n) for n in ("rent", *_CYCLES) if n in made]
    amounts, cycles = made.get("amount"), made.get("cycle")
    if amounts is None and name is None:
        return
    source = amounts if amounts is not None else rents[0]
    plain = _CYCLES.get(name or "") if amounts is None else None
    parsed = [_price(cell, plain) for cell in source]
    made["amount"] = [amount for amount, _ in parsed]
    if cycles is None:
        if any(cycle for _, cycle in parsed):
            made["cycle"] = [cycle for _, cycle in parsed]
    else:
        made["cycle"] = [_agree(written, cycle) for written, (_, cycle) in zip(cycles, parsed, strict=True)]


def _price(cell: Any, cycle: str | None) -> tuple[Any, str]:
    if isinstance(cell, str):
        try:
            price = parse_price(cell)
        except AmountError:
            return cell, cycle or ""
        if cycle is not None and price.cycle != cycle:
            return cell, cycle
        return f"{price.amount / 100:.2f}元", price.cycle
    return cell, (cycle or "") if not _blank(cell) else ""


def _agree(written: Any, cycle: str) -> Any:
    """The cycle column where it is filled; a cell that says another cycle than its amount is in doubt."""
    if _blank(written):
        return cycle
    return written


def _span(made: dict[str, list[Any]]) -> None:
    """«2024年第一季度» or «2024-01-01至2024-03-31» is the first and last day published."""
    span = made.pop("span", None)
    if span is None:
        return
    first: list[Any] = []
    last: list[Any] = []
    for cell in span:
        one, other = days_of(cell)
        first.append(one)
        last.append(other)
    made.setdefault("period_start", first)
    made.setdefault("period_end", last)


def days_of(cell: Any) -> tuple[Any, Any]:
    """First and last day of a period, as days or as months; what cannot be read comes back as it stands."""
    import calendar
    import datetime as dt

    from auditkit.read.dates import parse_months

    try:
        return parse_term(cell)
    except DateError:
        pass
    try:
        one, _, other = parse_months(cell).partition("/")
    except DateError:
        return cell, cell
    y, m = (int(p) for p in (other or one).split("-"))
    return dt.datetime.fromisoformat(f"{one}-01"), dt.datetime(y, m, calendar.monthrange(y, m)[1])
