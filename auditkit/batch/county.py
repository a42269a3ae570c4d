"""What only a county can tell: its own rules over all compounds, fire rates, totals, the county's files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import xlsxwriter

from auditkit.audit import judge
from auditkit.batch.one import STATE, Record
from auditkit.law import pack
from auditkit.model import PLACE, Books, Case, Finding, Verdict
from auditkit.reconcile.peers import peers_of
from auditkit.reconcile.price_bands import price_bands
from auditkit.report.county_page import CompoundEntry, FindingEntry, prices_of, write_county_page
from auditkit.report.phrases import articles, places, title
from auditkit.rules import catalogue
from auditkit.schema import frame, tables

FIRE_RATE: Final = 0.40
FIRE_LEAST: Final = 10
"""[H] A rule that finds in more than this share of compounds, and in at least so many, is shown as such."""
PEERS: Final = ("income", "drivers", "contracts")
PRICED: Final = ("INC01",)
"""Rules that stand without a county, and give their amount only by its prices."""


@dataclass(frozen=True)
class County:
    """All that the county's files are made from: records of the cases, and their tables across compounds."""

    records: Sequence[Record]
    failed: Sequence[Record]
    findings: pd.DataFrame
    tests: pd.DataFrame
    matters: pd.DataFrame
    income: pd.DataFrame
    verdicts: Mapping[str, Sequence[Verdict]] = field(default_factory=dict[str, Sequence[Verdict]])
    """What was judged over the county, by compound."""
    prices: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def county_name(self) -> str:
        """The county units that the compounds name."""
        return "、".join(sorted({r.county for r in self.records if r.county})) or "全部小区"

    def counted(self, record: Record) -> Record:
        """A record with the county's own tests counted in: how many findings, and the exit code they make."""
        found = int((self.findings["compound_id"] == record.compound_id).sum()) if len(self.findings) else 0
        own = self.tests[self.tests["compound_id"] == record.compound_id]
        unsure = own["state"].isin(["untested", "partial"]) | (own["untested"] > 0)
        return replace(record, findings=found, exit=1 if found else 3 if unsure.any() else 0)


