"""How a company leaves: the law's steps, the vote, what is to be handed over, the account to the day."""

import pandas as pd
import pytest

from auditkit.model import Books, Case, LocalNumber, Pack
from auditkit.read.typed import type_rows
from auditkit.reconcile.closing import account_to
from auditkit.reconcile.exit import exit_of
from auditkit.schema import tables

COMPOUND = {
    "compound_id": "X1", "compound_name": "甲小区", "company_name": "乙物业", "exit_date": "2024-09-30",
    "service_start": "2020-01-01", "service_end": "2025-12-31",
}  # fmt: skip
VOTE = {
    "resolution_no": "JY-1", "date": "2024-07-01", "matter": "选聘解聘", "total_area": "3000", "total_heads": "30",
    "participating_area": "2000", "participating_heads": "20", "agreeing_area": "1000.01", "agreeing_heads": "11",
}  # fmt: skip


def books(**given):
    frames = {}
    for name in tables():
        rows = given.get(name, [])
        placed = [{**row, "file": f"{name}.xlsx", "sheet": "", "row": i + 2} for i, row in enumerate(rows)]
        frames[name], _ = type_rows(name, placed)
    return Books(frames, frozenset(given), {name: frozenset(c.name for c in tables()[name].columns) for name in given})


def case(**numbers):
    first, last = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31")
    known = {name: (LocalNumber(value, "示例"),) for name, value in numbers.items()}
    return Case("X1", first, last, last, Pack(numbers=known, loaded=True))


def row(no, date, direction, category, amount, **more):
    return {"voucher_no": no, "date": date, "direction": direction, "category": category, "amount": amount, **more}


def steps(left):
    return {s.key: s for s in left.steps}


def test_no_exit_without_a_day_that_can_be_read():
    assert exit_of(books(compound=[{**COMPOUND, "exit_date": ""}]), case()) is None
    assert exit_of(books(compound=[{**COMPOUND, "exit_date": "秋天"}]), case()) is None


def test_a_dismissal_is_counted_and_leaves_room_for_the_notice():
    left = exit_of(books(compound=[COMPOUND], resolutions=[VOTE]), case(handover_days=10))
    found = steps(left)
    assert found["vote"].state == "kept"
    assert left.votes["holds"].all()
    assert found["notice"].by == pd.Timestamp("2024-08-01")
    assert (found["notice"].state, found["notice"].days) == ("unknown", 91)
    assert found["due"].by == pd.Timestamp("2024-10-10")


@pytest.mark.parametrize(("day", "state"), [("2024-08-01", "unknown"), ("2024-08-02", "missed")])
def test_sixty_days_between_vote_and_exit(day, state):
    left = exit_of(books(compound=[COMPOUND], resolutions=[{**VOTE, "date": day}]), case())
    assert steps(left)["notice"].state == state


def test_half_is_not_more_than_half():
    left = exit_of(books(compound=[COMPOUND], resolutions=[{**VOTE, "agreeing_area": "1000"}]), case())
    assert steps(left)["vote"].state == "missed"


def test_a_vote_that_hired_the_company_does_not_dismiss_it():
    old = {**VOTE, "date": "2019-11-01"}
    early = {**VOTE, "date": "2022-04-02"}
    for one in (old, early):
        left = exit_of(books(compound=[COMPOUND], resolutions=[one]), case())
        assert steps(left)["vote"].state == "unknown"
        assert left.votes.empty


def test_a_contract_that_ran_out_needs_no_dismissal():
    left = exit_of(books(compound=[{**COMPOUND, "service_end": "2024-08-31"}]), case())
    found = steps(left)
    assert [found[k].article for k in ("vote", "notice")] == ["民法典947", "民法典947"]
    assert found["exit"].days == 30


def test_each_day_of_the_handover_is_a_step_and_late_ones_are_told():
    handed = [
        {"item": "结余", "kind": "公共收益结余", "amount": "100", "handed_on": "2024-10-10"},
        {"item": "会计凭证", "kind": "资料", "handed_on": "2024-10-11"},
        {"item": "物业用房", "kind": "用房设施"},
    ]
    left = exit_of(books(compound=[COMPOUND], handover=handed), case(handover_days=10))
    assert [(s.days, s.state) for s in left.steps if s.key == "handed"] == [(10, "kept"), (11, "missed")]
    silent = exit_of(books(compound=[COMPOUND], handover=handed), case())
    assert {s.state for s in silent.steps if s.key == "handed"} == {"told"}
    found = left.duties.set_index("key")["found"]
    assert [k for k, yes in found.items() if yes] == ["balance", "accounts", "rooms"]


def test_the_account_adds_up_to_the_written_balance():
    rows = [
        row("1", "2024-01-05", "收入", "快递柜", "100", balance="1100"),
        row("2", "2024-02-05", "支出", "能耗", "30.50"),
        row("3", "2024-03-05", "收入", "快递柜", "50", balance="1119.50"),
        row("4", "2024-10-05", "收入", "快递柜", "70", balance="1189.50"),
    ]
    found = books(compound=[COMPOUND], ledger=rows)
    left = exit_of(found, case())
    account = left.account
    assert (account.opening, account.opened) == (100_000, True)
    assert account.lines[["direction", "category", "amount", "rows"]].to_numpy().tolist() == [
        ["收入", "快递柜", 15_000, 2],
        ["支出", "能耗", 3_050, 1],
    ]
    assert account.reckoned == left.closing.amount == 111_950


def test_a_balance_that_breaks_shows_as_the_difference():
    rows = [
        row("1", "2024-01-05", "收入", "快递柜", "100", balance="100"),
        row("2", "2024-02-05", "支出", "能耗", "30", balance="60"),
    ]
    left = exit_of(books(compound=[COMPOUND], ledger=rows), case())
    assert left.closing.amount - left.account.reckoned == -1_000


def test_what_cannot_be_read_is_counted_and_leaves_no_sum():
    rows = [row("1", "2024-01-05", "收入", "快递柜", "100"), row("2", "2024-02-05", "支出", "能耗", "不清")]
    account = account_to(books(ledger=rows)["ledger"], pd.Timestamp("2024-09-30"))
    assert (account.unread, account.reckoned, account.opened) == (1, None, False)


def test_rent_past_the_exit_is_split_by_days_and_deposits_are_those_of_running_contracts():
    contract = {
        "contract_no": "HT-1", "category": "快递柜", "counterparty": "丙", "start": "2024-08-01", "end": "2025-07-31",
        "amount": "9200", "cycle": "季", "deposit": "500",
    }  # fmt: skip
    ended = {**contract, "contract_no": "HT-2", "counterparty": "丁", "end": "2024-08-31"}
    rows = [row("1", "2024-08-01", "收入", "快递柜", "9200", contract_no="HT-1")]
    left = exit_of(books(compound=[COMPOUND], ledger=rows, contracts=[contract, ended]), case())
    assert left.prepaid[["days", "whole", "after"]].to_numpy().tolist() == [[31, 92, 310_000]]
    money = left.duties.set_index("key")["expected"]
    assert (money["prepaid"], money["deposits"]) == (310_000, 50_000)
