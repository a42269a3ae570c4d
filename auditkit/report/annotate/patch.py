"""Puts findings into an xlsx package: notes, fills and links on the marked rows, and one new sheet; nothing else."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from auditkit.report.annotate import notes
from auditkit.report.annotate.listing import HEAD_ROW, SHEET, Line, listing
from auditkit.report.annotate.package import Edit, Package
from auditkit.report.annotate.sheet import (
    Anchor,
    SheetScan,
    anchor_of,
    column_widths,
    fills,
    legacy_drawing,
    links,
    reference,
    relation_of,
    row_heights,
    scan,
)
from auditkit.report.annotate.spans import (
    MAIN,
    RELATIONS,
    PartError,
    Span,
    append_inside,
    apply,
    attribute,
    child,
    qualified,
    raw,
    splice,
    tree,
)
from auditkit.report.annotate.styles import Styles, minimal
from auditkit.report.words import say

TYPES: Final = "[Content_Types].xml"
_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_RELS: Final = "application/vnd.openxmlformats-package.relationships+xml"
_EMPTY_RELS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


@dataclass(slots=True)
class _Patch:
    """What is to be done to a package."""

    package: Package
    workbook: str
    root: Span
    strict: bool
    edits: dict[str, Edit] = field(default_factory=dict[str, Edit])
    added: dict[str, bytes] = field(default_factory=dict[str, bytes])
    whole: dict[str, bytes] = field(default_factory=dict[str, bytes])
    overrides: dict[str, str] = field(default_factory=dict[str, str])

    def content(self, part: str) -> bytes:
        """A small part as it stands now."""
        if part in self.whole:
            return self.whole[part]
        return self.added[part] if part in self.added else self.package.read(part)

    def set(self, part: str, content: bytes) -> None:
        """A small part with its new content."""
        if part in self.package.parts:
            self.whole[part] = content
            self.edits[part] = lambda _: [content]
        else:
            self.added[part] = content

    def exists(self, part: str) -> bool:
        """Whether the package has, or will have, the part."""
        return part in self.package.parts or part in self.added

    def named(self, part: str) -> str:
        """A part's name as the archive has it: names that differ in case only are one name."""
        if self.exists(part):
            return part
        return next((n for n in self.package.parts if n.casefold() == part.casefold()), part)

    def new_name(self, pattern: str) -> str:
        """A part name that is free."""
        n = 1
        while self.exists(pattern.format(n)):
            n += 1
        return pattern.format(n)


def patch(source: Path, target: Path, lines: Sequence[Line], about: str) -> None:
    """Writes the annotated copy of an xlsx or xlsm file.

    Raises: zipfile.BadZipFile, expat.ExpatError, PartError where the file is no workbook that can be patched.
    """
    package = Package(source)
    try:
        p = _open(package)
        sheets = _sheets(p)
        name = _free_name(SHEET, sheets)
        styles_part = _styles_part(p)
        styles = Styles(p.content(styles_part))
        anchors = _mark_sheets(p, sheets, lines, name, styles)
        part = p.new_name(posixpath.dirname(p.workbook) + "/worksheets/sheet{}.xml")
        p.added[part] = listing(lines, anchors, about, styles, p.strict)
        p.overrides[part] = _SPREADSHEET + "worksheet+xml"
        _add_sheet(p, name, part)
        p.set(styles_part, styles.patched())
        _add_types(p)
        package.write(target, p.edits, p.added)
    finally:
        package.close()