def lines(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows one by one; what their cells are, pandas cannot tell a type checker."""
    return rows.itertuples()


def table_of(out: Path, name: str) -> str:
    """The DuckDB expression for one table of a batch, over all compounds."""
    files = f"{(out / 'tables' / name).as_posix()}/**/*.parquet"
    return f"read_parquet('{files}', hive_partitioning = true, hive_types_autocast = false)"


def gather(out: Path, records: Sequence[Record]) -> County:
    """Reads the tables of the finished cases, and judges the county's own rules over them."""
    done = [r for r in records if not r.error]
    connection = duckdb.connect()
    ids = pd.DataFrame({"compound_id": [r.compound_id for r in done]}, dtype="str")
    connection.register("done", ids)

    def read(name: str) -> pd.DataFrame:
        if not done:
            return pd.DataFrame()
        query = f"SELECT * FROM {table_of(out, name)} SEMI JOIN done USING (compound_id) ORDER BY ALL"
        return connection.sql(query).df()

    findings = read("findings")
    verdicts, prices = _county_rules(read, done)
    judged = {(r.compound_id, v.rule.code) for r in done for v in verdicts[r.compound_id]}
    own = pd.DataFrame([_finding_row(r, f) for r in done for v in verdicts[r.compound_id] for f in v.findings])
    tests = pd.DataFrame([_test_row(r, v) for r in done for v in verdicts[r.compound_id]])
    if len(findings):
        again = [k in judged for k in zip(findings["compound_id"], findings["rule"], strict=True)]
        findings = findings[[not a for a in again]]
    findings = pd.concat([findings, own], ignore_index=True) if len(own) else findings
    return County(
        done, [r for r in records if r.error], findings, _with_county(read("tests"), tests), read("matters"),
        read("income"), verdicts, prices,
    )  # fmt: skip


def _with_county(tests: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The county's verdicts take the place of «compared in a batch only»."""
    if own.empty:
        return tests
    keys = set(zip(own["compound_id"], own["rule"], strict=True))
    kept = [k not in keys for k in zip(tests["compound_id"], tests["rule"], strict=True)]
    return pd.concat([tests[kept], own], ignore_index=True)


def _county_rules(read: Any, done: Sequence[Record]) -> tuple[dict[str, list[Verdict]], pd.DataFrame]:
    rules = [pair for code, pair in catalogue().items() if "county" in pair[0].needs or code in PRICED]
    if not done:
        return {}, pd.DataFrame()
    peers = {name: read(f"peer_{name}") for name in PEERS}
    own = {
        name: dict(tuple(read(name).groupby("compound_id")))
        for name in ("compound", "contracts", "resources", "income")
    }
    verdicts: dict[str, list[Verdict]] = {}
    prices: list[pd.DataFrame] = []
    for record in done:
        books = _books_again(
            {n: own[n].get(record.compound_id) for n in own}, record, peers_of(record.compound_id, peers)
        )
        case = _case_again(record)
        verdicts[record.compound_id] = [judge(rule, examine, books, case) for rule, examine in rules]
        prices.append(price_bands(books, case))
    return verdicts, pd.concat(prices, ignore_index=True)


def _books_again(own: Mapping[str, pd.DataFrame | None], record: Record, peers: Mapping[str, pd.DataFrame]) -> Books:
    """The parts of a compound's books that the county's rules look at, from what its audit left."""
    frames = {name: frame(name) for name in tables()}
    for name in ("compound", "contracts", "resources"):
        stored = own[name]
        if stored is not None:
            empty = frames[name]
            placed = stored[list(empty.columns)].astype(empty.dtypes.to_dict()).sort_values(list(PLACE))
            frames[name] = placed.reset_index(drop=True)
    sums = own["income"]
    if sums is not None:
        rows = [
            {
                "direction": r.direction, "category": r.category, "amount": int(r.amount), "doubt": r.doubt,
                "date": pd.Timestamp(f"{r.month}-01") if r.month else None, "period": r.month,
            }
            for r in lines(sums)
        ]  # fmt: skip
        frames["ledger"] = frame("ledger", rows)
    columns = {name: frozenset(c.name for c in tables()[name].columns) for name in record.given}
    return Books(frames, frozenset(record.given), columns, county=peers)


def _case_again(record: Record) -> Case:
    start, end = (pd.Timestamp(day) for day in record.period)
    return Case(record.compound_id, start, end, end, pack(record.pack))


def _test_row(record: Record, v: Verdict) -> dict[str, Any]:
    reason = v.reason or "；".join(sorted({u.reason for u in v.untested}))
    return {
        "compound_id": record.compound_id, "county_code": record.county_code, "rule": v.rule.code, "state": v.state,
        "population": v.population, "passed": v.passed, "found": v.found_items, "untested": v.untested_items,
        "reason": reason,
    }  # fmt: skip


def _finding_row(record: Record, f: Finding) -> dict[str, Any]:
    return {
        "compound_id": record.compound_id, "county_code": record.county_code, "id": f.id(record.compound_id),
        "rule": f.rule, "subject_type": f.subject.type, "subject_id": f.subject.id, "severity": f.severity,
        "kind": f.kind, "problem": f.problem, "amount_low": f.amount_low, "amount_high": f.amount_high,
        "message": f.message, "message_en": f.message_en, "basis": "、".join(articles(f.basis).split("\n")),
        "where": places(f.evidence).replace("\n", "；"), "case": record.case,
    }  # fmt: skip


def fire_warnings(tests: pd.DataFrame) -> list[tuple[str, int, int, str]]:
    """Rules that find in more than 40 % of the compounds they were made in, and in at least ten: (rule, found in,
    made in, words)."""
    if tests.empty:
        return []
    made = tests[tests["state"].isin(("findings", "clean", "partial"))]
    warnings: list[tuple[str, int, int, str]] = []
    for code, rows in made.groupby("rule"):
        hits, all_ = int((rows["state"] == "findings").sum()), len(rows)
        if hits >= FIRE_LEAST and hits > FIRE_RATE * all_:
            rule = catalogue()[str(code)][0]
            inforce = "、".join(f"{k}={v}" for k, v in rule.thresholds.items()) or "无"
            share = f"{hits} 个命中 ({hits * 100 // all_}%)"
            words = f"{code} {title(rule)}: {all_} 个小区做了测试, {share}; 现用阈值: {inforce}"
            warnings.append((str(code), hits, all_, words))
    return warnings


def write_county(out: Path, county: County, lang: str = "zh") -> None:
    """county.xlsx, county.html and findings.parquet, each replaced in one piece."""
    work = out / STATE / "work"
    work.mkdir(parents=True, exist_ok=True)
    for name, write in (
        ("findings.parquet", _write_parquet), ("county.xlsx", _write_workbook),
        ("county.html", lambda c, p: _write_page(c, p, lang)),
    ):  # fmt: skip
        write(county, work / name)
        (work / name).replace(out / name)


def _write_parquet(county: County, path: Path) -> None:
    county.findings.to_parquet(path, index=False)


def _established(county: County) -> Mapping[str, tuple[int, int]]:
    """Compound -> (established, indicator) in fen, once a matter."""
    if county.matters.empty:
        return {}
    sums = county.matters.pivot_table(index="compound_id", columns="amount_kind", values="amount_high", aggfunc="sum")
    filled = sums.reindex(columns=["established", "indicator"]).fillna(0).astype("int64")
    return {str(i): (int(a), int(b)) for i, a, b in lines(filled)}


def _write_page(county: County, path: Path, lang: str) -> None:
    states = (
        {str(i): dict(zip(g["rule"], g["state"], strict=True)) for i, g in county.tests.groupby("compound_id")}
        if len(county.tests)
        else {}
    )
    money = _established(county)
    compounds = [
        CompoundEntry(
            r.compound_id, r.compound_name, r.county, r.company, r.folder, r.period, r.given,
            [f for f in r.files if f.endswith((".xlsx", ".html"))], states.get(r.compound_id, {}),
            *_income(county.income, r), *money.get(r.compound_id, (0, 0)), r.pack_loaded,
            prices_of(county.prices, r.compound_id),
        )
        for r in county.records
    ]  # fmt: skip
    found = [
        FindingEntry(
            f.compound_id, f.rule, f.subject_id, f.severity, f.kind, _whole(f.amount_low), _whole(f.amount_high),
            f.message if lang == "zh" else f.message_en, f.basis, f.id, f.where,
        )
        for f in lines(county.findings.sort_values(["severity", "kind", "compound_id", "rule", "id"]))
    ] if len(county.findings) else []  # fmt: skip
    write_county_page(
        path, title=f"{county.county_name}公共收益审计", rules={c: title(r, lang) for c, (r, _) in catalogue().items()},
        compounds=compounds, findings=found, failed=[(r.case, r.error) for r in county.failed],
        fire=[words for *_, words in fire_warnings(county.tests)], lang=lang,
    )  # fmt: skip


def _whole(amount: Any) -> int | None:
    return None if pd.isna(amount) else int(amount)


def _income(income: pd.DataFrame, record: Record) -> tuple[list[str], dict[str, list[int]]]:
    months = [str(m) for m in pd.period_range(record.period[0], record.period[1], freq="M")]
    rows = (
        income[(income["compound_id"] == record.compound_id) & (income["direction"] == "收入")]
        if len(income)
        else income
    )
    series: dict[str, list[int]] = {}
    for r in lines(rows):
        if r.month in months:
            series.setdefault(str(r.category), [0] * len(months))[months.index(r.month)] += int(r.amount)
    return months, series


def _write_workbook(county: County, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": dt.datetime(2024, 1, 1)})
        write = _Sheets(book)
        money = _established(county)
        counts = county.findings.groupby("compound_id").size().to_dict() if len(county.findings) else {}
        rows = [
            (r.county, r.compound_id, r.compound_name, r.company, counts.get(r.compound_id, 0),
             money.get(r.compound_id, (0, 0))[0], money.get(r.compound_id, (0, 0))[1], len(r.given))
            for r in county.records
        ]  # fmt: skip
        write.sheet(
            "小区",
            [
                ("县区", 12),
                ("小区编号", 16),
                ("小区", 24),
                ("物业企业", 28),
                ("疑点", 8),
                ("有据可查(元)", 16),
                ("线索(元)", 16),
                ("资料表数", 10),
            ],
            rows,
            total={4, 5, 6},
            money={5, 6},
        )
        names = {r.compound_id: r for r in county.records}
        rows = [
            (names[f.compound_id].county, names[f.compound_id].compound_name, names[f.compound_id].company, f.severity,
             f.rule, title(catalogue()[f.rule][0]), f.subject_id, f.amount_low, f.amount_high,
             "线索" if f.kind == "indicator" else "有据可查", f.message, f.basis, f.where, f.id)
            for f in lines(county.findings)
        ] if len(county.findings) else []  # fmt: skip
        write.sheet(
            "疑点",
            [
                ("县区", 10),
                ("小区", 18),
                ("物业企业", 22),
                ("严重度", 7),
                ("规则", 8),
                ("名称", 20),
                ("对象", 18),
                ("金额下限(元)", 14),
                ("金额上限(元)", 14),
                ("性质", 9),
                ("疑点内容", 60),
                ("依据", 24),
                ("位置", 34),
                ("编号", 18),
            ],
            rows,
            money={7, 8},
        )
        write.sheet(
            "规则",
            [
                ("规则", 8),
                ("名称", 30),
                ("已测小区", 10),
                ("命中小区", 10),
                ("未测小区", 10),
                ("命中率", 9),
                ("提示", 60),
            ],
            _rule_rows(county),
        )
        given = [(r.compound_name, *("有" if t in r.given else "缺" for t in tables())) for r in county.records]
        write.sheet("资料", [("小区", 24), *((t.zh, 9) for t in tables().values())], given)
        write.sheet("未能审计", [("案卷", 40), ("原因", 90)], [(r.case, r.error) for r in county.failed])


def _rule_rows(county: County) -> list[tuple[Any, ...]]:
    if county.tests.empty:
        return []
    hot = {code: words for code, *_, words in fire_warnings(county.tests)}
    rows: list[tuple[Any, ...]] = []
    for code, (rule, _) in catalogue().items():
        states = county.tests.loc[county.tests["rule"] == code, "state"]
        made, hits = int(states.isin(("findings", "clean", "partial")).sum()), int((states == "findings").sum())
        untested = int(states.isin(("untested", "partial")).sum())
        share = f"{hits * 100 // made}%" if made else ""
        rows.append((code, title(rule), made, hits, untested, share, hot.get(code, "")))
    return rows


class _Sheets:
    """Plain sheets with a frozen header, a filter, and totals that foot."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        box: dict[str, Any] = {"border": 1, "valign": "top", "font_size": 10}
        self.head = book.add_format({**box, "bold": True, "bg_color": "#DDEBF7", "text_wrap": True})
        self.text = book.add_format({**box, "text_wrap": True})
        self.money = book.add_format({**box, "num_format": "#,##0.00"})

    def sheet(
        self,
        name: str,
        columns: Sequence[tuple[str, int]],
        rows: Sequence[Sequence[Any]],
        *,
        total: set[int] | None = None,
        money: set[int] | None = None,
    ) -> None:
        """One sheet; `total` columns are summed in a last row, `money` columns are fen and shown as yuan."""
        sheet = self.book.add_worksheet(name)
        for i, (word, width) in enumerate(columns):
            sheet.write_string(0, i, word, self.head)
            sheet.set_column(i, i, width)
        lines = [list(row) for row in rows]
        if total and lines:
            lines.append(
                ["合计" if i == 0 else sum(r[i] for r in rows) if i in total else "" for i in range(len(columns))]
            )
        for y, row in enumerate(lines, 1):
            for x, value in enumerate(row):
                if value is None or value is pd.NA or value != value:
                    sheet.write_blank(y, x, None, self.text)
                elif money and x in money and value != "":
                    sheet.write_number(y, x, int(value) / 100, self.money)
                elif isinstance(value, str):
                    sheet.write_string(y, x, value, self.text)
                else:
                    sheet.write_number(y, x, int(value), self.text)
        sheet.freeze_panes(1, 0)
        if lines:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
