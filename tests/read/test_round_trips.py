"""Any amount, day, moment or month in any form that people give it reads back equal or is refused."""

import contextlib
import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.read.amounts import AmountError, capital, parse_amount, parse_capital
from auditkit.read.dates import DateError, parse_date, parse_datetime, parse_months
from auditkit.read.values import UnreadableError, parse_cell
from auditkit.schema import tables

FULL = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")
FORMS = [
    lambda fen: f"{Decimal(fen) / 100:.2f}",
    lambda fen: f"{Decimal(fen) / 100:,.2f}",
    lambda fen: f"{Decimal(fen) / 100:,.2f}".translate(FULL),
    lambda fen: f"¥{Decimal(fen) / 100:,.2f}" if fen >= 0 else f"-¥{-Decimal(fen) / 100:,.2f}",
    lambda fen: f"￥ {Decimal(fen) / 100:.2f}",
    lambda fen: f"{Decimal(fen) / 100:,.2f}元",
    lambda fen: f"{Decimal(fen) / 100:,.2f} 元 ",
    lambda fen: f"{Decimal(fen) / 1_000_000:f}万元",
    lambda fen: f"({-Decimal(fen) / 100:,.2f})" if fen < 0 else f"+{Decimal(fen) / 100:,.2f}",
    lambda fen: f"{-Decimal(fen) / 100:,.2f}-" if fen < 0 else f"CNY {Decimal(fen) / 100}",
    lambda fen: f"`{Decimal(fen) / 100:.2f}\t",
    lambda fen: f"\u00a0{Decimal(fen) / 100:.2f}\u3000",
    capital,
    lambda fen: capital(fen).removeprefix("人民币"),
    lambda fen: fen / 100,
    lambda fen: f"{Decimal(fen) / 100:.2f}（{capital(fen)}）",
]
fens = st.one_of(
    st.integers(-(10**13), 10**13), st.integers(-(10**6), 10**6), st.integers(-(10**7), 10**7).map(lambda n: n * 100)
)


@given(fens, st.sampled_from(FORMS))
def test_an_amount_in_any_form_reads_back_equal_or_is_refused(fen, form):
    try:
        assert parse_amount(form(fen)).fen == fen
    except AmountError:
        pytest.fail(f"{form(fen)} is refused")


@given(st.integers(0, 10**14 - 1))
def test_capital_numerals_round_trip(fen):
    assert parse_capital(capital(fen)) == fen


@given(st.text("0123456789,.-+() ¥元", max_size=14))
def test_an_amount_is_never_other_figures_than_those_that_stand_there(text):
    try:
        amount = parse_amount(text).fen
    except AmountError:
        return
    assert abs(amount) == round(Decimal(re.sub(r"[^\d.]", "", text)) * 100)


def bones(text):
    """Digits with their places, without zeros and units that nothing stands before."""
    text = re.sub(r"[零整]|人民币", "", text).replace("壹拾", "拾")
    return re.sub(r"(?<![壹贰叁肆伍陆柒捌玖拾佰仟万])[元万亿角分]+", "", text)


@given(
    fens.map(abs), st.text("零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整", max_size=2), st.integers(0, 20), st.integers(0, 2)
)
def test_capital_numerals_are_never_read_as_others_than_those_that_stand_there(fen, put, at, taken):
    """Some letters of a well-formed amount replaced: it is refused, or it is what it then says."""
    text = capital(fen).removeprefix("人民币")
    text = text[:at] + put + text[at + taken :]
    try:
        amount = parse_capital(text)
    except AmountError:
        return
    assert bones(capital(amount)) in (bones(text), bones(text) + "元"), text


NUMERALS = "〇一二三四五六七八九"


def chinese(day):
    def two(n):
        tens, ones = divmod(n, 10)
        return ("" if not tens else "十" if tens == 1 else NUMERALS[tens] + "十") + (
            NUMERALS[ones] if ones or not tens else ""
        )

    return "".join(NUMERALS[int(c)] for c in str(day.year)) + f"年{two(day.month)}月{two(day.day)}日"


DAY_FORMS = [
    lambda d: f"{d:%Y-%m-%d}", lambda d: f"{d:%Y/%m/%d}", lambda d: f"{d.year}/{d.month}/{d.day}", lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}.{d.month}.{d.day}", lambda d: f"{d.year}年{d.month}月{d.day}日", lambda d: f"{d:%Y年%m月%d日}",
    lambda d: f"{d:%Y-%m-%d} 00:00:00", lambda d: f"{d.year}/{d.month}/{d.day} 0:00", lambda d: d,
    lambda d: dt.datetime(d.year, d.month, d.day), lambda d: float((d - dt.date(1899, 12, 30)).days), chinese,
    lambda d: str((d - dt.date(1899, 12, 30)).days), lambda d: f"{d:%Y-%m-%d}T08:12:09", lambda d: f" {d:%Y年%m月%d日} \t",
    lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日", lambda d: float(f"{d:%Y%m%d}"),
]  # fmt: skip
LOOSE_FORMS = [
    lambda d: f"{d:%d/%m/%Y}",
    lambda d: f"{d:%m/%d/%Y}",
    lambda d: f"{d:%y-%m-%d}",
    lambda d: f"{d.month}月{d.day}日",
]
days = st.dates(dt.date(1950, 1, 2), dt.date(2100, 12, 31))


@given(days, st.sampled_from(DAY_FORMS))
def test_a_day_in_any_form_reads_back_equal(day, form):
    assert parse_date(form(day)).date() == day


@given(st.dates(dt.date(2000, 1, 1), dt.date(2049, 12, 31)), st.sampled_from(LOOSE_FORMS))
def test_a_day_in_a_loose_form_reads_back_equal_or_is_refused(day, form):
    with contextlib.suppress(DateError):
        assert parse_date(form(day)).date() == day


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)))
def test_a_moment_reads_back_equal(moment):
    moment = moment.replace(microsecond=0)
    for text in (f"{moment:%Y-%m-%d %H:%M:%S}", f"{moment:%Y/%m/%d  %H:%M:%S}", f"{moment:%Y%m%d%H%M%S}", moment,
                 f"{moment:%Y-%m-%dT%H:%M:%S}", f"{moment:%Y年%m月%d日 %H时%M分%S秒}"):  # fmt: skip
        assert parse_datetime(text) == moment


MONTH_FORMS = [
    lambda y, m: f"{y}-{m:02d}", lambda y, m: f"{y}年{m}月", lambda y, m: f"{y}年{m:02d}月份", lambda y, m: f"{y}/{m}",
    lambda y, m: f"{y}{m:02d}", lambda y, m: dt.date(y, m, 1), lambda y, m: float(f"{y}{m:02d}"), lambda y, m: f"{y}.{m:02d}",
]  # fmt: skip


@given(st.integers(1990, 2099), st.integers(1, 12), st.sampled_from(MONTH_FORMS))
def test_a_month_in_any_form_reads_back_equal(year, month, form):
    assert parse_months(form(year, month)) == f"{year}-{month:02d}"


@given(st.integers(1990, 2099), st.integers(1, 12))
def test_a_month_kept_as_a_number_reads_back_equal_or_is_refused(year, month):
    """2018.10 typed as a number is 2018.1."""
    try:
        assert parse_months(float(f"{year}.{month}")) == f"{year}-{month:02d}"
    except DateError:
        assert month in (1, 10)


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.dates(), st.booleans(), st.times()))
def test_every_cell_is_read_or_refused_whatever_stands_in_it(value):
    for table in tables().values():
        for column in table.columns:
            try:
                parse_cell(table.name, column, value)
            except UnreadableError as error:
                assert str(error)
