"""Charts: our own type in every one, on a machine that has no Chinese font; words for who cannot see them."""

import io
import warnings

import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from PIL import Image

from auditkit.demo import books_of, case_of, make_compound
from auditkit.report import charts
from auditkit.report.outcome import Outcome
from auditkit.report.style import FAMILY, Chart, draw, font_path
from auditkit.report.tables import Note
from tests.report.made import ROWS, RULES, books, outcome

ALL = (
    charts.income_by_month, charts.due_against_received, charts.receipts_calendar, charts.findings_by_test,
    charts.papers_that_would_cure, charts.left_over,
)  # fmt: skip


@pytest.fixture
def only_our_fonts(monkeypatch):
    """As on a machine without fonts: ours, and the DejaVu that matplotlib brings."""
    draw("", lambda figure, axes: None)
    ours = [f for f in font_manager.fontManager.ttflist if f.name == FAMILY or "DejaVu" in f.name]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", ours)
    font_manager._findfont_cached.cache_clear() if hasattr(font_manager, "_findfont_cached") else None


def demo():
    c, _ = make_compound(7, 1)
    return Outcome(books_of(c), case_of(c), outcome().verdicts)


@pytest.mark.usefixtures("only_our_fonts")
@pytest.mark.parametrize("chart", ALL, ids=lambda c: c.__name__)
@pytest.mark.parametrize("make", [outcome, demo], ids=["small", "demo"])
def test_no_glyph_is_missing(chart, make):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = chart(make())
    if chart is charts.papers_that_would_cure and make is demo:
        assert isinstance(drawn, Note)
        return
    assert isinstance(drawn, Chart)
    with Image.open(io.BytesIO(drawn.png)) as image:
        assert image.format == "PNG"
        assert image.width == 960
    assert len(drawn.png) < 80_000
    assert drawn.alt


@pytest.mark.usefixtures("only_our_fonts")
def test_a_sign_that_no_font_has_is_seen_by_that_test():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="Glyph"):
            draw("", lambda figure, axes: axes.set_title("\U00020bb7"))


def test_the_font_is_ours_and_renamed():
    font = TTFont(font_path())
    assert font["name"].getDebugName(1) == FAMILY
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            assert "Noto" not in str(record)
    have = font.getBestCmap()
    gbk = {
        ord(bytes((a, b)).decode("gbk"))
        for a in range(0x81, 0xFF) for b in (*range(0x40, 0x7F), *range(0x80, 0xFF))
        if not _fails(a, b)
    }  # fmt: skip
    assert len(gbk) > 21_000
    assert gbk - set(have) <= {ord("≒")}, "DejaVu has this one"
    assert (font_path().parent / "OFL.txt").read_text(encoding="utf-8").count("SIL OPEN FONT LICENSE") == 1


def _fails(a, b):
    try:
        bytes((a, b)).decode("gbk")
    except UnicodeDecodeError:
        return True
    return False


def test_the_words_have_the_numbers():
    assert "2,000.00" not in charts.income_by_month(outcome()).alt
    assert "4,200.50" in charts.income_by_month(outcome()).alt
    due = charts.due_against_received(outcome())
    assert "HT-7 17,000.00" in due.alt
    assert "应收合计" in due.alt
    assert "未收" in charts.receipts_calendar(outcome()).alt
    assert "INC03 银行收款未入账 2 项" in charts.findings_by_test(outcome()).alt
    assert "公示记录 1 项" in charts.papers_that_would_cure(outcome()).alt
    assert "银行收款 2 笔，未匹配 2 笔 2,088.88 元" in charts.left_over(outcome()).alt


@pytest.mark.parametrize("chart", ALL[:3] + ALL[5:], ids=lambda c: c.__name__)
def test_nothing_to_draw_is_said(chart):
    assert isinstance(chart(outcome(books=books({}), verdicts=())), Note)


def test_all_papers_there_and_no_finding_is_said():
    clean = outcome(verdicts=(RULES["CSH01"].verdict(3),))
    assert "没有因缺少资料" in charts.papers_that_would_cure(clean).text
    assert "没有疑点" in charts.findings_by_test(clean).text


def test_the_same_bytes_twice():
    rows = {**ROWS, "ledger": ROWS["ledger"][:2]}
    assert (
        charts.income_by_month(outcome(books=books(rows))).png == charts.income_by_month(outcome(books=books(rows))).png
    )
