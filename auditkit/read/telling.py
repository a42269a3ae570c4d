"""The intake report as people read it: what `auditkit check` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import pandas as pd

from auditkit.model import Issue
from auditkit.money import yuan
from auditkit.read.books.entries import DAYBOOK, ENTRIES, Book
from auditkit.read.coverage import breaks, ends
from auditkit.read.intake import Aside, Hidden, Intake, Unread
from auditkit.read.sheets import Part
from auditkit.schema import tables

_KINDS: Final = {
    "标题": "title", "单位行": "unit", "示例": "example", "重复表头": "repeated header", "合计": "total",
    "承转": "carried forward", "说明": "note", "未识别": "not recognised", "按 [map] 不读": "left out by [map]",
    "未成功或已冲正": "no money moved", "重复的表": "copy of another sheet",
    "无合同": "no contract", "结转损益": "closing entry", "作废凭证": "void voucher",
}  # fmt: skip
_DAYS: Final = ("date", "entry", "surveyed_on", "paid_on", "start", "period_start", "valid_from", "handed_on")
"""The column that says when, for each table the first that it has."""
MOST_ROWS: Final = 12
_NAMED_BELOW: Final = ("T01", "T02")
"""Issues of sheets that are not recognised: each such sheet has a block of its own."""


def tell(intake: Intake, lang: str = "zh", gaps: Mapping[str, Sequence[str]] | None = None) -> str:
    """The whole report; `gaps` are the months that are missing of each account's statements."""
    en = lang == "en"
    blocks = [
        _head(intake, en),
        *_files(intake, en),
        *(_book(book, intake.aside, en) for book in intake.books),
        _list(
            "断档：没有流水的月份", "Months without a statement", [_gap(a, m, en) for a, m in (gaps or {}).items()], en
        ),
        _list("隐藏的内容（已照常读取）", "Hidden, read all the same", [_hidden(h, en) for h in intake.hidden], en),
        _list("存疑", "In doubt", [_issue(i, en) for i in intake.issues if i.code not in _NAMED_BELOW], en),
        *(_unread(u, en) for u in intake.unread),
        _not_given(intake, en),
    ]
    return "\n\n".join(b for b in blocks if b) + "\n"


def _head(intake: Intake, en: bool) -> str:
    if en:
        books = f" and {len(intake.books)} company books" if intake.books else ""
        read = f"{len(intake.parts)} tables{books} read"
        return f"{len(intake.files)} files: {read}, {len(intake.unread)} sheets not recognised"
    books = f"、{len(intake.books)} 本企业账簿" if intake.books else ""
    read = f"读出 {len(intake.parts)} 张表{books}"
    return f"共 {len(intake.files)} 个文件：{read}，{len(intake.unread)} 张工作表没有认出"


def _list(zh: str, english: str, lines: Sequence[str], en: bool) -> str:
    if not lines:
        return ""
    return "\n".join([f"{english if en else zh} ({len(lines)})", *(f"  {line}" for line in lines)])


def _files(intake: Intake, en: bool) -> Iterator[str]:
    """What was read from each sheet, and what was set aside there."""
    places = sorted({(p.grid.file, p.grid.sheet) for p in intake.parts})
    for file, sheet in places:
        own = [p for p in intake.parts if (p.grid.file, p.grid.sheet) == (file, sheet)]
        aside = [a for a in intake.aside if (a.file, a.sheet) == (file, sheet)]
        lines = [f"{file}#{sheet}" if sheet else file]
        lines += [f"  {line}" for part in own for line in _part(part, en)]
        lines += [f"  {line}" for line in _aside(aside, en)]
        yield "\n".join(lines)


