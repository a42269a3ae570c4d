"""The annotated ledger loses nothing, and the original comes back byte for byte."""

import hashlib
import posixpath
import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from auditkit.report.annotate import NotAnnotatedError, annotate, annotate_ledgers, original_name, restore
from auditkit.report.annotate.listing import Line
from auditkit.report.annotate.package import RECORD
from tests.report import torture
from tests.report.made import ROWS, books, outcome
from tests.test_tree import SHARED

KINDS = [*torture.MAKERS, "xlsm", "libreoffice"]
SHEET = torture.SHEET


def line(row, severity="S2", sheet=SHEET, **more):
    values = {
        "severity": severity, "grade": f"{severity} 应归业主的款项", "rule": "INC02 合同应收少收", "subject": f"HT-{row}",
        "message": "应收 5,000.00 元，台账记 3,000.00 元，差 2,000.00 元 <&>", "amount": 200000, "up_to": None,
        "where": f"{sheet} 第 {row} 行", "ask": "=1+1", "id": f"INC02-{row:010d}", "place": (sheet, row),
        "note": f"【S2】INC02\n差 2,000.00 元 <&>\n第 {row} 行",
    }  # fmt: skip
    return Line(**{**values, **more})


LINES = [line(2), line(5, "S1"), line(5, "S4"), line(7), line(9), line(10, amount=None), line(11, "S3", place=None)]


