"""[map.accounts]: which accounts of a company's books are public revenue, and the ledger rows that follow from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from auditkit.model import DOUBT, Issue
from auditkit.money import yuan
from auditkit.read.books.entries import DAYBOOK, Book
from auditkit.read.headers import Header
from auditkit.read.layout import Line, Section
from auditkit.read.sheets import Part
from auditkit.schema import categories, category_words, frame, normal

KEYS: Final = ("category", "credit", "debit", "account", "method")
_FUND: Final = re.compile(r"公共收益|共有收益|公共部位收益|业主共有|共用部[位分].{0,4}收益|公共收入|代管.{0,4}收益")
_MONEY: Final = re.compile(r"10(?:01|02|12)")
_INCOME: Final = re.compile(r"[56][0-3]")
_ENDING: Final = re.compile(r"(?:\(分成\)|（分成）|收入|收益|费用?|支出|款)$")


class ChartError(ValueError):
    """A [map.accounts] that cannot be used; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What one account means: categories of its two sides, or the money account it is."""

    credit: str = ""
    debit: str = ""
    account: str = ""
    method: str = ""
    left_out: bool = False


@dataclass(frozen=True)
class Chart:
    """The mapping of a case: account code, prefix of codes, or name -> what it means."""

    meant: Mapping[str, Meant] = field(default_factory=dict[str, Meant])

    def of(self, code: str, name: str) -> Meant | None:
        """What an account means: by the longest code that it begins with, else by its name or a part of its path."""
        fits = [key for key in self.meant if key[0].isdigit() and _below(code, key)]
        if fits:
            return self.meant[max(fits, key=len)]
        path = [normal(p) for p in re.split(r"[\\/_\-]", name) if p.strip()]
        for key in sorted(self.meant, key=len, reverse=True):
            parts = [normal(p) for p in re.split(r"[\\/_\-]", key) if p.strip()]
            if parts and any(path[n : n + len(parts)] == parts for n in range(len(path))):
                return self.meant[key]
        return None


def _below(code: str, key: str) -> bool:
    """Whether a code is the key or an account below it: 6051.01 is below 6051, and so is 605101."""
    return bool(code) and _digits(code).startswith(_digits(key))


def _digits(code: str) -> str:
    return re.sub(r"\D", "", code)


def parse_chart(data: Any) -> Chart:
    """[map.accounts] as case.toml has it.

    Raises: ChartError.
    """
    if not isinstance(data, dict):
        raise ChartError('应写为 "科目代码" = "类别"')
    return Chart({unicodedata.normalize("NFKC", str(k)).strip(): _meant(str(k), v) for k, v in data.items() if str(k)})


def _meant(key: str, given: Any) -> Meant:
    if given is False:
        return Meant(left_out=True)
    if isinstance(given, str):
        category = _category(key, given)
        return Meant(category, category)
    if not isinstance(given, dict) or not given:
        raise ChartError(f'“{key}”应为类别、false，或 {{ credit = "…", debit = "…" }}')
    unknown = [k for k in given if k not in KEYS]
    if unknown:
        raise ChartError(f"“{key}”有未知的设置“{unknown[0]}”，可用的有：{'、'.join(KEYS)}")
    both = _category(key, given["category"]) if "category" in given else ""
    sides = {side: _category(key, given[side]) if given.get(side) else both for side in ("credit", "debit")}
    return Meant(sides["credit"], sides["debit"], str(given.get("account", "")), str(given.get("method", "")))


def _category(key: str, word: Any) -> str:
    category = category_words().get(normal(str(word)))
    if category is None:
        raise ChartError(
            f"“{key}”的“{word}”不是收支类别；收入：{'、'.join(categories('income'))}；支出：{'、'.join(categories('cost'))}"
        )
    return category


def guess(name: str) -> str:
    """The category that the last parts of an account's path name; "" where none does."""
    words = category_words()
    for part in reversed(re.split(r"[\\/_\-]", unicodedata.normalize("NFKC", name))):
        word = normal(part)
        for candidate in (word, normal(_ENDING.sub("", part)), normal(_ENDING.sub("", _ENDING.sub("", part)))):
            if candidate in words:
                return words[candidate]
    return ""


def proposal(books: Sequence[Book]) -> list[tuple[str, str, str]]:
    """Accounts that may be public revenue: code, name, category (or ""), those of one code once."""
    found: dict[str, tuple[str, str, str]] = {}
    for book in books:
        for code, name in zip(book.frame["code"], book.frame["name"], strict=True):
            if not code or code in found or _MONEY.match(code):
                continue
            if _FUND.search(name) or _public_income(code, name):
                found[code] = (code, name, guess(name))
    return [found[code] for code in sorted(found)]


def _public_income(code: str, name: str) -> bool:
    """An income account named after a kind of public revenue; a company's own interest is none."""
    category = guess(name)
    return bool(_INCOME.match(code)) and category in categories("income") and category != "利息"


