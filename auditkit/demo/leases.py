"""What stands on common ground, who pays for it under which contract, and the rent that came in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from auditkit.demo import names
from auditkit.demo.books import DAY, Compound, Row, month
from auditkit.demo.instalments import Instalment, instalments
from auditkit.money import divide

ROOMS: Final = 10
"""As many as acts are planted in one compound: each finds one that no other touches."""


@dataclass(frozen=True)
class Shape:
    """One kind of lease; `price` is yuan per unit and month, so that peers can be compared."""

    key: str
    category: str
    line: str
    unit: str
    quantity: tuple[int, int]
    price: float
    cycle: str
    payment: str
    start: tuple[int, int, int]
    """Years from the audit year, month, day."""
    end: tuple[int, int, int]
    lag: tuple[int, int] = (0, 9)
    """Days from the due day to the payment."""
    escalation: str = ""
    rent_free: int = 0
    grace: int | None = None
    signed_after: int = -12
    after: str = ""
    """What the survey sees where the lease has ended before the survey."""


SHAPES: Final = (
    Shape("lift-1", "电梯广告", "ad", "块", (12, 24), 180, "年", "预付", (-2, 3, 1), (3, 2, 28), escalation="0.08"),
    Shape("locker-1", "快递柜", "machine", "组", (2, 4), 260, "季", "后付", (-1, 1, 1), (1, 12, 31)),
    *(
        Shape(f"room-{n}", "用房租赁", "room", "㎡", (30, 90), 14, "月", "预付", (-1, 1, 1), (1, 12, 31), grace=15)
        for n in range(1, ROOMS + 1)
    ),
    Shape("vending-1", "自动售货", "machine", "台", (2, 5), 120, "月", "后付", (-1, 5, 15), (1, 5, 14), grace=10),
    Shape("gate-1", "道闸广告", "ad", "杆", (3, 6), 150, "半年", "预付", (-1, 7, 1), (2, 6, 30)),
    Shape("telecom-1", "通信基站", "machine", "处", (1, 1), 900, "年", "预付", (-3, 10, 1), (6, 9, 30)),
    Shape("telecom-2", "通信基站", "machine", "处", (1, 1), 850, "季", "预付", (-2, 4, 1), (5, 3, 31)),
    Shape("charger-1", "充电桩", "machine", "桩", (10, 24), 66, "季", "预付", (0, 2, 1), (3, 1, 31), rent_free=20),
    Shape("kiosk-1", "场地租赁", "room", "处", (1, 2), 800, "季", "预付", (-2, 8, 1), (0, 7, 31)),
    Shape("kiosk-2", "场地租赁", "room", "处", (1, 2), 820, "季", "预付", (0, 8, 1), (2, 7, 31), signed_after=-5),
    Shape("clothes-1", "旧衣回收", "machine", "个", (4, 8), 45, "月", "预付", (-1, 9, 1), (1, 8, 31)),
    Shape("lightbox-1", "灯箱广告", "ad", "个", (6, 10), 70, "月", "后付", (-1, 4, 1), (1, 3, 31), lag=(6, 12)),
    Shape("lightbox-2", "灯箱广告", "ad", "个", (6, 10), 72, "季", "预付", (0, 7, 1), (2, 12, 31), signed_after=30),
    Shape("door-1", "门禁广告", "ad", "扇", (10, 20), 60, "一次性", "预付", (0, 4, 10), (0, 6, 30), after="空置"),
    Shape("pool-1", "公共设施", "room", "处", (1, 1), 1500, "半年", "后付", (-2, 11, 20), (0, 11, 19),
          lag=(18, 21), after="自用"),
    Shape("wall-1", "外墙广告", "ad", "㎡", (20, 40), 35, "季", "预付", (-1, 1, 1), (1, 12, 31), escalation="0.08"),
    Shape("wall-2", "外墙广告", "ad", "㎡", (12, 18), 36, "季", "后付", (-1, 1, 15), (1, 10, 10)),
    Shape("store-1", "用房租赁", "room", "㎡", (20, 40), 11, "季", "预付", (-1, 1, 1), (1, 12, 31)),
    Shape("store-2", "用房租赁", "room", "㎡", (15, 30), 11, "季", "预付", (-1, 1, 1), (1, 12, 31)),
)  # fmt: skip
_MONTHS: Final = {"月": 1, "季": 3, "半年": 6, "年": 12, "一次性": 3}


def lease_out(c: Compound) -> None:
    """Resources, contracts and the year's rent."""
    spare = c.rng.randrange(2)
    for n, shape in enumerate(SHAPES, start=1):
        if shape.key == "lift-1" and not c.style.lifts:
            continue
        contract = _sign(c, shape, n)
        c.leases[shape.key] = contract
        if shape.key != "store-2":
            _collect(c, shape, contract)
    _collect_both_stores(c)
    c.add(
        "resources", resource_id=f"{_id(c)}-ZY-90", category="电梯广告" if c.style.lifts else "道闸广告",
        location="备用广告框", quantity=float(spare + 1), unit="块", status="空置", surveyed_on=_survey(c),
    )  # fmt: skip
    c.add(
        "resources", resource_id=f"{_id(c)}-ZY-91", category="灯箱广告", location="中心广场宣传栏", quantity=2.0,
        unit="个", status="公益", occupant="社区居委会", surveyed_on=_survey(c),
    )  # fmt: skip


