"""The articles that findings rest on, and which of them held on the day of the act."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """One version of an article, in our own words; `before` are the keys that held until it came into force."""

    key: str
    law: str
    law_en: str
    article: str
    zh: str
    en: str
    source: str
    confidence: str
    since: dt.date | None = None
    until: dt.date | None = None
    before: tuple[str, ...] = ()

    def in_force(self, day: dt.date) -> bool:
        """Whether it held on a day, both ends included."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@cache
def citations() -> Mapping[str, tuple[Citation, ...]]:
    """Key («民法典282», «local») -> its versions, the oldest first."""
    data = tomllib.loads(resources.files("auditkit.law").joinpath("citations.toml").read_text(encoding="utf-8"))
    found: dict[str, list[Citation]] = {}
    for article in data["articles"]:
        one = _citation(data["laws"][article["law"]], article)
        found.setdefault(one.key, []).append(one)
    return {key: tuple(sorted(versions, key=_since)) for key, versions in found.items()}


def _citation(law: Mapping[str, Any], article: Mapping[str, Any]) -> Citation:
    number = str(article.get("no", ""))
    return Citation(
        law["short"] + number, law["zh"], law["en"], number, article["zh"], article["en"], law["source"],
        article.get("confidence", law["confidence"]), law.get("since"), article.get("until", law.get("until")),
        tuple(article.get("before", ())),
    )  # fmt: skip


def _since(one: Citation) -> dt.date:
    return one.since or dt.date.min


def citation(key: str, day: dt.date | None = None) -> Citation:
    """The article as it held on a day; without a day, its latest version.

    Raises: KeyError for an unknown key; LookupError where no version of it held on the day (see in_force).
    """
    versions = citations()[key]
    if day is None:
        return versions[-1]
    for one in versions:
        if one.in_force(day):
            return one
    raise LookupError(f"{key}: no version in force on {day}")


def in_force(keys: Iterable[str], day: dt.date) -> tuple[Citation, ...]:
    """What held on the day of the act: each article, or what held before it; nothing twice.

    Raises: KeyError for an unknown key.
    """
    held: dict[str, Citation] = {}
    for key in keys:
        for one in _held(key, day):
            held.setdefault(one.key, one)
    return tuple(held.values())


def _held(key: str, day: dt.date) -> list[Citation]:
    versions = citations()[key]
    now = [one for one in versions if one.in_force(day)]
    if now:
        return now
    if day >= _since(versions[0]):
        return []
    return [earlier for other in versions[0].before for earlier in _held(other, day)]


def basis_on(keys: Iterable[str], day: dt.date | None) -> tuple[str, ...]:
    """The keys to cite for an act of that day; as they stand where the day is not known."""
    named = tuple(keys)
    return named if day is None else tuple(one.key for one in in_force(named, day))