def ledger_part(book: Book, chart: Chart) -> tuple[Part | None, list[Issue]]:
    """The public-revenue rows of a book, as a part of the ledger; and what could not be placed.

    Closing entries and void vouchers are left out; red entries keep their sign. The numbers of vouchers stand in the
    rows, but as a column they are not given: most numbers of a company's books belong to other business, and a gap
    would mean nothing.
    """
    issues: list[Issue] = []
    rows: list[dict[str, Any]] = []
    lines: list[Line] = []
    money = _money_sides(book, chart)
    records: list[dict[str, Any]] = book.frame.to_dict("records")  # pyright: ignore[reportAssignmentType]
    for entry in records:
        meant = (
            chart.of(entry["contra"], entry["contra"])
            if book.kind == DAYBOOK
            else chart.of(entry["code"], entry["name"])
        )
        if meant is None or meant.left_out or not (meant.credit or meant.debit):
            continue
        if entry["closing"] or entry["void"]:
            lines.append(Line(entry["row"] - 1, "结转损益" if entry["closing"] else "作废凭证", entry["summary"]))
            continue
        rows.append(
            _ledger_row(book, entry, meant, money.get((entry["month"], entry["book"], entry["voucher"])), issues)
        )
    if not rows:
        return None, issues
    made = frame("ledger", rows)
    columns = {"date", "direction", "category", "summary", "amount"}
    columns |= {name for name in ("counterparty", "account", "method") if (made[name] != "").any()}
    header = Header("ledger", book.header.first, book.header.last, {}, book.header.titles)
    section = Section(header, [], [int(r) - 1 for r in made["row"]], [], lines)
    return Part("ledger", book.grid, section, made, frozenset(columns), tuple(issues), importer=book.importer), issues


def _ledger_row(
    book: Book, entry: Mapping[str, Any], meant: Meant, money: tuple[str, str] | None, issues: list[Issue]
) -> dict[str, Any]:
    """One entry as a row of the public ledger."""
    debit, credit = int(entry["debit"]), int(entry["credit"])
    if book.kind == DAYBOOK:
        # The entry is on the bank account: what it received was credited to the other account.
        debit, credit = credit, debit
    liability = entry["code"].startswith("2") or bool(_FUND.search(entry["name"]))
    category = meant.credit if credit else meant.debit
    income = category in categories("income")
    doubt = [d for d in entry["doubt"].split(",") if d in ("date",)]
    if any(d in entry["doubt"] for d in ("debit", "credit")):
        doubt.append("amount")
    if pd.isna(entry["date"]) and "date" not in doubt:
        doubt.append("date")
    direction = "收入" if income else "支出"
    amount = credit - debit if income else debit - credit
    if liability and debit > 0 and not credit and income:
        # Money taken out of the owners' share is no negative income: what for, the account does not say.
        direction, amount, category = "支出", debit, ""
        doubt.append("category")
        text = (
            f"科目 {entry['code']} {entry['name']} 借方 {yuan(debit)} 元用途不明；"
            "请在 [map.accounts] 写明该科目的 debit 类别"
        )
        issues.append(Issue("B06", text, "the debit side of a fund account has no category", "ledger",
                            book.grid.file, book.grid.sheet, int(entry["row"])))  # fmt: skip
    account, method = money or ("", "")
    return {
        "voucher_no": entry["voucher"], "date": None if pd.isna(entry["date"]) else entry["date"],
        "direction": direction, "category": category, "counterparty": entry["party"], "summary": entry["summary"],
        "amount": amount, "account": account, "method": method,
        "file": book.grid.file, "sheet": book.grid.sheet, "row": int(entry["row"]), DOUBT: ",".join(doubt),
    }  # fmt: skip


def _money_sides(book: Book, chart: Chart) -> dict[tuple[str, str, str], tuple[str, str]]:
    """The account number and method of the one money account that a voucher moves."""
    if book.kind == DAYBOOK:
        return {}
    sides: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    for *key, code, name in zip(
        book.frame["month"],
        book.frame["book"],
        book.frame["voucher"],
        book.frame["code"],
        book.frame["name"],
        strict=True,
    ):
        meant = chart.of(code, name)
        if meant is not None and (meant.account or meant.method):
            sides.setdefault((key[0], key[1], key[2]), set()).add((meant.account, meant.method or "银行转账"))
        elif _MONEY.match(code):
            sides.setdefault((key[0], key[1], key[2]), set()).add(("", _method(code, name)))
    return {key: next(iter(several)) for key, several in sides.items() if len(several) == 1}


def _method(code: str, name: str) -> str:
    for word in ("微信", "支付宝"):
        if word in name:
            return word
    return {"1001": "现金", "1002": "银行转账"}.get(code[:4], "")
