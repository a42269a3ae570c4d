"""Workbooks with everything that a careless annotation loses, made by several programs."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table
from PIL import Image

SHEET = "台账"
HEAD = ("凭证号", "日期", "收支", "类别", "对方", "金额")


def picture():
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    data.seek(0)
    return data


def rows(n=12):
    return [(f"JZ-{i:04d}", 45300 + i, "收入", "快递柜", f"虚构第{i}有限公司", 100.25 * i) for i in range(1, n + 1)]


def openpyxl_everything(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(HEAD)
    for row in rows():
        sheet.append(row)
    sheet["F14"] = "=SUM(F2:F13)"
    sheet["A4"].comment = Comment("原有批注", "会计")
    sheet["E5"].hyperlink = "https://example.org/"
    sheet["E6"].hyperlink = "#台账!A1"
    sheet.add_table(Table(displayName="T1", ref="A1:F13"))
    sheet.conditional_formatting.add(
        "F2:F13", CellIsRule("greaterThan", ["500"], fill=PatternFill("solid", bgColor="FF0000"))
    )
    sheet.row_dimensions[7].hidden = True
    sheet.row_dimensions[3].height = 40
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions["A"].width = 5
    sheet.merge_cells("D9:D11")
    sheet.add_image(SheetImage(picture()), "H2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=6, min_row=1, max_row=13), titles_from_data=True)
    sheet.add_chart(chart, "H10")
    sheet.protection.sheet = True
    sheet.protection.password = "x"
    sheet.freeze_panes = "A2"
    other = book.create_sheet("审计发现")
    other["A1"] = "用户自己的同名表"
    book.create_sheet("空表")
    book.save(path)


def xlsxwriter_everything(path, options=None):
    with xlsxwriter.Workbook(path, options or {}) as book:
        sheet = book.add_worksheet(SHEET)
        day = book.add_format({"num_format": "yyyy-mm-dd", "bg_color": "#00FF00", "border": 1})
        sheet.write_row(0, 0, HEAD)
        for at, row in enumerate(rows(), start=1):
            sheet.write_row(at, 0, row)
            sheet.write_number(at, 1, row[1], day)
        sheet.write_formula(13, 5, "=SUM(F2:F13)", None, 4321.5)
        sheet.write_comment("A5", "原有的批注", {"x_scale": 2})
        sheet.insert_textbox("H2", "文本框")
        sheet.insert_button("H12", {"caption": "按钮"})
        sheet.insert_checkbox("A20", True)
        sheet.add_sparkline("G2", {"range": f"{SHEET}!F2:F13"})
        sheet.data_validation("C2:C13", {"validate": "list", "source": ["收入", "支出"]})
        sheet.conditional_format("F2:F13", {"type": "data_bar"})
        sheet.insert_image("H15", "p.png", {"image_data": picture()})
        sheet.embed_image("G5", "q.png", {"image_data": picture()})
        sheet.set_header("&L&G", {"image_left": "h.png", "image_data_left": picture()})
        sheet.set_column("A:A", 3)
        sheet.autofilter("A1:F13")
        sheet.ignore_errors({"number_stored_as_text": "A1:A9"})
        sheet.protect("x")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": f"={SHEET}!$F$2:$F$13"})
        sheet.insert_chart("J2", chart)
        bars = book.add_chart({"type": "bar"})
        bars.add_series({"values": f"={SHEET}!$F$2:$F$13"})
        book.add_chartsheet("图").set_chart(bars)
        book.add_worksheet("it's & <它>").write_row(0, 0, HEAD)


def xlsm(path):
    macro = path.with_suffix(".bin")
    macro.write_bytes(b"\xd0\xcf\x11\xe0 a macro, or so")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, HEAD)
        for at, row in enumerate(rows(), start=1):
            sheet.write_row(at, 0, row)
        book.add_vba_project(str(macro))
    macro.unlink()


def remade(path, source, change):
    """A copy of a package whose XML parts went through a change."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(info.filename, data))


def prefixed(path):
    """As some libraries write: every element of the main namespace with a prefix."""
    plain = path.with_name("plain.xlsx")
    simple(plain)

    def change(name, data):
        if not re.match(r"xl/(worksheets/sheet|workbook|styles|sharedStrings)[^/]*\.xml$", name):
            return data
        data = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", data)
        return data.replace(
            b'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
            b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml',
        )

    remade(path, plain, change)
    plain.unlink()