def _open(package: Package) -> _Patch:
    if "_rels/.rels" not in package.parts:
        raise PartError("no package")
    rels = tree(package.read("_rels/.rels")).children
    office = [r.attributes["Target"].lstrip("/") for r in rels if r.attributes["Type"].endswith("/officeDocument")]
    if not office or not office[0].endswith(".xml"):
        raise PartError("no workbook")
    workbook = office[0]
    root = tree(package.read(workbook))
    namespace = root.attributes.get(f"xmlns:{root.prefix}" if root.prefix else "xmlns", "")
    if root.name != "workbook" or namespace not in MAIN:
        raise PartError("no workbook")
    return _Patch(package, workbook, root, namespace == MAIN[True])


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _relations(p: _Patch, part: str) -> dict[str, tuple[str, str]]:
    """id -> (last word of the type, part), of the relations that stay inside the package."""
    rels = _rels_of(part)
    if not p.exists(rels):
        return {}
    found: dict[str, tuple[str, str]] = {}
    for r in tree(p.content(rels)).children:
        if r.attributes.get("TargetMode") != "External":
            target = r.attributes["Target"]
            full = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
            found[r.attributes["Id"]] = (r.attributes["Type"].rpartition("/")[2], p.named(posixpath.normpath(full)))
    return found


def _relate(p: _Patch, part: str, kind: str, target: str) -> str:
    """A new relation; its id."""
    rels = _rels_of(part)
    data = p.content(rels) if p.exists(rels) else _EMPTY_RELS
    root = tree(data)
    taken = {r.attributes["Id"] for r in root.children}
    n = 1
    while f"rIdAuditkit{n}" in taken:
        n += 1
    name = qualified(root.prefix, "Relationship")
    path = posixpath.relpath(target, posixpath.dirname(part))
    new = f'<{name} Id="rIdAuditkit{n}" Type="{RELATIONS[p.strict]}/{kind}" Target={attribute(path)}/>'
    p.set(rels, apply(data, [append_inside(root, raw(data, root), new.encode())]))
    return f"rIdAuditkit{n}"


def _sheets(p: _Patch) -> dict[str, str]:
    """Sheet name -> part."""
    relations = _relations(p, p.workbook)
    listed = child(p.root, "sheets")
    if listed is None:
        raise PartError("no sheets")
    return {s.attributes["name"]: relations[relation_of(s)][1] for s in listed.children if relation_of(s) in relations}


def _free_name(name: str, taken: Iterable[str]) -> str:
    used = {t.casefold() for t in taken}
    n, free = 1, name
    while free.casefold() in used:
        n += 1
        free = f"{name}({n})"
    return free


def _styles_part(p: _Patch) -> str:
    for kind, part in _relations(p, p.workbook).values():
        if kind == "styles" and p.exists(part):
            return part
    part = p.new_name(posixpath.dirname(p.workbook) + "/styles{}.xml")
    p.added[part] = minimal(p.strict)
    p.overrides[part] = _SPREADSHEET + "styles+xml"
    _relate(p, p.workbook, "styles", part)
    return part


def _mark_sheets(
    p: _Patch, sheets: Mapping[str, str], lines: Sequence[Line], listing_name: str, styles: Styles
) -> dict[int, str]:
    """Edits of every sheet that has a mark; line number -> where its link leads."""
    marks: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for n, line in enumerate(lines):
        if line.place and line.place[0] in sheets:
            marks[line.place[0]][line.place[1]].append(n)
    drawings = [p.package.read(name) for name in p.package.parts if name.lower().endswith(".vml")]
    block = notes.blocks(drawings)
    where: dict[int, str] = {}
    for sheet, rows in marks.items():
        part = sheets[sheet]
        if part not in p.package.parts:
            raise PartError(f"no part {part}")
        found = scan(p.package.stream(part), frozenset(rows))
        own = _relations(p, part)
        comments = next((target for kind, target in own.values() if kind == "comments"), "")
        taken = notes.existing(p.content(comments)) if comments else frozenset[Anchor]()
        anchors = {row: anchor_of(found, row, taken) for row in rows}
        texts = {anchors[row]: _fitting(lines, ns, listing_name) for row, ns in rows.items()}
        places = {anchors[row]: f"{quoted(listing_name)}!A{HEAD_ROW + 1 + ns[0]}" for row, ns in rows.items()}
        for row, ns in rows.items():
            where.update(dict.fromkeys(ns, f"{quoted(sheet)}!{reference(anchors[row])}"))
        worst = {row: min(lines[n].severity for n in ns) for row, ns in rows.items()}
        edits = list(fills(found, lambda row, old, worst=worst: styles.filled(old, worst[row])))
        edits += links(found, places)
        edits += _note(p, part, found, comments, texts, block)
        block += 1 + len(texts) // 1023
        p.edits[part] = lambda pieces, edits=edits: splice(pieces, edits)
    return where


