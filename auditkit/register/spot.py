"""Spot checks (双随机, 四不两直): compounds drawn by risk and at random, one page each, read back from the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import openpyxl
import pandas as pd
import sqlalchemy as sa
import xlsxwriter

from auditkit.model import InputError, Issue
from auditkit.money import yuan
from auditkit.reconcile.sampling import draw
from auditkit.register.figures import CLASSES
from auditkit.register.log import Act, ForbiddenError, perform
from auditkit.register.states import ACCEPTED, ENDED, NOT_SO
from auditkit.register.store import COMPOUNDS, PROBLEMS, STEPS, Register

WEIGHT: Final[Mapping[str, int]] = {"S1": 8, "S2": 4, "S3": 2, "S4": 1, "": 2}
"""[H] How much a problem of a severity counts towards a compound's risk; money only orders those that are equal."""

DRAWN: Final = "抽查名单"
ROWS: Final = 14
"""Problems that one page has room for; the rest are in the discrepancy list."""

_LINES: Final = (
    ("到场时间", ""), ("现场接待人", ""), ("检查人(两人)", ""),
)  # fmt: skip
_HEAD: Final = ("编号", "在哪里看、票面怎么说", "现场数什么、问什么", "索要文件", "现场所见", "结论")
_RESULTS: Final = ("与记录一致", "问题仍存在", "已整改", "无法核实")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One compound of a spot check: drawn by risk or at random, with its open problems."""

    compound_id: str
    name: str
    county: str
    company: str
    how: str
    score: int
    problems: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw and all that is needed to repeat it."""

    compounds: tuple[Drawn, ...]
    seed: str
    frame_hash: str


def draw_compounds(register: Register, *, by_risk: int, at_random: int, seed: str) -> Draw:
    """Draw from all compounds of the register: the riskiest, then at random from the rest; the same frame and seed
    give the same draw.
    """
    with register.reading() as connection:
        compounds = [dict(r) for r in connection.execute(sa.select(COMPOUNDS)).mappings()]
        query = sa.select(PROBLEMS).order_by(PROBLEMS.c.severity, PROBLEMS.c.number)
        problems = [{str(k): v for k, v in r.items()} for r in connection.execute(query).mappings()]
    open_: dict[str, list[dict[str, Any]]] = {c["compound_id"]: [] for c in compounds}
    for p in problems:
        # What was closed as mended is looked at again; what was not so, or accepted, is left in peace.
        if p["state"] not in (NOT_SO, ACCEPTED):
            open_.setdefault(p["compound_id"], []).append(p)
    known = {c["compound_id"]: c for c in compounds}

    def score(id_: str) -> int:
        return sum(WEIGHT[p["severity"]] for p in open_[id_] if p["state"] not in ENDED)

    def drawn(id_: str, how: str) -> Drawn:
        c = known.get(id_, {})
        names = (c.get("name", ""), c.get("county", ""), c.get("company", ""))
        return Drawn(id_, *names, how, score(id_), tuple(open_[id_]))

    def rank(id_: str) -> tuple[int, int, str]:
        money = sum(p["amount_high"] or 0 for p in open_[id_] if p["state"] not in ENDED)
        return -score(id_), -money, id_

    order = sorted(open_, key=rank)
    risky, rest = order[:by_risk], sorted(order[by_risk:])
    frame = pd.DataFrame({"file": "", "sheet": rest, "row": 0})
    sample = draw(frame, at_random, seed)
    chosen = (*(drawn(i, "按风险") for i in risky), *(drawn(i, "随机") for i in sample.rows["sheet"]))
    return Draw(chosen, sample.seed, sample.frame_hash)


