"""Every text exists in Chinese and English, and every rule has its advice."""

import string
import tomllib

from auditkit.rules import catalogue
from tests.test_tree import ROOT, SHARED

DATA = ROOT / "auditkit" / "data"
FORBIDDEN = ("贪污", "侵吞", "违法", "犯罪")


def test_both_languages_fill_in_the_same_values():
    for group, entries in tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8")).items():
        for key, (zh, en) in entries.items():
            names = [{n for _, n, _, _ in string.Formatter().parse(t) if n} for t in (zh, en)]
            assert names[0] == names[1], f"{group}.{key}"
            assert not any(word in zh for word in FORBIDDEN), f"{group}.{key}"


def test_every_rule_has_its_advice():
    advice = tomllib.loads((DATA / "inspection.toml").read_text(encoding="utf-8"))
    for code, entry in advice.items():
        assert set(entry) == {"expected", "ask", "demand"}, code
        assert all(len(texts) == 2 and all(texts) for texts in entry.values()), code
        assert not any(word in texts[0] for texts in entry.values() for word in FORBIDDEN), code
    contract = SHARED / "design" / "rules.toml"
    codes = set(tomllib.loads(contract.read_text(encoding="utf-8"))) if contract.exists() else set(catalogue())
    assert codes <= set(advice)