def _fitting(lines: Sequence[Line], ns: Sequence[int], listing_name: str) -> str:
    """The note of a row: as many findings as its box shows, and where the others stand."""
    words = lines[ns[0]].note
    for at, n in enumerate(ns[1:], start=1):
        longer = f"{words}\n\n{lines[n].note}"
        if notes.box_height(longer + "\n\n") >= notes.MOST:
            rest = say("listing.more", count=len(ns) - at, sheet=listing_name, row=HEAD_ROW + 1 + n)
            return f"{words}\n\n{rest}"
        words = longer
    return words


def _note(
    p: _Patch, part: str, found: SheetScan, comments: str, texts: Mapping[Anchor, str], block: int
) -> list[tuple[int, int, bytes]]:
    """Adds the notes and their boxes; the edit that the sheet itself needs for that, if any."""
    folder = posixpath.dirname(p.workbook)
    if comments:
        p.set(comments, notes.add_comments(p.content(comments), texts))
    else:
        comments = p.new_name(folder + "/comments{}.xml")
        p.added[comments] = notes.new_comments(texts, p.strict)
        p.overrides[comments] = _SPREADSHEET + "comments+xml"
        _relate(p, part, "comments", comments)
    grid = notes.Grid(column_widths(found), row_heights(found))
    own = found.part("legacyDrawing")
    drawing = _relations(p, part).get(relation_of(own), ("", ""))[1] if own is not None else ""
    if drawing:
        p.set(drawing, notes.add_boxes(p.content(drawing), texts, grid, block))
        return []
    drawing = p.new_name(folder + "/drawings/vmlDrawing{}.vml")
    p.added[drawing] = notes.new_drawing(texts, grid, block)
    return [legacy_drawing(found, _relate(p, part, "vmlDrawing", drawing), p.strict)]


def _add_sheet(p: _Patch, name: str, part: str) -> None:
    """The new sheet, last in the workbook."""
    listed = child(p.root, "sheets")
    if listed is None:
        raise PartError("no sheets")
    data = p.content(p.workbook)
    number = 1 + max((int(s.attributes.get("sheetId", 0)) for s in listed.children), default=0)
    relation = _relate(p, p.workbook, "worksheet", part)
    tag = (
        f'<{qualified(listed.prefix, "sheet")} name={attribute(name)} sheetId="{number}" '
        f'xmlns:r="{RELATIONS[p.strict]}" r:id="{relation}"/>'
    )
    p.set(p.workbook, apply(data, [append_inside(listed, raw(data, listed), tag.encode())]))


def _add_types(p: _Patch) -> None:
    """The content types of the new parts."""
    data = p.content(TYPES)
    root = tree(data)
    defaults = {c.attributes.get("Extension", "").lower() for c in root.children if c.name == "Default"}
    content = ""
    for ending, kind in (("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing"), ("rels", _RELS)):
        if ending not in defaults:
            content += f'<{qualified(root.prefix, "Default")} Extension="{ending}" ContentType="{kind}"/>'
    p.overrides["auditkit/original.bin"] = "application/octet-stream"
    name = qualified(root.prefix, "Override")
    for part, kind in p.overrides.items():
        content += f"<{name} PartName={attribute('/' + part)} ContentType={attribute(kind)}/>"
    p.set(TYPES, apply(data, [append_inside(root, raw(data, root), content.encode())]))


def quoted(sheet: str) -> str:
    """A sheet's name as a link has it."""
    return "'" + sheet.replace("'", "''") + "'"