def bare(path):
    """Rows and cells without their places, which the format allows; and a byte order mark."""
    plain = path.with_name("plain.xlsx")
    simple(plain)

    def change(name, data):
        if name != "xl/worksheets/sheet1.xml":
            return data
        return b"\xef\xbb\xbf" + re.sub(rb'(<(?:row|c)\b[^>]*?) r="[^"]*"', rb"\1", data)

    remade(path, plain, change)
    plain.unlink()


def strict(path):
    plain = path.with_name("plain.xlsx")
    simple(plain)

    def change(name, data):
        return data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    remade(path, plain, change)
    plain.unlink()


def simple(path, n=12):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, HEAD)
        for at, row in enumerate(rows(n), start=1):
            sheet.write_row(at, 0, row)


def with_extras(path):
    """Pictures in cells as WPS has them, threaded comments, a pivot cache: parts that only the package knows."""
    plain = path.with_name("plain.xlsx")
    openpyxl_everything(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        new.comment = b"a comment of the archive"
        for info in old.infolist():
            new.writestr(info, old.read(info))
        new.writestr(
            "xl/cellimages.xml", b"<etc:cellImages xmlns:etc='http://www.wps.cn/officeDocument/2017/etCustomData'/>"
        )
        new.writestr("xl/threadedComments/threadedComment1.xml", b"<ThreadedComments/>")
        new.writestr("xl/pivotCache/pivotCacheDefinition1.xml", b"<pivotCacheDefinition/>")
        new.writestr("customXml/资料.xml", "<资料/>")
    plain.unlink()


PIVOT_CACHE = (
    '<pivotCacheDefinition xmlns="{main}" saveData="0" refreshOnLoad="1" createdVersion="6" refreshedVersion="6" '
    'minRefreshableVersion="3"><cacheSource type="worksheet"><worksheetSource ref="A1:F13" sheet="台账"/></cacheSource>'
    '<cacheFields count="6"><cacheField name="凭证号" numFmtId="0"><sharedItems/></cacheField><cacheField name="日期" '
    'numFmtId="0"><sharedItems/></cacheField><cacheField name="收支" numFmtId="0"><sharedItems/></cacheField>'
    '<cacheField name="类别" numFmtId="0"><sharedItems count="1"><s v="快递柜"/></sharedItems></cacheField>'
    '<cacheField name="对方" numFmtId="0"><sharedItems/></cacheField><cacheField name="金额" numFmtId="0">'
    '<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1"/></cacheField></cacheFields>'
    "</pivotCacheDefinition>"
)
PIVOT_TABLE = (
    '<pivotTableDefinition xmlns="{main}" name="透视" cacheId="1" dataCaption="值" createdVersion="6" '
    'updatedVersion="6" minRefreshableVersion="3"><location ref="A3:B5" firstHeaderRow="1" firstDataRow="1" '
    'firstDataCol="1"/><pivotFields count="6"><pivotField showAll="0"/><pivotField showAll="0"/><pivotField '
    'showAll="0"/><pivotField axis="axisRow" showAll="0"><items count="2"><item x="0"/><item t="default"/></items>'
    '</pivotField><pivotField showAll="0"/><pivotField dataField="1" showAll="0"/></pivotFields><rowFields count="1">'
    '<field x="3"/></rowFields><rowItems count="2"><i><x/></i><i t="grand"><x/></i></rowItems><colItems count="1"><i/>'
    '</colItems><dataFields count="1"><dataField name="求和项:金额" fld="5" baseField="0" baseItem="0"/></dataFields>'
    "</pivotTableDefinition>"
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*pairs):
    listed = "".join(f'<Relationship Id="{i}" Type="{RELATION}/{kind}" Target="{to}"/>' for i, kind, to in pairs)
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'
    )


