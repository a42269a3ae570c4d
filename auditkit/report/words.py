"""What people read: every text of the command and of the outputs, in Chinese and English, from data/words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from auditkit.money import yuan


def say(key: str, lang: str = "zh", **values: Any) -> str:
    """A text by its key, with its values filled in.

    Raises: KeyError where there is no such text: a bug.
    """
    return _words()[key][lang == "en"].format(**values)


def has(key: str) -> bool:
    """Whether there is such a text."""
    return key in _words()


def amount_text(low: int | None, high: int | None) -> str:
    """An amount as people write it: «1,234.50», «100.00 ~ 300.00», or nothing.

    Units: fen.
    """
    if low is None or high is None:
        return ""
    return yuan(low) if low == high else f"{yuan(low)} ~ {yuan(high)}"


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    text = resources.files("auditkit").joinpath("data", "words.toml").read_text(encoding="utf-8")
    for group, entries in tomllib.loads(text).items():
        for key, (zh, en) in entries.items():
            found[f"{group}.{key}"] = (zh, en)
    return found
