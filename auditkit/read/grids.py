"""Files become grids of cells; what a file is stands in its bytes, not in its ending."""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import python_calamine as calamine

from auditkit.model import InputError, Issue
from auditkit.read.details import Details, read_details
from auditkit.read.lines import LARGE, LargeText, decode, read_lines
from auditkit.read.markup import is_markup, read_markup

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GZIP: Final = b"\x1f\x8b"
PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"%PDF", b"II*\x00", b"MM\x00*", b"RIFF")
TABLES: Final = (".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".et")
"""Endings of files that someone took for tables: one that cannot be read is an error, not a paper left alone."""
MOST_BYTES: Final = 1 << 30
"""An archive whose contents are larger than this is not unpacked."""

Merge = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Grid:
    """One sheet, or one text file: its rows of cells as stored, from the sheet's first row and column on.

    Shape: `rows[i][j]` is the cell that Excel shows in row i + 1; blank is "" or None. `merged` are first row, first
    column, last row, last column, counted from 0.
    """

    file: str
    sheet: str
    rows: Sequence[Sequence[Any]]
    visible: bool = True
    encoding: str = ""
    merged: tuple[Merge, ...] = ()
    details: Details | None = None

    @property
    def written(self) -> bool:
        """Whether the file stores every number as a text."""
        return bool(self.encoding)


def read_grids(path: Path, name: str) -> tuple[list[Grid], list[Issue]]:
    """All sheets of a file, and the files in it that are no tables; `name` is how it is called in what people read.

    Raises: InputError where a workbook or table is there and cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(8)
    aside: list[Issue] = []
    if head.startswith(ZIP):
        return _zipped(path, name, aside), aside
    if head == OLE:
        return _workbook(path, name), aside
    return _from_bytes(path.read_bytes(), name, aside), aside


def _from_bytes(data: bytes, name: str, aside: list[Issue]) -> list[Grid]:
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        aside.append(Issue("F03", "文件是空的", "the file is empty", file=name))
        return []
    if data.startswith(ZIP):
        return _zipped(io.BytesIO(data), name, aside)
    if data.startswith(OLE):
        return _workbook(io.BytesIO(data), name)
    if data.startswith(GZIP):
        return _from_bytes(_unzipped(data, name), name.removesuffix(".gz"), aside)
    if data.startswith(PICTURES):
        aside.append(
            Issue("F05", "是图片或 PDF，没有读取；其中的数字须先录成表格", "a picture or PDF: not read", file=name)
        )
        return []
    text, encoding = decode(data)
    if encoding == "":
        if Path(name).suffix.lower() in TABLES:
            text, english = "既不是表格文件，也不是可识别编码的文本", "neither a workbook nor a readable text"
            raise refused("F04", name, text, english)
        aside.append(_no_table(name))
        return []
    if is_markup(text):
        try:
            tables = read_markup(text)
        except ValueError as error:
            raise refused(
                "F01", name, f"XML 不完整或含有实体声明，没有读取：{error}", f"damaged XML: {error}"
            ) from error
        return [Grid(name, sheet, rows, encoding=encoding, merged=merged) for sheet, rows, merged in tables]
    rows = LargeText(text, _utf8(data, encoding)) if len(text) > LARGE else read_lines(text)
    return [Grid(name, "", rows, encoding=encoding)]


def _utf8(data: bytes, encoding: str) -> bytes:
    """The bytes of a text where they are UTF-8 already."""
    return data.removeprefix(codecs.BOM_UTF8) if encoding.startswith("utf-8") else b""


def _no_table(name: str) -> Issue:
    return Issue("F05", "不是表格文件，没有读取", "not a table: not read", file=name)


def _unzipped(data: bytes, name: str) -> bytes:
    import gzip

    try:
        with gzip.open(io.BytesIO(data)) as stream:
            unpacked = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise refused("F01", name, "压缩文件不完整", "the archive is cut off") from error
    if len(unpacked) > MOST_BYTES:
        raise refused("F06", name, "压缩文件展开后过大", "the archive is too large unpacked")
    return unpacked


def _zipped(source: Path | io.BytesIO, name: str, aside: list[Issue]) -> list[Grid]:
    """A workbook, a document, or an archive of files."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.namelist()
            if not any(m.startswith(("xl/", "/xl/")) or m in ("mimetype", "content.xml") for m in members):
                if "[Content_Types].xml" in members or "OFD.xml" in members:
                    aside.append(_no_table(name))
                    return []
                return list(_archive(archive, name, aside))
    except zipfile.BadZipFile as error:
        raise refused("F01", name, "文件损坏或不完整，无法打开", "the file is damaged or cut off") from error
    _rewind(source)
    return _workbook(source, name)


def _rewind(source: Path | io.BytesIO) -> None:
    if isinstance(source, io.BytesIO):
        source.seek(0)


def _archive(archive: zipfile.ZipFile, name: str, aside: list[Issue]) -> Iterator[Grid]:
    """The files of an archive; names without the UTF-8 mark are GBK, as Chinese programs write them."""
    infos = [i for i in archive.infolist() if not i.is_dir()]
    if sum(i.file_size for i in infos) > MOST_BYTES:
        raise refused("F06", name, "压缩文件展开后过大", "the archive is too large unpacked")
    for info in infos:
        inner = info.filename
        if not info.flag_bits & 0x800:
            try:
                inner = inner.encode("cp437").decode("gb18030")
            except (UnicodeEncodeError, UnicodeDecodeError):
                inner = info.filename
        if info.flag_bits & 0x1:
            raise refused("F02", f"{name}/{inner}", "压缩包有密码，请解开后再放入", "the archive is locked")
        try:
            yield from _from_bytes(archive.read(info), f"{name}/{inner}", aside)
        except (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError) as error:
            raise refused("F01", f"{name}/{inner}", "压缩文件不完整", "the archive is cut off") from error


def _workbook(source: Path | io.BytesIO, name: str) -> list[Grid]:
    if isinstance(source, Path) and (source.suffix.lower() in (".xlsx", ".xlsm")) != zipfile.is_zipfile(source):
        source = io.BytesIO(source.read_bytes())  # the workbook library goes by the ending of a path
    try:
        book = calamine.load_workbook(source)
    except calamine.PasswordError as error:
        raise _locked(name) from error
    except (calamine.CalamineError, OSError) as error:
        if _is_locked(source):
            raise _locked(name) from error
        raise refused("F01", name, "文件损坏或不完整，无法打开", "the file is damaged or cut off") from error
    details = read_details(source)
    grids: list[Grid] = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
            rows, merged = sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ()
        except (calamine.CalamineError, OSError) as error:
            text = f"工作表“{meta.name}”损坏，无法读取"
            raise refused("F01", name, text, f"the sheet {meta.name} is damaged") from error
        visible = meta.visible == calamine.SheetVisibleEnum.Visible
        ranges = tuple((a, b, c, d) for (a, b), (c, d) in merged)
        grids.append(Grid(name, meta.name, rows, visible, "", ranges, details.get(meta.name)))
    return [replace(g, rows=_trimmed(g.rows)) for g in grids]


def _trimmed(rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """The rows without the blank ones below the last that holds anything."""
    last = len(rows)
    while last and not any(c not in ("", None) for c in rows[last - 1]):
        last -= 1
    return rows[:last]


def _locked(name: str) -> InputError:
    return refused("F02", name, "工作簿设有打开密码，请取消密码后再放入", "the workbook is locked with a password")


def _is_locked(source: Path | io.BytesIO) -> bool:
    import msoffcrypto

    _rewind(source)
    stream = source.open("rb") if isinstance(source, Path) else source
    try:
        return bool(msoffcrypto.OfficeFile(stream).is_encrypted())
    except Exception:
        # Whatever stands there is no office file that could be locked; the caller says that it is damaged.
        return False


def refused(code: str, name: str, text: str, english: str) -> InputError:
    """A file that cannot be used, as an error to raise."""
    return InputError([Issue(code, text, english, file=name)])
