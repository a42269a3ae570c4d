"""Who is related to the property company, by code or by name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from auditkit.model import Books
from auditkit.reconcile.names import normal_name

COMPANY = "物业企业本身"


@dataclass(frozen=True, slots=True)
class Relation:
    """How a counterparty is related: the label of its line in the list (None: the property company itself), what the
    line says, by what it was recognised, and whether both codes are given and differ."""

    label: Any
    name: str
    relation: str
    by: str
    company: bool
    codes_differ: bool


@dataclass(frozen=True, slots=True)
class RelatedParties:
    """The related parties by code and by normalised name, the property company among them."""

    by_code: dict[str, Relation]
    by_name: dict[str, tuple[Relation, str]]

    def of(self, name: str, code: str) -> Relation | None:
        """The relation of a counterparty: its code equal, else its normalised name; a name within a name is another's.

        Shape: code "" where the paper gives none.
        """
        own = _code(code)
        if own and own in self.by_code:
            return self.by_code[own]
        known = self.by_name.get(normal_name(name))
        if known is None or not normal_name(name):
            return None
        relation, theirs = known
        if not own or not theirs:
            return relation
        return Relation(relation.label, relation.name, relation.relation, relation.by, relation.company, True)


def _code(text: str) -> str:
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def related_parties(books: Books) -> RelatedParties:
    """The list of related parties, read once."""
    return books.once("related", lambda: _read(books))


def _read(books: Books) -> RelatedParties:
    listed = books["related"]
    company = (str(books.compound("company_name") or ""), _code(str(books.compound("company_uscc") or "")))
    lines: list[tuple[Any, str, str, str]] = [(None, company[0], company[1], COMPANY)]
    lines += list(zip(listed.index, listed["name"], listed["uscc"].map(_code), listed["relation"], strict=True))
    by_code: dict[str, Relation] = {}
    by_name: dict[str, tuple[Relation, str]] = {}
    for label, name, code, relation in lines:
        own = bool(code and code == company[1]) or bool(name and normal_name(name) == normal_name(company[0]))
        if code:
            by_code.setdefault(code, Relation(label, name, relation, "统一社会信用代码", own, False))
        if normal_name(name):
            by_name.setdefault(normal_name(name), (Relation(label, name, relation, "名称", own, False), code))
    return RelatedParties(by_code, by_name)