def pivot(path):
    """A real pivot table on a second sheet, over the ledger."""
    plain = path.with_name("plain.xlsx")
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, HEAD)
        for at, row in enumerate(rows(), start=1):
            sheet.write_row(at, 0, row)
        other = book.add_worksheet("透视")
        for at, pair in enumerate([("行标签", "求和项:金额"), ("快递柜", 7819.5), ("总计", 7819.5)], start=2):
            other.write_row(at, 0, pair)
    kinds = "".join(
        f'<Override PartName="/xl/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
        f'{kind}+xml"/>'
        for part, kind in (
            ("pivotCache/pivotCacheDefinition1.xml", "pivotCacheDefinition"),
            ("pivotTables/pivotTable1.xml", "pivotTable"),
        )
    )

    def change(name, data):
        if name == "[Content_Types].xml":
            return data.replace(b"</Types>", kinds.encode() + b"</Types>")
        if name == "xl/workbook.xml":
            caches = b'<pivotCaches><pivotCache cacheId="1" r:id="rId99"/></pivotCaches></workbook>'
            return data.replace(b"</workbook>", caches)
        if name == "xl/_rels/workbook.xml.rels":
            new = f'<Relationship Id="rId99" Type="{RELATION}/pivotCacheDefinition" Target="pivotCache/'
            return data.replace(b"</Rel", f'{new}pivotCacheDefinition1.xml"/></Rel'.encode())
        return data

    remade(path, plain, change)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/pivotCache/pivotCacheDefinition1.xml", PIVOT_CACHE.format(main=MAIN))
        z.writestr("xl/pivotTables/pivotTable1.xml", PIVOT_TABLE.format(main=MAIN))
        z.writestr(
            "xl/worksheets/_rels/sheet2.xml.rels", relations(("rId1", "pivotTable", "../pivotTables/pivotTable1.xml"))
        )
        z.writestr(
            "xl/pivotTables/_rels/pivotTable1.xml.rels",
            relations(("rId1", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")),
        )
    plain.unlink()


class Stream(io.RawIOBase):
    """A file that cannot be gone back in, as where a program writes to a network."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def streamed(path):
    """Written piece by piece: sizes behind the parts, some in the 64-bit form."""
    plain = path.with_name("plain.xlsx")
    xlsxwriter_everything(plain)
    with (
        zipfile.ZipFile(plain) as old,
        path.open("wb") as file,
        zipfile.ZipFile(Stream(file), "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for n, name in enumerate(old.namelist()):
            with new.open(name, "w", force_zip64=n % 2 == 0) as part:
                part.write(old.read(name))
    plain.unlink()


def renamed(path):
    """Relations that name parts in other letters than the archive does: names are equal without regard to case."""
    plain = path.with_name("plain.xlsx")
    simple(plain)
    remade(path, plain, lambda name, data: data.replace(b"worksheets/sheet1", b"Worksheets/Sheet1"))
    plain.unlink()


def filtered(path):
    """A filter that hides rows, groups folded away, a locked structure, a defined name, a print area."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, HEAD)
        for at, row in enumerate(rows(), start=1):
            sheet.write_row(at, 0, row)
        sheet.autofilter("A1:F13")
        sheet.filter_column("F", "x > 500")
        for at in range(1, 5):
            sheet.set_row(at, options={"hidden": True})
        for at in range(7, 9):
            sheet.set_row(at, None, None, {"level": 1, "hidden": True})
        sheet.set_row(9, None, None, {"collapsed": True})
        sheet.set_column("E:E", None, None, {"hidden": True})
        sheet.print_area("A1:F13")
        sheet.repeat_rows(0)
        book.define_name("收入合计", f"=SUM({SHEET}!$F$2:$F$13)")
        hidden = book.add_worksheet("很隐蔽")
        hidden.very_hidden()


def through_libreoffice(path, make, ending="xlsx"):
    source = path.parent / "lo-in" / path.with_suffix(".xlsx").name
    source.parent.mkdir(exist_ok=True)
    make(source)
    profile = path.parent / "lo-profile"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", ending, "--outdir",
         str(path.parent), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip


def libreoffice(path):
    """A workbook that went through LibreOffice."""
    through_libreoffice(path, openpyxl_everything)


MAKERS = {
    "openpyxl": openpyxl_everything, "xlsxwriter": xlsxwriter_everything, "prefixed": prefixed, "bare": bare,
    "strict": strict, "extras": with_extras, "simple": simple, "pivot": pivot, "streamed": streamed, "renamed": renamed,
    "filtered": filtered,
}  # fmt: skip


def make(name, folder: Path) -> Path:
    if name == "xlsm":
        path = folder / "台账.xlsm"
        xlsm(path)
        return path
    path = folder / f"{name}.xlsx"
    if name == "libreoffice":
        if not shutil.which("soffice"):
            return None
        libreoffice(path)
    else:
        MAKERS[name](path)
    return path
