"""The papers of a case folder: every file opened, every sheet recognised or listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from auditkit.model import InputError, Issue
from auditkit.read.books.chart import Chart
from auditkit.read.books.entries import Book
from auditkit.read.books.opening import is_book, open_book
from auditkit.read.books.settling import settle_books
from auditkit.read.columns import read_large
from auditkit.read.decisions import NAME as DECISIONS
from auditkit.read.details import column_letters
from auditkit.read.forms import read_form
from auditkit.read.grids import Grid, read_grids
from auditkit.read.importers import Claim, Importer, claims, lay_out_claimed, two_claims
from auditkit.read.intake import Aside, Hidden, Unread
from auditkit.read.layout import Layout, Line, Section, cell_text, lay_out, row_text
from auditkit.read.mapping import MapError, SheetMap, TableMap, keep_mapped, lay_out_mapped, map_issue, map_of
from auditkit.read.sheets import Part, UnknownWordsError, read_part
from auditkit.schema import normal, tables

NO_CONTRACT: Final = frozenset(("无合同", "无书面合同", "未签合同", "未签订合同", "没有合同", "未签", "未签订"))
"""What a register writes where a contract's number or term would stand."""
LEFT_ALONE: Final = (".toml", ".md", ".json", ".py", ".ini", ".lnk", ".db", ".tmp", ".log")
"""Endings of files that no one hands in as a paper."""


@dataclass
class Papers:
    """What was found in a case: tables as parts of sheets, and everything that is none.

    `wrong` makes the case unusable; `issues` do not.
    """

    files: Mapping[str, Path]
    parts: list[Part] = field(default_factory=list[Part])
    aside: list[Aside] = field(default_factory=list[Aside])
    unread: list[Unread] = field(default_factory=list[Unread])
    hidden: list[Hidden] = field(default_factory=list[Hidden])
    issues: list[Issue] = field(default_factory=list[Issue])
    wrong: list[Issue] = field(default_factory=list[Issue])
    books: list[Book] = field(default_factory=list[Book])


def read_papers(path: Path, maps: Mapping[str, SheetMap], chart: Chart | None = None) -> Papers:
    """Reads every file of a case folder, or one workbook.

    Raises: InputError where there is nothing to read.
    """
    papers = Papers(files_of(path))
    grids = list(_grids(papers, maps))
    for key in maps:
        if not any(map_of({key: maps[key]}, grid) for grid in grids) and key not in papers.files:
            papers.wrong.append(_no_such_sheet(key, grids))
    for grid in grids:
        _take(papers, grid, map_of(maps, grid))
    papers.books, parts, said = settle_books(papers.books, papers.parts, chart or Chart())
    papers.parts += parts
    papers.issues += said
    if not papers.parts and not papers.wrong and not any(grid.rows for grid in grids):
        text = "资料里没有可以读取的表格；请放入表格文件，或先用 auditkit template 生成模板填写"
        papers.wrong += papers.issues or [Issue("F03", text, "there is no table among the papers", file=path.name)]
    return papers


def files_of(path: Path) -> dict[str, Path]:
    """The files of a case by their path within it, in order.

    Raises: InputError where there are none.
    """
    if path.is_file():
        return {path.name: path}
    if not path.is_dir():
        raise InputError([Issue("F00", "没有这个文件夹或文件", "there is no such folder or file", file=str(path))])
    found = {p.relative_to(path).as_posix(): p for p in _files(path)}
    if not found:
        text = "文件夹里没有可以读取的资料；请放入表格文件，或先用 auditkit template 生成模板填写"
        raise InputError([Issue("F03", text, "the folder holds no papers", file=path.name)])
    return dict(sorted(found.items()))


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix.lower() not in LEFT_ALONE and path.name != DECISIONS:
            yield path


def _grids(papers: Papers, maps: Mapping[str, SheetMap]) -> Iterator[Grid]:
    for name, path in papers.files.items():
        if name in maps and not maps[name].read:
            papers.aside.append(Aside(name, "", 0, "按 [map] 不读", "整个文件"))
            continue
        try:
            grids, said = read_grids(path, name)
        except InputError as error:
            papers.wrong += error.issues
            continue
        papers.issues += said
        yield from grids


def _take(papers: Papers, grid: Grid, given: SheetMap | None) -> None:
    """What one sheet holds."""
    if given is not None and not given.read:
        papers.aside.append(Aside(grid.file, grid.sheet, 0, "按 [map] 不读", "整张表"))
        return
    if given is not None and given.tables:
        try:
            mapped = [_mapped(grid, one) for one in given.tables]
        except MapError as error:
            papers.wrong.append(map_issue(given.key, str(error)))
            return
        try:
            papers.parts += [read_part(grid, s, one.constants, one.words, i) for s, one, i in mapped]
        except UnknownWordsError as error:
            _stop(papers, grid, error)
            return
        papers.aside += _lines(grid, [section for section, _, _ in mapped])
    elif (large := read_large(grid)) is not None:
        papers.parts.append(large)
        papers.aside += _lines(grid, [large.section])
    elif found := claims(grid):
        _take_claimed(papers, grid, found, None if given is None else given.year)
    else:
        layout = lay_out(grid)
        if not layout.sections and (form := read_form(grid)) is not None:
            papers.parts.append(form)
            papers.aside += _lines(grid, [form.section])
            _tell_hidden(papers, grid)
            return
        papers.aside += [Aside(grid.file, grid.sheet, n.at + 1, n.kind, n.text) for n in layout.outside]
        for section in layout.sections:
            _leave_out_uncontracted(grid, section)
        papers.parts += [read_part(grid, section) for section in layout.sections if not section.untouched]
        papers.aside += _lines(grid, layout.sections)
        if not layout.sections and grid.rows and not _is_text(grid):
            _leave_unread(papers, grid, layout)
    _tell_hidden(papers, grid)


