"""docs/law.md tells every number, tag and place that there is, and which numbers are on."""

import re
from pathlib import Path

from auditkit.law import pack, places
from auditkit.law.packs import FORMS, TEXTS
from tests.law.test_citations import TAGS

PAGE = (Path(__file__).parents[2] / "docs" / "law.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells for cells in (re.split(r" \| ", line.strip("| ")) for line in PAGE.splitlines() if line[:1] == "|")
}


def test_every_number_and_every_tag_is_told():
    assert {re.match(r"`(\w+)`", key)[1] for key in ROWS if key.startswith("`")} == set(FORMS)
    assert all(f"`{name}`" in PAGE for name in TEXTS)
    assert set(ROWS) >= TAGS


def test_every_place_is_told_with_the_numbers_that_are_on():
    told = {code: cells for code, cells in ROWS.items() if re.fullmatch(r"\d{6}", code)}
    assert {code: cells[1] for code, cells in told.items()} == dict(places())
    for code, cells in told.items():
        own = {
            n
            for n, several in pack(code).numbers.items()
            if any(v.value is not None and v.place == cells[1] for v in several)
        }
        assert set(re.findall(r"`(\w+)`", cells[2])) == own, code
