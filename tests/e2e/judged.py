"""What the audit says of the example county's books, and how it compares with what was planted."""

import os

from auditkit.audit import judge_all
from auditkit.demo import books_of, case_of, make_compound
from auditkit.rules import catalogue

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
COUNTY_RULES = {"INC06", "CTR02"}
"""Need the other compounds: not made on one alone."""
PAPER_RULES = {"LDG06"}
"""Look at totals printed on paper: not made on books that never were on paper."""


def judged(seed, index, plant=(), **parameters):
    """The verdicts by code, and what was planted."""
    compound, planted = make_compound(seed, index, plant, **parameters)
    return {v.rule.code: v for v in judge_all(books_of(compound), case_of(compound))}, planted


def found(verdicts):
    """(rule, subject type, subject) -> (least, most) of everything found."""
    return {(f.rule, f.subject.type, f.subject.id): (f.amount_low, f.amount_high) for v in verdicts for f in v.findings}


def differences(verdicts, planted, *, without=frozenset()):
    """What was found and not planted, planted and not found, found with another amount."""
    here = found(verdicts)
    expected = {
        (p.rule, p.subject_type, p.subject_id): p for p in planted if p.rule not in without and p.rule in catalogue()
    }
    wrong = [("not planted", key, amount) for key, amount in here.items() if key not in expected]
    for key, one in expected.items():
        if key not in here:
            wrong.append(("not found", key, one))
        elif not one.estimate and here[key] != (one.amount_low, one.amount_high):
            wrong.append(("another amount", key, here[key], (one.amount_low, one.amount_high)))
    return wrong


def unclear(verdicts, *, without=frozenset()):
    """Tests, and items of tests, that were not made."""
    return [
        (v.rule.code, v.reason, [(u.subject.id, u.reason) for u in v.untested])
        for v in verdicts
        if v.rule.code not in without and (v.untested or v.state == "untested")
    ]
