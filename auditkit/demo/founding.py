"""Who the compound is, what its owners decided, and what others say about it."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any, Final

from auditkit.demo import names
from auditkit.demo.books import DAY, Compound, Row, Style
from auditkit.demo.treasury import open_accounts

COUNTY: Final = "140802"
_ESTATES: Final = "清和锦绣翠微福源康宁华庭丽景新城东苑西苑南园北园怡和紫薇金桂银杏"


def found(seed: int, index: int, year: int, stays: int, costs: int) -> Compound:
    """A compound with its accounts and decisions, and nothing booked yet."""
    rng = Random(f"{seed}/{index}")
    style = Style.drawn(rng, index)
    estate = _ESTATES[2 * (index % (len(_ESTATES) // 2)) :][:2]
    phase = "" if index < len(_ESTATES) // 2 else f"{index // (len(_ESTATES) // 2) + 1}期"
    c = Compound(f"{COUNTY}{index + 1:03d}", f"虚构{estate}小区{phase}", year, rng, style, stays, costs)
    c.opening = rng.randint(2_000_000, 9_000_000)
    manager = Random(f"{seed}/company/{index // 3}")
    pair = names.company(manager, "works", set())[2:4]
    c.used_names.add(pair)
    c.facts = c.add(
        "compound", compound_id=c.id, compound_name=c.name, county="虚构县", county_code=COUNTY,
        street=f"虚构{'东西南北'[index % 4]}街道", company_name=f"虚构{pair}物业服务有限公司",
        company_uscc=names.uscc(manager), service_start=dt.date(year - 3, 1, 1), service_end=dt.date(year + 2, 12, 31),
        assembly="物业管理委员会" if style.council else "已成立", assembly_date=dt.date(year - 4, 5, 8),
        households=rng.randint(300, 900), floor_area=rng.randint(3_000_000, 9_000_000) / 100,
        elevators=rng.randint(8, 30) if style.lifts else 0, planned_spaces=rng.randint(150, 400),
    )  # fmt: skip
    open_accounts(c)
    decide(c)
    c.parameters = {
        "compound_id": c.id,
        "period": f"{year}-01..{year}-12",
        "pack": COUNTY,
        "as_of": dt.date(year + 1, 1, 20) if style.last_notice_pending else dt.date(year + 1, 2, 28),
        "approval_threshold": 5000,
        "pack_values": local_numbers(c),
    }
    return c


def local_numbers(c: Compound) -> dict[str, Any]:
    """The invented county's local numbers, as case.toml states them."""
    numbers: dict[str, Any] = {
        "disclosure_period": "季", "disclosure_due": 30, "posting_days": 30, "deposit_days": c.style.deposit_days,
        "fund_share_min": 0.32, "fund_share_base": "净收入", "handover_days": 10, "lease_max_months": 120,
    }  # fmt: skip
    if c.style.council:
        numbers["council_may_authorise"] = True
    return numbers


SOURCE: Final = "虚构县公共收益管理办法（示例，不存在）"


def decide(c: Compound) -> None:
    """The owners' decisions; votes that hold exactly at two thirds and three quarters among them."""
    body = "物业管理委员会" if c.style.council else "业主大会"
    y = c.year

    def resolution(number: str, date: dt.date, matter: str, votes: tuple[int, ...] | None, **cells: Any) -> Row:
        row = c.add("resolutions", resolution_no=f"JY-{number}", date=date, body=body, matter=matter, **cells)
        if votes:
            row.update(
                zip(_VOTES, (votes[0] / 100, votes[1], votes[2] / 100, votes[3], votes[4] / 100, votes[5]), strict=True)
            )
        return row

    exact = (6_000_000, 600, 4_000_000, 400, 3_000_000, 300)
    before = (6_000_000, 600, 3_900_000, 390, 3_120_000, 315)
    telecom = dt.date(y - 3, 6, 20)
    resolution(f"{y - 5}-01", dt.date(y - 5, 6, 10) if y < 2026 else telecom, "授权经营", before, categories="通信基站",
               valid_to=dt.date(y + 12, 12, 31))  # fmt: skip
    resolution(f"{y - 3}-01", dt.date(y - 3, 5, 20), "授权经营", exact, categories="")
    resolution(f"{y}-01", dt.date(y, 1, 20), "授权经营", exact, categories="充电桩")
    resolution(f"{y - 2}-02", dt.date(y - 2, 12, 10), "收益分配", (6_000_000, 600, 4_100_000, 410, 2_100_000, 211),
               owners_share=0.6, share_base="净收入", management_share=0.12)  # fmt: skip
    if c.style.new_share:
        resolution(f"{y}-02", dt.date(y, 7, 1), "收益分配", (6_000_000, 600, 4_050_000, 420, 3_100_000, 302),
                   owners_share=0.4, share_base="总收入", management_share=0.08)  # fmt: skip
    resolution(f"{y - 1}-03", dt.date(y - 1, 12, 20), "收益使用", exact, valid_from=dt.date(y, 1, 1),
               valid_to=dt.date(y, 12, 31))  # fmt: skip
    resolution(f"{y - 2}-01", dt.date(y - 2, 4, 2), "选聘解聘", (6_000_000, 600, 4_500_000, 450, 2_300_000, 240))


_VOTES: Final = (
    "total_area",
    "total_heads",
    "participating_area",
    "participating_heads",
    "agreeing_area",
    "agreeing_heads",
)


def hear_others(c: Compound) -> None:
    """Replies of tenants that agree with the books, and companies related to the manager that do no business here."""
    holder = c.rows["accounts"][0]["account_name"]
    for shape in ("wall-1", "telecom-1", "vending-1"):
        contract = c.leases[shape]
        for entry in c.rents(contract["contract_no"]):
            for row in entry.bank:
                if c.first <= row["date"] <= c.last:
                    _reply(c, contract, contract["contract_no"], row["date"], row["credit"], holder)
    both = c.leases["store-1"]
    for entry in c.rents(both["contract_no"]):
        _reply(c, both, "", entry.bank[0]["date"], entry.bank[0]["credit"], holder)
    tenant = c.leases["room-1"]["counterparty"]
    c.add("related", name=tenant[:4], uscc=names.uscc(c.rng), relation="物业企业法定代表人控股")
    c.add("related", name=c.company("works"), uscc=names.uscc(c.rng), relation="物业企业股东")


def _reply(c: Compound, contract: Row, number: str, day: dt.date, amount: int, holder: str) -> None:
    c.add(
        "confirmations", counterparty=contract["counterparty"], contract_no=number,
        paid_on=day - DAY * c.rng.randrange(2), amount=amount, payee_name=holder,
        payee_account=contract["payee_account"],
    )  # fmt: skip
