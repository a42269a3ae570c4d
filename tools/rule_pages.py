"""Writes the head table of each rule's page and the index docs/rules/README.md: `python tools/rule_pages.py`."""

from __future__ import annotations

from pathlib import Path

from auditkit.report.rulebook import index, with_head
from auditkit.rules import catalogue

PAGES = Path(__file__).parents[1] / "docs" / "rules"


def generated() -> dict[Path, str]:
    """Every page and the index, as they should be."""
    rules = [rule for rule, _ in catalogue().values()]
    files = {PAGES / "README.md": index(rules)}
    for rule in rules:
        path = PAGES / f"{rule.code}.md"
        if path.exists():
            files[path] = with_head(path.read_text(encoding="utf-8"), rule)
    return files


if __name__ == "__main__":
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(path.name)
