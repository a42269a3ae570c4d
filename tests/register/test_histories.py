"""Random histories: whatever people try in whatever order, the register stays within its machine."""

import json
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from auditkit.register.intake import import_run
from auditkit.register.log import Act, perform, verify
from auditkit.register.states import BRANCHES, MACHINE, RECOVERY, ForbiddenError
from auditkit.register.store import META, PROBLEMS, STEPS, open_register
from tests.register.test_life import ALL_FACTS, finding, write_run

ACTIONS = sorted({a for steps in MACHINE.values() for a in steps} | set(BRANCHES) | {RECOVERY})


class Histories(RuleBasedStateMachine):
    place = ""

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        self.register = open_register(self.place or Path(self.folder.name) / "register.db")
        if self.place:
            with self.register.engine.begin() as connection:
                for table in META.sorted_tables:
                    connection.execute(sa.delete(table))
        self.count = 0
        self.expected = {}
        self.take_run([1, 2, 3], 1000)
        # Two are judged from the start: else money is hardly ever recovered in a random history.
        for n in (1, 2):
            for action in ("核查", "认定属实"):
                perform(self.register, [Act(finding(n)["id"], action, "甲", "t0", f"{n}{action}", facts=ALL_FACTS)])
            self.expected[finding(n)["id"]] = "属实"

    @rule(n=st.integers(1, 2), amount=st.integers(-10, 2000), row=st.integers(1, 4), why=st.sampled_from(["", "因"]))
    def recover(self, n, amount, row, why):
        self.count += 1
        facts = {"amount": amount, "bank_row": f"流水{row}"}
        with suppress(ForbiddenError):
            perform(self.register, [Act(finding(n)["id"], RECOVERY, "甲", "t", f"k{self.count}", why, facts=facts)])

    @rule(present=st.lists(st.integers(1, 4), unique=True), amount=st.sampled_from([1000, 900]))
    def take_run(self, present, amount):
        self.count += 1
        run = write_run(Path(self.folder.name) / f"run{self.count}", [finding(n, amount) for n in sorted(present)])
        import_run(self.register, [run], at=f"2024-06-{self.count:02d}", who="系统")
        for n in present:
            self.expected.setdefault(finding(n)["id"], "线索")

    @rule(
        n=st.integers(1, 4),
        action=st.sampled_from(ACTIONS),
        second=st.sampled_from(["", "甲", "乙"]),
        drop=st.sampled_from([None, "reason", "evidence", "document_no", "bank_row"]),
        amount=st.integers(-10, 2000),
        why=st.sampled_from(["", "因"]),
    )
    def try_an_act(self, n, action, second, drop, amount, why):
        self.count += 1
        facts = {k: v for k, v in ALL_FACTS.items() if k != drop} | {"amount": amount}
        if drop != "bank_row":
            facts["bank_row"] = f"流水{self.count % 7}"
        id_ = finding(n)["id"]
        try:
            perform(self.register, [Act(id_, action, "甲", f"t{self.count}", f"k{self.count}", why, second, facts)])
        except ForbiddenError:
            return
        state = self.expected[id_]
        self.expected[id_] = MACHINE[state][action].to if action in MACHINE[state] else state

    @invariant()
    def holds(self):
        with self.register.reading() as connection:
            problems = connection.execute(sa.select(PROBLEMS)).mappings().all()
            steps = connection.execute(sa.select(STEPS)).mappings().all()
        assert {p["id"]: p["state"] for p in problems} == self.expected
        assert verify(self.register) == []
        for problem in problems:
            mine = [s for s in steps if s["problem_id"] == problem["id"] and s["action"] == RECOVERY]
            total = 0
            for s in mine:
                total += json.loads(s["facts"])["amount"]
                assert total <= 1000 or s["why"], "more recovered than found, and no reason"
            assert len({json.loads(s["facts"])["bank_row"] for s in mine}) == len(mine)

    def teardown(self):
        self.register.close()
        self.folder.cleanup()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_histories_on_postgresql(database):
    class OnPostgres(Histories):
        place = database

    fewer = settings(max_examples=4, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(OnPostgres, settings=fewer)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
