"""One compound, from its case folder to its findings: the steps in order."""

from __future__ import annotations

from collections.abc import Callable

from auditkit.model import Books, Case, Rule, Verdict
from auditkit.rules import catalogue
from auditkit.schema import tables

Examine = Callable[[Books, Case], Verdict]


def judge(rule: Rule, examine: Examine, books: Books, case: Case) -> Verdict:
    """The verdict of one rule; untested, with the papers that are missing, where it lacks what it needs."""
    missing = [need for need in rule.needs if not _has(books, need)]
    if missing:
        return Verdict(rule, 0, 0, (), (), "；".join(_missing_words(need) for need in missing))
    return examine(books, case)


def judge_all(books: Books, case: Case) -> list[Verdict]:
    """The verdict of every rule, in the order of the codes."""
    return [judge(rule, examine, books, case) for rule, examine in catalogue().values()]


def _has(books: Books, need: str) -> bool:
    """Local numbers are asked for by the rules themselves, on the day of the act."""
    if need == "county":
        return books.county is not None
    return need.startswith("pack.") or books.has(need)


def _missing_words(need: str) -> str:
    if need == "county":
        return "只在全县批量运行中比较"
    table, _, column = need.partition(".")
    spec = tables()[table]
    return f"未提供{spec.zh}" + (f"的“{spec.column(column).zh}”" if column else "")
