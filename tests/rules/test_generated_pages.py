"""The generated parts of the rules' pages are what the rules say."""

import sys

import pytest

from auditkit.report.rulebook import page, with_head
from auditkit.rules import catalogue
from tests.test_tree import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from rule_pages import generated


@pytest.mark.parametrize("path", generated(), ids=lambda p: p.name)
def test_as_generated(path):
    assert path.read_text(encoding="utf-8") == generated()[path], "run: python tools/rule_pages.py"


def test_a_page_without_a_place_for_its_head_is_refused():
    rule, _ = next(iter(catalogue().values()))
    with pytest.raises(ValueError, match="head"):
        with_head("# no marks", rule)


def test_a_page_is_shown_without_its_marks():
    text = page("LDG01")
    assert "<!--" not in text
    assert "台账余额不连续" in text
