"""Findings on one act are one matter with one amount at stake, so that no yuan is counted twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Finding
from auditkit.reconcile.names import normal_name
from auditkit.report.outcome import Outcome

ACTS: Final = frozenset({"ledger", "bank", "contracts", "confirmations", "parking", "cards", "resources"})
"""Tables a row of which is one act or one thing; a resolution, an account or a tariff stands behind many."""

ONE_ACT: Final = ("contract_no", "voucher_no", "serial", "resource_id", "session_id", "plate", "row", "paid_on")
"""Words in the type of a subject that is one act or one thing; a period, a month, a resolution stands for many."""

MANY: Final = 12
"""A finding on more rows than this is a sum over acts, not one of them."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money at stake; ends equal where exact.

    Units: fen.
    """

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Matter:
    """Several findings on one act; the three amounts are never added to each other.

    established: exceptions S1 and S2 with an exact amount; indicator: indicators and ranges; involved: the sums that
    findings on procedure or on the quality of the record (S3, S4) name.
    """

    id: str
    findings: tuple[Finding, ...]
    severity: str
    established: Amount | None
    indicator: Amount | None
    involved: Amount | None

    @property
    def amount(self) -> Amount | None:
        """The one amount at stake: the surest that there is."""
        return self.established or self.indicator or self.involved

    @property
    def amount_kind(self) -> str:
        """Which of the three it is: established, indicator, involved, or nothing."""
        for name in ("established", "indicator", "involved"):
            if getattr(self, name) is not None:
                return name
        return ""


def matters(outcome: Outcome) -> tuple[Matter, ...]:
    """The matters of an audit, the gravest first."""
    contracts = _contracts_by_counterparty(outcome.books)
    groups = _linked({f: tuple(_keys(outcome, f, contracts)) for f in outcome.findings})
    return tuple(sorted((_matter(outcome, group) for group in groups), key=_rank))


def totals(groups: Iterable[Matter]) -> dict[str, Amount]:
    """What is at stake in all matters, by how sure it is; the kinds are not added to each other."""
    listed = tuple(groups)
    sums: dict[str, Amount] = {}
    for kind in ("established", "indicator", "involved"):
        own = [m.amount for m in listed if m.amount_kind == kind and m.amount]
        if own:
            sums[kind] = Amount(sum(a.low for a in own), sum(a.high for a in own))
    return sums


def amount_class(finding: Finding) -> str:
    """How sure a finding's amount is: established, indicator or involved; "" where it has none."""
    if finding.amount_low is None:
        return ""
    if finding.kind == "indicator" or finding.amount_low != finding.amount_high:
        return "indicator"
    return "established" if finding.severity in ("S1", "S2") else "involved"


def _matter(outcome: Outcome, group: Sequence[Finding]) -> Matter:
    ordered = tuple(sorted(group, key=lambda f: (f.severity, f.kind != "exception", -(f.amount_high or 0), f.rule)))
    first = min(group, key=lambda f: (f.rule, f.subject.type, f.subject.id))
    return Matter(
        "M-" + outcome.finding_id(first).partition("-")[2],
        ordered,
        min(f.severity for f in group),
        *(_at_stake(group, name) for name in ("established", "indicator", "involved")),
    )


def _at_stake(group: Iterable[Finding], name: str) -> Amount | None:
    """One rule's findings are about different items and add up; two rules look at the same money: the larger counts."""
    sums: dict[str, Amount] = {}
    for f in group:
        if amount_class(f) == name and f.amount_low is not None and f.amount_high is not None:
            old = sums.get(f.rule, Amount(0, 0))
            sums[f.rule] = Amount(old.low + f.amount_low, old.high + f.amount_high)
    return max(sums.values(), key=lambda a: (a.high, a.low), default=None)


def _rank(matter: Matter) -> tuple[Any, ...]:
    grade = ("established", "indicator", "involved", "").index(matter.amount_kind)
    return matter.severity, grade, -(matter.amount.high if matter.amount else 0), matter.id


def _keys(outcome: Outcome, finding: Finding, contracts: Mapping[str, set[str]]) -> Iterator[tuple[str, ...]]:
    """What a finding shares with another on the same act: its subject, its rows, and the ids on them."""
    subject = finding.subject
    if not any(word in subject.type for word in ONE_ACT):
        return
    yield "subject", subject.type, subject.id
    rows = [e for e in finding.evidence if e.table in ACTS]
    if len(rows) > MANY:
        return
    for e in rows:
        yield "row", e.table, e.file, e.sheet, str(e.row)
        row = outcome.row(e)
        if e.table == "ledger" and row.get("voucher_no"):
            yield "subject", "voucher_no", str(row["voucher_no"])
        if e.table == "bank" and row.get("serial"):
            yield "subject", "serial", str(row["serial"])
        if number := _contract_of(e.table, row, contracts):
            yield "subject", "contract_no", number


def _contract_of(table: str, row: Mapping[str, Any], contracts: Mapping[str, set[str]]) -> str:
    """The contract a row belongs to: the one it names, else the only one of its counterparty."""
    if table not in ("ledger", "bank", "confirmations", "contracts"):
        return ""
    if number := row.get("contract_no"):
        return str(number)
    own = contracts.get(normal_name(str(row.get("counterparty") or "")), set())
    return next(iter(own)) if len(own) == 1 else ""


def _contracts_by_counterparty(books: Books) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    frame: pd.DataFrame = books["contracts"]
    for name, number in zip(frame["counterparty"], frame["contract_no"], strict=True):
        if name and number:
            found[normal_name(name)].add(number)
    return found


def _linked(keys: Mapping[Finding, tuple[tuple[str, ...], ...]]) -> list[list[Finding]]:
    """Findings that share a key, directly or through others."""
    shared = Counter(key for own in keys.values() for key in set(own))
    root: dict[Any, Any] = {}

    def find(node: Any) -> Any:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for finding, own in keys.items():
        find(finding)
        for key in own:
            if shared[key] > 1:
                root[find(key)] = find(finding)
    groups: defaultdict[Any, list[Finding]] = defaultdict(list)
    for finding in keys:
        groups[find(finding)].append(finding)
    return list(groups.values())
