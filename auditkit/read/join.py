"""Sheets that hold one table: parts of it are put together, copies are told apart, contradictions are refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from auditkit.model import DOUBT, InputError, Issue
from auditkit.read.sheets import Part
from auditkit.schema import tables

Key = tuple[object, ...]

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "contracts": ("contract_no",),
    "resources": ("resource_id", "surveyed_on"),
    "resolutions": ("resolution_no",),
    "accounts": ("account",),
    "cards": ("card_no", "start"),
}
"""The columns that name a row; the same name on two sheets with other contents is a contradiction."""
ORDERS: Final = {
    "alipay-merchant-business": "alipay-merchant-account",
    "wechat-merchant-trade": "wechat-merchant-fund",
}
"""Importers of a platform's orders -> the importer of the account into which these are paid."""
_COPY: Final = re.compile(r"副本|备份|复制|\(\d+\)|（\d+）|copy|bak", re.IGNORECASE)
MOST_SHARED: Final = 0.5
"""Two sheets of which at least this part is the same are versions of one paper, not two parts of it."""
LEAST_SHARED: Final = 3


def join_parts(parts: Sequence[Part]) -> tuple[list[Part], list[Issue], list[Part]]:
    """The parts with their rows as they count, what is to be said about it, and the parts that are only copies.

    Raises: InputError where two sheets claim a table and cannot both be right.
    """
    issues, refused, copies = list[Issue](), list[Issue](), list[Part]()
    kept: list[Part] = []
    for table in tables():
        own = sorted((p for p in parts if p.table == table), key=lambda p: p.place)
        if table == "bank":
            own, said = _statements(_once(own, issues))
            issues += said
        else:
            own, again = _without_copies(own, issues, refused)
            copies += again
        if table == "compound":
            _one_compound(own, refused)
        if table in KEYS:
            own = _contradictions(own, KEYS[table], issues)
        kept += own
    if refused:
        raise InputError(refused)
    return kept, issues, copies


def keys(frame: pd.DataFrame, columns: Iterable[str]) -> list[Key]:
    """Each row's cells as one key; blank cells are alike."""
    filled = [frame[c].astype("object").where(frame[c].notna(), None) for c in columns]
    return list(zip(*filled, strict=True)) if filled else []


def _contents(part: Part) -> Counter[int]:
    """How often each row stands there, by a hash of all its cells."""
    columns = [c.name for c in tables()[part.table].columns]
    return Counter(pd.util.hash_pandas_object(part.frame[columns], index=False).tolist())


def _name(part: Part) -> str:
    return f"{part.grid.file}#{part.grid.sheet}" if part.grid.sheet else part.grid.file


def _without_copies(own: Sequence[Part], issues: list[Issue], refused: list[Issue]) -> tuple[list[Part], list[Part]]:
    """Leaves out a sheet all of whose rows stand on another; refuses two that are the same only in good part."""
    kept: list[Part] = []
    copies: list[Part] = []
    if len(own) < 2:
        return list(own), []
    contents = {id(p): _contents(p) for p in own}
    order = sorted(own, key=lambda p: (-len(p.frame), not p.grid.visible, bool(_COPY.search(p.grid.sheet)), p.place))
    for part in order:
        mine = contents[id(part)]
        best, shared = None, 0
        for other in kept:
            same = (mine & contents[id(other)]).total()
            if same > shared:
                best, shared = other, same
        if best is None:
            kept.append(part)
        elif shared == len(part.frame):
            copies.append(part)
            issues.append(_copy(part, best))
        elif part.table not in KEYS and shared >= LEAST_SHARED and shared >= MOST_SHARED * len(part.frame):
            refused.append(_versions(part, best, shared))
        else:
            kept.append(part)
    return sorted(kept, key=lambda p: p.place), copies


def _copy(part: Part, other: Part) -> Issue:
    zh = tables()[part.table].zh
    text = f"与 {_name(other)} 都是{zh}，{len(part.frame)} 行逐行相同，只计一次，本表未计入"
    english = f"a copy of {_name(other)}: its {len(part.frame)} rows are counted once"
    return Issue("T04", text, english, part.table, part.grid.file, part.grid.sheet, part.section.header.last + 1)


def _versions(part: Part, other: Part, shared: int) -> Issue:
    zh = tables()[part.table].zh
    text = (
        f"与 {_name(other)} 都是{zh}，{len(part.frame)} 行中有 {shared} 行相同、其余不同，像是同一份表的两个版本；"
        f'请只留一份，或在 case.toml 写 [map."{_name(part)}"] read = false'
    )
    english = f"and {_name(other)} claim the same table and share {shared} rows: keep one, or set read = false"
    return Issue("T05", text, english, part.table, part.grid.file, part.grid.sheet, part.section.header.last + 1)


