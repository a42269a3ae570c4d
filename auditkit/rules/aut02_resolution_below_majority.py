"""AUT02: a resolution's own numbers do not reach the majorities that the law asks for."""

from __future__ import annotations

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.votes import CODE_SINCE, recount
from auditkit.schema import tables

RULE = Rule(
    code="AUT02",
    name="resolution-below-majority",
    zh="决议表决未达法定比例",
    problem="2.1",
    severity="S3",
    kind="exception",
    needs=("resolutions",),
    subject="resolution_no",
    basis=("民法典278", "民法典280", "民法典1259", "物业管理条例12"),
    thresholds={"quorum": "2/3", "special": "3/4", "others": ">1/2", "before 2021-01-01": ">1/2"},
)
_ASSEMBLY = "业主大会"
_NUMBERS = tuple(f"{part}_{axis}" for part in ("total", "participating", "agreeing") for axis in ("area", "heads"))
_NEEDED = ("resolution_no", "date", "body", "matter", *_NUMBERS)


def examine(books: Books, case: Case) -> Verdict:
    """Resolutions of the owners' assembly, counted again by the law of their day."""
    every = books["resolutions"]
    resolutions = every[(every["body"] == _ASSEMBLY) | in_doubt(every, "body")]
    doubt = in_doubt(resolutions, *_NEEDED)
    counts = recount(resolutions[~doubt])
    findings: list[Finding] = []
    untested: list[Untested] = []
    for at, subject in zip(resolutions.index, row_subject(resolutions, "resolution_no"), strict=True):
        votes = counts[counts["resolution"] == at]
        if doubt[at]:
            untested.append(untested_row("resolutions", resolutions.loc[at], subject, f"决议{subject.id}", *_NEEDED))
        elif not votes["verifiable"].all():
            untested.append(_unverifiable(subject, votes))
        elif not votes["holds"].all():
            findings.append(_finding(subject, resolutions.loc[[at]], votes[~votes["holds"]]))
    return RULE.verdict(len(resolutions), findings, untested)


def _zh(column: str) -> str:
    return tables()["resolutions"].column(column).zh


def _unverifiable(subject: Subject, votes: pd.DataFrame) -> Untested:
    bad = votes[~votes["verifiable"]]
    blank = [*bad.loc[bad["counted"].isna(), "part"], *bad.loc[bad["of"].isna(), "whole"]]
    names = "、".join(dict.fromkeys(_zh(column) for column in blank))
    what = f"缺{names}" if names else "部分数字大于其总数，或总数为零"
    return Untested(
        subject,
        f"决议{subject.id}：{what}，表决比例无法核实，未测试；请提供表决票汇总、业主清册和公示",
        f"Resolution {subject.id}: the vote cannot be verified, "
        + (f"missing {', '.join(dict.fromkeys(blank))}" if names else "a part exceeds its whole"),
    )


def _finding(subject: Subject, rows: pd.DataFrame, votes: pd.DataFrame) -> Finding:
    facts: list[str] = []
    facts_en: list[str] = []
    for vote in votes.itertuples():
        area = vote.axis == "area"
        part, whole = (f"{int(str(n)) / 100:.2f}㎡" if area else f"{n}人" for n in (vote.counted, vote.of))
        asked = f"{vote.numerator}/{vote.denominator}"
        sign, sign_en = ("超过", "more than") if vote.strict else ("不低于", "at least")
        facts.append(f"{_zh(str(vote.part))}{part}，{_zh(str(vote.whole))}{whole}，应{sign}{asked}")
        facts_en.append(f"{vote.part} {part} of {whole}, {sign_en} {asked} asked")
    row = rows.iloc[0]
    late = row["date"] >= CODE_SINCE
    return RULE.finding(
        subject,
        f"决议{subject.id}（{row['date']:%Y-%m-%d}，{row['matter']}）按所载数字复算未达法定比例：{'；'.join(facts)}。"
        f"请提供表决票、业主清册（含登记日）和计票记录",
        f"Resolution {subject.id} ({row['date']:%Y-%m-%d}) misses its majority: {'; '.join(facts_en)}",
        evidence("resolutions", rows, "；".join(facts)),
        basis=[b for b in RULE.basis if b.startswith("民法典") == late],
    )
