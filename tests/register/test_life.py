"""The life of problems: every state reached, every forbidden step refused, the log true to the end."""

import json
import sqlite3
import subprocess
import sys

import pytest
import sqlalchemy as sa

from auditkit.register.intake import add_problem, false_alarms, import_run
from auditkit.register.log import Act, perform, verify
from auditkit.register.states import BRANCHES, FACTS, MACHINE, ForbiddenError, step
from auditkit.register.store import PROBLEMS, STEPS, open_register

ALL_FACTS = dict.fromkeys(FACTS, "写明") | {"amount": 100, "deadline": "2024-07-01"}


def finding(n, amount=1000, rule="INC02"):
    return {
        "id": f"{rule}-{n:010x}", "rule": rule, "subject": {"type": "contract_no", "id": f"HT-{n}"},
        "severity": "S2", "kind": "exception", "problem": "2.3", "amount_low": amount, "amount_high": amount,
        "message": f"第{n}项", "message_en": f"item {n}", "basis": ["民法典282"], "evidence": [], "alternatives": [],
    }  # fmt: skip


def write_run(folder, findings, states=None, compound="C1"):
    states = states or {"INC02": "findings"}
    folder.mkdir(parents=True, exist_ok=True)
    tests = [{"rule": r, "state": s} for r, s in states.items()]
    run = {"schema": 1, "compound_id": compound, "tests": tests, "findings": findings, "issues": []}
    path = folder / "findings.json"
    path.write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def register(tmp_path):
    opened = open_register(tmp_path / "register.db")
    yield opened
    opened.close()


def rows(register, table=PROBLEMS):
    with register.reading() as connection:
        return [dict(r) for r in connection.execute(sa.select(table)).mappings()]


def bring_in(register, tmp_path, findings, states=None, at="2024-06-03T09:00", name="run"):
    return import_run(register, [write_run(tmp_path / name, findings, states)], at=at, who="系统")


def act(id_, action, who="张审计", second="李复核", **facts):
    bring = {k: v for k, v in ALL_FACTS.items() if k != "amount"} | facts
    return Act(id_, action, who, "2024-06-05T10:00", f"{id_}:{action}:{len(facts)}", "情况如此", second, bring)


def test_every_forbidden_step_is_refused_and_every_allowed_one_taken():
    actions = {a for steps in MACHINE.values() for a in steps}
    for state, allowed in MACHINE.items():
        for action in actions:
            if action in allowed:
                assert step(state, action, ALL_FACTS, "甲", "乙") == allowed[action].to
                for need in allowed[action].needs:
                    with pytest.raises(ForbiddenError, match=FACTS[need][0]):
                        step(state, action, ALL_FACTS | {need: ""}, "甲", "乙")
                if allowed[action].second_person:
                    for second in ("", "甲", " 甲 "):
                        with pytest.raises(ForbiddenError, match="第二人"):
                            step(state, action, ALL_FACTS, "甲", second)
            else:
                with pytest.raises(ForbiddenError, match="只能"):
                    step(state, action, ALL_FACTS, "甲", "乙")
    for branch in BRANCHES:
        with pytest.raises(ForbiddenError):
            step("线索", branch, ALL_FACTS, "甲")
        assert step("属实", branch, ALL_FACTS, "甲") == "属实"


def test_a_whole_life_to_the_reopening(register, tmp_path):
    bring_in(register, tmp_path, [finding(1)])
    id_ = finding(1)["id"]
    life = ["核查", "认定属实", "责令整改", "延期", "整改反馈", "复核", "销号", "回头看", "反弹重开"]
    for n, action in enumerate(life):
        perform(register, [Act(id_, action, "甲", f"2024-06-{n + 4:02d}", f"k{n}", "因", "乙", ALL_FACTS)])
    (problem,) = rows(register)
    assert (problem["state"], problem["number"]) == ("反弹重开", "C1-001-R1")
    perform(register, [Act(id_, "核查", "甲", "2024-07-01", "again")])
    assert rows(register)[0]["state"] == "核查"
    assert verify(register) == []
    assert len(rows(register, STEPS)) == len(life) + 2


def test_the_same_run_again_changes_nothing(register, tmp_path):
    first = bring_in(register, tmp_path, [finding(1), finding(2)])
    before = rows(register), rows(register, STEPS)
    again = bring_in(register, tmp_path, [finding(1), finding(2)], at="2024-06-10T09:00")
    assert len(first.new) == 2
    assert again.unchanged == first.new
    assert (rows(register), rows(register, STEPS)) == before


def test_changed_gone_returned_and_not_tested(register, tmp_path):
    bring_in(register, tmp_path, [finding(1), finding(2)])
    second = bring_in(register, tmp_path, [finding(1, 900)])
    assert second.changed == [finding(1)["id"]]
    assert second.gone == [finding(2)["id"]]
    third = bring_in(register, tmp_path, [], {"INC02": "untested"})
    assert sorted(third.not_tested) == [finding(1)["id"], finding(2)["id"]]
    fourth = bring_in(register, tmp_path, [finding(1, 900), finding(2)])
    assert fourth.returned == [finding(2)["id"]]
    assert fourth.unchanged == [finding(1)["id"]]
    assert {r["state"] for r in rows(register)} == {"线索"}
    assert verify(register) == []