def _id(c: Compound) -> str:
    return c.id[-3:]


def _day(c: Compound, spec: tuple[int, int, int]) -> dt.date:
    return dt.date(c.year + spec[0], spec[1], spec[2])


def _survey(c: Compound) -> dt.date:
    return dt.date(c.year, 5, 20) + DAY * c.rng.randrange(6)


def _sign(c: Compound, shape: Shape, n: int) -> Row:
    """The contract and, where it is the first for it, the resource."""
    start, end = _day(c, shape.start), _day(c, shape.end)
    renewed = {"kiosk-2": "kiosk-1", "lightbox-2": "lightbox-1"}.get(shape.key)
    shared = {"telecom-2": "telecom-1"}.get(shape.key)
    before = c.leases.get(renewed or shared or "")
    quantity = before["quantity"] if before and renewed else float(c.rng.randint(*shape.quantity))
    party, code = c.company(shape.line), names.uscc(c.rng)
    if same := {"kiosk-2": "kiosk-1", "store-2": "store-1"}.get(shape.key):
        party, code = c.leases[same]["counterparty"], c.leases[same]["counterparty_uscc"]
    price = shape.price * c.rng.uniform(0.9, 1.12)
    yuan = max(20, round(price * quantity * _MONTHS[shape.cycle]))
    account = c.joint if c.joint and n % 5 == 0 else c.account
    contract = c.add(
        "contracts", contract_no=f"HT-{start.year}-{_id(c)}{n:02d}", category=shape.category, counterparty=party,
        counterparty_uscc=code, quantity=quantity, signed_on=start + DAY * shape.signed_after, start=start,
        end=end, amount=yuan * 100, cycle=shape.cycle, payment=shape.payment, resource_ids="", resolution_no="",
        grace_days=30 if shape.grace is None else shape.grace, payee_account=account, tax_inclusive=True,
    )  # fmt: skip
    if shape.escalation:
        contract["escalation"] = float(shape.escalation)
    if shape.rent_free:
        contract["rent_free_days"] = shape.rent_free
    if start.year == c.year and shape.cycle != "一次性":
        contract["deposit"] = 100000
    if shape.key == "charger-1":
        contract["resolution_no"] = f"JY-{c.year}-01"
    if shape.key == "room-10":
        contract["payee_account"] = ""
    if shape.key == "lightbox-1":
        contract["terminated_on"] = dt.date(c.year, 6, 18)
    if before and (renewed or shared):
        contract["resource_ids"] = before["resource_ids"]
        if shared:
            c.resource(before)["quantity"] += quantity
        else:
            c.resource(before).update(occupant=party, surveyed_on=dt.date(c.year, 9, 10))
        return contract
    _survey_resource(c, shape, contract, n)
    return contract


