"""What every ledger import must show: balance of vouchers, their numbers, totals on paper, running balances."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd

from auditkit.money import yuan
from auditkit.read.books.entries import Reader, keys_of, split_number
from auditkit.read.layout import Line, cell_text

MOST_TOLD: Final = 20
"""So many vouchers, or gaps, are named one by one."""


def check_entries(reader: Reader, frame: pd.DataFrame, lines: Sequence[Line]) -> dict[str, Any]:
    """The checks on a list of vouchers; what is wrong becomes an issue, what they came to is returned."""
    key = keys_of(frame)
    debit, credit = int(frame["debit"].sum()), int(frame["credit"].sum())
    _total_rows(reader, frame, lines)
    sums = frame.groupby(key, sort=False)[["debit", "credit"]].sum()
    unbalanced = sums[sums["debit"] != sums["credit"]]
    # A line with a cell that cannot be read has been named; its voucher is not named a second time.
    doubtful = set(key[frame["doubt"].str.contains("debit|credit")])
    unbalanced = unbalanced[~unbalanced.index.isin(doubtful)]
    vouchers = len(sums)
    if len(unbalanced) > max(3, vouchers // 2):
        text = (
            f"{vouchers} 张凭证中有 {len(unbalanced)} 张借贷不平，合计借方 {yuan(debit)}、贷方 {yuan(credit)}；"
            "像是只导出了部分科目，请导出全部分录"
        )
        english = f"{len(unbalanced)} of {vouchers} vouchers do not balance: only some accounts may be in this export"
        reader.tell("B11", text, english)
    else:
        for name, row in list(unbalanced.iterrows())[:MOST_TOLD]:
            month, _, voucher = str(name).split("\x1f")
            one, other = int(row["debit"]), int(row["credit"])
            first = int(frame.loc[key == name, "row"].iloc[0])
            text = f"{month} 凭证 {voucher} 借贷不平：借方 {yuan(one)}，贷方 {yuan(other)}，差 {yuan(one - other)}"
            english = f"voucher {voucher} of {month} does not balance: {yuan(one)} debit, {yuan(other)} credit"
            reader.tell("B11", text, english, first)
    _tell_dates(reader, frame, key)
    gaps = _tell_gaps(reader, frame)
    months = sums.index.to_series().str.split("\x1f").str[0]
    return {
        "debit": debit,
        "credit": credit,
        "vouchers": vouchers,
        "unbalanced": len(unbalanced),
        "by_month": {str(m): int(n) for m, n in months.value_counts().sort_index().items()},
        "gaps": gaps,
        "negative": int((frame["debit"] < 0).sum() + (frame["credit"] < 0).sum()),
        "void": int(frame.loc[frame["void"], "voucher"].nunique()),
        "closings": int(key[frame["closing"]].nunique()),
    }


def _total_rows(reader: Reader, frame: pd.DataFrame, lines: Sequence[Line]) -> None:
    """The last line of totals against the sums of the entries."""
    whole = [n for n in lines if n.kind == "合计" and not re.search("本[日月期页]|当日|小计", n.text)]
    if not whole:
        return
    for name, zh in (("debit", "借方"), ("credit", "贷方")):
        said: list[str] = []
        stated = reader.fen(whole[-1].at, name, said)
        found = int(frame[name].sum())
        if stated is not None and stated != found:
            text = f"文件自载{zh}合计 {yuan(stated)}，逐行合计 {yuan(found)}，差 {yuan(found - stated)}；已按逐行读取"
            reader.tell("B10", text, f"the file states {yuan(stated)} {name}, its rows come to {yuan(found)}",
                        whole[-1].at + 1)  # fmt: skip


def _tell_dates(reader: Reader, frame: pd.DataFrame, key: pd.Series[str]) -> None:
    """One number of one month on several days: two vouchers under one number."""
    named = frame[(frame["voucher"] != "") & (frame["day"] != "")]
    days = named.groupby(key[named.index])["day"].nunique()
    for name in list(days[days > 1].index)[:MOST_TOLD]:
        month, _, voucher = str(name).split("\x1f")
        own = named[key[named.index] == name]
        told = "、".join(dict.fromkeys(own["day"]))
        text = f"{month} 的凭证号 {voucher} 出现在不同日期（{told} 日），可能重号"
        reader.tell("B13", text, f"voucher {voucher} of {month} stands on several days", int(own["row"].iloc[0]))


def _tell_gaps(reader: Reader, frame: pd.DataFrame) -> int:
    """Numbers that are missing in a month's series of one word."""
    numbers: dict[tuple[str, str, str], dict[int, int]] = {}
    for month, book, voucher, row in zip(frame["month"], frame["book"], frame["voucher"], frame["row"], strict=True):
        word, number = split_number(voucher)
        if number is not None and month:
            numbers.setdefault((month, book, word), {}).setdefault(number, int(row))
    gaps = 0
    told: list[tuple[str, str, list[int], int]] = []
    for (month, _, word), rows in sorted(numbers.items()):
        missing = [n for n in range(min(rows) if min(rows) > 1000 else 1, max(rows)) if n not in rows]
        if missing and len(missing) <= 9 * len(rows):
            gaps += len(missing)
            told.append((month, word, missing, min(rows.values())))
    for month, word, missing, row in told[:MOST_TOLD]:
        text = f"{month} “{word.rstrip('-')}”字凭证缺号：{'、'.join(_runs(missing))}"
        reader.tell("B12", text, f"vouchers of {month} missing after {word!r}: {', '.join(_runs(missing))}", row)
    return gaps


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    first = last = None
    for n in [*numbers, None]:
        if first is not None and (n is None or n != last + 1):  # pyright: ignore[reportOptionalOperand]
            yield str(first) if first == last else f"{first}-{last}"
            first = None
        first, last = (n if first is None else first), n


