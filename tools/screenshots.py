"""Make docs/screenshots: each deliverable as people see it, from the example county.

    python tools/screenshots.py [DEMO]

DEMO is a folder that `auditkit demo` has made; without it one is made. Workbooks and letters are laid out by LibreOffice,
pages by Chromium; both have to be installed, and a Chinese font. Every picture is kept below 200 kB.
"""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import Image, ImageChops
from playwright.sync_api import Page, sync_playwright

SHOTS = Path(__file__).parents[1] / "docs" / "screenshots"
COMPOUND = "140802002"
LARGEST = 200_000
WIDTH = 1280
AROUND = 14
"""So many rows of the ledger are shown before and after the marked one."""


def main() -> None:
    """All pictures, anew."""
    with tempfile.TemporaryDirectory() as work:
        place = Path(work)
        demo = Path(sys.argv[1]) if len(sys.argv) > 1 else place / "demo"
        if not demo.exists():
            _auditkit("demo", "--out", str(demo))
        SHOTS.mkdir(parents=True, exist_ok=True)
        out = demo / "结果"
        _workbooks(out, place)
        _weekly(out, place)
        _pages(out)
    sizes = {p.name: p.stat().st_size for p in sorted(SHOTS.glob("*.png"))}
    large = [name for name, size in sizes.items() if size > LARGEST]
    if large or sum(sizes.values()) > 10 * LARGEST:
        raise SystemExit(f"too large: {large or sum(sizes.values())}")


def _workbooks(out: Path, place: Path) -> None:
    ledger = next((out / COMPOUND).glob("*.标注.xlsx"))
    _sheet(_around_the_first_mark(ledger, place), 1, "annotated-ledger", place)
    _sheet(_only(ledger, "审计发现", place), 1, "annotated-list", place)
    for sheet, name in (
        ("疑点清单", "findings"), ("事项", "matters"), ("核查单", "visit-sheet"), ("测试情况", "tests"),
        ("余额调节表", "bank-reconciliation"),
    ):  # fmt: skip
        _sheet(_only(out / COMPOUND / "findings.xlsx", sheet, place), 1, name, place)
    _sheet(_only(out / "county.xlsx", "小区", place), 1, "county-workbook", place)


def _weekly(out: Path, place: Path) -> None:
    register = ("--register", str(place / "register.db"))
    _auditkit("register", "import-run", str(out), *register)
    today = dt.date.today()
    friday = today + dt.timedelta(days=(4 - today.weekday()) % 7)
    _auditkit("weekly", "--week", f"{friday}", "--out", str(place / "周报"), *register)
    _sheet(place / "周报" / "工作简报.docx", 1, "weekly-briefing", place)
    _sheet(place / "周报" / "工作台账.xlsx", 1, "register", place, (0.52, 0.4))


def _pages(out: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": 860})
        county = (out / "county.html").as_uri()
        _shot(page, county, "county-findings")
        _shot(page, f"{county}#papers", "county-papers")
        page.set_viewport_size({"width": WIDTH, "height": 1560})
        _shot(page, f"{county}#compound/{COMPOUND}", "county-compound")
        page.set_viewport_size({"width": WIDTH, "height": 1100})
        _shot(page, (out / COMPOUND / "audit.html").as_uri(), "notebook-page")
        for number, words in (("1", "四、台账与银行流水的核对"), ("2", "五、临时停车")):
            page.get_by_role("heading", name=words).scroll_into_view_if_needed()
            page.evaluate("words => [...document.querySelectorAll('h2')].find(h => h.textContent.includes(words))"
                          ".scrollIntoView()", words)  # fmt: skip
            _keep(page.screenshot(), f"notebook-charts-{number}")
        page.set_viewport_size({"width": 390, "height": 800})
        _shot(page, f"{county}#compound/{COMPOUND}", "county-phone")
        browser.close()


def _shot(page: Page, address: str, name: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    _keep(page.screenshot(), name)


@contextmanager
def _copy(path: Path, place: Path, name: str) -> Generator[tuple[Any, Path]]:
    """A copy for the picture only: what a workbook is made of stays with the file itself."""
    book = openpyxl.load_workbook(path)
    target = place / f"{name}.xlsx"
    yield book, target
    book.save(target)


def _only(path: Path, sheet: str, place: Path) -> Path:
    """The workbook without its other sheets, so that the first page is this sheet's."""
    with _copy(path, place, sheet) as (book, target):
        for other in book.sheetnames:
            if other != sheet:
                del book[other]
        if sheet == "审计发现":
            _one_wide(book[sheet])
    return target


def _around_the_first_mark(path: Path, place: Path) -> Path:
    """The ledger's rows around the first of the gravest findings, as wide as a page."""
    with _copy(path, place, "台账") as (book, target):
        sheet = book.worksheets[0]
        for other in book.sheetnames[1:]:
            del book[other]
        first = next(
            cell.row for row in sheet.iter_rows() for cell in row if cell.comment and "S1" in cell.comment.text
        )
        top = max(1, first - AROUND)
        letter = get_column_letter(sheet.max_column)
        sheet.print_area = f"A{top}:{letter}{first + AROUND}"
        sheet.print_title_rows = None
        _one_wide(sheet)
    return target


def _one_wide(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _sheet(path: Path, number: int, name: str, place: Path, part: tuple[float, float] = (1, 1)) -> None:
    """One page of a workbook or letter as LibreOffice prints it, or only so much of its width and height."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(place / 'office').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(place), str(path)], check=True, capture_output=True,
    )  # fmt: skip
    made = place / name
    subprocess.run(
        ["pdftoppm", "-r", f"{130 / part[0]:.0f}", "-f", str(number), "-l", str(number), "-singlefile", "-png",
         str(place / f"{path.stem}.pdf"), str(made)], check=True,
    )  # fmt: skip
    _keep(made.with_suffix(".png").read_bytes(), name, part)


def _keep(png: bytes, name: str, part: tuple[float, float] = (1, 1)) -> None:
    """The picture without its white margin, in as few colours as it needs."""
    drawn = Image.open(io.BytesIO(png)).convert("RGB")
    drawn = drawn.crop((0, 0, int(drawn.width * part[0]), int(drawn.height * part[1])))
    box = ImageChops.difference(drawn, Image.new("RGB", drawn.size, "white")).getbbox() or (0, 0, *drawn.size)
    edged = (max(box[0] - 12, 0), max(box[1] - 12, 0), min(box[2] + 12, drawn.width), min(box[3] + 12, drawn.height))
    drawn = drawn.crop(edged)
    for colours in (64, 32, 16):
        drawn.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            SHOTS / f"{name}.png", optimize=True
        )
        if (SHOTS / f"{name}.png").stat().st_size <= LARGEST:
            return


def _auditkit(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "auditkit", *words], check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