def _leave_out_uncontracted(grid: Grid, section: Section) -> None:
    """A row of a register that says there is no contract is none."""
    columns = [j for n in ("contract_no", "term", "start") if (j := section.header.columns.get(n)) is not None]
    if section.header.table != "contracts":
        return
    without = [
        at
        for at in section.rows
        if any(j < len(grid.rows[at]) and normal(cell_text(grid.rows[at][j])) in NO_CONTRACT for j in columns)
    ]
    section.lines += [Line(at, "无合同", row_text(grid.rows[at])) for at in without]
    section.rows = [at for at in section.rows if at not in set(without)]


def _mapped(grid: Grid, one: TableMap) -> tuple[Section, TableMap, Importer | None]:
    """The table that a map finds: by the importer that claims the sheet, where the map does not say header or columns.

    Raises: MapError.
    """
    own = [c for c in claims(grid) if c.importer.table == one.table and one.importer in ("", c.importer.name)]
    if one.importer and not own:
        raise MapError(
            f"导入器 {one.importer} 不认得这张表；认得的有：{'、'.join(c.importer.name for c in claims(grid))}"
        )
    if one.importer or (len(own) == 1 and one.header is None and not one.columns):
        section = lay_out_claimed(grid, own[0])
        keep_mapped(grid, section, one)
        return section, one, own[0].importer
    return lay_out_mapped(grid, one), one, None


def _take_claimed(papers: Papers, grid: Grid, found: Sequence[Claim], year: int | None) -> None:
    """A sheet that an importer recognises; two at once is an error."""
    if len(found) > 1:
        papers.wrong.append(two_claims(grid, found))
        return
    if is_book(found[0]):
        book = open_book(grid, found[0], year)
        papers.books.append(book)
        papers.aside += [Aside(grid.file, grid.sheet, n.at + 1, n.kind, n.text) for n in book.lines]
        return
    if not found[0].importer.table:
        papers.aside.append(Aside(grid.file, grid.sheet, 0, "认得而不读", found[0].importer.zh))
        return
    section = lay_out_claimed(grid, found[0])
    try:
        part = read_part(grid, section, importer=found[0].importer)
    except UnknownWordsError as error:
        _stop(papers, grid, error)
        return
    papers.parts.append(part)
    papers.aside += _lines(grid, [section])


def _stop(papers: Papers, grid: Grid, error: UnknownWordsError) -> None:
    """A sheet with words that its importer does not know is not read at all."""
    text = f"有没见过的取值，整张表没有读取：{error}；请在 case.toml 的 [map] 用 words 写明各是什么"
    papers.issues.append(Issue("I03", text, f"words not known: {error}", file=grid.file, sheet=grid.sheet))
    papers.unread.append(Unread(grid.file, grid.sheet, len(grid.rows)))


def _lines(grid: Grid, sections: Sequence[Section]) -> list[Aside]:
    """The rows of a sheet that no table takes as data, each once."""
    data = {at for s in sections for at in s.rows}
    lines = {n.at: n for s in reversed(sections) for n in s.lines if n.at not in data}
    return [Aside(grid.file, grid.sheet, n.at + 1, n.kind, n.text) for _, n in sorted(lines.items())]


def _is_text(grid: Grid) -> bool:
    """A sheet of sentences, one cell a row."""
    return all(sum(bool(cell_text(c)) for c in row) <= 1 for row in grid.rows)


def _leave_unread(papers: Papers, grid: Grid, layout: Layout) -> None:
    tied = tuple(h.table for h in layout.tied)
    papers.unread.append(Unread(grid.file, grid.sheet, len(grid.rows), layout.nearest, tied))
    if tied:
        names = "、".join(tables()[t].zh for t in tied)
        text = f"表头同样像{names}，看不出是哪一种，没有读取；请在 case.toml 的 [map] 中写明"
        papers.issues.append(
            Issue("T02", text, f"may be {', '.join(tied)}: not read", file=grid.file, sheet=grid.sheet)
        )
    else:
        text = "没有认出是哪种表，没有读取；如属审计资料，请在 case.toml 的 [map] 中写明"
        papers.issues.append(Issue("T01", text, "not recognised, not read", file=grid.file, sheet=grid.sheet))


def _tell_hidden(papers: Papers, grid: Grid) -> None:
    """What is hidden is read all the same, and named."""
    if grid.details is None and grid.visible:
        return
    rows = () if grid.details is None else tuple(sorted(n + 1 for n in grid.details.hidden_rows if n < len(grid.rows)))
    width = max(map(len, grid.rows), default=0)
    columns = (
        ()
        if grid.details is None
        else tuple(column_letters(n) for n in sorted(grid.details.hidden_columns) if n < width)
    )
    whole = not grid.visible
    if not grid.rows or not (whole or rows or columns):
        return
    papers.hidden.append(Hidden(grid.file, grid.sheet, whole, rows, columns))
    data = {int(r) for p in papers.parts if p.grid is grid for r in p.frame["row"]}
    if data and (whole or data & set(rows)):
        what = (
            "工作表是隐藏的"
            if whole
            else f"有 {len(data & set(rows))} 行数据是隐藏的（第 {min(data & set(rows))} 行起）"
        )
        english = "the sheet is hidden" if whole else "data rows are hidden"
        papers.issues.append(Issue("T07", f"{what}，已照常读取，请核实", english, file=grid.file, sheet=grid.sheet))


def _no_such_sheet(key: str, grids: Sequence[Grid]) -> Issue:
    names = "、".join(f"{g.file}#{g.sheet}" if g.sheet else g.file for g in grids)
    return map_issue(key, f"没有这个文件或工作表；有的是：{names}")