@pytest.fixture(scope="module", params=KINDS)
def pair(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    source = torture.make(request.param, folder)
    if source is None:
        pytest.skip("no LibreOffice here")
    target = folder / f"out{source.suffix}"
    annotate(source, target, LINES)
    return source, target


def skip_where_openpyxl_cannot_read(source):
    if source.stem in ("strict", "renamed"):
        pytest.skip("openpyxl does not read this at all")


def contents(path):
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        return {n: z.read(n) for n in z.namelist()}


def test_every_other_part_is_as_it_was(pair):
    source, target = pair
    before, after = contents(source), contents(target)
    assert set(before) <= set(after), "no part is lost"
    changed = {n for n in before if before[n] != after[n]}
    allowed = r"\[Content_Types\]\.xml|xl/(workbook\.xml|styles\.xml|_rels/workbook\.xml\.rels|worksheets/sheet1\.xml|" \
        r"worksheets/_rels/sheet1\.xml\.rels|comments[^/]*|comments/comment1\.xml|drawings/[\w]*\.vml)"  # fmt: skip
    assert not [n for n in changed if not re.fullmatch(allowed, n)]
    added = set(after) - set(before)
    assert RECORD in added
    assert len(added) <= 6


def test_the_original_comes_back_byte_for_byte(pair, tmp_path):
    source, target = pair
    back = tmp_path / "back"
    assert original_name(target) == source.name
    restore(target, back)
    assert hashlib.sha256(back.read_bytes()).digest() == hashlib.sha256(source.read_bytes()).digest()


def test_annotating_twice_replaces_the_first(pair, tmp_path):
    source, target = pair
    twice = tmp_path / f"twice{source.suffix}"
    annotate(target, twice, LINES)
    assert twice.read_bytes() == target.read_bytes()
    other = tmp_path / f"other{source.suffix}"
    annotate(target, other, LINES[:1])
    annotate(source, twice, LINES[:1])
    assert other.read_bytes() == twice.read_bytes()


def test_values_formulas_and_stored_results_stay(pair):
    source, target = pair
    a, b = CalamineWorkbook.from_path(str(source)), CalamineWorkbook.from_path(str(target))
    assert b.sheet_names[: len(a.sheet_names)] == a.sheet_names
    for name in a.sheet_names:
        if name != "图":
            one, two = (w.get_sheet_by_name(name).to_python(skip_empty_area=False) for w in (a, b))
            assert one == two
    xml = contents(target)["xl/worksheets/sheet1.xml"]
    assert xml.count(b":f>" if b"<x:" in xml else b"<f") == contents(source)["xl/worksheets/sheet1.xml"].count(
        b":f>" if b"<x:" in xml else b"<f"
    )


def test_notes_fills_and_links_stand_at_the_rows(pair):
    source, target = pair
    skip_where_openpyxl_cannot_read(source)
    before = openpyxl.load_workbook(source, keep_vba=True)[SHEET]
    book = openpyxl.load_workbook(target, keep_vba=True)
    sheet = book[SHEET]
    noted = {c.row: c for row in sheet.iter_rows() for c in row if c.comment and "INC02" in c.comment.text}
    assert set(noted) == {2, 5, 7, 9, 10}
    assert noted[5].comment.text.count("INC02") == 2, "two findings of a row stand in one note"
    for row in sheet.iter_rows(max_row=13, max_col=6):
        for cell in row:
            old = before[cell.coordinate]
            tall = cell.coordinate in ("D9", "D10") and "D9:D11" in map(str, sheet.merged_cells.ranges)
            if cell.row in (2, 5, 7, 9, 10) and not tall:
                assert cell.fill.fgColor.rgb == {5: "FFFFC7CE"}.get(cell.row, "FFFFEB9C"), cell.coordinate
            else:
                assert repr(cell.fill) == repr(old.fill), cell.coordinate
            assert cell.number_format == old.number_format
            assert repr(cell.border) == repr(old.border)
            assert repr(cell.font) == repr(old.font)
            assert cell.value == old.value
            if old.comment:
                assert cell.comment.text == old.comment.text, "a note that was there stays as it was"
            if old.hyperlink:
                assert cell.hyperlink.target == old.hyperlink.target
                assert cell.hyperlink.location == old.hyperlink.location
    assert str(sheet.merged_cells) == str(before.merged_cells)
    assert [r for r, d in sheet.row_dimensions.items() if d.hidden] == [
        r for r, d in before.row_dimensions.items() if d.hidden
    ]
    assert sheet.protection.sheet == before.protection.sheet
    assert sheet.auto_filter.ref == before.auto_filter.ref
    assert list(sheet.tables) == list(before.tables)


def test_the_new_sheet_lists_the_findings_and_links_both_ways(pair):
    source, target = pair
    skip_where_openpyxl_cannot_read(source)
    book = openpyxl.load_workbook(target)
    name = book.sheetnames[-1]
    assert name == ("审计发现(2)" if "审计发现" in openpyxl.load_workbook(source).sheetnames else "审计发现")
    sheet = book[name]
    body = list(sheet.iter_rows(min_row=5))
    assert len(body) == len(LINES)
    assert [r[5].value for r in body] == [2000, 2000, 2000, 2000, 2000, None, 2000]
    assert body[0][9].value == "=1+1"
    assert body[0][9].data_type in ("s", "inlineStr")
    links = {r[8].row: r[8].hyperlink.location for r in body if r[8].hyperlink}
    assert set(links) == {5, 6, 7, 8, 9, 10}
    for row, place in links.items():
        sheet_name, cell = place.rsplit("!", 1)
        assert sheet_name == "'台账'"
        back = book[SHEET][cell].hyperlink
        comment = book[SHEET][cell].comment
        assert comment
        if back and back.location:
            assert back.location.startswith(f"'{name}'!A") or back.location == "台账!A1"
            assert int(back.location.rsplit("A", 1)[1]) <= row
    assert "strip" in sheet["A2"].value


def test_a_note_is_in_a_box_that_can_be_read(pair):
    _, target = pair
    drawings = [d.decode() for n, d in contents(target).items() if n.endswith(".vml")]
    boxes = [b for d in drawings for b in re.findall(r"<v:shape .*?</v:shape>", d, re.S) if "width:270pt" in b]
    assert len(boxes) == 5
    for box in boxes:
        assert float(re.search(r"height:(\d+)pt", box)[1]) >= 60
        left, _, top, _, right, _, bottom, _ = map(int, re.search(r"<x:Anchor>(.*?)</x:Anchor>", box)[1].split(","))
        assert right > left
        assert bottom > top
    for drawing in drawings:
        ids = re.findall(r'id="(_x0000_s\d+)"', drawing)
        assert len(ids) == len(set(ids))


def test_every_part_is_well_formed_and_led_to(pair):
    """What Excel would repair: prefixes that nothing declares, relations that lead nowhere, parts of no known type."""
    source, target = pair
    parts = contents(target)
    for name, data in parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            etree.fromstring(data)
    names = {n.casefold() for n in parts}
    for name, data in parts.items():
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            for r in etree.fromstring(data):
                if r.get("TargetMode") != "External":
                    full = posixpath.normpath(posixpath.join("/" + folder, r.get("Target"))).lstrip("/")
                    assert full.casefold() in names, (name, full)
    types = etree.fromstring(parts["[Content_Types].xml"])
    endings = {t.get("Extension").lower() for t in types if t.get("Extension")}
    listed = [t.get("PartName").lstrip("/") for t in types if t.get("PartName")]
    assert len(listed) == len(set(listed)), "no part has two types"
    for name in set(parts) - set(contents(source)):
        assert name in listed or name.rpartition(".")[2] in endings, name


def rendered(files, folder, kind="ods"):
    """LibreOffice's own reading of several files at once."""
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind, "--outdir",
         str(folder), *map(str, files)],
        capture_output=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0
    return [folder / f"{f.stem}.{kind}" for f in files]


