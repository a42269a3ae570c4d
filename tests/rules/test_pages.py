"""Every page runs: what it says of its examples is what the rule says."""

import pytest

from auditkit.rules import catalogue
from tests.rules.pages import PAGES, examples, run, said

CASES = [(code, e) for code in catalogue() if (PAGES / f"{code}.md").exists() for e in examples(code)]


@pytest.mark.parametrize(("code", "example"), CASES, ids=[f"{c}: {e.title}" for c, e in CASES])
def test_example(code, example):
    verdict = run(example)
    assert example.expected, f"{code} {example.title}: no 结论"
    expected = {subject: word for subject, word in example.expected if word != "通过"}
    assert said(verdict) == expected, [f.message for f in verdict.findings]
    passes = sum(word == "通过" for _, word in example.expected)
    if expected != {"全部": "未测试"}:
        assert verdict.passed == passes


@pytest.mark.parametrize("code", catalogue())
def test_a_rule_has_its_page_with_each_outcome(code):
    found = examples(code)
    words = {word.split()[0] for e in found for _, word in e.expected}
    assert {"疑点", "通过"} <= words, f"docs/rules/{code}.md shows {words}"
    assert len(found) >= 3
    for verdict in (run(e) for e in found):
        for finding in verdict.findings:
            assert finding.message
            assert finding.message_en
            assert finding.evidence or finding.rule.startswith(("INC06", "DSC01"))


def test_no_page_without_a_rule():
    assert {p.stem for p in PAGES.glob("[A-Z][A-Z][A-Z][0-9][0-9].md")} <= set(catalogue())
