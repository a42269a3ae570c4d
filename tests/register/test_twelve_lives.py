"""Twelve findings live through every state and every allowed step; every other step is refused and changes nothing."""

import pytest
import sqlalchemy as sa

from auditkit.register.log import Act, perform, verify
from auditkit.register.states import BRANCH_STATES, BRANCHES, FACTS, MACHINE, RECOVERY, STATES, ForbiddenError
from auditkit.register.store import PROBLEMS, STEPS, open_register
from tests.register.test_life import bring_in, finding

ORDER = ["核查", "认定属实", "责令整改"]
DONE = [*ORDER, "整改反馈", "复核", "销号"]
LIVES = [
    [],
    ["核查", "认定不属实", "重新核查"],
    ["核查", "接受说明", "重新核查", "接受说明"],
    ["核查", "无法核实", "重新核查", "无法核实"],
    ["核查", "认定部分属实", "责令整改", "延期", "整改反馈"],
    [*ORDER, "整改反馈", "复核", "退回整改", "整改反馈", "复核"],
    [*DONE, "回头看", "回访合格"],
    [*DONE, "回头看", "反弹重开", "核查", *DONE[1:], "回头看", "反弹重开"],
    ["核查", "认定属实", "约谈", "移送", "立案处罚", "曝光"],
    [*ORDER, "信用推送", "服务等级重新核定", "解聘退出", "追回"],
    ["核查", "认定不属实"],
    ["核查", "认定部分属实"],
]
ACTIONS = sorted({a for steps in MACHINE.values() for a in steps} | set(BRANCHES) | {RECOVERY})
ALLOWED = {(s, a) for s, steps in MACHINE.items() for a in steps} | {
    (s, a) for s in BRANCH_STATES for a in (*BRANCHES, RECOVERY)
}


def act(register, id_, action, n):
    facts = dict.fromkeys(FACTS, "写明") | {"deadline": "2024-07-01", "amount": 1, "bank_row": f"流水{n}"}
    perform(register, [Act(id_, action, "甲", "2024-06-05", f"k{n}", "因", "乙", facts)])


def held(register):
    with register.reading() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(STEPS))
        rows = connection.execute(sa.select(PROBLEMS).order_by(PROBLEMS.c.id)).mappings().all()
    return count, [dict(r) for r in rows]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_twelve_lives(database, tmp_path):
    register = open_register(database)
    bring_in(register, tmp_path, [finding(n) for n in range(12)])
    seen, taken, refused, n = {"线索"}, set(), set(), 0
    state = {finding(i)["id"]: "线索" for i in range(12)}

    def forbidden_here(id_):
        nonlocal n
        here = state[id_]
        if here in {s for s, _ in refused}:
            return
        before = held(register)
        for action in ACTIONS:
            if (here, action) in ALLOWED:
                continue
            n += 1
            with pytest.raises(ForbiddenError, match=f"“{here}”") as told:
                act(register, id_, action, n)
            assert action in told.value.zh
            assert here in told.value.en
            refused.add((here, action))
        assert held(register) == before

    for number, life in enumerate(LIVES):
        id_ = finding(number)["id"]
        forbidden_here(id_)
        for action in life:
            n += 1
            act(register, id_, action, n)
            taken.add((state[id_], action))
            here = MACHINE[state[id_]].get(action)
            state[id_] = here.to if here else state[id_]
            seen.add(state[id_])
            forbidden_here(id_)
    assert seen == set(STATES) == set(MACHINE)
    assert {pair for pair in ALLOWED if pair[1] in MACHINE[pair[0]]} <= taken
    assert {a for _, a in taken} == set(ACTIONS)
    assert refused == {(s, a) for s in STATES for a in ACTIONS} - ALLOWED
    assert {r["id"]: r["state"] for r in held(register)[1]} == state
    assert {r["number"] for r in held(register)[1] if r["reopened"]} == {"C1-008-R2"}
    assert verify(register) == []
    register.close()


def test_known_faults_of_such_registers_do_not_happen(tmp_path):
    """An unchanged run, duplicates merged into one, a false alarm found again, a finding that comes back."""
    register = open_register(tmp_path / "register.db")
    bring_in(register, tmp_path, [finding(n) for n in range(4)], name="a")
    for i, action in enumerate(["核查", "认定不属实"]):
        act(register, finding(0)["id"], action, f"f{i}")
    for i, action in enumerate(DONE):
        act(register, finding(1)["id"], action, f"c{i}")
    before = held(register)
    bring_in(register, tmp_path, [finding(n) for n in range(4)], name="a2", at="2024-06-17")
    assert held(register) == before, "an unchanged run closes and reopens nothing"

    bring_in(register, tmp_path, [finding(0), finding(2)], name="b", at="2024-06-24")
    rows = {r["id"]: r for r in held(register)[1]}
    assert (rows[finding(3)["id"]]["state"], rows[finding(3)["id"]]["present"]) == ("线索", False), "gone is not mended"
    assert rows[finding(0)["id"]]["state"] == "不属实", "a false alarm stays one"

    done = bring_in(register, tmp_path, [finding(n) for n in range(4)], name="c", at="2024-07-01")
    assert sorted(done.returned) == [finding(1)["id"], finding(3)["id"]]
    rows = held(register)[1]
    assert len(rows) == len({r["number"] for r in rows}) == 4, "what comes back is one row in one state"
    assert {r["id"]: r["state"] for r in rows}[finding(1)["id"]] == "销号"
    assert verify(register) == []
    register.close()