def check_daybook(reader: Reader, frame: pd.DataFrame, lines: Sequence[Line]) -> dict[str, Any]:
    """The running balance of a day book, and its totals of day and month, against its entries."""
    opening = _opening(reader, lines)
    written = frame["balance"]
    breaks = 0
    balance = opening
    for row, debit, credit, stands in zip(frame["row"], frame["debit"], frame["credit"], written, strict=True):
        if (
            balance is not None
            and not pd.isna(stands)
            and balance + debit - credit != abs(stands) * (1 if stands >= 0 else -1)
        ):
            breaks += 1
            text = f"余额不连续：按上一行推算应余 {yuan(int(balance + debit - credit))}，账面写 {yuan(int(stands))}"
            english = f"the balance does not follow: {yuan(int(balance + debit - credit))} expected"
            reader.tell("B14", text, english, int(row))
        if not pd.isna(stands):
            balance = int(stands)
        elif balance is not None:
            balance += int(debit - credit)
    _months_total(reader, frame, lines)
    first = None
    if opening is None and len(frame) and not pd.isna(written.iloc[0]):
        first = int(written.iloc[0] - frame["debit"].iloc[0] + frame["credit"].iloc[0])
    return {
        "in": int(frame["debit"].sum()), "out": int(frame["credit"].sum()),
        "opening": opening if opening is not None else first, "closing": balance, "breaks": breaks,
        "negative": int((frame["debit"] < 0).sum() + (frame["credit"] < 0).sum()),
    }  # fmt: skip


def _opening(reader: Reader, lines: Sequence[Line]) -> int | None:
    for line in lines:
        if line.kind == "承转":
            said: list[str] = []
            return reader.fen(line.at, "balance", said)
    return None


def _months_total(reader: Reader, frame: pd.DataFrame, lines: Sequence[Line]) -> None:
    """«本月合计» is of the entries of its month, «本日合计» of its day, «累计» of all before it."""
    for line in lines:
        if line.kind != "合计":
            continue
        before = frame[frame["row"] <= line.at]
        if before.empty:
            continue
        text = cell_text(line.text).replace(" ", "")
        last = before.iloc[-1]
        if "本日" in text or "当日" in text:
            own = before[(before["month"] == last["month"]) & (before["day"] == last["day"])]
        elif "本月" in text or "当前合计" in text:
            own = before[before["month"] == last["month"]]
        elif "累计" in text:
            # What a year's total holds besides is not in a file of one month.
            if str(frame["month"].iloc[0])[-2:] != "01":
                continue
            own = before
        else:
            own = before
        for name, zh in (("debit", "借方"), ("credit", "贷方")):
            said: list[str] = []
            stated = reader.fen(line.at, name, said)
            found = int(own[name].sum())
            if stated is not None and stated != found:
                label = re.split(r"\s", line.text)
                what = next((w for w in label if "计" in w), "合计")
                message = f"“{what}”{zh} {yuan(stated)}，逐行合计 {yuan(found)}，差 {yuan(found - stated)}"
                reader.tell("B10", message, f"stated {yuan(stated)} {name}, rows {yuan(found)}", line.at + 1)
