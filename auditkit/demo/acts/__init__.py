"""The irregularities that can be planted, one function an act; every module in this folder adds its own.

An act is a generator: before its `yield` it changes the open books, after it the closed ones, and it returns the
findings that it must give. It takes what it needs from the compound, so that no two acts of one compound meet.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Final

from auditkit.demo.books import Compound
from auditkit.demo.truth import Planted

Steps = Generator[None, None, list[Planted]]


@dataclass(frozen=True, slots=True)
class Act:
    """One irregularity: its name, the rules that it must trip, and what it touches."""

    name: str
    rules: tuple[str, ...]
    touches: frozenset[str]
    commit: Callable[[Compound], Steps]
    early: Callable[[Compound], None] | None = None
    """What has to be decided before the year is written."""


_ACTS: Final[dict[str, Act]] = {}


def act(
    *rules: str, touches: str = "", early: Callable[[Compound], None] | None = None
) -> Callable[[Callable[[Compound], Steps]], Callable[[Compound], Steps]]:
    """Registers a function as an act; two acts that touch one thing are not planted in one compound."""

    def register(commit: Callable[[Compound], Steps]) -> Callable[[Compound], Steps]:
        _ACTS[commit.__name__] = Act(commit.__name__, rules, frozenset(touches.split()), commit, early)
        return commit

    return register


@cache
def acts() -> Mapping[str, Act]:
    """All acts by name, in the order of their modules and lines."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda i: i.name):
        import_module(f"{__name__}.{info.name}")
    return _ACTS
