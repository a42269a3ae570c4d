"""Amounts of money as people write them, in figures and in capital form, and what they come to in fen."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from auditkit.money import fen

YUAN: Final = 1
UNITS: Final = {"分": Decimal("0.01"), "角": Decimal("0.1"), "元": Decimal(1), "圆": Decimal(1), "百元": Decimal(100),
                "千元": Decimal(1000), "万元": Decimal(10_000), "百万元": Decimal(1_000_000), "亿元": Decimal(10**8),
                "万": Decimal(10_000), "亿": Decimal(10**8)}  # fmt: skip
"""Yuan in one of each unit."""

CYCLES: Final = {"月": "月", "季": "季", "季度": "季", "半年": "半年", "年": "年", "年度": "年"}
"""How a price names its cycle -> the payment cycle."""

_MINUS: Final = str.maketrans(dict.fromkeys("−－﹣–—‒―", "-"))
_FIGURES: Final = re.compile(
    r"(?P<sign>[+-]?) ?(?:[¥￥]|RMB|CNY|人民币)? ?(?P<sign2>[+-]?) ?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<trailing>-?) ?(?P<unit>百万元|万元|千元|百元|亿元|元|圆|角|万|亿)?(?:整|正)? ?(?:RMB|CNY|人民币)?",
    re.IGNORECASE,
)
_REFUNDED: Final = re.compile(r"(?P<amount>[^()]+)\((?P<note>已(?:全额)?退款?[¥￥]?(?P<refund>[\d,.]*)元?)\)")
_TWICE: Final = re.compile(r"(?P<one>[^()]+)\((?:大写|小写)?[:：]?(?P<other>[^()]+)\)")
_PRICE: Final = re.compile(
    r"(?P<amount>[^/()每]+?)(?:/|每)(?:一|1)?个?(?P<cycle>半年|季度|年度|月|季|年)"
    r"(?:\((?P<each>[^/()]+?)(?:元)?/(?P<what>[^/()\d]{1,4})\))?"
)


class AmountError(ValueError):
    """The text is no amount that can only be read in one way."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount that was read.

    Units: fen. `rounded` where the paper has more than two decimals; `refunded` what a bracket says was given back.
    """

    fen: int
    rounded: bool = False
    refunded: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """An amount with its cycle: «4000元/年（800元/个）» is 4000.00 a 年, five pieces at 800.00.

    Units: fen.
    """

    amount: int
    cycle: str
    each: int | None = None
    quantity: int | None = None


def fold(text: str) -> str:
    """The text in half-width form, minus signs alike, without the marks that programs put around a cell."""
    folded = unicodedata.normalize("NFKC", text).translate(_MINUS)
    if not folded.isprintable():
        folded = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc") or c in "\t\n")
    return " ".join(folded.split()).lstrip("`'").strip()


def parse_amount(cell: Any, unit: str = "元") -> Amount:
    """The amount of a cell; `unit` is what a bare number counts.

    Raises: AmountError.
    """
    if isinstance(cell, bool):
        raise AmountError("是非值")
    if isinstance(cell, int | float | Decimal):
        return _exactly(_decimal(cell) * UNITS[unit])
    text = fold(str(cell))
    if found := _REFUNDED.fullmatch(text):
        amount = parse_amount(found["amount"], unit)
        back = parse_amount(found["refund"]).fen if found["refund"] else amount.fen
        return Amount(amount.fen, amount.rounded, back)
    if text.startswith("(") and text.endswith(")"):
        amount = _figures(text[1:-1].strip(), unit)
        if amount.fen < 0:
            raise AmountError("括号与负号并存")
        return Amount(-amount.fen, amount.rounded)
    if found := _TWICE.fullmatch(text):
        one, other = parse_amount(found["one"], unit), parse_amount(found["other"], unit)
        if one.fen != other.fen or not (is_capital(found["one"]) or is_capital(found["other"])):
            raise AmountError("大小写金额不一致")
        return one
    if is_capital(text):
        return Amount(parse_capital(text))
    return _figures(text, unit)


def _figures(text: str, unit: str) -> Amount:
    found = _FIGURES.fullmatch(text)
    if not found:
        raise AmountError("金额")
    signs = [s for s in (found["sign"], found["sign2"], found["trailing"]) if s]
    if len(signs) > 1:
        raise AmountError("不止一个正负号")
    number = Decimal(found["number"].replace(",", "").replace(" ", ""))
    written = found["unit"]
    amount = number * UNITS[written or unit]
    return _exactly(-amount if signs == ["-"] else amount)


def _decimal(number: float | Decimal) -> Decimal:
    """What a sheet shows of a stored number: fifteen digits, so that 0.1 + 0.2 is 0.3."""
    try:
        value = Decimal(f"{number:.15g}") if isinstance(number, float) else Decimal(number)
    except InvalidOperation as error:
        raise AmountError("金额") from error
    if not value.is_finite():
        raise AmountError("金额")
    return value


def _exactly(yuan: Decimal) -> Amount:
    if abs(yuan) >= Decimal(10) ** 15:
        raise AmountError("金额过大")
    amount = fen(yuan)
    return Amount(amount, Decimal(amount) != yuan * 100)


def parse_price(text: str, unit: str = "元") -> Price:
    """An amount and the cycle it is paid in, as contracts have it in one cell.

    Raises: AmountError.
    """
    found = _PRICE.fullmatch(fold(text).replace(" ", ""))
    if not found:
        raise AmountError("金额/周期，如 5500元/年")
    amount = parse_amount(found["amount"], unit)
    if amount.rounded:
        raise AmountError("金额/周期，金额至分")
    if not found["each"]:
        return Price(amount.fen, CYCLES[found["cycle"]])
    each = parse_amount(found["each"], unit).fen
    if each <= 0 or amount.fen % each:
        raise AmountError("单价与总额不成整倍数")
    return Price(amount.fen, CYCLES[found["cycle"]], each, amount.fen // each)


_NUMERALS: Final = ("零〇○", "壹一弌", "贰二貳两兩", "叁三叄參", "肆四", "伍五", "陆六陸", "柒七", "捌八", "玖九")
_DIGITS: Final = {c: n for n, several in enumerate(_NUMERALS) for c in several}
_PLACES: Final = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_SIMPLE: Final = str.maketrans({"萬": "万", "億": "亿", "圓": "元", "圆": "元", "廿": "贰拾", "卅": "叁拾", "正": "整"})
_CAPITAL: Final = re.compile(r"(?:人民币|[¥￥])?[:：]?(?P<minus>负|\(负\)|红字)?(?P<whole>[^元角分整]+元)?零?"
                             r"(?:(?P<jiao>.)角)?零?(?:(?P<fen>.)分)?整?")  # fmt: skip
_FORMAL: Final = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟貳參陸")
_CAPITALS: Final = "零壹贰叁肆伍陆柒捌玖"


def is_capital(text: str) -> bool:
    """Whether a text is meant as an amount in Chinese numerals: formal ones, or plain ones with 元."""
    letters = set(fold(text).translate(_SIMPLE))
    return bool(letters & _FORMAL) or ("元" in letters and bool(letters & _DIGITS.keys()))


def parse_capital(text: str) -> int:
    """人民币壹仟贰佰叁拾肆元伍角陆分 -> 123456.

    Units: fen.
    Raises: AmountError where the numerals are not well formed.
    """
    plain = fold(text).replace(" ", "").translate(_SIMPLE)
    if "元" not in plain and not plain.endswith(("角", "分", "整")):
        plain += "元"
    found = _CAPITAL.fullmatch(plain.replace("万整", "万元整"))
    if not found or not (found["whole"] or found["jiao"] or found["fen"]):
        raise AmountError("大写金额")
    amount = _whole(found["whole"][:-1]) * 100 if found["whole"] else 0
    for part, worth in ((found["jiao"], 10), (found["fen"], 1)):
        if part:
            if part not in _DIGITS:
                raise AmountError("大写金额")
            amount += _DIGITS[part] * worth
    return -amount if found["minus"] else amount


def _whole(text: str) -> int:
    """Whole yuan; the numerals must be in the order that numbers have."""
    total = 0
    for mark, worth in (("亿", 10**8), ("万", 10**4)):
        head, found, text = text.rpartition(mark) if mark in text else ("", "", text)
        if found:
            if not head or mark in head:
                raise AmountError("大写金额")
            total += _section(head, total > 0) * worth
    return total + (_section(text, total > 0) if text else 0)


def _section(text: str, continued: bool = False) -> int:
    """Up to four digits with their places, falling, zeros between; `continued` where larger places stand before."""
    if text == "零":
        return 0
    total, digit, last, zero = 0, None, 10_000, False
    for at, c in enumerate(text):
        if c in _PLACES:
            worth = _PLACES[c]
            if digit is None and worth == 10 and (at == 0 or zero):
                digit = 1
            if not digit or worth >= last:
                raise AmountError("大写金额")
            total, digit, last, zero = total + digit * worth, None, worth, False
        elif c in _DIGITS:
            if digit or (zero and not _DIGITS[c]):
                raise AmountError("大写金额")
            digit, zero = _DIGITS[c] or None, zero or not _DIGITS[c]
        else:
            raise AmountError("大写金额")
    if digit is None:
        if zero:
            raise AmountError("大写金额")
        return total
    if not zero and 10 < last <= (10_000 if continued else 1_000):
        raise AmountError("大写金额")  # 壹佰伍: a hundred and five, or and fifty
    return total + digit


def capital(amount: int) -> str:
    """An amount as it is written out on a cheque: 123456 -> «人民币壹仟贰佰叁拾肆元伍角陆分».

    Units: fen.
    Raises: ValueError above 9999 亿.
    """
    yuan, rest = divmod(abs(amount), 100)
    if yuan >= 10**12:
        raise ValueError("more than capital numerals are used for")
    text, gap = "", False
    for mark, worth in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part, yuan = divmod(yuan, worth)
        if part:
            text += ("零" if text and (gap or part < 1000) else "") + _four(part) + mark
            gap = part % 10 == 0
        else:
            gap = gap or bool(text)
    text = f"{text}元" if text else ""
    jiao, cents = divmod(rest, 10)
    if jiao:
        text += f"{_CAPITALS[jiao]}角"
    if cents:
        text += ("零" if text and not jiao else "") + f"{_CAPITALS[cents]}分"
    text = text or "零元"
    return f"人民币{'负' if amount < 0 else ''}{text}{'' if cents else '整'}"


def _four(number: int) -> str:
    text, gap = "", False
    for place, worth in (("仟", 1000), ("佰", 100), ("拾", 10), ("", 1)):
        digit, number = divmod(number, worth)
        if digit:
            text += ("零" if gap else "") + _CAPITALS[digit] + place
            gap = False
        else:
            gap = bool(text)
    return text
