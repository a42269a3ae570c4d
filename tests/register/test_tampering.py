"""Who changes the register past its commands is found out: changed, missing, cut off, reordered, inserted."""

import json
import sqlite3
import subprocess
import sys

import pytest
import sqlalchemy as sa

from auditkit.register.log import EDIT, FIRST, Act, chain, log_end, perform, verify
from auditkit.register.store import STEPS, open_register
from tests.register.test_life import ALL_FACTS, bring_in, finding

ID = finding(1)["id"]


@pytest.fixture
def register(tmp_path):
    opened = open_register(tmp_path / "register.db")
    bring_in(opened, tmp_path, [finding(1), finding(2)])
    facts = ALL_FACTS | {"bank_row": "流水1"}
    acts = [
        Act(ID, a, "甲", f"2024-06-0{n}", f"k{n}", "因", "乙", facts) for n, a in enumerate(["核查", "认定属实"], 4)
    ]
    acts.append(Act(ID, EDIT, "甲", "2024-06-06", "e", facts={"person": ["", "王某"]}))
    acts.append(Act(ID, "追回", "甲", "2024-06-07", "r", facts={"amount": 100, "bank_row": "流水1"}))
    perform(opened, acts)
    assert verify(opened) == []
    yield opened
    opened.close()


def raw(tmp_path, *statements):
    with sqlite3.connect(tmp_path / "register.db") as connection:
        for sql in statements:
            connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        (["DELETE FROM steps WHERE seq = 6"], "日志末尾应为第6条, 现为第5条"),
        (["DELETE FROM steps WHERE seq >= 5", "UPDATE problems SET person = ''"], "日志末尾应为第6条, 现为第4条"),
        (["DELETE FROM steps"], "日志末尾应为第6条, 现为第0条"),
        (["DELETE FROM steps WHERE seq = 1"], "第1条缺失"),
        (["UPDATE steps SET who = '丙' WHERE seq = 6"], "第6条内容"),
        (["UPDATE steps SET facts = '[1' WHERE seq = 5"], "读不出"),
        (["UPDATE steps SET at = '2024-05-01' WHERE seq = 1"], "第1条内容"),
        (["UPDATE problems SET person = '李某' WHERE number = 'C1-001'"], "C1-001的责任人为李某, 日志推得王某"),
        (["UPDATE problems SET number = 'C1-009' WHERE number = 'C1-001'"], "编号"),
        (["DELETE FROM problems WHERE number = 'C1-002'"], "在台账中不存在"),
        (["DELETE FROM log_end"], "日志末尾"),
    ],
)
def test_what_was_changed_missing_or_cut_off_is_found(register, tmp_path, sql, says):
    raw(tmp_path, *sql)
    assert any(says in line for line in verify(register)), verify(register)


def test_entries_changed_in_their_order_are_found_each(register, tmp_path):
    raw(
        tmp_path,
        "UPDATE steps SET seq = 99 WHERE seq = 3",
        "UPDATE steps SET seq = 3 WHERE seq = 4",
        "UPDATE steps SET seq = 4 WHERE seq = 99",
    )
    wrong = verify(register)
    assert any("第3条内容或顺序被改动" in line for line in wrong)
    assert any("第4条内容或顺序被改动" in line for line in wrong)


def entry(register, seq, previous):
    with register.reading() as connection:
        row = dict(connection.execute(sa.select(STEPS).where(STEPS.c.action == "追回")).mappings().one())
    row |= {"seq": seq, "key": "forged", "previous": previous}
    return row | {"facts": json.dumps({"amount": 900, "bank_row": "流水9"}, sort_keys=True)}


def test_an_entry_put_in_between_is_found(register, tmp_path):
    raw(tmp_path, *(f"UPDATE steps SET seq = {n + 1} WHERE seq = {n}" for n in (6, 5)))
    with register.reading() as connection:
        before = connection.scalar(sa.select(STEPS.c.hash).where(STEPS.c.seq == 4))
    row = entry(register, 5, before)
    with register.engine.begin() as connection:
        connection.execute(sa.insert(STEPS).values(row | {"hash": chain(before, row)}))
    wrong = verify(register)
    assert any("第6条内容或顺序被改动" in line for line in wrong)
    assert any("日志末尾" in line for line in wrong)


def test_an_entry_added_at_the_end_with_a_right_hash_is_found(register):
    _, last = log_end(register)
    row = entry(register, 7, last)
    with register.engine.begin() as connection:
        connection.execute(sa.insert(STEPS).values(row | {"hash": chain(last, row)}))
    assert verify(register) == ["日志末尾应为第6条, 现为第7条: 末尾的条目被删除、增加或改动"]


def test_work_that_goes_on_after_a_cut_does_not_heal_it(register, tmp_path):
    raw(tmp_path, "DELETE FROM steps WHERE seq = 6")
    perform(register, [Act(finding(2)["id"], "核查", "甲", "2024-06-10", "on")])
    assert any("第6条缺失" in line for line in verify(register))


def test_a_whole_log_forged_anew_is_found_by_the_hash_that_was_written_down(register, tmp_path):
    _, kept = log_end(register)
    assert verify(register, kept) == []
    with register.reading() as connection:
        steps = [dict(r) for r in connection.execute(sa.select(STEPS).order_by(STEPS.c.seq)).mappings()]
    previous = FIRST
    with register.engine.begin() as connection:
        connection.execute(sa.delete(STEPS))
        for row in steps:
            row |= {"previous": previous, "who": "无名"}
            previous = row["hash"] = chain(previous, row)
            connection.execute(sa.insert(STEPS).values(row))
        connection.exec_driver_sql(f"UPDATE log_end SET hash = '{previous}'")
    assert verify(register) == []
    assert verify(register, kept) == [f"日志中没有哈希为{kept}的条目"]


def test_the_command_says_the_last_hash_and_fails_where_something_is_wrong(register, tmp_path):
    command = [sys.executable, "-m", "auditkit", "register", "verify", "--register", str(tmp_path / "register.db")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0
    assert f"共6条, 末条哈希 {log_end(register)[1]}" in done.stdout
    raw(tmp_path, "DELETE FROM steps WHERE seq = 6")
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert "日志末尾应为第6条" in done.stdout


def test_a_register_of_the_first_version_is_brought_up_to_date_and_keeps_its_end(register, tmp_path):
    raw(tmp_path, "DROP TABLE log_end", "UPDATE alembic_version SET version_num = '0001'")
    again = open_register(tmp_path / "register.db")
    assert verify(again) == []
    assert log_end(again)[0] == 6
    again.close()
