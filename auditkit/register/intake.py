"""Findings of a run go into the register: new, unchanged, changed or no longer seen; never lost, never twice."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from auditkit.register.log import SEEN, Act, Writer, registered
from auditkit.register.states import CLUE
from auditkit.register.store import COMPOUNDS, PROBLEMS, RUNS, Register

NEW, AGAIN, CHANGED, GONE = SEEN


@dataclass
class Imported:
    """What an import did: ids by new, unchanged, changed, gone, returned, and those that were not tested this time."""

    new: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    not_tested: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Compound:
    """What the register writes of a compound beside its findings; days are ISO, "" where it is not so.

    `audited_on`, `disclosed_on` (publishes its accounts), `account_on` (keeps an account of its own).
    """

    name: str = ""
    county: str = ""
    company: str = ""
    audited_on: str = ""
    disclosed_on: str = ""
    account_on: str = ""


def runs_below(folder: Path) -> list[Path]:
    """The findings.json of a run: of one compound, or of all below a batch's output, in the order of their paths."""
    return sorted(folder.rglob("findings.json"))


def compounds_below(folder: Path, on: str) -> dict[str, Compound]:
    """Who the compounds of a run are, from its manifests; `on` is the day from which they count as audited."""
    found: dict[str, Compound] = {}
    for file in sorted(folder.rglob("manifest.json")):
        manifest = json.loads(file.read_bytes())
        c = manifest["compound"]
        found[manifest["compound_id"]] = Compound(
            c["compound_name"] or "", c["county"] or "", c["company_name"] or "", on,
            on if c["discloses"] else "", on if c["own_account"] else "",
        )  # fmt: skip
    return found


def import_run(
    register: Register, files: Iterable[Path], *, at: str, who: str, compounds: Mapping[str, Compound] | None = None
) -> Imported:
    """Import the findings of a run, in one transaction; the same files again change nothing at all.

    `at`: ISO date-time; `compounds`: names by compound id, for what findings.json does not carry.
    """
    done = Imported()
    with register.writing() as connection:
        for id_, compound in (compounds or {}).items():
            _write_compound(connection, id_, compound)
        known = {row["id"]: dict(row) for row in connection.execute(sa.select(PROBLEMS)).mappings()}
        serial = Counter(row["compound_id"] for row in known.values())
        writer = Writer(connection)
        for file in files:
            content = file.read_bytes()
            run = json.loads(content)
            key = hashlib.sha256(content).hexdigest()
            if _latest(connection, run["compound_id"]) == key:
                done.unchanged += [f["id"] for f in run["findings"]]
                continue
            compound = (compounds or {}).get(run["compound_id"], Compound())
            one = _OneRun(run, compound, at, who, key)
            one.take(connection, writer, known, serial, done)
            connection.execute(sa.delete(RUNS).where(RUNS.c.compound_id == run["compound_id"]))
            tests = json.dumps({t["rule"]: t["state"] for t in run["tests"]}, sort_keys=True)
            connection.execute(
                sa.insert(RUNS).values(hash=key, compound_id=run["compound_id"], imported=at, tests=tests)
            )
        writer.flush()
    return done


def _write_compound(connection: sa.Connection, id_: str, compound: Compound) -> None:
    """A compound is known from the first time; days are kept as they were first true."""
    old = connection.execute(sa.select(COMPOUNDS).where(COMPOUNDS.c.compound_id == id_)).mappings().first()
    row = asdict(compound)
    if old is None:
        connection.execute(sa.insert(COMPOUNDS).values(compound_id=id_, **row))
        return
    kept = {name: old[name] or value if name.endswith("_on") else value or old[name] for name, value in row.items()}
    if any(old[name] != value for name, value in kept.items()):
        connection.execute(sa.update(COMPOUNDS).where(COMPOUNDS.c.compound_id == id_).values(kept))


def _latest(connection: sa.Connection, compound_id: str) -> str | None:
    return connection.scalar(sa.select(RUNS.c.hash).where(RUNS.c.compound_id == compound_id))


