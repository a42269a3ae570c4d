"""county.html in a real browser: from the disk, without a network, with whatever a ledger may say in it."""

import re
import shutil
import subprocess
import time

import pytest

from auditkit.report.county_page import CompoundEntry, FindingEntry, write_county_page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
EVIL = "<script>document.title='坏了'</script><img src=x onerror=\"document.title='坏了'\">"
MONTHS = [f"2024-{m:02d}" for m in range(1, 13)]


def compound(n):
    return CompoundEntry(
        f"C{n:03d}", EVIL if n == 3 else f"{n}号花园", ["甲县", "乙县"][n % 2], f"物业{n % 7}有限公司", f"C{n:03d}",
        ("2024-01-01", "2024-12-31"), ["ledger", "contracts"], ["findings.xlsx"], {"INC02": "findings", "AUT01": "untested"},
        MONTHS, {"电梯广告": [10000] * 12}, 1000 * n, 5, False,
        [[f"HT-{n}", "电梯广告", 9000, 12, 14000, 17000, 18000, 19000, 20000],
         [f"HT-{n}00", "快递柜", 20000, 3, None, None, None, None, None]] if n else (),
    )  # fmt: skip


def finding(i, of):
    severity = ["S1", "S2", "S3", "S4"][i % 4]
    return FindingEntry(
        f"C{i % of:03d}", "INC02", f"HT-{i}", severity, "exception", None if i % 10 == 9 else 100 * i,
        None if i % 10 == 9 else 100 * i, EVIL if i == 4 else f"第{i}项 应收 5,000.00 元", "民法典第282条", f"F-{i}", "合同.xlsx 第 9 行",
    )  # fmt: skip


def write(path, findings, compounds):
    write_county_page(
        path, title="虚构县公共收益审计", rules={"INC02": "合同应收少收", "AUT01": "经营未经业主共同决定"},
        compounds=[compound(n) for n in range(compounds)], findings=[finding(i, compounds) for i in range(findings)],
        failed=[("坏案", "InputError: 空文件夹")],
    )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        running = play.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.trouble = []
    opened.on("console", lambda m: opened.trouble.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda e: opened.trouble.append(str(e)))
    opened.on("request", lambda r: opened.trouble.append(r.url) if not r.url.startswith("file:") else None)
    yield opened
    assert opened.trouble == []
    context.close()


def rows(page):
    return page.locator("#result tbody tr")


def wait_for_rows(page, count):
    from playwright.sync_api import expect

    expect(rows(page)).to_have_count(count)


def test_search_filter_sort_and_open(page, tmp_path):
    page.goto(write(tmp_path / "county.html", 240, 12).as_uri())
    assert rows(page).count() == 100
    assert "列出 240 项" in page.locator("#count").inner_text()
    page.get_by_label("搜索").fill("7号花园")
    wait_for_rows(page, 20)
    page.get_by_label("严重度").select_option("S4")
    assert {t.split()[0] for t in rows(page).locator("td:first-child").all_inner_texts()} == {"S4"}
    page.locator("[data-sort=amount]").click()
    page.locator("[data-sort=amount]").click()
    amounts = [float(t.replace(",", "") or -1) for t in rows(page).locator("td.n").all_inner_texts()]
    assert amounts == sorted(amounts, reverse=True)
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.reload()
    assert [float(t.replace(",", "") or -1) for t in rows(page).locator("td.n").all_inner_texts()] == amounts
    rows(page).first.get_by_role("link").click()
    assert page.locator("h2").first.inner_text() == "7号花园"
    assert "有 1 项测试未做" in page.inner_text("main")
    assert rows(page).count() == 20


def test_which_three_contracts_were_not_collected_and_how_much(page, tmp_path):
    """The three steps that docs/outputs.md writes down."""
    short = [
        FindingEntry("C002", "INC02", f"HT-{n}", "S2", "exception", fen, fen, f"差 {fen / 100:,.2f} 元", "民法典第282条",
                     f"INC02-{n}", "合同.xlsx 第 9 行") for n, fen in ((1, 100000), (2, 500000), (3, 250000))
    ]  # fmt: skip
    other = [FindingEntry("C002", "AUT01", "HT-1", "S3", "exception", 9, 9, "没有决议", "", "AUT01-1", "")]
    noise = [finding(i, 20) for i in range(100)]
    path = tmp_path / "county.html"
    write_county_page(
        path, title="虚构县公共收益审计", rules={"INC02": "合同应收少收", "AUT01": "经营未经业主共同决定"},
        compounds=[compound(n) for n in range(20)], findings=[*[f for f in noise if f.compound != "C002"], *short, *other],
    )  # fmt: skip
    started = time.monotonic()
    page.goto(path.as_uri())
    page.get_by_label("搜索").fill("2号花园")
    wait_for_rows(page, 3 + 1 + 5)
    page.get_by_label("规则").select_option("INC02")
    page.locator("[data-sort=amount]").click()
    wait_for_rows(page, 3 + 5)
    told = [line.replace("\n", " ") for line in rows(page).filter(has_text="差 ").all_inner_texts()]
    assert len(told) == 3
    for contract, amount in (("HT-1", "1,000.00"), ("HT-2", "5,000.00"), ("HT-3", "2,500.00")):
        assert sum(contract in line and amount in line for line in told) == 1
    assert time.monotonic() - started < 10, "twenty of the thirty seconds are people's, to type and to read"