def write_spot_sheets(drawn: Draw, path: Path, *, asks: Mapping[str, tuple[str, str]], title: str) -> None:
    """One workbook: the list of the draw with its seed, then one page a compound, to be printed and filled in.

    `asks`: rule -> (what to ask on site, which document to demand).
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": dt.datetime(2024, 1, 1)})
        box: dict[str, Any] = {"border": 1, "text_wrap": True, "valign": "top", "font_size": 10}
        formats = {
            "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
            "head": book.add_format({**box, "bold": True, "bg_color": "#DDEBF7", "valign": "vcenter"}),
            "cell": book.add_format(box),
            "free": book.add_format({**box, "bg_color": "#FFFFFF"}),
        }
        _write_list(book, drawn, formats, title)
        for i, compound in enumerate(drawn.compounds, 1):
            _write_page(book, f"{i:02d}_{compound.compound_id}"[:31], compound, formats, asks, title)


def _write_list(book: xlsxwriter.Workbook, drawn: Draw, formats: Mapping[str, Any], title: str) -> None:
    sheet = book.add_worksheet(DRAWN)
    sheet.merge_range(0, 0, 0, 6, f"{title}抽查名单", formats["title"])
    sheet.write_string(1, 0, f"种子: {drawn.seed or '（空）'}    总体哈希: {drawn.frame_hash}")
    for column, (word, width) in enumerate(
        (
            ("序号", 6),
            ("小区编号", 16),
            ("小区", 20),
            ("县区", 12),
            ("物业企业", 26),
            ("抽取方式", 10),
            ("未结问题", 10),
        )
    ):
        sheet.write_string(2, column, word, formats["head"])
        sheet.set_column(column, column, width)
    for i, c in enumerate(drawn.compounds, 1):
        sheet.write_number(2 + i, 0, i, formats["cell"])
        for column, text in enumerate((c.compound_id, c.name, c.county, c.company, c.how), 1):
            sheet.write_string(2 + i, column, text, formats["cell"])
        sheet.write_number(2 + i, 6, len(c.problems), formats["cell"])
    _print(sheet)


def _write_page(
    book: xlsxwriter.Workbook,
    name: str,
    compound: Drawn,
    formats: Mapping[str, Any],
    asks: Mapping[str, tuple[str, str]],
    title: str,
) -> None:
    sheet = book.add_worksheet(name)
    sheet.merge_range(0, 0, 0, 5, f"{title}现场核查单", formats["title"])
    sheet.write_string(1, 0, "小区编号", formats["head"])
    sheet.write_string(1, 1, compound.compound_id, formats["cell"])
    sheet.merge_range(
        1, 2, 1, 5, f"{compound.name}　{compound.company}　{compound.county}（{compound.how}）", formats["cell"]
    )
    for i, (word, value) in enumerate(_LINES):
        sheet.write_string(2, 2 * i, word, formats["head"])
        sheet.write_string(2, 2 * i + 1, value, formats["free"])
    for column, (word, width) in enumerate(zip(_HEAD, (15, 48, 30, 26, 24, 12), strict=True)):
        sheet.write_string(3, column, word, formats["head"])
        sheet.set_column(column, column, width)
    for i, p in enumerate(compound.problems[:ROWS], 4):
        ask, demand = asks.get(p["rule"], ("", ""))
        amount = f"（涉及 {yuan(p['amount_high'])} 元）" if p["amount_high"] else ""
        words = f"[{p['problem']} {CLASSES[p['problem']]}] {p['message']}{amount}"
        for column, text in enumerate((p["number"], words, ask, demand)):
            sheet.write_string(i, column, text, formats["cell"])
        for column in (4, 5):
            sheet.write_string(i, column, "", formats["free"])
        sheet.set_row(i, 15 * max(2, -(-len(words) * 2 // 46)))
    last = 4 + min(len(compound.problems), ROWS)
    if not compound.problems:
        sheet.merge_range(
            4, 0, 4, 5, "没有未结问题: 清点广告、车位、出租用房和快递柜, 与资源清单和公示核对。", formats["cell"]
        )
        last = 5
    sheet.data_validation(4, 5, last, 5, {"validate": "list", "source": list(_RESULTS)})
    sheet.merge_range(last, 0, last, 5, "其他发现:", formats["free"])
    sheet.set_row(last, 45)
    sheet.write_string(last + 1, 0, "检查人签字:　　　　　　　　　　　　被检查单位签字:　　　　　　　　　　　　日期:")
    _print(sheet)


def _print(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)


def read_spot_sheets(path: Path) -> list[tuple[str, str, str]]:
    """What inspectors wrote: (problem number, what was seen, result), rows left blank passed over.

    Raises: InputError with every row whose result is none of the four.
    """
    book = openpyxl.load_workbook(path, data_only=True)
    if DRAWN not in book.sheetnames:
        raise InputError([Issue("R01", "不是现场核查单", "not a spot-check workbook", file=path.name)])
    found: list[tuple[str, str, str]] = []
    wrong: list[Issue] = []
    for sheet in book.worksheets[1:]:
        for row in range(5, sheet.max_row + 1):
            number, seen, result = (str(sheet.cell(row, c).value or "").strip() for c in (1, 5, 6))
            if not seen and not result:
                continue
            if result not in _RESULTS:
                words = f"结论应为: {'、'.join(_RESULTS)}"
                wrong.append(Issue("R04", words, "unknown result", "", path.name, sheet.title, row, "结论", result))
            else:
                found.append((number, seen, result))
    if wrong:
        raise InputError(wrong)
    return found


def take_visits(
    register: Register, results: Sequence[tuple[str, str, str]], *, who: str, second: str, on: dt.date
) -> list[tuple[str, str]]:
    """Take what was seen into the register: a problem that still stands after its closing is reopened, one that is
    mended stays closed, an open one moves to 核查; returns (number, why) of what the machine refused.
    """
    with register.reading() as connection:
        by_number = {r["number"]: dict(r) for r in connection.execute(sa.select(PROBLEMS)).mappings()}
        done = set(connection.scalars(sa.select(STEPS.c.key)))
    day = on.isoformat()
    acts: list[Act] = []
    refused: list[tuple[str, str]] = []
    for number, seen, result in results:
        problem = by_number.get(number)
        if problem is None:
            refused.append((number, "台账中没有这个编号"))
            continue
        key = f"visit:{problem['id']}:{day}"
        if f"{key}:0" in done:
            continue
        for n, (action, facts) in enumerate(_steps_of_visit(problem["state"], seen, result, day)):
            acts.append(Act(problem["id"], action, who, day, f"{key}:{n}", seen or result, second, facts))
    bad: list[tuple[Act, ForbiddenError]] = []
    perform(register, acts, bad)
    numbers = {p["id"]: n for n, p in by_number.items()}
    return refused + [(numbers[act.problem_id], error.zh) for act, error in bad]


def _steps_of_visit(state: str, seen: str, result: str, day: str) -> list[tuple[str, dict[str, Any]]]:
    if state == "销号":
        after = (
            ("反弹重开", {"reason": seen or result})
            if result == "问题仍存在"
            else ("回访合格", {"result": seen or result})
        )
        return [("回头看", {"visited_on": day}), after]
    if state in ("线索", "反弹重开"):
        return [("核查", {})]
    return []
