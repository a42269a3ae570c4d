"""How much of a resource was counted on site, and how much of it is let."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from auditkit.model import Books, in_doubt
from auditkit.money import exact
from auditkit.reconcile import terms

IN_USE = "经营中"


def total(quantities: Iterable[Any]) -> Fraction | None:
    """Quantities added up as they are written; None where one is not stated."""
    parts = list(quantities)
    return None if any(pd.isna(q) for q in parts) else sum((exact(q) for q in parts), Fraction(0))


def number(quantity: Fraction) -> str:
    """A quantity as people write it: 12, 37.5."""
    return f"{float(quantity):.10g}"


def months(first: pd.Timestamp, last: pd.Timestamp) -> Fraction:
    """Calendar months from first to last, broken ones by their days."""
    count = Fraction(0)
    for month in pd.period_range(first, last, freq="M") if first <= last else ():
        days = min(last, month.end_time.normalize()) - max(first, month.start_time)
        count += Fraction(days.days + 1, month.days_in_month)
    return count


def stock(resources: pd.DataFrame) -> dict[str, Fraction | None]:
    """How much there is of each resource, let or not: all rows of one survey, the largest of its surveys.

    None where no survey says it.
    """
    found: dict[str, Fraction | None] = {}
    for (resource, _), rows in resources.groupby(["resource_id", "surveyed_on"], dropna=False):
        known, counted = found.get(str(resource)), total(rows["quantity"])
        found[str(resource)] = counted if known is None else max(known, counted or known)
    return found


@dataclass(frozen=True, slots=True)
class Holding:
    """Resources in use on a day, and the contracts in force that list them: one heap, counted together.

    `resources`: ids in the order of the contracts' lists. `rows`, `contracts`: indexes of the frames.
    """

    day: pd.Timestamp
    resources: tuple[str, ...]
    rows: tuple[int, ...]
    contracts: tuple[int, ...]


def holdings(books: Books) -> list[Holding]:
    """What is in use under contracts in force, latest state first, and each earlier survey that a later one replaced.

    Contracts that list the same resource, and resources that one contract lists, belong together. Resources without
    a quantity are left out.
    """
    resources, contracts = books["resources"], books["contracts"]
    readable = resources[~in_doubt(resources, "resource_id", "status", "surveyed_on", "quantity")]
    days = readable.groupby("resource_id")["surveyed_on"].transform("max")
    moments = {readable["surveyed_on"].max(), *readable.loc[readable["surveyed_on"] < days, "surveyed_on"]}
    links = readable.reset_index(names="at")[["at", "resource_id", "status", "surveyed_on", "quantity"]]
    links = links.merge(terms.listings(contracts), on="resource_id")
    of = contracts.loc[links["contract"]].set_axis(links.index)
    links = links[terms.in_force(of, links["surveyed_on"], links["surveyed_on"])]
    found: list[Holding] = []
    for day in sorted((d for d in moments if pd.notna(d)), reverse=True):
        seen = links[links["surveyed_on"] <= day]
        seen = seen[seen["surveyed_on"] == seen.groupby("resource_id")["surveyed_on"].transform("max")]
        found += _heaps(day, seen[(seen["status"] == IN_USE) & seen["quantity"].notna()])
    return list(dict.fromkeys(found))


def _heaps(day: pd.Timestamp, links: pd.DataFrame) -> list[Holding]:
    heap = {contract: contract for contract in links["contract"]}

    def root(contract: int) -> int:
        while heap[contract] != contract:
            contract = heap[contract]
        return contract

    for _, group in links.groupby("resource_id"):
        first = root(group["contract"].iloc[0])
        for other in group["contract"]:
            heap[root(other)] = first
    links = links.sort_values(["contract", "place", "at"])
    return [
        Holding(
            rows["surveyed_on"].max(),
            tuple(dict.fromkeys(rows["resource_id"])),
            tuple(dict.fromkeys(rows["at"])),
            tuple(dict.fromkeys(rows["contract"])),
        )
        for _, rows in links.groupby(links["contract"].map(root), sort=False)
    ]


def taken(
    quantity: float, resource: str, listed: list[str], there: Mapping[str, Fraction | None]
) -> tuple[Fraction, Fraction] | None:
    """How much of a resource a contract takes, at least and at most; None where its quantity is missing: all of it.

    A contract for several resources states one quantity for all of them: of one it takes at least what the others
    cannot hold.
    """
    if pd.isna(quantity):
        return None
    whole, own = exact(quantity), there.get(resource)
    others = [there.get(other) for other in listed if other != resource]
    if not others:
        return whole, whole
    known = [q for q in others if q is not None]
    least = max(Fraction(0), whole - sum(known)) if len(known) == len(others) else Fraction(0)
    return least, whole if own is None else min(whole, own)


def oversold(parts: Iterable[tuple[Fraction, Fraction] | None], there: Fraction | None) -> bool | None:
    """Whether shares of one resource add up to more than there is of it; None where that cannot be told."""
    shares = list(parts)
    stated = [share for share in shares if share is not None]
    entire = len(shares) - len(stated)
    least, most = sum(low for low, _ in stated), sum(high for _, high in stated)
    if entire and (entire > 1 or least > 0):
        return True
    if there is None:
        return None if most > 0 and len(shares) > 1 else False
    if least + entire * there > there:
        return True
    return None if most + entire * there > there else False
