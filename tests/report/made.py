"""A small audit made by hand: what the outputs are tested on, without any rule."""

from dataclasses import replace

import pandas as pd

from auditkit.model import Books, Case, Issue, Pack, Rule, Subject, Untested, evidence
from auditkit.read.typed import type_rows
from auditkit.report.outcome import Outcome
from auditkit.schema import tables

RULES = {
    code: Rule(code, name, zh, problem, severity, kind, needs, subject, basis, thresholds)
    for code, name, zh, problem, severity, kind, needs, subject, basis, thresholds in (
        ("AUT01", "operation-unauthorised", "利用共有部分经营未经业主共同决定", "2.1", "S3", "exception",
         ("contracts", "resolutions"), "contract_no", ("民法典278",), {}),
        ("CSH01", "ledger-income-not-banked", "台账收入无银行到账", "2.3", "S2", "exception",
         ("ledger", "bank", "accounts"), "voucher_no", ("会计法17",), {}),
        ("CTR02", "price-below-peers", "合同价格明显低于同类", "2.3", "S2", "indicator",
         ("contracts", "county"), "contract_no", ("民法典942",), {"mad": 3.5}),
        ("DSC04", "disclosed-late", "公示不及时", "2.2", "S3", "exception",
         ("disclosures", "pack.disclosure_due"), "period_start/period_end", ("local",), {}),
        ("INC02", "contract-income-short", "合同应收少收", "2.3", "S2", "exception",
         ("contracts", "ledger"), "contract_no", ("民法典282", "民法典722"), {"at_least_fen": 100}),
        ("INC03", "bank-receipt-unrecorded", "银行收款未入账", "2.3", "S2", "exception",
         ("bank", "ledger", "accounts"), "bank serial, else file#row", ("民法典282",), {}),
        ("LDG02", "voucher-sequence-broken", "凭证号断号或重号", "0", "S4", "exception",
         ("ledger", "ledger.voucher_no"), "voucher_no", (), {}),
        ("PRK03", "release-rate-abnormal", "人工或免费放行异常", "2.3", "S1", "indicator",
         ("parking", "parking.release", "parking.operator"), "operator", ("刑法271",), {"share": 3}),
    )
}  # fmt: skip

ROWS = {
    "compound": [{"compound_id": "140802001", "compound_name": "虚构花园", "company_name": "虚构物业服务有限公司"}],
    "accounts": [{"account": "0501", "kind": "公共收益专户"}],
    "contracts": [
        {"contract_no": "HT-7", "category": "快递柜", "counterparty": "虚构快递有限公司", "start": "2024-01-01",
         "end": "2024-12-31", "amount": "5000", "cycle": "季"},
        {"contract_no": "HT-8", "category": "电梯广告", "counterparty": "虚构传媒有限公司", "start": "2024-01-01",
         "end": "2024-12-31", "amount": "1200.50", "cycle": "月"},
    ],
    "ledger": [
        {"voucher_no": "JZ-1", "date": "2024-01-05", "direction": "收入", "category": "快递柜",
         "counterparty": "虚构快递有限公司", "contract_no": "HT-7", "amount": "3000", "summary": "=1+1"},
        {"voucher_no": "JZ-2", "date": "2024-02-05", "direction": "收入", "category": "电梯广告",
         "counterparty": "虚构传媒有限公司", "contract_no": "HT-8", "amount": "1200.50"},
        {"voucher_no": "JZ-4", "date": "2024-03-05", "direction": "支出", "category": "手续费", "amount": "3.20"},
    ],
    "bank": [
        {"account": "0501", "date": "2024-01-08", "credit": "2000", "counterparty": "虚构快递有限公司", "serial": "S-9"},
        {"account": "0501", "date": "2024-05-08", "credit": "88.88", "counterparty": "另一家公司", "serial": "S-10"},
    ],
    "resources": [
        {"resource_id": "R-1", "category": "快递柜", "location": "南门", "quantity": "2", "unit": "组",
         "status": "经营中", "surveyed_on": "2024-06-01"},
    ],
}  # fmt: skip


def books(rows=None):
    rows = ROWS if rows is None else rows
    frames, columns = {}, {}
    for name, table in tables().items():
        placed = [
            {**row, "file": f"{table.zh}.xlsx", "sheet": table.zh, "row": i + 2}
            for i, row in enumerate(rows.get(name, []))
        ]
        frames[name], _ = type_rows(name, placed)
        columns[name] = frozenset(k for row in rows.get(name, []) for k in row)
    return Books(frames, frozenset(rows), columns)


def case():
    return Case(
        "140802001", pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"), pd.Timestamp("2024-12-31"),
        Pack("140000", "山西省"),
    )  # fmt: skip


def outcome(**changes):
    """Short rent and an unbooked receipt of the same contract; another receipt; a gap; things untested."""
    b = books()
    contracts, ledger, bank = b["contracts"], b["ledger"], b["bank"]
    r = RULES
    inc02 = r["INC02"].finding(
        Subject("contract_no", "HT-7"),
        "应收 5,000.00 元，台账记 3,000.00 元，差 2,000.00 元",
        "due 5,000.00, booked 3,000.00",
        evidence("contracts", contracts.iloc[:1], "每期 5000.00 元, 按季") + evidence("ledger", ledger.iloc[:1]),
        amount=200000,
    )
    aut01 = r["AUT01"].finding(
        Subject("contract_no", "HT-7"),
        "合同 HT-7 没有授权经营的决议",
        "no resolution authorises HT-7",
        evidence("contracts", contracts.iloc[:1]),
        amount=2000000,
    )
    inc03 = [
        r["INC03"].finding(
            Subject("serial", serial), f"专户收款 {serial} 未入账", f"receipt {serial} is not booked",
            evidence("bank", bank.iloc[[i]]), amount=int(bank["credit"].iloc[i]),
            alternatives=[Subject("serial", "S-9")] if i else [],
        )
        for i, serial in enumerate(["S-9", "S-10"])
    ]  # fmt: skip
    ldg02 = r["LDG02"].finding(
        Subject("voucher_no", "JZ-3"), "缺 JZ-3", "JZ-3 is missing", evidence("ledger", ledger.iloc[[2]])
    )
    prk03 = r["PRK03"].finding(
        Subject("operator", "甲"), "手动放行占 30%", "30 % released by hand", (), amount=10000, up_to=30000
    )
    verdicts = (
        r["INC02"].verdict(3, [inc02], [Untested(Subject("contract_no", "HT-9"), "截止日无法读取", "end unreadable")]),
        r["INC03"].verdict(2, inc03),
        r["AUT01"].verdict(2, [aut01]),
        r["CSH01"].verdict(2),
        r["LDG02"].verdict(3, [ldg02]),
        r["PRK03"].verdict(4, [prk03]),
        r["CTR02"].verdict(0, reason="只在全县批量运行中比较"),
        r["DSC04"].verdict(0, reason="未提供公示记录"),
    )
    issues = (
        Issue("Q03", "无法读取, 应为日期", "cannot be read", "ledger", "台账.xlsx", "台账", 41, "日期", "2023-11-31"),
        Issue("Q03", "无法读取, 应为金额", "cannot be read", "ledger", "台账.xlsx", "台账", 7, "金额", "=SUM(A1)"),
    )
    return replace(Outcome(b, case(), verdicts, {}, issues), **changes)
