"""The words of vocabulary.toml that only reading needs: flags, endings, totals, notes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from auditkit.schema import normal


@cache
def words() -> dict[str, Any]:
    """vocabulary.toml as it stands."""
    text = resources.files("auditkit").joinpath("data", "vocabulary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


OTHER: Final = frozenset(normal(word) for word in words()["other"])
"""«其他» alone, which the row's direction makes income or cost."""
ALL_TOGETHER: Final = frozenset(("合计", "总计", "小计", "共计", "全部"))
"""What a published line says in the place of a category where it is the total of its direction."""
EVERY: Final = frozenset(normal(word) for word in words()["every"])
"""What stands for all categories."""
_ENDINGS: Final = tuple(words()["endings"])


@cache
def flag_words(column: str) -> Mapping[str, bool]:
    """Normalised word -> true or false, for the column "table.name"."""
    found: dict[str, bool] = {}
    for section in ("any", column):
        for value, several in words()["flags"].get(section, {}).items():
            found |= {normal(word): value == "yes" for word in several}
    return found


def without_ending(word: str) -> Iterator[str]:
    """A category word less what people add to it: «电梯广告费收入（2024年）» -> «电梯广告»."""
    word = re.sub(r"\([^()]*\)$", "", word)
    yield word
    for _ in range(2):
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) > len(e) + 1), None)
        if ending is None:
            return
        word = word.removesuffix(ending)
        yield word


SUPPLIES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    (table, extra): tuple(columns)
    for table, several in words()["extras"].items()
    for extra, columns in ((e, spec["gives"]) for e, spec in several.items())
}
"""(table, extra) -> the columns that are made of it."""


@cache
def extra_headers(table: str) -> Mapping[str, str]:
    """Normalised header word -> extra: what stands in other columns than ours and is turned into them."""
    found: dict[str, str] = {}
    for extra, spec in words()["extras"].get(table, {}).items():
        for word in spec["words"]:
            found[normal(word)] = extra
    return found
