"""county.html: one file that works from a shared folder, without a server and without a network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pandas as pd

from auditkit.schema import tables

_WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "zh": {
        "search": "搜索", "search_hint": "小区、企业、合同号、内容", "county": "县区", "company": "物业企业",
        "compound": "小区", "compounds": "小区", "rule": "规则", "severity_head": "严重度", "kind": "性质",
        "subject": "对象", "amount": "金额(元)", "least": "金额不少于(元)", "says": "疑点",
        "all": "全部", "clear": "清除条件",
        "findings": "疑点", "papers": "资料", "before": "上一页", "after": "下一页", "exception": "有据可查",
        "indicator": "线索", "shown": "列出 {n} 项, 共 {all} 项",
        "sums": "其中 S1、S2 有据可查 {a} 元, 线索 {b} 元（逐项相加, 同一事项可能重复; 不重复的合计见各小区）",
        "severity": {"S1": "移交线索", "S2": "应归业主", "S3": "程序问题", "S4": "记账质量"},
        "number": "小区编号", "period": "审计期间", "files": "文件", "category": "类别", "total": "合计",
        "income_by_month": "各月公共收益收入（台账）", "figures": "数字", "yes": "有", "no": "缺",
        "untested": "有 {n} 项测试未做或未做全, 不等于没有问题：", "untested_short": "未测试",
        "no_pack": "地方标准未载入，按合同和国家规定判断。", "nowhere": "没有这个小区：",
        "papers_sub": "谁交了什么。缺的资料使相应测试无法进行。", "established": "有据可查(元)", "leads": "线索(元)",
        "other": "其余类别", "prices": "合同单价与同县同类（每单位每月，以同类中位数为 100%）",
        "prices_hint": "细线：同类最低至最高；粗线：中间一半；竖线：中位数；菱形：列为疑点（CTR02）；圆点：其余合同。",
        "no_prices": "未测试：缺写明数量和金额的合同，未与同类比较单价。", "contract": "合同",
        "price": "单价(元)", "median": "同类中位数(元)", "peers": "同类合同数", "few": "样本不足，未比较",
        "failed": "未能审计", "failed_long": "以下案卷未能审计, 结果不包括它们：",
        "apart": "有据可查与线索不相加。疑点是待核实的情况, 不是结论。",
        "fire": "以下规则命中比例过高, 请先核对规则是否适用：",
    },
    "en": {
        "search": "Search", "search_hint": "compound, company, contract, text", "county": "County",
        "company": "Company",
        "compound": "Compound", "compounds": "Compounds", "rule": "Rule", "severity_head": "Severity", "kind": "Kind",
        "subject": "Subject", "amount": "Amount (yuan)", "least": "At least (yuan)", "says": "Finding", "all": "all",
        "clear": "Clear", "findings": "Findings", "papers": "Papers", "before": "Previous", "after": "Next",
        "exception": "established", "indicator": "indicator", "shown": "{n} of {all}",
        "sums": "S1 and S2 established {a}, indicators {b} (added row by row; one act may stand twice here, the "
        "compounds' totals count it once)",
        "severity": {"S1": "clue", "S2": "owed to owners", "S3": "procedure", "S4": "record"},
        "number": "Number", "period": "Period", "files": "Files", "category": "Category", "total": "Total",
        "income_by_month": "Public revenue by month (ledger)", "figures": "Figures", "yes": "yes", "no": "no",
        "untested": "{n} tests were not made or not made in full, which is not the same as clean: ",
        "untested_short": "Untested", "no_pack": "No local numbers loaded: judged by contract and national law.",
        "nowhere": "No such compound: ", "papers_sub": "Who handed in what. A missing paper leaves its tests unmade.",
        "established": "Established (yuan)", "leads": "Indicators (yuan)", "failed": "Failed",
        "other": "others", "prices": "Contract prices among the county's (a unit and month; median of peers = 100 %)",
        "prices_hint": "Thin line: least to most; thick line: middle half; tick: median; diamond: found by CTR02; "
        "dot: other contracts.", "no_prices": "Untested: no contract with a quantity and an amount.",
        "contract": "Contract", "price": "Price (yuan)", "median": "Median (yuan)", "peers": "Peers",
        "few": "too few peers, not compared",
        "failed_long": "These cases could not be audited and are not in the results:",
        "apart": "Established amounts and indicators are never added. A finding is to be checked, not a verdict.",
        "fire": "These rules find in too many compounds; check first whether they apply:",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CompoundEntry:
    """One compound of the page. Units: fen; `income` category -> one sum a month of `months`."""

    id: str
    name: str
    county: str
    company: str
    folder: str
    period: tuple[str, str]
    given: Sequence[str]
    files: Sequence[str]
    tests: Mapping[str, str]
    months: Sequence[str]
    income: Mapping[str, Sequence[int]]
    established: int
    indicator: int
    pack_loaded: bool
    prices: Sequence[Sequence[Any]] = ()
    """Contract, category, price, peers, then least, quartile, median, quartile, most; see `prices_of`."""


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One finding of the page. Units: fen."""

    compound: str
    rule: str
    subject: str
    severity: str
    kind: str
    low: int | None
    high: int | None
    message: str
    basis: str
    id: str
    where: str


