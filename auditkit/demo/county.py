"""The example county: compounds whose books agree, and those in which something was planted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from auditkit.demo.acts import Act, Steps, acts
from auditkit.demo.books import Compound, Row
from auditkit.demo.closing import close
from auditkit.demo.founding import SOURCE, found, hear_others
from auditkit.demo.leases import lease_out
from auditkit.demo.papers import write_papers
from auditkit.demo.parking import park
from auditkit.demo.spending import THRESHOLD, spend
from auditkit.demo.treasury import stalls, use_accounts
from auditkit.demo.truth import Planted, Truth
from auditkit.model import Books, Case, LocalNumber, Pack
from auditkit.schema import frame, tables

YEAR: Final = 2024
STAYS: Final = 1200
COSTS: Final = 320
MOST_ACTS: Final = 10
TRUTH: Final = "truth.json"


def make_compound(
    seed: int,
    index: int = 0,
    plant: Sequence[str] = (),
    *,
    stays: int = STAYS,
    costs: int = COSTS,
    exits: bool | None = None,
) -> tuple[Compound, tuple[Planted, ...]]:
    """One compound's year in memory, with the named acts planted, and what they must give.

    Raises: LookupError where the books have no room for an act.
    """
    chosen = [acts()[name] for name in plant]
    c = found(seed, index, YEAR, stays, costs)
    if exits is not None:
        c.style.exits = exits
    for one in chosen:
        if one.early:
            one.early(c)
    lease_out(c)
    stalls(c)
    spend(c)
    use_accounts(c)
    park(c)
    hear_others(c)
    open_steps = [(one, one.commit(c)) for one in chosen]
    for _, steps in open_steps:
        next(steps)
    close(c)
    return c, tuple(p for one, steps in open_steps for p in _finish(c, one, steps))


def _finish(c: Compound, one: Act, steps: Steps) -> list[Planted]:
    with suppress(StopIteration):
        try:
            next(steps)
        except StopIteration as end:
            return [replace(p, compound_id=c.id, act=one.name) for p in end.value]
    raise RuntimeError(f"{one.name} yields more than once")


def rows_of(c: Compound) -> dict[str, list[Row]]:
    """All tables of a compound as rows of Python values, each with the place where it would stand on paper."""
    shown: dict[str, list[Row]] = {}
    for name, table in tables().items():
        columns = [column.name for column in table.columns]
        blank = {
            k.name: k.default == "是" if k.type == "flag" else k.default for k in table.columns if k.default is not None
        }
        shown[name] = [
            {**blank, **{k: row[k] for k in columns if row.get(k) not in (None, "")},
             "file": f"{table.zh}.xlsx", "sheet": table.zh, "row": n}
            for n, row in enumerate(c.rows[name], start=2)
        ]  # fmt: skip
    return shown


def books_of(c: Compound) -> Books:
    """The books of a compound without files, all tables and columns given, as reading them would give."""
    frames = {name: frame(name, rows) for name, rows in rows_of(c).items()}
    columns = {name: frozenset(column.name for column in table.columns) for name, table in tables().items()}
    return Books(frames, frozenset(frames), columns, statements=_statements(frames["bank"]))


def _statements(bank: pd.DataFrame) -> pd.DataFrame:
    by = bank.groupby("account", sort=True)
    first = by[["file", "sheet", "balance", "credit", "debit"]].first()
    return pd.DataFrame(
        {
            "account": first.index.astype("str"),
            "file": first["file"].to_numpy(),
            "sheet": first["sheet"].to_numpy(),
            "first": by["date"].min().to_numpy(),
            "last": by["date"].max().to_numpy(),
            "opening": (first["balance"] - first["credit"] + first["debit"]).to_numpy(),
            "closing": by["balance"].last().to_numpy(),
        }
    )


def case_of(c: Compound) -> Case:
    """The parameters of a compound's audit, as its case.toml states them."""
    numbers = {name: (LocalNumber(value, SOURCE),) for name, value in c.parameters["pack_values"].items()}
    pack = Pack(c.parameters["pack"], "虚构县", numbers, loaded=True)
    as_of = pd.Timestamp(c.parameters["as_of"])
    return Case(c.id, pd.Timestamp(c.first), pd.Timestamp(c.last), as_of, pack, approval_threshold=THRESHOLD)


def plan(compounds: int) -> list[list[str]]:
    """Which acts go where: every third compound stays clean, the others share the acts so that none meet.

    Twelve compounds have room for every act.
    """
    planned: list[list[str]] = [[] for _ in range(compounds)]
    dirty = [n for n in range(compounds) if n % 3 or compounds == 1]
    touched: dict[int, set[str]] = {n: set() for n in dirty}
    every = sorted(acts().values(), key=lambda a: not a.touches)
    share = max(1, len(dirty) // 8)
    for group in range(share):
        members = dirty[group::share]
        for one in every:
            free = [
                n for n in members if len(planned[n]) < MOST_ACTS and not one.touches & touched[n] and possible(one, n)
            ]
            if free:
                n = min(free, key=lambda k: (len(planned[k]), k))
                planned[n].append(one.name)
                touched[n] |= one.touches
    return planned


def possible(one: Act, index: int) -> bool:
    """Whether a compound of that place in the county has what the act needs: lifts, an assembly, category lines."""
    lacks = {6: "assembly", 9: "lines"}.get(index % 12, "")
    return lacks not in one.touches and not ("xlsx" in one.touches and index % 4 > 1)


def write_county(
    out: Path,
    compounds: int = 12,
    seed: int = 2024,
    plant: bool = True,
    *,
    stays: int = STAYS,
    costs: int = COSTS,
    shuffle: int | None = None,
) -> Truth:
    """Writes a county of case folders, one a compound, and truth.json beside them.

    The same numbers give the same bytes. `shuffle` puts files and rows in another order where order is no evidence.
    """
    planned = plan(compounds) if plant else [[] for _ in range(compounds)]
    ids: list[str] = []
    found_: list[Planted] = []
    for index, names in enumerate(planned):
        c, planted = make_compound(seed, index, names, stays=stays, costs=costs)
        found_ += write_papers(c, out / c.id, planted, shuffle)
        ids.append(c.id)
    truth = Truth(tuple(ids), tuple(found_))
    truth.write(out / TRUTH)
    return truth
