"""What the input contract says of rows that cannot be so, and that both engines say the same."""

import subprocess
import sys

import pandas as pd
import pytest

from auditkit.check import check_books, check_county, expectations
from auditkit.check.contract import CODES, check_character, contract
from auditkit.check.contract import expectations as spec_of
from auditkit.demo import books_of, make_compound
from auditkit.model import Books, Issue
from auditkit.schema import frame, tables

D = pd.Timestamp

# One broken row each: table, cells, code, header that the issue names.
BROKEN = [
    ("contracts", {"contract_no": ""}, "Q41", "合同编号"),
    ("bank", {"date": None}, "Q41", "交易日期"),
    ("ledger", {"category": "杂项"}, "Q43", "类别"),
    ("ledger", {"method": "刷脸"}, "Q43", "结算方式"),
    ("resolutions", {"owners_share": 70.0}, "Q44", "业主分成比例"),
    ("compound", {"elevators": -1}, "Q44", "电梯数"),
    ("contracts", {"quantity": -2.0}, "Q44", "数量"),
    ("contracts", {"amount": -100}, "Q44", "每期金额"),
    ("confirmations", {"amount": -1}, "Q44", "付款金额"),
    ("parking", {"paid": -500}, "Q44", "实收金额"),
    ("ledger", {"date": D(1924, 3, 1)}, "Q44", "日期"),
    ("ledger", {"period": "2024-13"}, "Q45", "所属期间"),
    ("parking", {"plate": "京A12"}, "Q45", "车牌号"),
    ("cards", {"plate": "老王的车"}, "Q45", "车牌号"),
    ("compound", {"county_code": "14080"}, "Q45", "行政区划代码"),
    ("related", {"uscc": "91140800MA0ABCDI12"}, "Q45", "统一社会信用代码"),
    ("compound", {"company_uscc": "91350100M000100Y44"}, "Q46", "物业企业统一社会信用代码"),
    ("cards", {"start": D(2024, 5, 2), "end": D(2024, 5, 1)}, "Q48", "起始日、截止日"),
    ("resolutions", {"agreeing_area": 500.02, "participating_area": 500.01}, "Q48", "同意面积、参与表决面积"),
    ("resolutions", {"participating_heads": 11, "total_heads": 10}, "Q48", "参与表决人数、业主总人数"),
    ("disclosures", {"period_start": D(2024, 4, 1), "period_end": D(2024, 3, 31)}, "Q48", "公示期间起、公示期间止"),
    ("bank", {"credit": 100, "debit": 100}, "Q49", "收入金额、支出金额"),
    ("bank", {"credit": 0, "debit": 0}, "Q49", "收入金额、支出金额"),
]
GOOD = {
    "compound": {"compound_id": "140802001", "compound_name": "虚构花园", "company_name": "虚构物业"},
    "contracts": {
        "contract_no": "H1", "category": "电梯广告", "counterparty": "虚构传媒", "start": D(2024, 1, 1), "end": D(2024, 12, 31),
        "amount": 1, "cycle": "年",
    },
    "resolutions": {"resolution_no": "J1", "date": D(2024, 1, 1), "matter": "授权经营"},
    "ledger": {"date": D(2024, 1, 1), "direction": "收入", "category": "利息", "amount": 1},
    "bank": {"account": "1", "date": D(2024, 1, 1), "credit": 1, "debit": 0, "serial": "s1"},
    "parking": {"session_id": "P1", "plate": "晋Z12345", "kind": "临时", "entry": D(2024, 1, 1), "paid": 0},
    "cards": {"card_no": "K1", "plate": "晋Z12345", "start": D(2024, 1, 1), "end": D(2024, 1, 31)},
    "disclosures": {"period_start": D(2024, 1, 1), "period_end": D(2024, 3, 31), "direction": "收入", "amount": 1},
    "confirmations": {"counterparty": "虚构传媒", "paid_on": D(2024, 1, 1), "amount": 1},
    "related": {"name": "虚构绿化", "relation": "股东"},
    "resources": {"resource_id": "Z1", "category": "电梯广告", "status": "经营中", "surveyed_on": D(2024, 1, 1)},
}  # fmt: skip


def books(issues=(), **rows):
    frames = {}
    for name in tables():
        placed = [
            {"file": f"{name}.xlsx", "sheet": "表", "row": n, **row}
            for n, row in enumerate(rows.get(name, ()), start=2)
        ]
        frames[name] = frame(name, placed)
    return Books(frames, frozenset(rows), {}, tuple(issues))


@pytest.mark.parametrize(("table", "cells", "code", "header"), BROKEN)
def test_broken_row_is_named_with_its_place(table, cells, code, header):
    found = check_books(books(**{table: [GOOD[table], {**GOOD[table], "contract_no": "H2", "serial": "s2", **cells}]}))
    found = [i for i in found if i.code != "Q47"]
    assert [(i.code, i.column, i.row, i.file) for i in found] == [(code, header, 3, f"{table}.xlsx")]
    assert found[0].message
    assert found[0].message_en


@pytest.mark.parametrize("table", GOOD)
def test_good_row_passes(table):
    assert check_books(books(**{table: [GOOD[table]]})) == ()


def test_two_rows_of_one_id_are_both_named():
    found = check_books(books(contracts=[GOOD["contracts"], {**GOOD["contracts"], "amount": 2}]))
    assert [(i.code, i.row) for i in found] == [("Q47", 2), ("Q47", 3)]
    assert "H1" in found[0].message