@pytest.mark.slow
def test_libreoffice_opens_every_one_and_keeps_the_notes(tmp_path):
    if not shutil.which("soffice"):
        pytest.skip("no LibreOffice here")
    made, kinds = [], [k for k in KINDS if k != "renamed"]  # which LibreOffice opens empty, annotated or not
    for kind in kinds:
        (tmp_path / kind).mkdir()
        source = torture.make(kind, tmp_path / kind)
        made.append(tmp_path / f"out-{kind}{source.suffix}")
        annotate(source, made[-1], LINES)
    for kind, path in zip(kinds, rendered(made, tmp_path), strict=True):
        xml = zipfile.ZipFile(path).read("content.xml").decode()
        own = kind in ("openpyxl", "xlsxwriter", "extras", "libreoffice", "streamed")
        assert xml.count("<office:annotation ") == 5 + own, f"{kind}: five of ours and the one that was there"
        assert 'office:display="true"' not in xml, f"{kind}: a note shows when it is pointed at, not before"
        assert "审计发现" in xml, kind
        assert ("<table:data-pilot-table " in xml) == (kind == "pivot")
        assert ('table:protected="true"' in xml) == own, kind
        assert xml.count("table:database-range ") >= (1 if kind in ("filtered", "openpyxl") else 0), kind


def test_the_real_workbook(tmp_path):
    folder = SHARED / "realdata" / "compound-2018-10"
    if not folder.exists():
        pytest.skip("../shared is not here")
    (source,) = folder.glob("*.xlsx")
    target = tmp_path / "out.xlsx"
    annotate(source, target, [line(r, sheet="10月其他收入明细") for r in range(3, 27)])
    before, after = contents(source), contents(target)
    assert len([n for n in before if before[n] != after[n]]) <= 6
    restore(target, tmp_path / "back.xlsx")
    assert (tmp_path / "back.xlsx").read_bytes() == source.read_bytes()
    sheet = openpyxl.load_workbook(target)["10月其他收入明细"]
    assert sheet["A3"].fill.fgColor.rgb != "FFFFEB9C", "a cell merged over many rows belongs to none of them"
    assert sheet["B3"].comment


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_gets_an_xlsx_copy_that_says_so(tmp_path, encoding):
    source = tmp_path / "台账.csv"
    source.write_bytes("凭证号,金额\r\n=1+1,001\r\nJZ-2,2.50\r\n".encode(encoding))
    target = tmp_path / "台账.标注.xlsx"
    annotate(source, target, [line(3, sheet="")])
    book = openpyxl.load_workbook(target)
    sheet = book["Sheet1"]
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [
        ["凭证号", "金额"],
        ["=1+1", "001"],
        ["JZ-2", "2.50"],
    ]
    assert sheet["A2"].data_type in ("s", "inlineStr")
    assert "INC02" in sheet["A3"].comment.text
    assert "台账.csv" in book["审计发现"]["A2"].value
    assert "转换" in book["审计发现"]["A2"].value
    restore(target, tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_bytes() == source.read_bytes()


def test_an_xls_gets_an_xlsx_copy(tmp_path):
    source = next((SHARED / "realdata" / "double-entry-generator").glob("spdb*.xls"), None)
    if source is None:
        pytest.skip("../shared is not here")
    target = tmp_path / "out.xlsx"
    name = CalamineWorkbook.from_path(str(source)).sheet_names[0]
    annotate(source, target, [line(3, sheet=name)])
    assert [c for row in openpyxl.load_workbook(target)[name].iter_rows() for c in row if c.comment]
    restore(target, tmp_path / "back.xls")
    assert (tmp_path / "back.xls").read_bytes() == source.read_bytes()


def test_what_was_saved_since_is_not_given_back(tmp_path):
    source = torture.make("simple", tmp_path)
    target = tmp_path / "out.xlsx"
    annotate(source, target, LINES)
    saved = tmp_path / "saved.xlsx"
    openpyxl.load_workbook(target).save(saved)
    changed = tmp_path / "changed.xlsx"
    torture.remade(changed, target, lambda name, data: data)
    broken = bytearray(target.read_bytes())
    broken[broken.index(b"xl/theme/theme1.xml") + 60] ^= 1
    (tmp_path / "broken.xlsx").write_bytes(broken)
    for path in (saved, changed, tmp_path / "broken.xlsx", source):
        with pytest.raises(NotAnnotatedError):
            restore(path, tmp_path / "back.xlsx")
    assert not (tmp_path / "back.xlsx").exists()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith("tmp")]


