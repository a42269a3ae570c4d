"""Decisions of people on matches: replayed where they still fit, told where they no longer do."""

from __future__ import annotations

from collections.abc import Container, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from auditkit.model import Books, Issue, row_subject

MATCH, UNMATCH, ACCEPT = "match", "unmatch", "accept"
PASS: Final = "人工"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on rows: their labels in the books where it fits, and why not where it does not."""

    row: int
    action: str
    ledger: tuple[Hashable, ...]
    bank: tuple[Hashable, ...]
    words: str
    words_en: str
    misfit: str = ""
    misfit_en: str = ""


def decided(books: Books) -> list[Decided]:
    """The decisions on matches, in the order of their lines."""
    if books.decisions.empty:
        return []
    names = {table: _names(books, table, column) for table, column in (("ledger", "voucher_no"), ("bank", "serial"))}
    rows = books.decisions[books.decisions["action"].isin((MATCH, UNMATCH))]
    return [_one(books, names, line) for line in rows.to_dict("records")]


def _names(books: Books, table: str, column: str) -> dict[str, list[Hashable]]:
    """Labels by id, and by file#row for every row."""
    frame = books[table]
    found: dict[str, list[Hashable]] = {}
    for label, subject, file, row in zip(
        frame.index, row_subject(frame, column), frame["file"], frame["row"], strict=True
    ):
        for name in dict.fromkeys((subject.id, f"{file}#{row}")):
            found.setdefault(name, []).append(label)
    return found


def _one(books: Books, names: dict[str, dict[str, list[Hashable]]], line: dict[Any, Any]) -> Decided:
    words = f"{line['who']}于{line['date']}决定：{line['reason']}"
    words_en = f"decided by {line['who']} on {line['date']}: {line['reason']}"
    labels: dict[str, tuple[Hashable, ...]] = {}
    misfit, misfit_en = "", ""
    for table, zh in (("ledger", "台账"), ("bank", "银行")):
        wanted = [part.strip() for part in str(line[table]).replace("；", ";").split(";") if part.strip()]
        gone = [part for part in wanted if part not in names[table]]
        labels[table] = tuple(label for part in wanted for label in names[table].get(part, ()))
        if gone:
            misfit, misfit_en = f"{zh}中已没有 {'、'.join(gone)}", f"{', '.join(gone)} is no longer in the {table}"
        elif not pd.isna(line[f"{table}_amount"]):
            now = _sum(books, table, labels[table])
            if now != int(line[f"{table}_amount"]):
                misfit, misfit_en = f"{zh}金额已变为 {now / 100:.2f} 元", f"the {table} amount is now {now / 100:.2f}"
    ours, theirs = _sum(books, "ledger", labels["ledger"]), _sum(books, "bank", labels["bank"])
    if not misfit and line["action"] == MATCH and ours != theirs:
        misfit = f"两边金额不等：台账 {ours / 100:.2f} 元，银行 {theirs / 100:.2f} 元"
        misfit_en = f"the sums differ: ledger {ours / 100:.2f}, bank {theirs / 100:.2f}"
    return Decided(
        int(line["row"]), str(line["action"]), labels["ledger"], labels["bank"], words, words_en, misfit, misfit_en
    )


def _sum(books: Books, table: str, labels: Sequence[Hashable]) -> int:
    """Money in less money out of some rows."""
    rows = books[table].loc[list(labels)]
    if table == "bank":
        return int((rows["credit"] - rows["debit"]).sum())
    return int(rows["amount"].where(rows["direction"] == "收入", -rows["amount"]).sum())


def take_matches(decisions: Sequence[Decided], ledger: pd.DataFrame, bank: pd.DataFrame) -> pd.DataFrame:
    """Rows that people matched leave before the matching; returns their groups as rows of Matches.groups.

    A row that is netted, untested or not on a public account is left where it is.
    """
    groups: list[dict[str, Any]] = []
    for one in decisions:
        sides = ((ledger, one.ledger), (bank, one.bank))
        if one.action != MATCH or one.misfit or not all(_open(side, labels) for side, labels in sides):
            continue
        name = group_of(one)
        for side, labels in sides:
            side.loc[list(labels), ["state", "group"]] = ["matched", name]
        groups.append(
            {
                "group": name,
                "pass": PASS,
                "fee": 0,
                "sentence": one.words,
                "sentence_en": one.words_en,
                "remark": "人工决定",
            }
        )
    return pd.DataFrame(groups)


def group_of(one: Decided) -> str:
    """The name of the group that a decision makes."""
    return f"D{one.row:06d}"


def _open(side: pd.DataFrame, labels: Sequence[Hashable]) -> bool:
    return all(label in side.index and side.at[label, "state"] == "" for label in labels)


def undo_matches(decisions: Sequence[Decided], ledger: pd.DataFrame, bank: pd.DataFrame) -> set[str]:
    """Groups that hold a pair which people took apart are dissolved; returns their names."""
    undone: set[str] = set()
    for one in decisions:
        if one.action != UNMATCH or one.misfit:
            continue
        ours = set(ledger["group"].reindex(list(one.ledger)).dropna())
        theirs = set(bank["group"].reindex(list(one.bank)).dropna())
        for group in (ours & theirs) - {""}:
            for side in (ledger, bank):
                rows = side["group"] == group
                side.loc[rows, ["state", "group"]] = ["left", ""]
            undone.add(str(group))
    return undone


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of decisions.csv and what became of it in this run."""

    line: dict[str, Any]
    applied: bool
    words: str
    words_en: str


def standing(books: Books, finding_ids: Container[str], groups: Container[str]) -> list[Standing]:
    """Every decision with what became of it.

    `finding_ids`: the findings of this run, for those that people accepted; `groups`: the groups of its matches.
    """
    by_row = {one.row: one for one in decided(books)}
    told: list[Standing] = []
    for raw in books.decisions.to_dict("records"):
        line = {str(k): v for k, v in raw.items()}
        one = by_row.get(int(line["row"]))
        if one is None:
            misfit = ("", "") if line["finding"] in finding_ids else ("疑点已不存在", "no such finding")
            applied = ("疑点仍在，已接受", "the finding stands, accepted")
        else:
            misfit, applied = (one.misfit, one.misfit_en), ("已采用", "applied")
            if not one.misfit and one.action == MATCH and group_of(one) not in groups:
                misfit = ("其中有行已冲销、未测试或不属公共账户", "a row is netted, untested or of no public account")
        if misfit[0]:
            told.append(Standing(line, False, f"没有采用：{misfit[0]}", f"not applied: {misfit[1]}"))
        else:
            told.append(Standing(line, True, *applied))
    return told


def misfits(told: Sequence[Standing]) -> tuple[Issue, ...]:
    """The decisions that were not applied, as issues at their line of decisions.csv."""
    return tuple(
        Issue(
            "D02", f"决定{one.words}", f"decision {one.words_en}", "", "decisions.csv", "", int(one.line["row"]), "", ""
        )
        for one in told
        if not one.applied
    )
