"""Local numbers hold at their own place, from their own day, and nowhere else."""

import datetime as dt
import tomllib
from importlib import resources

import pandas as pd
import pytest

from auditkit.law import pack, places
from auditkit.law.packs import FORMS, TEXTS, value_of
from auditkit.model import InputError, LocalNumber
from auditkit.reconcile.disclosure import due_day

DAY = dt.date(2026, 6, 1)


def files():
    for entry in resources.files("auditkit.law").joinpath("packs").iterdir():
        yield entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text(encoding="utf-8"))


def stated(**values):
    return {name: (LocalNumber(value, "案件"),) for name, value in values.items()}


def refused(**values):
    with pytest.raises(InputError) as error:
        pack("140802", stated(**values))
    return [issue.column for issue in error.value.issues]


def test_every_place_file_is_whole():
    for code, data in files():
        assert len(code) == 6
        assert data["name"] == places()[code]
        for row in data["numbers"]:
            where = f"{code} {row['number']}"
            assert row["number"] in {*FORMS, *TEXTS}, where
            assert row["source"], where
            assert row["text"], where
            assert row["confidence"] in "VSKHX", where
            assert row.get("since", dt.date.min) <= row.get("until", dt.date.max), where
            if "value" in row:
                assert value_of(row["number"], row["value"]) == row["value"], where
                assert row["confidence"] != "V" or "since" in row, where


def test_the_places_of_the_domain_are_there():
    assert {
        "北京市", "上海市", "河南省", "郑州市", "山东省", "青岛市", "淄博市", "潍坊市", "聊城市", "菏泽市", "浙江省", "杭州市", "宁波市",
        "湖州市", "绍兴市", "台州市", "嘉兴市", "丽水市", "舟山市", "温州市", "清远市", "吉林省", "福建省", "深圳市", "山西省",
    } == set(places().values())  # fmt: skip


@pytest.mark.parametrize("code", ["140000", "140800", "140802", "140881"])
def test_shanxi_is_there_and_has_no_number(code):
    shanxi = pack(code)
    assert (shanxi.code, shanxi.name, shanxi.loaded) == ("140000", "山西省", False)
    assert set(FORMS) == set(shanxi.numbers)
    assert all(shanxi.number(name, DAY) is None for name in FORMS)


@pytest.mark.parametrize("code", ["", "000000", "620702", "990000"])
def test_a_place_without_a_file_is_told_by_the_nation(code):
    nation = pack(code)
    assert (nation.code, nation.name, nation.loaded, dict(nation.numbers)) == ("000000", "全国", False, {})


def test_a_number_never_leaks_from_another_place():
    """Every number that a place gives stands in its own file or its province's."""
    own = {code: {(r["number"], str(r.get("value"))) for r in data["numbers"]} for code, data in files()}
    for code in [*own, "330199", "371599", "140802", "450000", "330700", "120000"]:
        chain = [code, code[:4] + "00", code[:2] + "0000"]
        allowed = set().union(*(own.get(c, set()) for c in chain))
        for name, several in pack(code).numbers.items():
            for number in several:
                assert number.value is None or (name, str(number.value)) in allowed
                assert number.place in {places().get(c) for c in chain}


def test_a_city_falls_back_to_its_province_number_by_number(monkeypatch):
    from auditkit.law import packs

    files = {
        "330000": {"posting_days": (LocalNumber(7, "省", place="省"),), "handover_days": (LocalNumber(9, "省"),)},
        "330100": {"posting_days": (LocalNumber(30, "市", since=dt.date(2022, 1, 1)),)},
    }
    monkeypatch.setattr(packs, "_local", files.__getitem__)
    monkeypatch.setattr(packs, "places", lambda: {"330000": "省", "330100": "市"})
    city = packs.pack("330106")
    assert (city.code, city.name) == ("330100", "市")
    assert city.number("posting_days", DAY).value == 30
    assert city.number("posting_days", dt.date(2021, 12, 31)).value == 7
    assert city.number("handover_days", DAY).value == 9
    assert packs.pack("330000").number("posting_days", DAY).value == 7