def _survey_resource(c: Compound, shape: Shape, contract: Row, n: int) -> None:
    """What stands on site; a clothes bin's contract lists no resource and is known by its occupant."""
    parts = [contract["quantity"]]
    if shape.key == "lift-1":
        parts = [float(int(parts[0]) // 2), parts[0] - int(parts[0]) // 2]
    ids: list[str] = []
    for k, quantity in enumerate(parts):
        resource = c.add(
            "resources", resource_id=f"{_id(c)}-ZY-{n:02d}" + ("AB"[k] if len(parts) > 1 else ""),
            category=shape.category, location=f"{c.rng.randint(1, 12)}号楼", quantity=quantity, unit=shape.unit,
            status="经营中", occupant=contract["counterparty"], surveyed_on=_survey(c),
        )  # fmt: skip
        if shape.after:
            resource.update(status=shape.after, occupant="", surveyed_on=contract["end"] + DAY * c.rng.randint(5, 20))
        ids.append(resource["resource_id"])
    if shape.key != "clothes-1":
        contract["resource_ids"] = ";".join(ids)


def _collect(c: Compound, shape: Shape, contract: Row) -> None:
    """The year's receipts: on time, in grace, for last year and next year with the month written on them."""
    for item in instalments(contract):
        paid = item.due + DAY * c.rng.randint(*shape.lag)
        if shape.key == "gate-1" and item.due.month == 1:
            paid = item.due - DAY * c.rng.randint(4, 9)
        earned = _belongs(contract, item)
        if paid.year == c.year or (earned.year == c.year and c.first - 20 * DAY <= paid <= c.last + 12 * DAY):
            _receive(c, contract, item, paid, "" if c.year == paid.year == earned.year else month(earned))
    if contract.get("deposit"):
        c.income(
            "deposit", contract["start"], contract["category"] if shape.key == "charger-1" else "其他收入",
            contract["deposit"], counterparty=contract["counterparty"], contract_no=contract["contract_no"],
            summary="收取合同押金", invoice_no=f"SJ{names.digits(c.rng, 8)}", account=contract["payee_account"],
        )  # fmt: skip


def _belongs(contract: Row, item: Instalment) -> dt.date:
    return item.first if contract["payment"] == "预付" else item.last


def _receive(c: Compound, contract: Row, item: Instalment, paid: dt.date, period: str) -> None:
    """One instalment comes in; the base station's in two transfers, the vending machine's without its number."""
    by_name = contract["contract_no"] == c.leases.get("vending-1", {}).get("contract_no")
    booked = paid + DAY * c.rng.randint(0, 2)
    if c.rng.random() < 0.3:
        booked, paid = paid, paid + DAY * c.rng.randint(1, 4)
    if booked.year != paid.year:
        booked = paid
    account = contract["payee_account"]
    row = c.ledger(
        booked, "收入", contract["category"], item.amount, counterparty=contract["counterparty"],
        contract_no="" if by_name else contract["contract_no"], period=period, account=account,
        summary=f"收{item.first:%Y.%m.%d}-{item.last:%Y.%m.%d}{contract['category']}费",
        invoice_no=f"SJ{names.digits(c.rng, 8)}",
    )  # fmt: skip
    halves = [item.amount]
    if contract is c.leases.get("telecom-1"):
        halves = [divide(item.amount, 2), item.amount - divide(item.amount, 2) - 12300]
        halves.append(item.amount - sum(halves))
    bank: list[Row] = []
    for k, half in enumerate(halves):
        bank.append(c.credit(paid + DAY * min(k, 1), half, contract["counterparty"], "租金", account=account))
    c.enter("rent", [row], bank, contract["contract_no"])


def _collect_both_stores(c: Compound) -> None:
    """One tenant pays two store rooms in one transfer: two ledger rows, one credit."""
    second = c.leases["store-2"]
    due = {i.due: i for i in instalments(second)}
    for entry in c.rents(c.leases["store-1"]["contract_no"]):
        first, credit = entry.ledger[0], entry.bank[0]
        item = due[max(d for d in due if d <= first["date"])]
        row = c.ledger(
            first["date"], "收入", second["category"], item.amount, counterparty=second["counterparty"],
            contract_no=second["contract_no"], account=second["payee_account"], period=first.get("period", ""),
            summary=first["summary"] + "（二号库）", invoice_no=f"SJ{names.digits(c.rng, 8)}",
        )  # fmt: skip
        credit["credit"] += item.amount
        c.enter("rent", [row], [], second["contract_no"])


def rent_by_others(c: Compound, contract: Row, shape: str, first_due: dt.date) -> None:
    """Collects the rent of a contract that was added beside the shapes, from a day on."""
    for item in instalments(contract):
        if first_due <= item.due <= c.last:
            _receive(c, contract, item, item.due + DAY * 2, "")
    c.leases[shape] = contract