def _one_compound(own: Sequence[Part], refused: list[Issue]) -> None:
    """A case is one compound: a second one with other contents is refused."""
    places = [(p, int(row)) for p in own for row in p.frame["row"]]
    if len(places) > 1:
        first, row = places[0]
        for part, at in places[1:]:
            text = f"小区概况应只有一行，{_name(first)} 第 {row} 行已写有一个小区；一个文件夹只放一个小区的资料"
            english = f"a case is one compound; {_name(first)} row {row} has one already"
            refused.append(Issue("T05", text, english, "compound", part.grid.file, part.grid.sheet, at))


def _contradictions(own: Sequence[Part], columns: tuple[str, ...], issues: list[Issue]) -> list[Part]:
    """One id on two sheets: the same row counts once, different rows are in doubt on both."""
    if len(own) < 2:
        return list(own)
    zh = "、".join(tables()[own[0].table].column(c).zh for c in columns)
    every = [c.name for c in tables()[own[0].table].columns]
    seen: dict[Key, tuple[int, Key, int]] = {}
    drop: dict[int, set[int]] = {}
    doubt: dict[int, set[int]] = {}
    for n, part in enumerate(own):
        for at, (key, whole) in enumerate(zip(keys(part.frame, columns), keys(part.frame, every), strict=True)):
            if any(cell in ("", None) for cell in key):
                continue
            first, same, row = seen.setdefault(key, (n, whole, at))
            if first == n:
                continue
            if same == whole:
                drop.setdefault(n, set()).add(at)
                continue
            doubt.setdefault(n, set()).add(at)
            doubt.setdefault(first, set()).add(row)
            other = own[first]
            text = (
                f"{zh}“{key[0]}”在 {_name(other)} 第 {int(other.frame['row'].iloc[row])} 行已有，内容不同；两行都存疑"
            )
            english = f"{columns[0]} {key[0]} stands in {_name(other)} too, with other contents: both rows are in doubt"
            issues.append(
                Issue(
                    "T06",
                    text,
                    english,
                    part.table,
                    part.grid.file,
                    part.grid.sheet,
                    int(part.frame["row"].iloc[at]),
                    zh,
                )
            )
    return [_changed(p, drop.get(n, set()), doubt.get(n, set()), columns[0]) for n, p in enumerate(own)]


def _changed(part: Part, drop: set[int], doubt: set[int], column: str) -> Part:
    if not drop and not doubt:
        return part
    frame = part.frame.copy()
    doubts = frame[DOUBT].tolist()
    for at in doubt:
        named = [name for name in doubts[at].split(",") if name]
        doubts[at] = ",".join(dict.fromkeys((*named, column)))
    frame[DOUBT] = pd.array(doubts, dtype="str")
    kept = frame.drop(index=frame.index[sorted(drop)]).reset_index(drop=True)
    return replace(part, frame=kept)


def _once(own: Sequence[Part], issues: list[Issue]) -> list[Part]:
    """A platform's orders and its account tell of the same money: on days that the account covers it alone counts."""
    kept: list[Part] = []
    for part in own:
        drop: set[int] = set()
        for other in own:
            if ORDERS.get(part.importer) != other.importer or other.frame["date"].isna().all():
                continue
            first, last = other.frame["date"].min(), other.frame["date"].max()
            covered = part.frame["date"].between(first, last)
            if (other.frame["account"] != "").any():
                covered &= part.frame["account"].isin(set(other.frame["account"]))
            drop |= set(np.flatnonzero(covered).tolist())
        if drop:
            text = f"{len(drop)} 行订单与同一商户的账务（资金）流水是同一笔钱，以账务流水为准，订单不重复计入"
            english = f"{len(drop)} orders stand in the account's own statement too; that alone counts"
            issues.append(Issue("I04", text, english, "bank", part.grid.file, part.grid.sheet))
        kept.append(_changed(part, drop, set(), ""))
    return kept


def _statements(own: Sequence[Part]) -> tuple[list[Part], list[Issue]]:
    """Overlapping exports of one account: a row counts as often as in the export that has it most often."""
    issues: list[Issue] = []
    if len(own) < 2:
        return list(own), issues
    columns = [c.name for c in tables()["bank"].columns]
    most: dict[str, Counter[Key]] = {}
    kept: list[Part] = []
    for part in own:
        again: set[int] = set()
        mine: dict[str, Counter[Key]] = {}
        for at, key in enumerate(keys(part.frame, columns)):
            account = str(key[0])
            counted = mine.setdefault(account, Counter())
            counted[key] += 1
            if counted[key] <= most.get(account, Counter[Key]())[key]:
                again.add(at)
        for account, counted in mine.items():
            most[account] = most.get(account, Counter[Key]()) | counted
        if again:
            rows = part.frame["row"].iloc[sorted(again)].tolist()
            text = f"{len(again)} 行与其他文件中同一账户的流水完全相同（第 {rows[0]} 行起），为重复导出，只计一次"
            english = f"{len(again)} rows stand in another export of the account too; they are counted once"
            issues.append(Issue("T04", text, english, "bank", part.grid.file, part.grid.sheet, int(rows[0])))
        kept.append(_changed(part, again, set(), ""))
    return kept, issues