def test_compound_has_one_row():
    found = check_books(books(compound=[GOOD["compound"], {**GOOD["compound"], "compound_id": "2"}]))
    assert [i.code for i in found] == ["Q47", "Q47"]


def test_the_same_id_in_two_compounds_is_no_duplicate():
    one = books(contracts=[GOOD["contracts"]])
    assert check_county({"a": one, "b": one}) == {"a": (), "b": ()}


def test_rows_without_an_id_are_no_duplicates():
    row = {**GOOD["bank"], "serial": ""}
    assert check_books(books(bank=[row, row])) == ()


def test_resurveyed_resource_is_no_duplicate():
    later = {**GOOD["resources"], "surveyed_on": D(2024, 9, 1)}
    assert check_books(books(resources=[GOOD["resources"], later])) == ()


def test_what_reading_has_said_is_not_said_again():
    said = Issue(
        "Q03", "无法读取", table="ledger", file="ledger.xlsx", sheet="表", row=2, column="日期", value="2023-11-31"
    )
    row = {**GOOD["ledger"], "date": None, "doubt": "date"}
    assert [i.code for i in check_books(books(ledger=[row]))] == ["Q41"]
    assert check_books(books([said], ledger=[row])) == ()


def test_contradictions_that_an_audit_test_finds_are_left_to_it():
    ended = {**GOOD["contracts"], "start": D(2024, 5, 1), "end": D(2024, 4, 30)}
    left = {**GOOD["parking"], "exit": D(2023, 12, 31)}
    red = {"date": D(2024, 1, 1), "direction": "收入", "category": "利息", "amount": -5}
    assert check_books(books(contracts=[ended], parking=[left], ledger=[red])) == ()


@pytest.mark.parametrize(
    "plate",
    ["晋M12345", "晋M·12345", "晋MD12345", "晋M12345F", "粤Z1234港", "晋A1234挂", "晋A0001警", "WJ晋1234X", "使014001",
     "无牌车", "无牌_0007", "晋M**345", "临时车1"],
)  # fmt: skip
def test_plates_that_barriers_write(plate):
    assert check_books(books(parking=[{**GOOD["parking"], "plate": plate}])) == ()


def test_check_character_of_published_codes():
    # GB 32100-2015's worked example, and a remainder of nought gives 0.
    assert check_character("91350100M000100Y4") == "3"
    zero = next(f"9135010{n:010d}" for n in range(100) if check_character(f"9135010{n:010d}") == "0")
    assert check_books(books(related=[{**GOOD["related"], "uscc": zero + "0"}])) == ()


def test_clean_example_compounds_keep_the_contract():
    for index in range(3):
        assert check_books(books_of(make_compound(index, index, stays=300, costs=60)[0])) == ()


def test_contract_names_columns_that_exist():
    for part in ("between", "match"):
        for name in contract()[part]:
            table, _, column = name.partition(".")
            assert tables()[table].column(column)
    for table in tables():
        for expectation in spec_of(table):
            assert all(tables()[table].column(c) for c in expectation.columns)
            assert expectation.kind in CODES


def test_great_expectations_is_not_imported_by_the_way():
    code = "import sys, auditkit.check, auditkit.check.expectations, auditkit.audit; print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.fixture(scope="module")
def broken_county():
    broken = {"clean": books_of(make_compound(1, 1, stays=300, costs=60)[0])}
    for n, (table, cells, _, _) in enumerate(BROKEN):
        rows = [GOOD[table], {**GOOD[table], "contract_no": f"H{n}", "serial": f"s{n}", **cells}, GOOD[table]]
        broken[f"case {n}"] = books(**{table: rows})
    return broken


def test_great_expectations_and_pandas_name_the_same_rows(broken_county):
    if not expectations.installed():
        pytest.skip("great-expectations is not installed: pip install auditkit[contract]")
    ours, theirs = check_county(broken_county), expectations.check_county(broken_county)
    assert ours == theirs
    assert ours["clean"] == ()
    assert {i.code for found in ours.values() for i in found} == set(CODES.values()) - {"Q42"}


def test_wrong_type_is_named_by_both(broken_county):
    if not expectations.installed():
        pytest.skip("great-expectations is not installed: pip install auditkit[contract]")
    good = books(ledger=[GOOD["ledger"], GOOD["ledger"]])
    ledger = good["ledger"].assign(
        amount=pd.Series([1, 1.5], dtype="object"), summary=pd.Series(["a", 7], dtype="object")
    )
    typed = Books({**good.tables, "ledger": ledger}, good.given, {})
    ours = check_books(typed)
    assert [(i.code, i.column, i.row) for i in ours] == [("Q42", "摘要", 3), ("Q42", "金额", 3)]
    assert expectations.check_books(typed) == ours


def test_nothing_is_sent_anywhere():
    if not expectations.installed():
        pytest.skip("great-expectations is not installed: pip install auditkit[contract]")
    code = (
        "import os, socket\n"
        "os.environ.pop('GX_ANALYTICS_ENABLED', None)\n"
        "def refuse(*_): raise SystemExit('a connection was tried')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from auditkit.check import expectations\n"
        "from auditkit.demo import books_of, make_compound\n"
        "assert expectations.check_books(books_of(make_compound(1, stays=100, costs=20)[0])) == ()\n"
        "print(os.environ['GX_ANALYTICS_ENABLED'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "false"