def _part(part: Part, en: bool) -> Iterator[str]:
    spec, header, frame = tables()[part.table], part.section.header, part.frame
    days = next((frame[d].dropna() for d in _DAYS if d in frame), pd.Series(dtype="datetime64[us]"))
    span = "" if days.empty else f"{days.min():%Y-%m-%d}..{days.max():%Y-%m-%d}"
    row = header.last + 1
    if en:
        yield f"{part.table}: header in row {row}, {len(frame)} rows {span} {_sums(part, en)}".rstrip()
    else:
        yield f"{spec.zh}：表头第 {row} 行，{len(frame)} 行 {span} {_sums(part, en)}".rstrip()
    yield from _balances(part, en)
    missing = [c for c in spec.columns if c.must and c.name not in part.columns]
    if missing:
        names = ", ".join(c.name for c in missing) if en else "、".join(c.zh for c in missing)
        yield f"  must columns missing: {names}" if en else f"  缺少必填列：{names}"
    unused = [header.titles[j] for j in header.unused if j in header.titles]
    if unused:
        yield ("  columns not used: " if en else "  没有用到的列：") + "、".join(unused)
    if part.section.unit != "元":
        yield ("  unit of amounts: " if en else "  金额单位：") + part.section.unit
    doubtful = frame.loc[frame["doubt"] != "", "row"].tolist()
    if doubtful:
        yield (
            f"  rows in doubt: {_numbers(doubtful)}" if en else f"  存疑 {len(doubtful)} 行：第 {_numbers(doubtful)} 行"
        )


def _gap(account: str, months: Sequence[str], en: bool) -> str:
    """The months of one account, as runs."""
    return f"{account or ('no account number' if en else '未写账号')}: " + "、".join(months)


def _balances(part: Part, en: bool) -> Iterator[str]:
    """Opening and closing balance of each account on a statement, and where the balance does not follow."""
    if part.table != "bank":
        return
    whole = part.statement
    if whole is not None and whole.breaks is not None and whole.opening is not None and whole.closing is not None:
        yield _balance("", whole.opening, whole.closing, len(whole.breaks), en)
        for one in whole.breaks[:MOST_ROWS]:
            due, stands = yuan(one.expected), yuan(one.written)
            yield (
                f"    row {one.row}: {due} expected, {stands} written"
                if en
                else f"    第 {one.row} 行：按上一行应余 {due}，写 {stands}"
            )
        return
    for account, rows in part.frame.groupby("account", sort=True):
        (opening, closing), broken = ends(rows), breaks(rows)
        if opening is None or closing is None:
            yield f"  {account}: " + ("no running balance" if en else "没有逐笔余额，无法核对")
            continue
        yield _balance(str(account), opening, closing, broken or 0, en)


def _balance(account: str, opening: int, closing: int, broken: int, en: bool) -> str:
    name = f"  {account}: " if account else "  "
    if en:
        return f"{name}opening {yuan(opening)} closing {yuan(closing)}, {broken} breaks"
    return f"{name}期初 {yuan(opening)} 期末 {yuan(closing)}，余额断点 {broken} 处"


def _book(book: Book, aside: Sequence[Aside], en: bool) -> str:
    """A book of an accounting program: what was read, and what its checks came to."""
    checks, frame = book.checks, book.frame
    name = book.importer if en else book.zh
    row = book.header.last + 1
    lines = [book.name]
    lines.append(
        f"  {name}: header in row {row}, {len(frame)} rows" if en else f"  {name}：表头第 {row} 行，{len(frame)} 行"
    )
    if "debit" in checks:
        debit, credit = yuan(checks["debit"]), yuan(checks["credit"])
        lines.append(f"    debit {debit} credit {credit}" if en else f"    借方合计 {debit} 贷方合计 {credit}")
    if book.kind == ENTRIES:
        months = "、".join(f"{m} {n}" for m, n in checks["by_month"].items())
        count, wrong, gaps = checks["vouchers"], checks["unbalanced"], checks["gaps"]
        lines.append(
            f"    {count} vouchers, {wrong} do not balance, {gaps} numbers missing; a month: {months}"
            if en
            else f"    凭证 {count} 张，不平 {wrong} 张，缺号 {gaps} 个；各月张数：{months}"
        )
        lines.append(
            f"    {checks['closings']} closing, {checks['void']} void vouchers, {checks['negative']} red cells"
            if en
            else f"    结转损益 {checks['closings']} 张，作废 {checks['void']} 张，红字 {checks['negative']} 格"
        )
    if book.kind == DAYBOOK:
        opening, closing = (("" if v is None else yuan(v)) for v in (checks["opening"], checks["closing"]))
        one, other = yuan(checks["in"]), yuan(checks["out"])
        lines.append(
            f"    in {one} out {other} opening {opening} closing {closing}, {checks['breaks']} breaks"
            if en
            else f"    收入 {one} 支出 {other} 期初 {opening} 期末 {closing}，余额断点 {checks['breaks']} 处"
        )
    own = [a for a in aside if (a.file, a.sheet) == (book.grid.file, book.grid.sheet)]
    return "\n".join([*lines, *(f"  {line}" for line in _aside(own, en))])