def test_what_a_paper_says_is_text_and_never_runs(page, tmp_path):
    page.goto(write(tmp_path / "county.html", 24, 12).as_uri() + "#compound/C003")
    assert page.locator("h2").first.inner_text() == EVIL
    page.goto("about:blank")
    page.goto((tmp_path / "county.html").as_uri())
    assert EVIL in page.inner_text("#result")
    assert page.title() == "虚构县公共收益审计"
    assert page.locator("main img, main script").count() == 0


def test_a_compounds_page_draws_its_prices_among_the_countys(page, tmp_path):
    path = tmp_path / "county.html"
    low = FindingEntry("C002", "CTR02", "HT-2", "S2", "indicator", 1, 1, "低于同类", "", "CTR02-1", "")
    write_county_page(
        path, title="虚构县", rules={"CTR02": "合同价格明显低于同类", "INC02": "", "AUT01": ""},
        compounds=[compound(n) for n in range(4)], findings=[low],
    )  # fmt: skip
    page.goto(path.as_uri() + "#compound/C002")
    chart = page.get_by_role("img", name="合同单价与同县同类")
    assert chart.locator("path").count() == 1, "the found one is a diamond"
    assert chart.locator("circle").count() == 0
    assert "HT-200" not in chart.text_content(), "three peers are no band"
    page.get_by_text("数字", exact=True).last.click()
    assert "样本不足，未比较" in page.get_by_role("row", name="HT-200").inner_text()
    page.goto(path.as_uri() + "#compound/C001")
    assert page.get_by_role("img", name="合同单价与同县同类").locator("circle").count() == 1
    page.goto(path.as_uri() + "#compound/C000")
    assert "未测试：缺写明数量和金额的合同" in page.inner_text("main")


def test_a_link_holds_whatever_was_searched_for(page, tmp_path):
    path = write(tmp_path / "county.html", 24, 12)
    page.goto(path.as_uri())
    page.get_by_label("搜索").fill("50% & 甲=乙?")
    wait_for_rows(page, 0)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert page.get_by_label("搜索").input_value() == "50% & 甲=乙?"
    page.goto("about:blank")
    page.goto(path.as_uri() + "#findings?q=%E7%AC%AC5%E9%A1%B9&severity=S2")
    wait_for_rows(page, 1)


def test_every_mark_has_a_name_and_every_field_a_label(page, tmp_path):
    page.goto(write(tmp_path / "county.html", 24, 12).as_uri() + "#compound/C002")
    assert page.locator("svg[role=img]:not([aria-label])").count() == 0
    assert page.locator("svg:not([role=img]):not([aria-hidden])").count() == 0
    assert page.locator("input:not(label *), select:not(label *)").count() == 0
    assert page.locator("thead th:not([scope])").count() == 0


def test_keyboard_alone_reaches_a_compound(page, tmp_path):
    page.goto(write(tmp_path / "county.html", 24, 12).as_uri())
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href') || ''").startswith("#compound/"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("h2#top")
    assert page.evaluate("document.activeElement.id") == "top"


def test_printed_it_holds_every_row_that_was_chosen(page, tmp_path):
    page.goto(write(tmp_path / "county.html", 240, 12).as_uri())
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert rows(page).count() == 240
    printed = page.pdf(format="A4", landscape=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 3
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine (Debian: apt-get install poppler-utils)")
    (tmp_path / "printed.pdf").write_bytes(printed)
    subprocess.run(["pdftotext", "printed.pdf"], cwd=tmp_path, check=True)
    *pages, _ = (tmp_path / "printed.txt").read_text(encoding="utf-8").split("\f")
    assert all("物业企业" in page for page in pages), "every sheet of paper says what its columns are"


def test_who_handed_in_what(page, tmp_path):
    page.goto(write(tmp_path / "county.html", 4, 2).as_uri() + "#papers")
    assert page.locator("td.no").count() == 2 * 12
    assert page.locator("tfoot").inner_text().count("2/2") == 2


def test_ten_thousand_findings_stay_fluid(page, tmp_path):
    page.goto(write(tmp_path / "county.html", 10_000, 300).as_uri())
    page.wait_for_selector("#result tbody tr")
    spent = page.evaluate(
        """() => { const box = document.querySelector('input[type=search]'), started = performance.now();
        document.querySelector('[data-sort=message]').click(); return performance.now() - started; }"""
    )
    assert spent < 2000, "a gross regression; the figure itself is in benchmarks/"
    page.get_by_label("搜索").fill("第9999项")
    wait_for_rows(page, 1)


def test_the_page_asks_nobody_for_anything(tmp_path):
    text = write(tmp_path / "county.html", 4, 2).read_text(encoding="utf-8")
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", text)
    assert "default-src 'none'" in text or "default-src &#x27;none&#x27;" in text
