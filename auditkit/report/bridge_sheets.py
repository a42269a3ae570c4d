"""余额调节表 and 未达账项: what lies between the bank's balance and the book's, account by account."""

from __future__ import annotations

from typing import Any, Final

from auditkit.reconcile.bridge import BANK_PAID, BANK_RECEIVED, FEES, KINDS, PAID, RECEIVED, bridge
from auditkit.report.outcome import Outcome
from auditkit.report.sheets import Column, Sheets

NEEDS: Final = frozenset({"ledger", "bank", "accounts"})
_EN: Final = {
    "余额调节表": "Bank reconciliation", "未达账项": "In transit", "账号": "Account", "月末": "Month end",
    "银行对账单余额": "Balance by bank", RECEIVED: "+ received, not yet banked", PAID: "- paid, not yet by bank",
    FEES: "Channel fees", BANK_RECEIVED: "+ banked, not in the ledger", BANK_PAID: "- paid by bank, not in the ledger",
    "企业账面余额": "Balance by ledger", "差额": "Difference", "性质": "Kind", "日期": "Date", "金额": "Amount",
    "天数": "Days", "文件": "File", "行": "Row", "摘要": "Summary",
}  # fmt: skip


def write_bridge(sheets: Sheets, outcome: Outcome, lang: str) -> None:
    """The statements of every month end, and what was still in transit at the last one, with its age in days."""
    if not outcome.books.given >= NEEDS or outcome.books["bank"].empty:
        return
    found = bridge(outcome.books, outcome.case)

    def word(zh: str) -> str:
        return zh if lang == "zh" else _EN[zh]

    heads = ("银行对账单余额", RECEIVED, PAID, FEES, "企业账面余额", BANK_RECEIVED, BANK_PAID, "差额")
    columns = [Column(word("账号"), 24, "text"), Column(word("月末"), 11, "date")]
    columns += [Column(word(h), 15, "money") for h in heads]
    names = ("account", "month_end", "bank_balance", RECEIVED, PAID, FEES, "book_balance", BANK_RECEIVED, BANK_PAID)
    rows = [[*(line[n] for n in names), line["difference"]] for line in found.statements.to_dict("records")]
    sheets.table(word("余额调节表"), columns, rows)
    last = found.items[(found.items["month_end"] == outcome.case.end) & found.items["kind"].isin(KINDS[:4])]
    items = [
        [
            line["account"], word(line["kind"]), line["date"], line["amount"], line["age_days"],
            *_paper(outcome, line["table"], line["label"]),
        ]
        for line in last.sort_values(["account", "kind", "date", "amount"]).to_dict("records")
    ]  # fmt: skip
    columns = [
        Column(word(zh), width, kind)
        for zh, width, kind in (
            ("账号", 24, "text"), ("性质", 18, "text"), ("日期", 11, "date"), ("金额", 14, "money"),
            ("天数", 7, "count"), ("文件", 26, "text"), ("行", 7, "count"), ("摘要", 40, "text"),
        )
    ]  # fmt: skip
    sheets.table(word("未达账项"), columns, items)


def _paper(outcome: Outcome, table: str, label: int) -> tuple[str, int, str]:
    row: Any = outcome.books[table].loc[label]
    return str(row["file"]), int(str(row["row"])), str(row["summary"])