def _sums(part: Part, en: bool) -> str:
    """Money in and out, where the table has it."""
    frame = part.frame
    if part.table == "bank":
        income, cost = frame["credit"].sum(), frame["debit"].sum()
    elif part.table == "ledger":
        income = frame.loc[frame["direction"] == "收入", "amount"].sum()
        cost = frame.loc[frame["direction"] == "支出", "amount"].sum()
    else:
        return ""
    if en:
        return f"in {yuan(int(income))} out {yuan(int(cost))}"
    return f"收入 {yuan(int(income))} 支出 {yuan(int(cost))}"


def _aside(aside: Sequence[Aside], en: bool) -> Iterator[str]:
    for kind, several in groupby(sorted(aside, key=lambda a: (a.kind, a.row)), key=lambda a: a.kind):
        rows = list(several)
        name = _KINDS.get(kind, kind) if en else kind
        told = "；".join(f"{a.row} {a.text[:40]}" if a.row else a.text for a in rows[:3])
        more = ("…" if len(rows) > 3 else "") + (f" ({_numbers([a.row for a in rows])})" if len(rows) > 3 else "")
        yield f"  set aside, {name}: {told}{more}" if en else f"  不作数据，{name}：{told}{more}"


def _numbers(rows: Sequence[int]) -> str:
    told = "、".join(str(n) for n in rows[:MOST_ROWS])
    return told if len(rows) <= MOST_ROWS else f"{told} … ({len(rows)})"


def _hidden(hidden: Hidden, en: bool) -> str:
    name = f"{hidden.file}#{hidden.sheet}"
    if hidden.whole:
        return f"{name}: the whole sheet" if en else f"{name}：整张工作表"
    rows = _numbers(hidden.rows)
    columns = "、".join(hidden.columns)
    if en:
        return f"{name}:" + (f" rows {rows}" if rows else "") + (f" columns {columns}" if columns else "")
    return f"{name}：" + "，".join(t for t in (f"第 {rows} 行" * bool(rows), f"{columns} 列" * bool(columns)) if t)


def _issue(issue: Issue, en: bool) -> str:
    place, text = issue.place(), issue.message_en if en and issue.message_en else issue.message
    stood = f" [{issue.value}]" if issue.value else ""
    return f"{issue.code} {place}{' ' + issue.column if issue.column else ''}{stood} {text}".replace("  ", " ")


def _unread(unread: Unread, en: bool) -> str:
    """A sheet that was not recognised: what is nearest, what it misses, and the [map] that would settle it."""
    if unread.tied:
        near = ", ".join(unread.tied) if en else "、".join(tables()[t].zh for t in unread.tied)
        why = f"may be any of {near}" if en else f"同样像{near}"
    elif unread.nearest is not None:
        spec = tables()[unread.nearest.table]
        lacks = (spec.column(name) for name in unread.nearest.missing)
        missing = ", ".join(c.name for c in lacks) if en else "、".join(c.zh for c in lacks)
        why = f"nearest {spec.name}, lacks {missing}" if en else f"最接近{spec.zh}，缺少{missing}"
    else:
        why = "no known header" if en else "没有认得的表头"
    lead = "Not recognised" if en else "没有认出"
    copy = "to copy into case.toml:" if en else "可复制到 case.toml，补全或改为 read = false："
    proposal = "\n".join(f"    {line}" for line in unread.proposal().splitlines())
    return f"{lead} {unread.name} ({unread.rows}): {why}\n  {copy}\n{proposal}"


def _not_given(intake: Intake, en: bool) -> str:
    given = {p.table for p in intake.parts}
    missing = [t for t in tables().values() if t.name not in given]
    if not missing:
        return ""
    return ("Not handed in: " if en else "未提供：") + ("、".join(t.name if en else t.zh for t in missing))