def test_a_false_alarm_stays_one_over_runs_and_counts(register, tmp_path):
    bring_in(register, tmp_path, [finding(1), finding(2)])
    for n, action in enumerate(["核查", "认定不属实"]):
        perform(register, [Act(finding(1)["id"], action, "甲", "2024-06-05", f"k{n}", "因", "乙", ALL_FACTS)])
    bring_in(register, tmp_path, [finding(1), finding(2), finding(3)])
    states = {r["id"]: r["state"] for r in rows(register)}
    assert states[finding(1)["id"]] == "不属实"
    assert false_alarms(register) == {"INC02": (1, 1)}


def test_money_recovered_names_its_bank_row_once_and_more_than_found_needs_a_reason(register, tmp_path):
    bring_in(register, tmp_path, [finding(1, 1000)])
    id_ = finding(1)["id"]
    for n, action in enumerate(["核查", "认定属实"]):
        perform(register, [Act(id_, action, "甲", "2024-06-05", f"k{n}", "因", "乙", ALL_FACTS)])

    def recover(amount, row, key, why=""):
        return Act(id_, "追回", "甲", "2024-06-06", key, why, facts={"amount": amount, "bank_row": row})

    perform(register, [recover(600, "流水1", "r1")])
    for bad in (recover(100, "流水1", "r2"), recover(600, "流水2", "r3"), recover(-5, "流水3", "r4")):
        with pytest.raises(ForbiddenError):
            perform(register, [bad])
    with pytest.raises(ForbiddenError, match="到账流水"):
        perform(register, [recover(1, "", "r5")])
    assert perform(register, [recover(600, "流水2", "r3", "含利息")]) == 1
    assert perform(register, [recover(600, "流水2", "r3", "含利息")]) == 0
    assert verify(register) == []


def test_one_bad_act_leaves_nothing_of_its_transaction(register, tmp_path):
    bring_in(register, tmp_path, [finding(1), finding(2)])
    good = Act(finding(1)["id"], "核查", "甲", "2024-06-05", "good")
    with pytest.raises(ForbiddenError):
        perform(
            register, [good, Act(finding(2)["id"], "销号", "甲", "2024-06-05", "bad", second="乙", facts=ALL_FACTS)]
        )
    assert {r["state"] for r in rows(register)} == {"线索"}
    assert verify(register) == []


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE steps SET why = '另一说法' WHERE seq = 3", "第3条内容或顺序被改动"),
        ("DELETE FROM steps WHERE seq = 2", "第2条缺失"),
        ("UPDATE steps SET seq = CASE seq WHEN 2 THEN 3 ELSE 2 END WHERE seq IN (2, 3)", "被改动"),
        ("DELETE FROM steps WHERE seq = 4", "日志推得"),
        ("UPDATE problems SET state = '销号' WHERE number = 'C1-002'", "日志推得线索"),
        ("UPDATE problems SET amount_high = 1 WHERE number = 'C1-002'", "金额"),
    ],
)
def test_verify_finds_what_was_tampered_with(register, tmp_path, sql, says):
    bring_in(register, tmp_path, [finding(1), finding(2)])
    for n, action in enumerate(["核查", "认定属实"]):
        perform(register, [Act(finding(1)["id"], action, "甲", "2024-06-05", f"k{n}", "因", "乙", ALL_FACTS)])
    assert verify(register) == []
    with sqlite3.connect(tmp_path / "register.db") as raw:
        if "seq = CASE" in sql:
            for part in ("SET seq = 99 WHERE seq = 2", "SET seq = 2 WHERE seq = 3", "SET seq = 3 WHERE seq = 99"):
                raw.execute(f"UPDATE steps {part}")
        else:
            raw.execute(sql)
    assert any(says in w for w in verify(register)), verify(register)


@pytest.mark.parametrize(("judged", "shown"), [([], "—"), (["不属实", "属实", "接受说明"], "67% (2/3)")])
def test_the_catalogue_shows_a_rules_false_alarm_rate(tmp_path, judged, shown):
    place = tmp_path / "register.db"
    register = open_register(place)
    for n, state in enumerate(judged):
        problem = {"id": f"INC02-{n}", "source": "审计", "county": "", "compound_id": "1", "compound_name": "",
                   "company": "", "problem": "2.3", "message": ""}  # fmt: skip
        add_problem(register, problem, who="甲", at="2024-06-01")
        with register.writing() as connection:
            changed = sa.update(PROBLEMS).where(PROBLEMS.c.id == problem["id"]).values(rule="INC02", state=state)
            connection.execute(changed)
    register.close()
    command = [sys.executable, "-m", "auditkit", "rules", "--register"]
    done = subprocess.run([*command, str(place)], capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if line.strip().startswith(("INC02", "INC03"))]
    assert shown in lines[0]
    assert "—" in lines[1]
    assert subprocess.run([*command, str(tmp_path / "none.db")], capture_output=True).returncode == 2
    assert not (tmp_path / "none.db").exists(), "looking makes no register"