def test_numbers_hold_on_their_days_only():
    shanghai = pack("310115")
    assert shanghai.loaded
    assert shanghai.number("disclosure_due", dt.date(2026, 3, 31)) is None
    assert shanghai.number("disclosure_due", dt.date(2026, 4, 1)).value == {"period": "季", "months": 1, "day": 15}
    assert shanghai.number("disclosure_due", dt.date(2031, 1, 1)) is None
    assert shanghai.number("handover_days", pd.Timestamp("2024-05-01")).value == 10


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("110000", "fund_share_min"),  # only while the fund is below 30 % of the first contribution
        ("330100", "lease_max_months"),  # only contracts of the time before an assembly
        ("330600", "cost_cap"),  # only a developer's company that operates by itself
        ("330500", "fund_share_min"),  # only until the fund is full
        ("331100", "fund_share_min"),  # only before an assembly
        ("441800", "fund_share_min"),  # only where nothing is agreed
        ("410000", "lease_max_months"),  # only planned spaces let to others than owners
        ("220000", "lease_max_months"),
        ("331000", "deposit_days"),  # of net income to the fund, not of cash
        ("310000", "approval_threshold"),  # a price audit's, not an approval's
        ("350000", "disclosure_due"),  # from a report only
        ("350000", "cost_cap"),
        ("440300", "disclosure_due"),
    ],
)
def test_a_conditional_or_unread_number_is_carried_and_decides_nothing(code, name):
    place = pack(code)
    assert place.number(name, DAY) is None
    assert all(number.source for number in place.numbers[name])


def test_the_case_fills_what_the_pack_leaves_open():
    shanxi = pack("140802", stated(posting_days=30))
    assert shanxi.number("posting_days", DAY).source == "案件"
    assert not shanxi.loaded
    shanghai = pack("310000", stated(handover_days=99, deposit_days=3))
    assert shanghai.number("handover_days", DAY).value == 10
    assert shanghai.number("handover_days", dt.date(2019, 1, 1)).value == 99
    assert shanghai.number("deposit_days", DAY).value == 3
    assert pack("310000").number("deposit_days", DAY) is None


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("disclosure_due", 30, 30),
        ("disclosure_due", {"days": 20}, 20),
        ("disclosure_due", {"months": 1, "day": 15}, {"months": 1, "day": 15}),
        ("disclosure_period", "季", "季"),
        ("disclosure_period", "每季度", "季"),
        ("disclosure_period", "按月", "月"),
        ("disclosure_period", "半年度", "半年"),
        ("fund_share_min", "50%", 0.5),
        ("fund_share_min", 1, 1.0),
        ("cost_cap", "12.5 ％", 0.125),
        ("ineligible_costs", "人工", ["人工"]),
        ("council_may_authorise", "是", True),
        ("council_may_authorise", False, False),
        ("approval_threshold", 5000.5, 5000.5),
        ("lease_max_months", 36, 36),
    ],
)
def test_values_of_a_case(name, value, taken):
    assert pack("140802", stated(**{name: value})).number(name, DAY).value == taken


def test_the_due_day_may_go_by_its_other_name():
    assert pack("140802", stated(disclosure_due_day=15)).number("disclosure_due", DAY).value == 15


def test_wrong_values_are_refused_all_together():
    assert refused(
        posting_days="三十", fund_share_min=50, disclosure_period="周", lease_max_months=0, cost_cap=True,
        approval_threshold=-1, ineligible_costs=[1], council_may_authorise="也许", disclosure_due={"day": 15},
        fund_share_base="毛收入", nonsense=1,
    ) == [
        "posting_days", "fund_share_min", "disclosure_period", "lease_max_months", "cost_cap", "approval_threshold",
        "ineligible_costs", "council_may_authorise", "disclosure_due", "fund_share_base", "nonsense",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["1408", "运城市", "14080a", "1408020"])
def test_a_code_that_is_none_is_refused(code):
    with pytest.raises(InputError, match="6 位"):
        pack(code)


@pytest.mark.parametrize(
    ("end", "value", "due"),
    [
        ("2026-03-31", {"period": "季", "months": 1, "day": 15}, "2026-04-15"),
        ("2026-01-31", {"period": "季", "months": 1, "day": 15}, "2026-04-15"),
        ("2025-12-31", {"period": "年", "months": 3, "day": 31}, "2026-03-31"),
        ("2025-06-30", {"period": "年", "months": 3, "day": 31}, "2026-03-31"),
        ("2025-06-30", {"period": "半年", "months": 1, "day": 31}, "2025-07-31"),
        ("2025-12-31", {"months": 2, "day": 31}, "2026-02-28"),
        ("2025-11-25", {"months": 1, "day": 15}, "2025-12-15"),
        ("2026-03-31", 15, "2026-04-15"),
    ],
)
def test_due_days(end, value, due):
    assert due_day(pd.Timestamp(end), LocalNumber(value, "")) == pd.Timestamp(due)
