"""The log of the register: every step says who, when, why; each row carries the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from auditkit.register.states import CLUE, RECOVERY, REOPENED, ForbiddenError, step
from auditkit.register.store import LOG_END, PROBLEMS, STEPS, Register

SEEN: Final = ("登记", "再次发现", "金额变动", "本次未发现")
"""Actions of an import: they tell what a run saw and change no state."""
EDIT: Final = "填报"
"""Person, deadline, measures, progress as people fill them in: no state changes."""
EDITABLE: Final[Mapping[str, str]] = {
    "lead": "牵头单位", "person": "责任人", "deadline": "完成时限",
    "measures": "整改措施", "progress": "进展", "note": "备注",
}  # fmt: skip
ORDERED_STATES: Final = ("责令整改", "整改反馈", "复核")
FIRST: Final = "0" * 64

_FIELDS: Final = ("seq", "key", "problem_id", "action", "from_state", "to_state", "who", "second", "at", "why", "facts")


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does: `key` names it once and for all, so that a repeated write is not done twice."""

    problem_id: str
    action: str
    who: str
    at: str
    key: str
    why: str = ""
    second: str = ""
    facts: Mapping[str, Any] | None = None


def chain(previous: str, row: Mapping[str, Any]) -> str:
    """The hash of one log row, over all it says and the hash before it."""
    text = json.dumps([previous, *(row[name] for name in _FIELDS)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Writer:
    """Appends to the log inside one transaction; knows the end of the chain."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        # After entries were cut off the next one still follows the true end: the gap stays to be seen.
        last = connection.execute(sa.select(LOG_END.c.seq, LOG_END.c.hash)).first()
        self.seq, self.hash = (last.seq, last.hash) if last else (0, FIRST)
        self.rows: list[dict[str, Any]] = []

    def append(self, act: Act, from_state: str, to_state: str) -> None:
        """One more row at the end of the chain; written by `flush`."""
        row: dict[str, Any] = {
            "seq": self.seq + 1, "key": act.key, "problem_id": act.problem_id, "action": act.action,
            "from_state": from_state, "to_state": to_state, "who": act.who, "second": act.second, "at": act.at,
            "why": act.why, "facts": json.dumps(dict(act.facts or {}), ensure_ascii=False, sort_keys=True),
        }  # fmt: skip
        row |= {"previous": self.hash, "hash": chain(self.hash, row)}
        self.seq, self.hash = row["seq"], row["hash"]
        self.rows.append(row)

    def flush(self) -> None:
        """Write what was appended."""
        if not self.rows:
            return
        self.connection.execute(sa.insert(STEPS), self.rows)
        end = {"seq": self.seq, "hash": self.hash}
        if not self.connection.execute(sa.update(LOG_END).values(end)).rowcount:
            self.connection.execute(sa.insert(LOG_END).values(one=1, **end))
        self.rows = []


def perform(register: Register, acts: Sequence[Act], refused: list[tuple[Act, ForbiddenError]] | None = None) -> int:
    """Do these acts in one transaction; returns how many were new (a key already in the log is not done again).

    All or none, unless `refused` is given: then what is forbidden is listed there and the rest is done.
    Raises: ForbiddenError, with nothing written, where `refused` is not given.
    """
    with register.writing() as connection:
        done = _known_keys(connection, [act.key for act in acts])
        writer = Writer(connection)
        fresh = 0
        for act in acts:
            if act.key in done:
                continue
            try:
                _perform_one(connection, writer, act)
            except ForbiddenError as error:
                # Every check of an act stands before its first write: a refused one has left nothing behind.
                if refused is None:
                    raise
                refused.append((act, error))
                continue
            done.add(act.key)
            fresh += 1
        writer.flush()
    return fresh


def _known_keys(connection: sa.Connection, keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        known |= set(connection.scalars(sa.select(STEPS.c.key).where(STEPS.c.key.in_(part))))
    return known


def _perform_one(connection: sa.Connection, writer: Writer, act: Act) -> None:
    found = connection.execute(sa.select(PROBLEMS).where(PROBLEMS.c.id == act.problem_id)).mappings().first()
    if found is None:
        raise ForbiddenError(f"没有编号为{act.problem_id}的问题", f"no problem {act.problem_id}")
    row: dict[str, Any] = {str(k): v for k, v in found.items()}
    facts = act.facts or {}
    if act.action == EDIT:
        _fill_in(connection, writer, row, act)
        return
    to_state = step(row["state"], act.action, facts, act.who, act.second)
    if act.action == RECOVERY:
        _check_recovery(connection, writer, row, act)
    changes: dict[str, Any] = {"state": to_state}
    if facts.get("deadline"):
        changes["deadline"] = facts["deadline"]
    if to_state == REOPENED:
        times = row["reopened"] + 1
        changes |= {"reopened": times, "number": reopened_number(row["number"], times)}
    connection.execute(sa.update(PROBLEMS).where(PROBLEMS.c.id == act.problem_id).values(changes))
    writer.append(act, row["state"], to_state)


def reopened_number(number: str, times: int) -> str:
    """The old number with the suffix of its latest reopening."""
    return f"{re.sub(r'-R[0-9]+$', '', number)}-R{times}"


def _fill_in(connection: sa.Connection, writer: Writer, row: Mapping[str, Any], act: Act) -> None:
    """Fields as people fill them in: facts are field -> [what stood there, what they wrote]."""
    changes: dict[str, str] = {}
    for name, (before, after) in (act.facts or {}).items():
        if name not in EDITABLE:
            raise ForbiddenError(f"{name}不能填报", f"{name} cannot be filled in")
        if row[name] not in (before, after):
            raise ForbiddenError(
                f"{EDITABLE[name]}在台账中已是“{row[name]}”, 与填报所依据的“{before}”不同",
                f"{name} reads «{row[name]}» in the register by now, not «{before}»",
            )
        if name == "deadline" and row["state"] in ORDERED_STATES:
            raise ForbiddenError("责令整改后改变时限须用“延期”", "after an order the deadline moves by 延期 only")
        changes[name] = after
    connection.execute(sa.update(PROBLEMS).where(PROBLEMS.c.id == act.problem_id).values(changes))
    writer.append(act, row["state"], row["state"])


def recovered(steps: Sequence[Mapping[str, Any]]) -> int:
    """What was recovered by these log rows, in fen."""
    return sum(int(json.loads(s["facts"])["amount"]) for s in steps if s["action"] == RECOVERY)


def _check_recovery(connection: sa.Connection, writer: Writer, row: Mapping[str, Any], act: Act) -> None:
    facts = act.facts or {}
    amount = facts["amount"]
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        raise ForbiddenError("追回金额须为正的整数分", "an amount recovered is a positive whole number of fen")
    query = sa.select(STEPS.c.problem_id, STEPS.c.action, STEPS.c.facts).where(STEPS.c.action == RECOVERY)
    earlier = [*_dicts(connection.execute(query)), *(r for r in writer.rows if r["action"] == RECOVERY)]
    if any(json.loads(s["facts"])["bank_row"] == facts["bank_row"] for s in earlier):
        raise ForbiddenError(
            f"到账流水{facts['bank_row']}已用于另一笔追回",
            f"bank row {facts['bank_row']} already proves another recovery",
        )
    total = recovered([s for s in earlier if s["problem_id"] == row["id"]]) + amount
    found = row["amount_high"]
    if found is not None and total > found and not act.why.strip():
        raise ForbiddenError(
            f"累计追回{total}分超过发现金额{found}分, 须写明理由",
            f"{total} fen recovered are more than the {found} found: a reason is needed",
        )


def _dicts(result: sa.Result[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in result.mappings()]


def verify(register: Register, anchor: str = "") -> list[str]:
    """What is wrong with the log and with what it adds up to in the ledger; nothing where all holds.

    `anchor`: the hash that the last entry had on some earlier day; an entry must still carry it.
    """
    with register.reading() as connection:
        steps = _dicts(connection.execute(sa.select(STEPS).order_by(STEPS.c.seq)))
        problems = _dicts(connection.execute(sa.select(PROBLEMS)))
        end = connection.execute(sa.select(LOG_END.c.seq, LOG_END.c.hash)).first()
    wrong = _chain_faults(steps)
    last = (steps[-1]["seq"], steps[-1]["hash"]) if steps else (0, FIRST)
    if (tuple(end) if end else (0, FIRST)) != last:
        wrong.append(f"日志末尾应为第{end.seq if end else 0}条, 现为第{last[0]}条: 末尾的条目被删除、增加或改动")
    if anchor and all(row["hash"] != anchor for row in steps):
        wrong.append(f"日志中没有哈希为{anchor}的条目")
    try:
        return wrong + _ledger_faults(steps, problems)
    except (ValueError, TypeError, KeyError):
        # Facts that were never written so: the chain has named the entry, nothing can be added up.
        return [*wrong, "有条目的内容读不出, 无法由日志推算台账"]


def log_end(register: Register) -> tuple[int, str]:
    """Number and hash of the last entry: kept with the week's papers it anchors all before it."""
    with register.reading() as connection:
        end = connection.execute(sa.select(LOG_END.c.seq, LOG_END.c.hash)).first()
    return (int(end.seq), str(end.hash)) if end else (0, FIRST)


def _chain_faults(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    wrong: list[str] = []
    previous, state = FIRST, dict[str, str]()
    for place, row in enumerate(steps, 1):
        if row["seq"] != place:
            wrong.append(f"第{place}条缺失或顺序被改动 (日志序号{row['seq']})")
            break
        if row["previous"] != previous or row["hash"] != chain(previous, row):
            wrong.append(f"第{place}条内容或顺序被改动 ({row['problem_id']} {row['action']})")
        previous = row["hash"]
        before = state.get(row["problem_id"], "")
        if row["from_state"] != before and not (before == "" and row["action"] == SEEN[0]):
            wrong.append(f"第{place}条的前一状态应为{before or '无'}, 写作{row['from_state']}")
        state[row["problem_id"]] = row["to_state"]
    return wrong


def _ledger_faults(steps: Sequence[Mapping[str, Any]], problems: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where the ledger says something else than its log adds up to."""
    told: dict[str, dict[str, Any]] = {}
    for row in steps:
        one = told.setdefault(row["problem_id"], dict.fromkeys(EDITABLE, "") | {"number": "", "reopened": 0})
        one["state"] = row["to_state"]
        facts = json.loads(row["facts"])
        if row["action"] in (SEEN[0], SEEN[2]):
            one |= {name: facts[name] for name in ("amount_low", "amount_high", "number") if name in facts}
        elif row["action"] == EDIT:
            one |= {name: after for name, (_, after) in facts.items()}
        elif facts.get("deadline"):
            one["deadline"] = facts["deadline"]
        if row["to_state"] == REOPENED and row["action"] == REOPENED:
            one["reopened"] += 1
            one["number"] = reopened_number(one["number"], one["reopened"])
    words = {**EDITABLE, "number": "编号", "reopened": "重开次数", "state": "状态"}
    words |= {"amount_low": "金额下限", "amount_high": "金额上限"}
    wrong: list[str] = []
    for p in problems:
        one = told.pop(p["id"], None)
        if one is None:
            wrong.append(f"{p['number']}在台账中, 日志没有登记")
            continue
        wrong += [
            f"{p['number']}的{words[name]}为{p[name]}, 日志推得{value}"
            for name, value in one.items()
            if p[name] != value
        ]
    return wrong + [f"日志中的{id_}在台账中不存在" for id_ in told]


def registered(row: Mapping[str, Any], who: str, at: str, key: str) -> tuple[Act, str, str]:
    """The first log row of a problem: from nothing to a clue."""
    facts = {"amount_low": row["amount_low"], "amount_high": row["amount_high"], "number": row["number"]}
    return Act(row["id"], SEEN[0], who, at, key, facts=facts), "", CLUE