def test_a_document_type_is_not_followed(tmp_path):
    plain = torture.make("simple", tmp_path)
    source = tmp_path / "bomb.xlsx"
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    torture.remade(
        source, plain, lambda name, data: bomb + data.split(b"?>", 1)[1] if name == "xl/worksheets/sheet1.xml" else data
    )
    target = tmp_path / "out.xlsx"
    annotate(source, target, LINES)
    assert "转换" in openpyxl.load_workbook(target)["审计发现"]["A2"].value, (
        "its cells are copied, its XML is not trusted"
    )


def test_more_than_a_thousand_notes(tmp_path):
    source = tmp_path / "many.xlsx"
    torture.simple(source, 1500)
    target = tmp_path / "out.xlsx"
    annotate(source, target, [line(r) for r in range(2, 1402)])
    sheet = openpyxl.load_workbook(target)[SHEET]
    assert sum(1 for (c,) in sheet.iter_rows(max_col=1) if c.comment) == 1400
    (vml,) = [d.decode() for n, d in contents(target).items() if n.endswith(".vml")]
    assert 'data="1,2"' in vml


def test_a_row_with_more_findings_than_a_box_shows(tmp_path):
    source = torture.make("simple", tmp_path)
    target = tmp_path / "out.xlsx"
    annotate(source, target, [line(3, id=f"INC02-{n:010d}", note=f"{n}\n" + "长" * 100) for n in range(40)])
    words = openpyxl.load_workbook(target)[SHEET]["A3"].comment.text
    shown = words.count("长" * 100)
    assert 2 <= shown <= 6
    assert words.endswith(f"本行另有 {40 - shown} 项，见“审计发现”第 {5 + shown} 行起")
    (vml,) = [d.decode() for n, d in contents(target).items() if n.endswith(".vml")]
    assert float(re.search(r"height:(\d+)pt", vml)[1]) <= 360


def test_every_file_with_ledger_rows_gets_its_copy(tmp_path):
    source = tmp_path / "公共收益台账.xlsx"
    torture.simple(source)
    book = openpyxl.load_workbook(source)
    book[SHEET].title = "公共收益台账"
    book.save(source)
    made = outcome(books=books(ROWS), inputs={"公共收益台账.xlsx": source})
    (path,) = annotate_ledgers(made, tmp_path)
    assert path.name == "公共收益台账.标注.xlsx"
    listed = openpyxl.load_workbook(path)
    sheet = listed["公共收益台账"]
    assert "INC02 合同应收少收" in sheet["A2"].comment.text
    assert "LDG02" in sheet["A4"].comment.text
    body = list(listed["审计发现"].iter_rows(min_row=5, values_only=True))
    assert len(body) == 6, "findings without a row in this file are listed too"
    assert sum(r[5] or 0 for r in body) == 100 + 2000 + 2000 + 20000 + 88.88