def prices_of(prices: pd.DataFrame, compound_id: str) -> list[list[Any]]:
    """One compound's contracts among their peers, as the page wants them. Units: whole fen a unit and month."""
    if prices.empty:
        return []
    own = prices[prices["compound_id"] == compound_id].drop(columns="compound_id")
    return [[round(v) if isinstance(v, float) and v == v else v if v == v else None for v in row]
            for row in own.itertuples(index=False)]  # fmt: skip


def write_county_page(
    path: Path,
    *,
    title: str,
    rules: Mapping[str, str],
    compounds: Sequence[CompoundEntry],
    findings: Sequence[FindingEntry],
    failed: Sequence[tuple[str, str]] = (),
    fire: Sequence[str] = (),
    lang: str = "zh",
) -> None:
    """Write the page; `rules` are the titles by code, `failed` the cases that could not be audited, with the reason."""
    position = {c.id: i for i, c in enumerate(compounds)}
    data: dict[str, Any] = {
        "words": _WORDS[lang],
        "rules": {code: {"title": words} for code, words in rules.items()},
        "tables": [[t.name, t.zh if lang == "zh" else t.name] for t in tables().values()],
        "compounds": [asdict(c) for c in compounds],
        "findings": [[position[f.compound], *list(asdict(f).values())[1:]] for f in findings],
        "failed": list(failed),
        "fire": list(fire),
        "established": sum(c.established for c in compounds),
        "indicator": sum(c.indicator for c in compounds),
    }
    path.write_text(_page(title, data, lang), encoding="utf-8", newline="\n")


def _page(title: str, data: Mapping[str, Any], lang: str) -> str:
    words = data["words"]
    script, style = _asset("county.js"), _asset("county.css")
    # «</script>» and «<!--» inside a paper's text must not end the block that carries it.
    block = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    views = (("findings", words["findings"]), ("compounds", words["compounds"]), ("papers", words["papers"]))
    nav = "".join(f'<a href="#{view}">{html.escape(word)}</a>' for view, word in views)
    no_script = (
        "本页需要启用脚本; 同样的内容见 county.xlsx。" if lang == "zh" else "This page needs scripts; see county.xlsx."
    )
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<header><h1>{html.escape(title)}</h1></header>\n<nav>{nav}</nav>\n<main><noscript>{no_script}</noscript></main>\n"
        '<p id="live" class="visually-hidden" role="status" aria-live="polite"></p>\n'
        f'<script type="application/json" id="data">{block}</script>\n<script>{script}</script>\n</body>\n</html>\n'
    )


def _asset(name: str) -> str:
    return resources.files("auditkit").joinpath("data", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
