"""The catalogue of tests for people: its list, a test's page, and the parts of the pages that are generated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from auditkit.model import Rule
from auditkit.report.phrases import articles, need_words, severity, title
from auditkit.report.words import say
from auditkit.shipped import shipped

HEAD: Final = re.compile(r"(<!-- head -->\n).*?(<!-- /head -->)", re.DOTALL)
FAMILIES: Final = ("INC", "AUT", "CTR", "CSH", "ALC", "CST", "DSC", "PRK", "LDG", "REL", "EXT")


def page(code: str) -> str:
    """A test's page, as Markdown.

    Raises: FileNotFoundError where there is none.
    """
    text = (shipped("docs/rules") / f"{code}.md").read_text(encoding="utf-8")
    return re.sub(r"<!-- /?head -->\n?", "", text)


def entry(rule: Rule, lang: str = "zh") -> tuple[str, str, str, str, str]:
    """A line of the catalogue: code, title, severity, kind, what it needs."""
    return (
        rule.code,
        title(rule, lang),
        severity(rule.severity, lang),
        say(f"kind.{rule.kind}", lang),
        needs(rule, lang),
    )


def needs(rule: Rule, lang: str = "zh") -> str:
    """The papers that a test cannot do without."""
    return say("place.comma", lang).join(_need(n, lang) for n in rule.needs)


def _need(need: str, lang: str) -> str:
    if need == "county":
        return say("needs.county", lang)
    if need.startswith("pack."):
        return f"{say('basis.local', lang)} {need.removeprefix('pack.')}"
    return need_words(need, lang)


def with_head(text: str, rule: Rule) -> str:
    """A page with its head table, made from the rule.

    Raises: ValueError where the page has no place for it.
    """
    rows = [
        (say("head.code"), f"{rule.code} `{rule.name}`"),
        (say("head.severity"), severity(rule.severity)),
        (say("head.kind"), f"{say(f'kind.{rule.kind}')}（{rule.kind}）"),
        (say("head.problem"), f"{rule.problem} {say(f'problem.{rule.problem}')}"),
        (say("head.needs"), needs(rule)),
        (say("head.subject"), f"`{rule.subject}`"),
        (say("head.basis"), articles(rule.basis).replace("\n", "、") or say("head.none")),
        (say("head.thresholds"), _thresholds(rule.thresholds) or say("head.none")),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in [("项目", "内容"), ("---", "---"), *rows])
    new, count = HEAD.subn(lambda m: f"{m[1]}{table}\n{m[2]}", text)
    if count != 1:
        raise ValueError(f"{rule.code}: the page needs <!-- head --> and <!-- /head --> once")
    return new


def _thresholds(thresholds: Mapping[str, Any]) -> str:
    return "、".join(f"`{name}` = {_plain(value)}" for name, value in sorted(thresholds.items()))


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        parts: Iterable[Any] = sorted(map(str, value)) if isinstance(value, (set, frozenset)) else value
        return " ".join(str(v) for v in parts)
    return str(value)


def index(rules: Sequence[Rule]) -> str:
    """docs/rules/README.md: every test, a table a family."""
    parts = ["# 检查目录\n\nThe catalogue of audit tests. This file is generated; the pages explain each test.\n"]
    for family in FAMILIES:
        own = [r for r in rules if r.code.startswith(family)]
        if own:
            lines = [f"| [{r.code}]({r.code}.md) | {' | '.join(entry(r)[1:])} |" for r in own]
            head = "| 编号 | 检查项目 | 程度 | 性质 | 必需资料 |\n| --- | --- | --- | --- | --- |\n"
            parts.append(f"## {family} {say(f'family.{family}')}\n\n{head}" + "\n".join(lines) + "\n")
    return "\n".join(parts)