@dataclass(frozen=True, slots=True)
class _OneRun:
    run: Mapping[str, Any]
    compound: Compound
    at: str
    who: str
    hash: str

    def take(
        self,
        connection: sa.Connection,
        writer: Writer,
        known: dict[str, dict[str, Any]],
        serial: Counter[str],
        done: Imported,
    ) -> None:
        matters = {id_: m["id"] for m in self.run.get("matters", ()) for id_ in m["findings"]}
        fresh: list[dict[str, Any]] = []
        for finding in self.run["findings"]:
            old = known.get(finding["id"])
            if old is None:
                serial[self.run["compound_id"]] += 1
                row = self._row(finding, serial[self.run["compound_id"]], matters.get(finding["id"], finding["id"]))
                fresh.append(row)
                known[row["id"]] = row
                writer.append(*registered(row, self.who, self.at, f"{self.hash}:{row['id']}"))
                done.new.append(row["id"])
            else:
                self._seen_again(connection, writer, finding, old, matters, done)
        if fresh:
            connection.execute(sa.insert(PROBLEMS), fresh)
        self._not_seen(connection, writer, known, done)

    def _row(self, finding: Mapping[str, Any], serial: int, matter: str) -> dict[str, Any]:
        return {
            "id": finding["id"], "number": f"{self.run['compound_id']}-{serial:03d}", "reopened": 0,
            "source": "审计", "matter": matter, "county": self.compound.county,
            "compound_id": self.run["compound_id"], "compound_name": self.compound.name,
            "company": self.compound.company, "rule": finding["rule"], "problem": finding["problem"],
            "severity": finding["severity"], "kind": finding["kind"],
            "subject": f"{finding['subject']['type']}={finding['subject']['id']}", "message": finding["message"],
            "basis": "、".join("地方标准" if key == "local" else key for key in finding["basis"]),
            "amount_low": finding["amount_low"], "amount_high": finding["amount_high"],
            "state": CLUE, "present": True, "first_seen": self.at,
            "lead": "", "person": "", "deadline": "", "measures": "", "progress": "", "note": "",
        }  # fmt: skip

    def _seen_again(
        self,
        connection: sa.Connection,
        writer: Writer,
        finding: Mapping[str, Any],
        old: dict[str, Any],
        matters: Mapping[str, str],
        done: Imported,
    ) -> None:
        amounts = {name: finding[name] for name in ("amount_low", "amount_high")}
        moved = any(old[name] != amounts[name] for name in amounts)
        changes: dict[str, Any] = {}
        if moved:
            # The state stays: whether a moved amount reopens a closed problem is for people to decide.
            before = {f"{name}_before": old[name] for name in amounts}
            self._log(writer, old, CHANGED, {**before, **amounts})
            changes |= {**amounts, "message": finding["message"]}
            done.changed.append(old["id"])
        if not old["present"]:
            self._log(writer, old, AGAIN, {})
            changes["present"] = True
            done.returned.append(old["id"])
        if not moved and old["present"]:
            done.unchanged.append(old["id"])
        matter = matters.get(old["id"], old["id"])
        if matter != old["matter"]:
            changes["matter"] = matter
        if changes:
            old |= changes
            connection.execute(sa.update(PROBLEMS).where(PROBLEMS.c.id == old["id"]).values(changes))

    def _not_seen(
        self, connection: sa.Connection, writer: Writer, known: Mapping[str, dict[str, Any]], done: Imported
    ) -> None:
        seen = {f["id"] for f in self.run["findings"]}
        made = {t["rule"] for t in self.run["tests"] if t["state"] in ("findings", "clean", "partial", "empty")}
        for old in known.values():
            if old["compound_id"] != self.run["compound_id"] or old["source"] != "审计" or old["id"] in seen:
                continue
            if old["rule"] not in made:
                done.not_tested.append(old["id"])
            elif old["present"]:
                self._log(writer, old, GONE, {})
                old["present"] = False
                connection.execute(sa.update(PROBLEMS).where(PROBLEMS.c.id == old["id"]).values(present=False))
                done.gone.append(old["id"])

    def _log(self, writer: Writer, row: Mapping[str, Any], action: str, facts: Mapping[str, Any]) -> None:
        # The end of the chain stands in the key: a run that returns to an earlier state is a new event.
        key = f"{self.hash}:{row['id']}:{action}:{writer.seq}"
        writer.append(Act(row["id"], action, self.who, self.at, key, facts=facts), row["state"], row["state"])


def false_alarms(register: Register) -> dict[str, tuple[int, int]]:
    """Rule -> (problems judged 不属实 or 接受说明, problems judged at all): its false-alarm record."""
    with register.reading() as connection:
        rows = connection.execute(sa.select(PROBLEMS.c.rule, PROBLEMS.c.state, PROBLEMS.c.reopened)).all()
    record: dict[str, tuple[int, int]] = {}
    for rule, state, _ in rows:
        if not rule or state in (CLUE, "核查", "无法核实"):
            continue
        wrong, judged = record.get(rule, (0, 0))
        record[rule] = (wrong + (state in ("不属实", "接受说明")), judged + 1)
    return record


def add_problem(register: Register, problem: Mapping[str, Any], *, who: str, at: str) -> bool:
    """Take in a problem that no audit can see (a complaint, a spot check); False where it is there already.

    `problem`: id, source, county, compound_id, compound_name, company, problem, message.
    """
    with register.writing() as connection:
        if connection.scalar(sa.select(PROBLEMS.c.id).where(PROBLEMS.c.id == problem["id"])):
            return False
        query = sa.select(sa.func.count()).where(PROBLEMS.c.compound_id == problem["compound_id"])
        serial = int(connection.scalar(query) or 0) + 1
        row = {
            "reopened": 0, "matter": problem["id"], "rule": "", "severity": "", "kind": "", "subject": "", "basis": "",
            "amount_low": None, "amount_high": None, "state": CLUE, "present": True, "first_seen": at, "lead": "",
            "person": "", "deadline": "", "measures": "", "progress": "", "note": "",
            **problem, "number": f"{problem['compound_id']}-{serial:03d}",
        }  # fmt: skip
        connection.execute(sa.insert(PROBLEMS).values(row))
        writer = Writer(connection)
        writer.append(*registered(row, who, at, f"new:{row['id']}"))
        writer.flush()
    return True
